/// @file
/// Bodies of sender_profile.hpp.

#ifndef TLSRPT_HPP_IMPL_SENDER_PROFILE
#define TLSRPT_HPP_IMPL_SENDER_PROFILE

#include <algorithm>
#include <cstddef>
#include <iterator>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/trim.hpp>

namespace tlsrpt {

constexpr std::string_view name(sender_kind kind) noexcept {
  constexpr std::string_view names[] = {"unknown", "Google", "Microsoft",  "Mail.ru", "Stalwart",
                                        "Postfix", "mox",    "SocketLabs", "Halon"};
  const auto place = static_cast<std::size_t>(kind);
  return names[place < std::size(names) ? place : 0];
}

namespace detail {

/// Whether a text begins as a shape has it: "0" stands for a digit, "#" for a hexadecimal one,
/// everything else for itself.
constexpr bool has_shape(std::string_view text, std::string_view shape) noexcept {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[i];
    const bool fits = shape[i] == '0'   ? digit_octet(c)
                      : shape[i] == '#' ? hex_octet(c)
                                        : c == shape[i];
    if (!fits) return false;
  }
  return true;
}

constexpr bool is_number(std::string_view text) noexcept {
  return !text.empty() && trim_front(text, digit_octet).empty();
}

/// Whether no element and no failure has what `F` looks for.
template <class F>
constexpr bool no_failure(const report_view& report, const F& has_it) noexcept {
  return std::ranges::none_of(report.policies, [&](const policy_view& policy) {
    return std::ranges::any_of(policy.failure_details, has_it);
  });
}

constexpr sender_kind kind_of_sender(const report_view& report) noexcept {
  constexpr std::string_view date_time = "0000-00-00T00:00:00Z_";
  constexpr std::string_view uuid = "########-####-####-####-############";
  constexpr std::string_view hash = "################################";
  const std::string_view id = report.report_id;
  if (has_shape(id, date_time)) {
    const std::string_view rest = id.substr(date_time.size());
    return has_shape(rest, "idx0") ? sender_kind::postfix_sys4 : sender_kind::google;
  }
  constexpr std::size_t digits_of_microsoft = 18;
  if (const std::size_t plus = id.find('+');
      plus == digits_of_microsoft && is_number(id.substr(0, plus)))
    return sender_kind::microsoft;
  if (const std::size_t line = id.find('_'); line != std::string_view::npos &&
                                             is_number(id.substr(0, line)) &&
                                             is_number(id.substr(line + 1)))
    return sender_kind::stalwart;
  const std::size_t at = id.find('@');
  if (at != std::string_view::npos && has_shape(id, "00000000.")) {
    // tally_report.hpp has eight hexadecimal digits there.
    const std::string_view left = id.substr(0, at);
    const std::string_view last = left.substr(left.rfind('.') + 1);
    const bool is_ours = last.size() == 8 && has_shape(last, "########");
    return is_ours ? sender_kind::unknown : sender_kind::mox;
  }
  const bool has_no_policy_text = std::ranges::all_of(report.policies, [](const policy_view& p) {
    return p.policy_string.empty() && p.mx_host.empty();
  });
  const bool has_no_sending_ip = no_failure(
      report, [](const failure_details_view& f) { return !f.sending_mta_ip.text.empty(); });
  const bool has_failures = !no_failure(report, [](const failure_details_view&) { return true; });
  if (has_shape(id, uuid)) {
    if (at == uuid.size() && has_no_policy_text && has_no_sending_ip) return sender_kind::mail_ru;
    const bool is_halon =
        id.size() == uuid.size() && has_no_policy_text && has_failures && has_no_sending_ip;
    return is_halon ? sender_kind::halon : sender_kind::unknown;
  }
  const timestamp& end = report.date_range.end_datetime;
  if (id.size() == hash.size() && has_shape(id, hash) && end.known &&
      end.seconds % seconds_per_day == 0)
    return sender_kind::socketlabs;
  return sender_kind::unknown;
}

}  // namespace detail

constexpr sender_profile profile_of(const report_view& report) noexcept {
  sender_profile profile;
  profile.kind = detail::kind_of_sender(report);
  // These ids are seen of others, too.
  const bool is_plain = profile.kind == sender_kind::unknown ||
                        profile.kind == sender_kind::halon ||
                        profile.kind == sender_kind::socketlabs;
  profile.certainty = is_plain ? certainty::guess : certainty::likely;
  switch (profile.kind) {
    case sender_kind::google:
      profile.gives_no_reason = true;
      break;
    case sender_kind::microsoft:
      profile.counts_sessions_twice = true;
      profile.gives_no_sending_ip = true;
      break;
    case sender_kind::mail_ru:
      profile.gives_no_sending_ip = true;
      profile.details_may_exceed_total = true;
      profile.ends_at_midnight = true;
      break;
    case sender_kind::postfix_sys4:
      profile.details_may_exceed_total = true;
      profile.applied_method_only = true;
      break;
    case sender_kind::mox:
      profile.reports_failures_only = true;
      profile.details_may_exceed_total = true;
      break;
    case sender_kind::socketlabs:
      profile.ends_at_midnight = true;
      break;
    case sender_kind::halon:
      profile.gives_no_sending_ip = true;
      break;
    default:
      break;
  }
  return profile;
}

constexpr std::string_view limits_of(const sender_profile& profile) noexcept {
  if (profile.gives_no_reason) return "This sender never gives a reason for a failure.";
  if (profile.counts_sessions_twice)
    return "This sender never says which of its machines sent, and counts a session under MTA-STS "
           "and under DANE.";
  if (profile.gives_no_sending_ip) return "This sender never says which of its machines sent.";
  if (profile.applied_method_only)
    return "This sender only reports the method that it applied, DANE or MTA-STS.";
  if (profile.reports_failures_only)
    return "This sender reports failures only, unless it is set up otherwise.";
  return {};
}

}  // namespace tlsrpt

#endif
