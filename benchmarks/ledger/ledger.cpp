/// @file
/// What a ledger costs: adding usual small reports, the memory of a million of them, merging two
/// such ledgers, writing and reading one, the figures and advice; and what writing a report costs.
///
///     ledger [REPORTS]
///
/// Prints an object of JSON, in seconds of the processor and in octets.

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include <tlsrpt/advice.hpp>
#include <tlsrpt/canonical.hpp>
#include <tlsrpt/detail/text/sha256.hpp>
#include <tlsrpt/ledger.hpp>
#include <tlsrpt/summary.hpp>
#include <tlsrpt/write_report.hpp>

namespace {

/// Seconds that `work` takes on the processor.
template <class Work>
double seconds(Work&& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// A report with one policy and two failures, which differs by its id from the others.
class small_report {
 public:
  small_report() {
    failures_[0].result_type = {tlsrpt::result_type::certificate_host_mismatch,
                                "certificate-host-mismatch"};
    failures_[1].result_type = {tlsrpt::result_type::validation_failure, "validation-failure"};
    for (tlsrpt::failure_details_view& failure : failures_) {
      failure.sending_mta_ip.text = "203.0.113.17";
      failure.receiving_ip.text = "192.0.2.26";
      failure.receiving_mx_hostname = "mx2.example.com";
      failure.failed_session_count = 3;
    }
    policy_.policy_type = {tlsrpt::policy_type::sts, "sts"};
    policy_.policy_domain = "example.com";
    policy_.policy_string = lines_;
    policy_.mx_host = hosts_;
    policy_.total_successful_session_count = 57;
    policy_.total_failure_session_count = 6;
    policy_.failure_details = failures_;
    report_.organization_name = "Webmail Example Inc.";
    report_.contact_info = "smtp-tls-reporting@webmail.example";
    report_.date_range = {{1'795'392'000, "2026-11-23T00:00:00Z", true},
                          {1'795'478'399, "2026-11-23T23:59:59Z", true}};
    report_.policies = {&policy_, 1};
  }
  small_report(const small_report&) = delete;
  small_report& operator=(const small_report&) = delete;

  const tlsrpt::report_view& with_id(std::size_t number) {
    id_ = "2026-11-23T00:00:00Z_example.com_" + std::to_string(number);
    report_.report_id = id_;
    return report_;
  }

 private:
  std::string_view lines_[5] = {"version: STSv1", "mode: enforce", "mx: mx1.example.com",
                                "mx: mx2.example.com", "max_age: 86400"};
  std::string_view hosts_[2] = {"mx1.example.com", "mx2.example.com"};
  tlsrpt::failure_details_view failures_[2];
  tlsrpt::policy_view policy_;
  tlsrpt::report_view report_;
  std::string id_;
};

constexpr tlsrpt::receipt by_mail = {"webmail.example", tlsrpt::channel::mail, 1'795'497'129,
                                     "example.com"};

bool fill(tlsrpt::ledger& ledger, std::size_t first, std::size_t count) {
  small_report report;
  for (std::size_t i = first; i < first + count; ++i)
    if (!ledger.add(report.with_id(i), by_mail)) return false;
  return true;
}

/// Adding reports whose digest is known, to know what the digest takes.
double seconds_of_adding_known(tlsrpt::ledger& ledger, std::size_t count) {
  small_report report;
  bool succeeded = true;
  const double taken = seconds([&] {
    for (std::size_t i = 0; i < count; ++i) {
      std::array<std::uint8_t, 16> octets{};
      const std::uint64_t number = (i + 1) * 0x9e3779b97f4a7c15u;
      std::memcpy(octets.data(), &number, sizeof number);
      succeeded =
          ledger.add(report.with_id(i), by_mail, tlsrpt::digest(octets)).has_value() && succeeded;
    }
  });
  return succeeded ? taken : 0;
}

/// Octets of the canonical text of all reports are hashed once more, to know what that takes.
double seconds_of_hashes(std::size_t count) {
  small_report report;
  std::string text;
  write_canonical(text, report.with_id(0));
  unsigned sum = 0;
  const double taken = seconds([&] {
    for (std::size_t i = 0; i < count; ++i) {
      tlsrpt::detail::sha256 hash;
      hash.append(text);
      sum += hash.finish()[0];
    }
  });
  return sum == 0 ? 0 : taken;
}

/// Writing strict output of a report, with all its checks.
double seconds_of_writing(std::size_t count) {
  small_report report;
  std::string text;
  bool succeeded = true;
  const double taken = seconds([&] {
    for (std::size_t i = 0; i < count; ++i) {
      text.clear();
      succeeded = write_report(text, report.with_id(i)).has_value() && succeeded;
    }
  });
  return succeeded ? taken : 0;
}

int fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t reports = 1'000'000;
  if (argc > 1) {
    const std::string_view number = argv[1];
    std::from_chars(number.data(), number.data() + number.size(), reports);
  }
  const auto count = static_cast<double>(reports);
  tlsrpt::ledger_limits limits;
  limits.entries = 2 * reports + 1;
  limits.octets = SIZE_MAX;
  tlsrpt::ledger a(limits), b(limits), c(limits);
  bool succeeded = true;

  const double add = seconds([&] { succeeded = fill(a, 0, reports); });
  if (!succeeded) return fail("adding failed");
  const double add_known = seconds_of_adding_known(c, reports);
  if (c.size() != reports) return fail("adding with a digest failed");
  c = tlsrpt::ledger(limits);
  const double hash = seconds_of_hashes(reports);
  const double write_report = seconds_of_writing(reports);
  const auto octets = static_cast<double>(a.octets());

  if (!fill(b, reports, reports)) return fail("adding failed");
  const double merge = seconds([&] { succeeded = a.merge(b).has_value(); });
  if (!succeeded || a.size() != 2 * reports) return fail("merging failed");

  std::string text;
  const double write = seconds([&] { succeeded = b.write(text).has_value(); });
  if (!succeeded) return fail("writing failed");
  const double read = seconds([&] { succeeded = c.read(text).has_value(); });
  if (!succeeded || c.size() != reports) return fail("reading failed");

  tlsrpt::summary summary;
  const double figures = seconds([&] {
    auto made = make_summary(c, {.now = by_mail.received});
    succeeded = made && total_table(*made, {.by = tlsrpt::key_part::domain}).has_value();
    if (succeeded) summary = std::move(*made);
  });
  if (!succeeded) return fail("the figures failed");
  std::size_t findings = 0;
  const double advice = seconds([&] {
    const auto made = make_advice(summary);
    findings = made ? made->findings().size() : 0;
  });
  if (findings == 0) return fail("the advice failed");
  std::printf(
      "{\"reports\":%zu,\"add\":%.9f,\"add_known\":%.9f,\"hash\":%.9f,\"write_report\":%.9f,"
      "\"octets\":%.1f,"
      "\"merge\":%.3f,\"text\":%zu,\"write\":%.3f,\"read\":%.3f,\"figures\":%.3f,"
      "\"advice\":%.3f}\n",
      reports, add / count, add_known / count, hash / count, write_report / count, octets / count,
      merge, text.size(), write, read, figures, advice);
  return 0;
}
