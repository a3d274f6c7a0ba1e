/// @file
/// What is kept about reports and deliveries: a file of SQLite beside the journals. Each change is
/// durable when its function returns; many threads may call. Errors are collector::store_error.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_STATE
#define TLSRPT_EXAMPLES_REPORTER_SEND_STATE

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/day.hpp>
#include <tlsrpt/endpoint.hpp>
#include <tlsrpt/uri_scheme.hpp>

#include "../../collector/store/database.hpp"
#include "delivery/attempts.hpp"
#include "reports/days.hpp"

namespace reporter {

/// One report on its way to one endpoint.
struct delivery {
  std::int64_t id = 0;
  tlsrpt::day day{};
  std::string domain{};   ///< That the report is about.
  std::string address{};  ///< A mail address, or a URL.
  tlsrpt::uri_scheme scheme = tlsrpt::uri_scheme::mailto;
  reporter::attempts attempts{};
};

/// What there is to send of a report.
struct report_octets {
  std::string gzip{};
  std::string cut_gzip{};     ///< With fewer details; empty when it has none to lose.
  std::size_t json_size = 0;  ///< Octets before compression.
};

/// How many deliveries there are in each phase, and how many names wait for an answer of the DNS.
struct delivery_counts {
  std::uint64_t waiting = 0, done = 0, given_up = 0, unknown = 0, unanswered = 0;
};

/// Names of a day that the DNS had no answer about, and when they are looked up.
struct day_lookups {
  std::int64_t first = 0;  ///< The first time.
  std::int64_t next = 0;   ///< The next time.
  unsigned made = 0;       ///< Times they were.
  std::int64_t names = 0;  ///< How many there are.

  bool is_due(std::int64_t now) const { return names != 0 && next <= now; }
};

class state {
 public:
  /// Opens the file in the folder, and makes it when it is not there. Nobody else may deliver.
  explicit state(const std::string& folder);

  const tlsrpt::delivery_salt& salt() const { return salt_; }

  /// The size that the journals of a day had when its reports were made; nothing before.
  std::optional<std::int64_t> read_octets(tlsrpt::day day);
  /// What was looked up for the reports of a day without an answer.
  day_lookups lookups(tlsrpt::day day);
  /// Keeps that the reports of a day were made, but for the names without an answer. The octets are
  /// those of the first time.
  void note_made(tlsrpt::day day, std::int64_t octets, const day_lookups& unanswered);
  /// Whether the reports about a domain were made, or it wants none.
  bool is_made(tlsrpt::day day, std::string_view domain);

  /// Keeps all reports about a domain, with a delivery of each to each destination; without
  /// reports, that it wants none. Deliveries begin at their time, or at `now` when that is later;
  /// `is_at_once` leaves out their time.
  void add(tlsrpt::day day, std::string_view domain, const std::vector<made_report>& reports,
           const std::vector<destination>& destinations, std::int64_t now, bool is_at_once);

  /// Has attempts and look-ups wait for 8 hours at most when the clock was set back since the last
  /// call.
  void note_time(std::int64_t now);
  /// Deliveries whose answer did not come before the program was stopped, which are now of phase
  /// unknown.
  std::vector<delivery> recover(std::int64_t now);
  std::optional<delivery> find(std::int64_t id);
  /// Deliveries whose time has come, the longest waiting first.
  std::vector<delivery> due(std::int64_t now, std::optional<tlsrpt::day> day);
  std::string mail(const delivery& of);
  report_octets octets(const delivery& of);
  /// Keeps how far a delivery is, with a word on the last attempt. Forgets what nobody needs any
  /// more.
  void save(const delivery& of, std::int64_t now, std::string_view word);

  tlsrpt::endpoint_health endpoint(const std::string& address);
  void save(const std::string& address, const tlsrpt::endpoint_health& health);
  tlsrpt::host_health host(const std::string& name);
  void save(const std::string& name, const tlsrpt::host_health& health);

  delivery_counts count();
  /// Days so long ago that nothing is kept about them, once their deliveries are over.
  std::vector<tlsrpt::day> over(std::int64_t now);
  /// Forgets a day whose journals are not there any more: with them it would be reported again.
  void forget(tlsrpt::day day);
  /// Forgets old health.
  void forget_health(std::int64_t now);

 private:
  std::vector<delivery> read(collector::statement& statement);

  std::mutex mutex_;
  collector::database db_;
  tlsrpt::delivery_salt salt_{};
};

}  // namespace reporter

#endif
