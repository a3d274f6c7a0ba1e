#include <tlsrpt/ostream.hpp>
#include <tlsrpt/schema.hpp>

#include <doctest/doctest.h>

#include <iomanip>
#include <sstream>
#include <string>

namespace {

template <class T>
std::string streamed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

}  // namespace

TEST_CASE("values on a stream are what to_text() and name() make of them") {
  CHECK(streamed(tlsrpt::errc::missing_time_zone) == "missing-time-zone");
  CHECK(streamed(tlsrpt::grade::violation) == "violation");
  CHECK(streamed(tlsrpt::field::policy_domain) == "policy-domain");
  CHECK(streamed(tlsrpt::policy_type::sts) == "sts");
  CHECK(streamed(tlsrpt::result_type::certificate_expired) == "certificate-expired");
  CHECK(streamed(tlsrpt::result_group::dane) == "dane");
  CHECK(streamed(tlsrpt::token<tlsrpt::policy_type>{tlsrpt::policy_type::tlsa, "TLSA"}) == "tlsa");
  CHECK(streamed(tlsrpt::session_count(3)) == "3");
  CHECK(streamed(tlsrpt::session_count()) == "unknown");
  constexpr tlsrpt::timestamp start{1795305600, {}, true}, end{1795391999, {}, true};
  CHECK(streamed(start) == "2026-11-22T00:00:00Z");
  CHECK(streamed(tlsrpt::date_range_view{start, end}) == "2026-11-22");
  CHECK(streamed(*tlsrpt::ip_address::parse("2001:DB8::1")) == "2001:db8::1");
  CHECK(streamed(tlsrpt::ip_view{"[192.0.2.1]"}) == "192.0.2.1");
  CHECK(streamed(tlsrpt::ip_view{"an address"}) == "an address");
  CHECK(streamed(tlsrpt::ip_view{}).empty());
  CHECK(streamed(tlsrpt::path({.policy = 1})) == "/policies/1");
  CHECK(streamed(tlsrpt::source::gzip) == "gzip");
  CHECK(streamed(tlsrpt::location{.offset = 7}) == "octet 7");
  CHECK(streamed(tlsrpt::diagnostic{.code = tlsrpt::errc::null_member,
                                    .where = {.offset = 87, .member = tlsrpt::field::report_id},
                                    .subject = "null"}) ==
        "warning null-member at /report-id, octet 87: " +
            std::string(message(tlsrpt::errc::null_member)));
  CHECK(streamed(tlsrpt::digest()) == std::string(32, '0'));
}

TEST_CASE("the width of the stream is kept") {
  std::ostringstream out;
  out << std::left << std::setfill('.') << std::setw(6) << tlsrpt::session_count(42) << '|'
      << std::right << std::setw(4) << tlsrpt::policy_type::sts;
  CHECK(out.str() == "42....|.sts");
}
