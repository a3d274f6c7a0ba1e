/// @file
/// Deliveries that are due, by host, so that none waits for the host of another.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_QUEUE
#define TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_QUEUE

#include <condition_variable>
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
  explicit due_queue(std::vector<delivery> due);

  /// The next one whose host may be connected to; waits until there is one. Nothing when none is
  /// left, or the work is stopped. leave() has to follow.
  std::optional<delivery> take();
  /// The attempt that take() was for is over.
  void leave(const std::string& host);

 private:
  struct waiting_for_host {
    std::deque<delivery> due{};
    tlsrpt::host_gate gate{};
  };

  std::mutex mutex_{};
  std::condition_variable left_{};
  std::map<std::string, waiting_for_host> hosts_{};
  std::size_t size_ = 0;
};

}  // namespace reporter

#endif
