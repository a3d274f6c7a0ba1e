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

due_queue::due_queue(std::vector<delivery> due, std::chrono::seconds longest)
    : end_(clock::now() + longest) {
  for (delivery& one : due) {
    const std::string host = host_of(one);
    host_turn* const turn = host.empty() ? nullptr : &hosts_[host];
    if (turn != nullptr && turn->due.empty()) turns_.push_back(turn);
    (turn == nullptr ? mails_ : turn->due).push_back(std::move(one));
  }
}

std::optional<delivery> due_queue::take() {
  constexpr std::chrono::milliseconds until_next_look{100};
  std::unique_lock lock(mutex_);
  while (!(mails_.empty() && turns_.empty()) && !is_stopped() && clock::now() < end_) {
    if (auto mail = take_mail()) return mail;
    if (auto post = take_post()) return post;
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

std::optional<delivery> due_queue::take_post() {
  const auto time =
      std::chrono::duration_cast<std::chrono::seconds>(clock::now().time_since_epoch());
  for (std::size_t i = turns_.size(); i != 0; --i) {
    host_turn& host = *turns_.front();
    turns_.pop_front();
    std::optional<delivery> next;
    if (host.gate.enter(time.count())) {
      next = std::move(host.due.front());
      host.due.pop_front();
    }
    if (!host.due.empty()) turns_.push_back(&host);
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
