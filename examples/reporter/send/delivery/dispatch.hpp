/// @file
/// Makes the reports of days, and delivers what is due, on several threads.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_DISPATCH
#define TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_DISPATCH

#include <atomic>
#include <csignal>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <tlsrpt/tally.hpp>

#include "../options.hpp"
#include "../state.hpp"
#include "https.hpp"

namespace reporter {

/// Set by a signal: what has begun is ended, nothing more is begun.
extern volatile std::sig_atomic_t is_told_to_stop;

/// What the record of a domain says when its reports are made.
struct record_answer {
  std::vector<destination> destinations{};
  std::string fault{};  ///< Why there are none; empty when there are.
};

/// Looks the record up. When nobody answers, what the sessions found counts.
record_answer look_up(resolver& resolver, const tlsrpt::tally& tally, const std::string& domain);

/// Does the work.
class dispatcher {
 public:
  dispatcher(const options& options, state& state);

  /// Makes the reports of a day, but for domains that have them. Whether that is all.
  bool make(const tlsrpt::tally& tally);
  /// Delivers what is due.
  void deliver();

  /// Whether something went wrong that is not the fault of an endpoint.
  bool has_failed() const { return has_failed_; }

 private:
  void make_one(const tlsrpt::tally& tally, const std::string& domain, resolver& resolver);
  void attempt(delivery& one, resolver& resolver);
  attempt_end post_report(delivery& one, resolver& resolver, std::string& word);
  attempt_end mail_report(delivery& one, std::string& word);
  void note_health(const delivery& one, const attempt_end& end, std::uint16_t status);
  bool enter(const std::string& host);
  void leave(const std::string& host);
  /// Runs `work` on each number below `count`, on several threads.
  template <class Work>
  void for_each(std::size_t count, Work work);
  void say(const std::string& line);

  const options& options_;
  state& state_;
  std::mutex mutex_;  ///< Of the gates, of health, and of standard error.
  std::map<std::string, tlsrpt::host_gate> gates_;
  std::atomic<bool> has_failed_ = false;
};

}  // namespace reporter

#endif
