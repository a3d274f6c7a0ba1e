/// @file
/// Message ids (RFC 5322, section 3.6.4) made of report-ids.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_ID
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_ID

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/hostname.hpp>

namespace tlsrpt::detail {

/// Whether `text` is a dot-atom-text of RFC 5322, section 3.2.3.
constexpr bool is_dot_atom(std::string_view text) noexcept {
  bool in_atom = false;
  for (char c : text) {
    if (c == '.' ? !in_atom : !atext_octet(c)) return false;
    in_atom = c != '.';
  }
  return in_atom;
}

inline constexpr charset dtext_octet = charset::range(0x21, 0x7e) - charset("[]\\");

/// Whether `text` is a no-fold-literal of RFC 5322, section 3.6.4.
constexpr bool is_no_fold_literal(std::string_view text) noexcept {
  return text.size() >= 2 && text.starts_with('[') && text.ends_with(']') &&
         consists_of(text.substr(1, text.size() - 2), dtext_octet);
}

constexpr bool is_id_left(std::string_view text) noexcept {
  return is_dot_atom(text) || (text.starts_with('"') && is_local_part(text));
}

constexpr bool is_id_right(std::string_view text) noexcept {
  return is_dot_atom(text) || is_no_fold_literal(text);
}

/// Where the "@" of a report-id is that can be a message id as it is; npos of others.
constexpr std::size_t find_at_of_id(std::string_view report_id) noexcept {
  const std::size_t at = report_id.rfind('@');
  return at != std::string_view::npos && !has_non_ascii(report_id) &&
                 is_dot_atom(report_id.substr(0, at)) && is_dot_atom(report_id.substr(at + 1))
             ? at
             : std::string_view::npos;
}

/// Writes what can be in front of the "@" of a message id of a report-id; false when nothing of it
/// can be used.
template <class Out>
constexpr bool put_id_left(Out& out, std::string_view report_id) noexcept(is_nothrow_output<Out>) {
  report_id = report_id.substr(0, find_at_of_id(report_id));
  bool has_atom = false, owes_dot = false;  // a dot-atom has single dots, each between atoms
  for (char c : report_id) {
    if (!atext_octet(c) || octet_above_ascii(c)) {
      owes_dot = has_atom;
      continue;
    }
    if (owes_dot) put(out, '.');
    put(out, c);
    has_atom = true;
    owes_dot = false;
  }
  return has_atom;
}

/// Writes a report-id as the inside of a message id; false when nothing of it can be used.
template <class Out>
constexpr bool put_message_id(Out& out, std::string_view report_id,
                              std::string_view submitter) noexcept(is_nothrow_output<Out>) {
  const std::size_t at = find_at_of_id(report_id);
  const bool has_atom = put_id_left(out, report_id);
  put(out, '@');
  put(out, at == std::string_view::npos ? submitter : report_id.substr(at + 1));
  return has_atom;
}

}  // namespace tlsrpt::detail

#endif
