/// @file
/// Bodies of location.hpp.

#ifndef TLSRPT_HPP_IMPL_LOCATION
#define TLSRPT_HPP_IMPL_LOCATION

#include <iterator>

#include <tlsrpt/detail/text/number.hpp>

namespace tlsrpt {

namespace detail {

inline constexpr std::string_view source_names[] = {
    "json",        "gzip",      "record",  "record-set",   "domain",
    "policy-text", "file-name", "subject", "header-field", "mail"};
static_assert(std::size(source_names) == static_cast<std::size_t>(source::mail) + 1);

inline constexpr std::string_view field_names[] = {
    "",
    "organization-name",
    "date-range",
    "start-datetime",
    "end-datetime",
    "contact-info",
    "report-id",
    "policies",
    "policy",
    "policy-type",
    "policy-string",
    "policy-domain",
    "mx-host",
    "summary",
    "total-successful-session-count",
    "total-failure-session-count",
    "failure-details",
    "result-type",
    "sending-mta-ip",
    "receiving-mx-hostname",
    "receiving-mx-helo",
    "receiving-ip",
    "failed-session-count",
    "additional-information",
    "failure-reason-code",
};

static_assert(std::size(field_names) == static_cast<std::size_t>(field::failure_reason_code) + 1);

}  // namespace detail

constexpr std::string_view name(source in) noexcept {
  const auto place = static_cast<std::size_t>(in);
  return place < std::size(detail::source_names) ? detail::source_names[place] : std::string_view();
}

constexpr std::string_view name(field member) noexcept {
  const auto place = static_cast<std::size_t>(member);
  return place < std::size(detail::field_names) ? detail::field_names[place] : std::string_view();
}

constexpr path_text path(const location& where) noexcept {
  path_text text;
  auto member = [&text](field f) {
    text.append("/");
    text.append(name(f));
  };
  auto index = [&text](std::uint32_t i) {
    if (i == location::npos) return;
    text.append("/");
    detail::put_number(text, i);
  };
  const field f = where.member;
  if (f == field::start_datetime || f == field::end_datetime) member(field::date_range);
  if (where.policy != location::npos) {
    member(field::policies);
    index(where.policy);
    if (f >= field::policy_type && f <= field::mx_host) member(field::policy);
    if (f == field::total_successful_session_count || f == field::total_failure_session_count)
      member(field::summary);
    if (where.failure != location::npos) {
      member(field::failure_details);
      index(where.failure);
    }
  }
  if (f != field::none) member(f);
  index(where.element);
  return text;
}

constexpr location_text to_text(const location& where) noexcept {
  location_text text;
  const auto begin_part = [&text] {
    if (!text.empty()) text.append(", ");
  };
  if (where.in != source::json) text.append(name(where.in));
  if (where.policy != location::npos || where.member != field::none) {
    const path_text pointer = path(where);
    begin_part();
    text.append(pointer);
  } else if (where.element != location::npos) {
    text.append(" ");
    detail::put_number(text, where.element);
  }
  // No member begins at the first octet: there the offset is unknown.
  if (where.in == source::json && where.offset == 0 && !text.empty()) return text;
  begin_part();
  text.append("octet ");
  detail::put_number(text, where.offset);
  return text;
}

}  // namespace tlsrpt

#endif
