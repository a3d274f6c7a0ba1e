/// What several tests share: collecting diagnostics, building reports and gzip data.

#ifndef TLSRPT_TESTS_SUPPORT
#define TLSRPT_TESTS_SUPPORT

#include <zlib.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/path.hpp>

namespace support {

/// A diagnostic that owns its text, so that it outlives the parser.
struct finding {
  tlsrpt::errc code;
  std::size_t offset;
  std::string path;
  std::string subject;

  bool operator==(const finding&) const = default;
};

/// A sink that copies everything.
struct findings {
  std::vector<finding> all;

  void operator()(const tlsrpt::diagnostic& d) {
    all.push_back({d.code, d.where.offset, std::string(path(d.where)), std::string(d.subject)});
  }
  bool has(tlsrpt::errc code) const {
    for (const finding& f : all)
      if (f.code == code) return true;
    return false;
  }
  /// Names in order, such as "null-member,date-only".
  std::string names() const {
    std::string text;
    for (const finding& f : all) {
      if (!text.empty()) text += ',';
      text += name(f.code);
    }
    return text;
  }
};

/// A conforming report with one policy and one failure detail; each part can be replaced.
struct report_parts {
  std::string organization_name = R"("Example Inc.")";
  std::string date_range =
      R"({"start-datetime":"2026-11-22T00:00:00Z","end-datetime":"2026-11-22T23:59:59Z"})";
  std::string contact_info = R"("tls@sender.example")";
  std::string report_id = R"("2026-11-22_example.com")";
  std::string policy_type = R"("sts")";
  std::string policy_string = R"(["version: STSv1","mode: enforce","mx: mx.example.com"])";
  std::string policy_domain = R"("example.com")";
  std::string mx_host = R"(["mx.example.com"])";
  std::string successful = "100";
  std::string failed = "2";
  std::string result_type = R"("certificate-expired")";
  std::string sending_mta_ip = R"("192.0.2.1")";
  std::string failed_session_count = "2";
  std::string extra_of_failure = "";
  std::string extra_of_report = "";

  std::string policy() const {
    return R"({"policy-type":)" + policy_type + R"(,"policy-string":)" + policy_string +
           R"(,"policy-domain":)" + policy_domain + R"(,"mx-host":)" + mx_host + "}";
  }
  std::string summary() const {
    return R"({"total-successful-session-count":)" + successful +
           R"(,"total-failure-session-count":)" + failed + "}";
  }
  std::string failure() const {
    return R"({"result-type":)" + result_type + R"(,"sending-mta-ip":)" + sending_mta_ip +
           R"(,"receiving-mx-hostname":"mx.example.com","receiving-ip":"2001:db8::25")" +
           R"(,"failed-session-count":)" + failed_session_count + extra_of_failure + "}";
  }
  std::string entry() const {
    return R"({"policy":)" + policy() + R"(,"summary":)" + summary() + R"(,"failure-details":[)" +
           failure() + "]}";
  }
  std::string text() const { return with_policies("[" + entry() + "]"); }
  std::string with_policies(const std::string& policies) const {
    return R"({"organization-name":)" + organization_name + R"(,"date-range":)" + date_range +
           R"(,"contact-info":)" + contact_info + R"(,"report-id":)" + report_id +
           R"(,"policies":)" + policies + extra_of_report + "}";
  }
};

/// One gzip member.
inline std::string gzip(std::string_view text, int level = 6) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    std::abort();
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) std::abort();
  return out;
}

}  // namespace support

#endif
