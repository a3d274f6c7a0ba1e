/// @file
/// Recognizes the record that nearly everyone publishes, in one pass.

#ifndef TLSRPT_HPP_DETAIL_RECORD_PLAIN_RECORD
#define TLSRPT_HPP_DETAIL_RECORD_PLAIN_RECORD

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/record/parts.hpp>
#include <tlsrpt/detail/record/uri.hpp>
#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/limits.hpp>

namespace tlsrpt::detail {

// Octets that need no further look in a mail address or a URL.
inline constexpr const charset& plain_domain_octet = field_name_rest_octet;  // the same set
inline constexpr charset plain_local_octet = plain_domain_octet | charset("+=");
inline constexpr charset plain_path_octet = uri_octet - charset(",!;%#");

inline constexpr std::string_view plain_version = "v=TLSRPTv1;";
inline constexpr std::string_view plain_rua_name = "rua=";

/// Where the list of a plain record is: elements with a "," between them and whitespace after it.
/// They are as many as `count`, which is 0 for records of other kinds.
struct plain_list {
  std::uint16_t begin = 0, end = 0, count = 0;
};
static_assert(max_record_bytes <= 0xffff);

/// The first octet from `at` on that is not in `set`.
[[gnu::always_inline]] constexpr std::size_t skip(const charset& set, std::string_view text,
                                                  std::size_t at) noexcept {
  while (at < text.size() && set(text[at])) ++at;
  return at;
}

/// Where the plain domain at `at` ends; `at` if there is none. It has two labels or more, so that
/// it is no local name, and does not end in a digit, so that it is no address.
[[gnu::always_inline]] constexpr std::size_t skip_plain_domain(std::string_view text,
                                                               std::size_t at) noexcept {
  for (std::size_t label = at;;) {
    std::size_t end = label;
    while (end < text.size() && text[end] != '.' && plain_domain_octet(text[end])) ++end;
    if (end == label) return at;
    if (end == text.size() || text[end] != '.')
      return label == at || digit_octet(text[end - 1]) ? at : end;
    label = end + 1;
  }
}

/// Where the plain element at `at` ends; `at` if there is none. examine_uri() finds nothing to
/// remark on a plain element.
[[gnu::always_inline]] constexpr std::size_t skip_plain_element(std::string_view text,
                                                                std::size_t at) noexcept {
  const std::string_view rest(text.data() + at, text.size() - at);
  if (begins_with<usual_mailto>(rest)) {
    const std::size_t local = at + usual_mailto.size();
    std::size_t end = skip(plain_local_octet, text, local);
    if (end == local || end == text.size() || text[end] != '@') return at;
    const std::size_t domain = end + 1;
    end = skip_plain_domain(text, domain);
    return end == domain ? at : end;
  }
  if (begins_with<usual_https>(rest)) {
    const std::size_t host = at + usual_https.size();
    const std::size_t end = skip_plain_domain(text, host);
    if (end == host) return at;
    return end < text.size() && text[end] == '/' ? skip(plain_path_octet, text, end) : end;
  }
  return at;
}

/// Hands out the elements of a plain list.
class plain_cursor {
 public:
  constexpr plain_cursor() = default;
  constexpr plain_cursor(std::string_view record, plain_list list) noexcept
      : rest_(record.data() + list.begin, std::size_t{list.end} - list.begin), count_(list.count) {}

  constexpr bool has_next() const noexcept { return count_ != 0; }
  [[gnu::always_inline]] constexpr std::string_view next() noexcept {
    std::string_view element = rest_;
    if (--count_ != 0) {
      const std::size_t comma = rest_.find(',');
      element = rest_.substr(0, comma);
      rest_.remove_prefix(skip(wsp_octet, rest_, comma + 1));
    }
    return element;
  }

 private:
  std::string_view rest_{};
  std::size_t count_ = 0;
};

constexpr uri_scheme plain_scheme(std::string_view element) noexcept {
  return element.front() == usual_mailto.front() ? uri_scheme::mailto : uri_scheme::https;
}

/// Whether all elements of a plain list are endpoints of their own.
[[gnu::noinline]] constexpr bool are_distinct(std::string_view record, plain_list list) noexcept {
  endpoint_set seen;
  for (plain_cursor elements(record, list); elements.has_next();) {
    const std::string_view element = elements.next();
    if (seen.add(endpoint_of(element)) != endpoint_set::outcome::added) return false;
  }
  return true;
}

/// The list of a record that is the version, one rua field and perhaps a ";" after it, with
/// nothing to remark anywhere: its elements are plain, differ, and are no more than are used. Such
/// a record passes in every mode, without a finding. Linear but for the number of elements.
[[gnu::always_inline]] constexpr plain_list find_plain_list(std::string_view record) noexcept {
  if (record.size() > max_record_bytes || !begins_with<plain_version>(record)) return {};
  std::size_t at = skip(wsp_octet, record, plain_version.size());
  if (!begins_with<plain_rua_name>({record.data() + at, record.size() - at})) return {};
  at += plain_rua_name.size();
  plain_list list{.begin = static_cast<std::uint16_t>(at)};
  for (;;) {
    const std::size_t end = skip_plain_element(record, at);
    if (end == at) return {};
    ++list.count;
    at = end;
    if (at == record.size() || record[at] != ',') break;
    at = skip(wsp_octet, record, at + 1);
  }
  list.end = static_cast<std::uint16_t>(at);
  if (at != record.size() && (record[at] != ';' || at + 1 != record.size())) return {};
  if (list.count > 1 && !are_distinct(record, list)) return {};
  return list;
}

}  // namespace tlsrpt::detail

#endif
