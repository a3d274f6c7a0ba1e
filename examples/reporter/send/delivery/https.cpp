#include "https.hpp"

#include <chrono>
#include <utility>

#include <tlsrpt/write_mail.hpp>

#include "guarded.hpp"

namespace reporter {

namespace {

using tlsrpt::no_answer;

constexpr std::size_t most_body = 4096;

post_answer without(no_answer why, std::string text) {
  return {.why = why, .text = std::move(text)};
}

/// Sets the request of a transfer, runs it, and reads the answer.
post_answer run_post(guarded_transfer& transfer, const post_request& request) {
  transfer.add_field("Content-Type: " + std::string(tlsrpt::media_type_of_report(request.octets)));
  transfer.add_field("Expect:");
  transfer.set(CURLOPT_POST, 1L);
  transfer.set(CURLOPT_POSTFIELDS, request.octets.data());
  transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.octets.size()));
  std::size_t body = 0;
  transfer_end end = transfer.run(request.before_sending, [&body](std::string_view piece) {
    body += piece.size();
    return body <= most_body;
  });
  if (end.status == 0) return without(end.why, std::move(end.text));
  const auto wait =
      tlsrpt::retry_after(transfer.field("Retry-After"), transfer.field("Date"), request.now);
  return {.status = static_cast<std::uint16_t>(end.status),
          .wait = wait.value_or(0),
          .text = "status " + std::to_string(end.status)};
}

}  // namespace

post_answer post(const post_request& request, const post_rules& rules, resolver& resolver) {
  constexpr long quarter = 250;  // of each second, in milliseconds
  const transfer_rules bounds{
      .ca_file = rules.ca_file,
      .allowed = rules.allowed,
      .checks_certificate = request.checks_certificate,
      .connecting = std::chrono::milliseconds(static_cast<long>(rules.seconds) * quarter),
      .end = request.end};
  std::string target(request.url);
  for (unsigned followed = 0;; ++followed) {
    const tlsrpt::url_check checked = tlsrpt::check_url(target);
    if (checked.fault != tlsrpt::url_fault::none)
      return without(no_answer::blocked, "URL: " + std::string(name(checked.fault)));
    if (std::chrono::steady_clock::now() >= request.end)
      return without(no_answer::timed_out, "the time of the attempt was up");
    const std::string host(checked.url.host);
    judged_host judged = judge_host(host, rules.allowed, resolver, request.end);
    if (judged.addresses.empty()) return without(judged.why, std::move(judged.text));
    guarded_transfer transfer(checked.url, judged.addresses, bounds);
    post_answer answer = run_post(transfer, request);
    if (tlsrpt::judge_status(answer.status, {}) != tlsrpt::verdict::redirect) return answer;
    std::string location = transfer.field("Location");
    if (!tlsrpt::follow_redirect(host, location, followed)) return answer;
    target = std::move(location);
  }
}

}  // namespace reporter
