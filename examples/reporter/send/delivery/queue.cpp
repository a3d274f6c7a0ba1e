#include "queue.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <tlsrpt/hostname.hpp>

#include "../work.hpp"

namespace reporter {

std::string host_of(const delivery& one) {
  if (one.scheme != tlsrpt::uri_scheme::https) return {};
  return std::string(tlsrpt::canonical_host(tlsrpt::check_url(one.address).url.host));
}

due_queue::due_queue(std::vector<delivery> due, std::chrono::seconds longest)
    : end_(clock::now() + longest) {
  std::stable_partition(due.begin(), due.end(),
                        [](const delivery& one) { return one.attempts.made == 0; });
  for (delivery& one : due) {
    const std::string name = host_of(one);
    if (name.empty()) {
      mails_.push_back(std::move(one));
      continue;
    }
    host_queue& host = hosts_[name];
    host_turns& turns = one.attempts.made == 0 ? first_ : again_;
    if ((host.*turns.due).empty()) turns.hosts.push_back(&host);
    (host.*turns.due).push_back(std::move(one));
  }
}

std::optional<delivery> due_queue::take() {
  constexpr std::chrono::milliseconds until_next_look{100};
  std::unique_lock lock(mutex_);
  while (!(mails_.empty() && first_.hosts.empty() && again_.hosts.empty()) && !is_stopped() &&
         clock::now() < end_) {
    if (auto mail = take_mail()) return mail;
    for (host_turns* const turns : {&first_, &again_})
      if (auto post = take_post(*turns)) return post;
    left_.wait_for(lock, until_next_look);
  }
  return std::nullopt;
}

std::optional<delivery> due_queue::take_mail() {
  constexpr std::size_t most_at_a_time = 8;
  if (mails_.empty() || mails_taken_ == most_at_a_time) return std::nullopt;
  ++mails_taken_;
  delivery next = std::move(mails_.front());
  mails_.pop_front();
  return next;
}

std::optional<delivery> due_queue::take_post(host_turns& turns) {
  const auto time =
      std::chrono::duration_cast<std::chrono::seconds>(clock::now().time_since_epoch());
  for (std::size_t i = turns.hosts.size(); i != 0; --i) {
    host_queue& host = *turns.hosts.front();
    turns.hosts.pop_front();
    std::deque<delivery>& due = host.*turns.due;
    std::optional<delivery> next;
    if (host.gate.enter(time.count())) {
      next = std::move(due.front());
      due.pop_front();
    }
    if (!due.empty()) turns.hosts.push_back(&host);
    if (next) return next;
  }
  return std::nullopt;
}

void due_queue::leave(const std::string& host) {
  const std::lock_guard lock(mutex_);
  if (host.empty())
    --mails_taken_;
  else
    hosts_[host].gate.leave();
  left_.notify_all();
}

}  // namespace reporter
