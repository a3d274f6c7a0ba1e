/// @file
/// Bodies of write_datagram.hpp.

#ifndef TLSRPT_HPP_IMPL_WRITE_DATAGRAM
#define TLSRPT_HPP_IMPL_WRITE_DATAGRAM

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/json/writer.hpp>
#include <tlsrpt/detail/tally/failure_codes.hpp>
#include <tlsrpt/detail/text/number.hpp>

namespace tlsrpt {

namespace detail {

/// Writes what libtlsrpt writes, which is not how json_writer does it: a space before strings that
/// are members, and an escape for DEL.
template <class Out>
class datagram_writer {
 public:
  datagram_writer(Out& out, std::size_t most_failures) noexcept
      : out_(out), most_failures_(most_failures) {}

  void session(const session_view& session, datagram_form form) noexcept(is_nothrow_output<Out>) {
    put(out_, '{');
    if (form == datagram_form::with_version) put(out_, "\"dpv\": \"1\",");
    put(out_, "\"d\": ");
    string(session.recipient_domain);
    member("pr", session.record);
    put(out_, ",\"policies\":[");
    bool is_first = true;
    for (const session_policy& one : session.policies) {
      if (one.outcome == session_outcome::not_counted) continue;
      if (!is_first) put(out_, ',');
      policy(one);
      is_first = false;
    }
    put(out_, "]}");
  }

 private:
  void policy(const session_policy& policy) noexcept(is_nothrow_output<Out>) {
    put(out_, "{\"policy-type\":");
    put_number(out_, code_of_policy(policy.type));
    if (present(policy.domain)) member("policy-domain", policy.domain);
    strings("policy-string", policy.policy_string);
    strings("mx-host", policy.mx_host);
    const auto failures = policy.failures.first(std::min(policy.failures.size(), most_failures_));
    if (!failures.empty()) put(out_, ",\"failure-details\":[");
    for (std::size_t i = 0; i < failures.size(); ++i) {
      if (i != 0) put(out_, ',');
      failure(failures[i]);
    }
    if (!failures.empty()) put(out_, ']');
    put(out_, ",\"t\":");
    put_number(out_, failures.size());
    put(out_, ",\"f\":");
    put(out_, policy.outcome == session_outcome::failed ? "1}" : "0}");
  }

  void failure(const failure_details_view& failure) noexcept(is_nothrow_output<Out>) {
    put(out_, "{\"c\":");
    put_number(out_, code_of_failure(failure.result_type.value));
    const auto text = [this](std::string_view key, std::string_view value) {
      if (present(value)) member(key, value);
    };
    text("s", failure.sending_mta_ip.text);
    text("n", failure.receiving_mx_hostname);
    text("h", failure.receiving_mx_helo);
    text("r", failure.receiving_ip.text);
    text("a", failure.additional_information);
    text("f", failure.failure_reason_code);
    put(out_, '}');
  }

  void strings(std::string_view key,
               std::span<const std::string_view> texts) noexcept(is_nothrow_output<Out>) {
    if (texts.empty()) return;
    put(out_, ",\"");
    put(out_, key);
    put(out_, "\":[");
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i != 0) put(out_, ',');
      string(texts[i]);
    }
    put(out_, ']');
  }

  void member(std::string_view key, std::string_view text) noexcept(is_nothrow_output<Out>) {
    put(out_, ",\"");
    put(out_, key);
    put(out_, "\": ");
    string(text);
  }

  void string(std::string_view text) noexcept(is_nothrow_output<Out>) {
    json_writer json(out_);
    json.begin_string();
    for (std::size_t end = 0; !text.empty(); text.remove_prefix(std::min(text.size(), end + 1))) {
      end = std::min(text.find('\x7f'), text.size());
      json.add(text.substr(0, end));
      if (end != text.size()) json.add_escape('\x7f');
    }
    json.end_string();
  }

  Out& out_;
  std::size_t most_failures_;
};

/// Whether a text of the session has a NUL.
constexpr bool has_nul(const session_view& session) noexcept {
  const auto holds = [](std::string_view text) {
    return text.find('\0') != std::string_view::npos;
  };
  if (holds(session.recipient_domain) || holds(session.record)) return true;
  for (const session_policy& policy : session.policies) {
    if (holds(policy.domain) || std::ranges::any_of(policy.policy_string, holds) ||
        std::ranges::any_of(policy.mx_host, holds))
      return true;
    for (const failure_details_view& failure : policy.failures)
      for (const std::string_view text :
           {failure.sending_mta_ip.text, failure.receiving_mx_hostname, failure.receiving_mx_helo,
            failure.receiving_ip.text, failure.additional_information, failure.failure_reason_code})
        if (holds(text)) return true;
  }
  return false;
}

}  // namespace detail

template <text_output Out>
result<void> write_datagram(Out&& out, const session_view& session,
                            datagram_form form) noexcept(detail::is_nothrow_output<Out>) {
  if (detail::has_nul(session)) return diagnostic{errc::session_text, {.in = source::datagram}};
  std::size_t failures = 0;
  bool is_counted = false;
  for (const session_policy& policy : session.policies) {
    failures = std::max(failures, policy.failures.size());
    is_counted = is_counted || policy.outcome != session_outcome::not_counted;
  }
  if (!is_counted) return diagnostic{errc::nothing_to_report, {.in = source::datagram}};
  while (true) {
    span_output counter({});
    detail::datagram_writer<span_output>(counter, failures).session(session, form);
    if (counter.size() <= longest_datagram) break;
    if (failures == 0) return diagnostic{errc::text_too_long, {.in = source::datagram}};
    failures /= 2;
  }
  detail::datagram_writer<std::remove_reference_t<Out>>(out, failures).session(session, form);
  return {};
}

}  // namespace tlsrpt

#endif
