#include "dispatch.hpp"

#include <chrono>
#include <mutex>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include <tlsrpt/gzip.hpp>
#include <tlsrpt/timestamp.hpp>

#include "../work.hpp"
#include "bounce.hpp"
#include "https.hpp"
#include "mail.hpp"
#include "queue.hpp"

namespace reporter {

namespace {

using tlsrpt::verdict;

/// The text of gzip data that this program made.
std::string unzip(std::string_view octets, std::size_t size) {
  constexpr std::size_t header = 10;
  std::string text(size, '\0');
  tlsrpt::zlib_inflater inflater;
  if (!inflater.start(std::as_bytes(std::span(octets.substr(header))))) throw std::bad_alloc();
  inflater.inflate(std::span(text));
  return text;
}

/// Makes attempts.
class dispatcher {
 public:
  dispatcher(const options& options, state& state) : options_(options), state_(state) {}

  void attempt(delivery& one, resolver& resolver) {
    const std::int64_t now = options_.time();
    std::string word;
    if (one.attempts.is_too_late(now))
      word = "too late";
    else if (state_.endpoint(one.address).is_off(tlsrpt::day_of(now)))
      word = "nothing is sent there for some days";
    if (word.empty())
      make_attempt(one, resolver, word);
    else
      one.attempts.phase = phase::given_up;
    state_.save(one, options_.time(), word);
    say_end(one, word);
  }

 private:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;

  void make_attempt(delivery& one, resolver& resolver, std::string& word) {
    one.attempts.begin(options_.time());
    const bool is_post = one.scheme == tlsrpt::uri_scheme::https;
    const time_point end_of_attempt = clock::now() + std::chrono::seconds(options_.seconds);
    bool is_only = false, follows = true;
    while (follows) {
      const attempt_end end =
          is_post ? post_report(one, resolver, end_of_attempt, word) : mail_report(one, word);
      if (is_post) is_only = note_host(one, end);
      follows = one.attempts.end(end, options_.time(), is_only);
      if (!follows || !is_stopped()) continue;
      // The other form is due at the next start.
      one.attempts.phase = phase::waiting;
      word += ", stopped before the other form was sent";
      follows = false;
    }
  }

  attempt_end post_report(delivery& one, resolver& resolver, time_point end_of_attempt,
                          std::string& word) {
    const report_octets octets = state_.octets(one);
    const std::string& gzip = one.attempts.is_cut ? octets.cut_gzip : octets.gzip;
    if (gzip.empty()) {
      word = "too large, and there is nothing smaller";
      return {};
    }
    const std::string json =
        one.attempts.is_uncompressed ? unzip(gzip, octets.json_size) : std::string();
    const bool is_checked =
        tlsrpt::checks_certificate(options_.verification, one.attempts.certificate_failures);
    const post_answer answer =
        post({.url = one.address,
              .octets = json.empty() ? gzip : json,
              .checks_certificate = is_checked,
              .now = options_.time(),
              .end = end_of_attempt,
              .before_sending = [&] { keep_start(one); }},
             {options_.ca_file, options_.allowed, options_.seconds}, resolver);
    word = answer.text + (is_checked ? "" : ", without a look at the certificate");
    attempt_end end{.wait = answer.wait, .is_certificate = !is_checked};
    if (answer.status == 0) {
      end.verdict = tlsrpt::judge_no_answer(answer.why, one.attempts.made + 1);
      end.is_certificate = end.is_certificate || answer.why == tlsrpt::no_answer::certificate;
      return end;
    }
    end.verdict =
        tlsrpt::judge_status(answer.status, {.is_cut = one.attempts.is_cut,
                                             .is_uncompressed = one.attempts.is_uncompressed,
                                             .json_size = octets.json_size});
    // post() has followed those that may be.
    if (end.verdict == verdict::redirect) end.verdict = verdict::give_up;
    note_endpoint(one, end, answer.status);
    return end;
  }

  attempt_end mail_report(delivery& one, std::string& word) {
    const std::string mail = state_.mail(one);
    keep_start(one);
    const std::string from = options_.has_own_senders
                                 ? bounce_address(options_.bounces, state_.salt(), one)
                                 : options_.bounces;
    const mail_answer answer =
        send_mail(mail, one.address, {options_.sendmail, from, options_.seconds});
    word = answer.text;
    return {answer.verdict};
  }

  void keep_start(delivery& one) {
    one.attempts.start();
    state_.save(one, options_.time(), "begun");
  }

  void note_endpoint(const delivery& one, const attempt_end& end, std::uint16_t status) {
    constexpr std::uint16_t not_found = 404, gone = 410;
    const bool is_gone = status == not_found || status == gone;
    if (end.verdict != verdict::done && !is_gone) return;
    const std::lock_guard lock(mutex_);
    tlsrpt::endpoint_health health = state_.endpoint(one.address);
    if (is_gone)
      health.note_gone(tlsrpt::day_of(options_.time()));
    else
      health.note_success();
    state_.save(one.address, health);
  }

  /// Whether the host of a delivery gets one attempt only.
  bool note_host(const delivery& one, const attempt_end& end) {
    const tlsrpt::day today = tlsrpt::day_of(options_.time());
    const std::string host = host_of(one);
    const std::lock_guard lock(mutex_);
    tlsrpt::host_health health = state_.host(host);
    if (end.verdict == verdict::give_up) {
      health.note_give_up(today);
      state_.save(host, health);
    }
    return health.is_tried_once(today);
  }

  void say_end(const delivery& one, const std::string& word) const {
    std::string text = one.domain + " to " + one.address + ": ";
    if (one.attempts.phase == phase::done) text += "delivered: ";
    if (one.attempts.phase == phase::given_up) text += "given up: ";
    text += word;
    if (one.attempts.phase == phase::waiting)
      text += "; again at " + std::string(tlsrpt::to_date_time(one.attempts.next));
    say(one.day, text);
  }

  const options& options_;
  state& state_;
  std::mutex mutex_;  ///< Of changes to health.
};

}  // namespace

bool deliver(const options& options, state& state) {
  std::vector<delivery> due = state.due(options.time(), options.day);
  const std::size_t count = due.size();
  // What is left is due at the next start, together with what has become due until then.
  due_queue queue(std::move(due), std::chrono::seconds(2 * options.seconds));
  dispatcher dispatcher(options, state);
  return work(count, options.lookup(), [&](resolver& resolver) {
    auto one = queue.take();
    if (!one) return false;
    struct leaving {
      due_queue& queue;
      std::string host;
      ~leaving() { queue.leave(host); }
    } const leaving{queue, host_of(*one)};
    dispatcher.attempt(*one, resolver);
    return true;
  });
}

}  // namespace reporter
