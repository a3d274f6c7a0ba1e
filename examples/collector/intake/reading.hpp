/// @file
/// From the octets of a report to what is stored of it, whichever way it came.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_INTAKE_READING
#define TLSRPT_EXAMPLES_COLLECTOR_INTAKE_READING

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include <tlsrpt/payload.hpp>
#include <tlsrpt/report.hpp>

#include "../store/report_store.hpp"

namespace collector {

/// One's own domains, in normal form; empty when nobody said.
using domain_set = std::set<std::string, std::less<>>;

/// Reads a list of domains, one on a line; "#" begins a comment. Throws std::runtime_error.
domain_set read_domains(const std::string& file);

/// What came of reading.
struct reading {
  tlsrpt::payload content = tlsrpt::payload::empty;
  tlsrpt::errc fault = tlsrpt::errc::ok;
  bool is_ours = true;
  bool has_more = false;   ///< Another text follows the report, which is not read.
  stored_report report{};  ///< Without a fault.
};

/// Octets of a body, as of a report that is decompressed: as much as honest senders have.
tlsrpt::limits limits_of_reports(std::size_t compressed);

/// Reads reports one after the other; not for several threads.
class report_reader {
 public:
  explicit report_reader(const tlsrpt::limits& limits) : parser_(limits) {}

  /// `receipt_for` says of the report how it came.
  using receipt_maker = std::function<tlsrpt::receipt(const tlsrpt::report_view&)>;

  /// Reads octets with up to two layers of gzip. A report is ours when a policy is about one of
  /// `ours`, when none says a domain, or when nobody said which are ours.
  reading read(std::string_view octets, const domain_set& ours, const receipt_maker& receipt_for);

 private:
  tlsrpt::report_parser<> parser_;
};

}  // namespace collector

#endif
