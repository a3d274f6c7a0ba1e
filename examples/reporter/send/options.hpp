/// @file
/// What tlsrpt-send was told.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_OPTIONS
#define TLSRPT_EXAMPLES_REPORTER_SEND_OPTIONS

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <tlsrpt/day.hpp>
#include <tlsrpt/endpoint.hpp>

#include "lookup.hpp"

namespace reporter {

/// What was called the wrong way.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct options {
  std::string folder{};  ///< The journals of tlsrpt-tallyd, and what is kept about deliveries.
  std::string organization{}, contact{};
  std::string bounces{};  ///< The envelope sender of mails.
  std::string bounced{};  ///< The address that a mail came back to.
  std::string name_server{}, ca_file{}, sendmail = "/usr/sbin/sendmail";
  std::string out{};  ///< Where files go instead of reports.
  std::vector<tlsrpt::ip_network> allowed{};
  std::optional<tlsrpt::day> day{};
  std::optional<std::int64_t> now{};
  std::size_t most_octets = 10'000'000;  ///< Of a compressed report.
  unsigned seconds = 120;                ///< For one attempt.
  tlsrpt::verification verification = tlsrpt::verification::fall_back;
  bool is_check = false;
  bool has_host_reports = false;  ///< Mail hosts with TLSA records get reports, too.
  bool has_own_senders = false;   ///< Each mail has an envelope sender of its own.

  std::int64_t time() const;
  lookup_rules lookup() const { return {name_server, seconds}; }
};

/// Reads the arguments of the program. Throws usage_error.
options read_options(int count, char** words);

/// What the program is called with.
extern const char* const usage;

}  // namespace reporter

#endif
