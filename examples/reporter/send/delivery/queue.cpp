#include "queue.hpp"

#include <chrono>
#include <utility>

#include <tlsrpt/hostname.hpp>

#include "../work.hpp"

namespace reporter {

std::string host_of(const delivery& one) {
  if (one.scheme != tlsrpt::uri_scheme::https) return {};
  return std::string(tlsrpt::canonical_host(tlsrpt::check_url(one.address).url.host));
}

due_queue::due_queue(std::vector<delivery> due) : size_(due.size()) {
  for (delivery& one : due) hosts_[host_of(one)].due.push_back(std::move(one));
}

std::optional<delivery> due_queue::take() {
  constexpr std::chrono::milliseconds until_next_look{100};
  std::unique_lock lock(mutex_);
  for (; size_ != 0 && !is_stopped(); left_.wait_for(lock, until_next_look)) {
    const auto time = std::chrono::steady_clock::now().time_since_epoch();
    const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    for (auto& [host, waiting] : hosts_) {
      if (waiting.due.empty() || (!host.empty() && !waiting.gate.enter(now))) continue;
      delivery next = std::move(waiting.due.front());
      waiting.due.pop_front();
      --size_;
      return next;
    }
  }
  return std::nullopt;
}

void due_queue::leave(const std::string& host) {
  const std::lock_guard lock(mutex_);
  if (!host.empty()) hosts_[host].gate.leave();
  left_.notify_all();
}

}  // namespace reporter
