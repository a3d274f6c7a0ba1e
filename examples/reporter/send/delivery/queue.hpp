/// @file
/// Deliveries that are due. Hosts take turns, so that none waits for all that goes to another, and
/// first attempts come before those that failed, so that none waits for hosts that do not answer.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_QUEUE
#define TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_QUEUE

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <tlsrpt/endpoint.hpp>

#include "../state.hpp"

namespace reporter {

/// The host of a URL in normal form; empty for mails, which all go to the server here.
std::string host_of(const delivery& one);

/// Many threads may call.
class due_queue {
 public:
  /// The hosts of those that come first have the first turns; first attempts, of mails too, come
  /// before others. Begins nothing after `longest`.
  due_queue(std::vector<delivery> due, std::chrono::seconds longest);

  /// The next one whose host may be connected to; waits until there is one. Nothing when none is
  /// left, it is too late for one, or the work is stopped. leave() has to follow.
  std::optional<delivery> take();
  /// The attempt that take() was for is over.
  void leave(const std::string& host);

 private:
  struct host_queue {
    std::deque<delivery> first{}, again{};
    tlsrpt::host_gate gate{};
  };
  /// Hosts with something due of one of their lists.
  struct host_turns {
    std::deque<delivery> host_queue::*due;
    std::deque<host_queue*> hosts{};
  };
  using clock = std::chrono::steady_clock;

  std::optional<delivery> take_mail();
  std::optional<delivery> take_post(host_turns& turns);

  clock::time_point end_;
  std::mutex mutex_{};
  std::condition_variable left_{};
  std::deque<delivery> mails_{};  ///< To the server here, so before all others.
  std::size_t mails_taken_ = 0;   ///< At this time.
  std::map<std::string, host_queue> hosts_{};
  host_turns first_{&host_queue::first}, again_{&host_queue::again};
};

}  // namespace reporter

#endif
