/// @file
/// Bodies of sts_policy.hpp.

#ifndef TLSRPT_HPP_IMPL_STS_POLICY
#define TLSRPT_HPP_IMPL_STS_POLICY

#include <algorithm>

#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/detail/core/gate.hpp>
#include <tlsrpt/detail/policy/parts.hpp>
#include <tlsrpt/detail/core/remark.hpp>
#include <tlsrpt/detail/text/field_name.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/ip_address.hpp>

namespace tlsrpt {

constexpr std::string_view name(sts_mode mode) noexcept {
  constexpr std::string_view names[] = {"", "testing", "enforce", "none"};
  const auto place = static_cast<std::size_t>(mode);
  return place < std::size(names) ? names[place] : std::string_view();
}

constexpr match<sts_mode> match_sts_mode(std::string_view text) noexcept {
  for (sts_mode mode : {sts_mode::testing, sts_mode::enforce, sts_mode::none})
    if (detail::equals_folded(text, name(mode))) return {mode, text == name(mode)};
  return {};
}

namespace detail {

// ---- a line

struct sts_key_row {
  sts_key key;
  std::string_view name;
};
inline constexpr sts_key_row sts_keys[] = {{sts_key::version, "version"},
                                           {sts_key::mode, "mode"},
                                           {sts_key::max_age, "max_age"},
                                           {sts_key::mx, "mx"}};

/// The row of the key that `text` spells, perhaps in another case or with "-" for "_"; or null.
constexpr const sts_key_row* find_sts_key(std::string_view text) noexcept {
  for (const sts_key_row& row : sts_keys)
    if (equals_name(text, row.name)) return &row;
  return nullptr;
}

/// A line in parts. All are slices of it.
struct sts_line_parts {
  std::string_view line_end{};
  bool has_byte_order_mark = false;
  std::string_view whole{};    ///< Without mark and line end.
  std::string_view content{};  ///< Also without quotation marks and surrounding whitespace.
  bool has_colon = false;
  std::string_view key{};    ///< With whitespace before the colon, but not before itself.
  std::string_view value{};  ///< Without surrounding whitespace.
};

constexpr sts_line_parts split_sts_line(std::string_view line) noexcept {
  sts_line_parts parts;
  parts.line_end = line_end_of(line);
  line.remove_suffix(parts.line_end.size());
  parts.has_byte_order_mark = line.starts_with(byte_order_mark);
  // Not remove_prefix(): GCC 12 at -O3 sees it go beyond an empty line.
  if (parts.has_byte_order_mark) line = line.substr(byte_order_mark.size());
  parts.whole = line;
  parts.content = without_quotes(trim(line, wsp_octet));
  const std::size_t colon = parts.content.find(':');
  parts.has_colon = colon != std::string_view::npos;
  parts.key = parts.content.substr(0, colon);
  if (parts.has_colon) parts.value = trim(parts.content.substr(colon + 1), wsp_octet);
  return parts;
}

constexpr sts_field_view field_of(const sts_line_parts& parts) noexcept {
  const std::string_view key = trim(parts.key, wsp_octet);
  if (!parts.has_colon) return {};
  sts_field_view field{sts_key::extension, key, without_quotes(parts.value)};
  if (const sts_key_row* row = find_sts_key(key))
    field.key = row->key;
  else if (find_name_fault(key) != std::string_view::npos)
    return {};
  return field;
}

/// Where `text` has an octet that no value may have: a control character, or what is not UTF-8.
constexpr remark find_sts_value_fault(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    if (control_octet(text[i])) return {errc::sts_control_character, i};
    if (!octet_above_ascii(text[i])) {
      ++i;
      continue;
    }
    const std::size_t size = read_utf8(text.substr(i)).size;
    if (size == 0) return {errc::sts_invalid_utf8, i};
    i += size;
  }
  return {};
}

/// What is wrong with the value of an mx line and where.
constexpr remark find_mx_fault(std::string_view pattern) noexcept {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == ',' || wsp_octet(pattern[i])) return {errc::sts_mx_list, i};
    if (octet_above_ascii(pattern[i])) return {errc::u_label, i};
  }
  const std::string_view host = pattern.starts_with("*.") ? pattern.substr(2) : pattern;
  const bool is_name = is_host_name(host);
  // A name that ends in a digit may be an IPv4 address, and what is none another address.
  if ((!is_name || is_digit(pattern.back())) && read_ip_address(pattern).address)
    return {errc::sts_mx_address, 0};
  if (!is_name) return {errc::sts_mx_pattern, 0};
  if (host.ends_with('.')) return {errc::sts_mx_trailing_dot, pattern.size() - 1};
  return {};
}

// ---- the reader

template <class Conformance, class Sink>
class sts_policy_reader {
 public:
  constexpr sts_policy_reader(const policy_lines& lines, const Conformance& conformance,
                              Sink& sink) noexcept
      : lines_(lines), gate_(conformance, sink, source::policy_text) {
    policy_.lines_ = lines;
  }

  constexpr result<sts_policy_view> read() {
    policy_line_step step(lines_);
    while (step.next(line_))
      if (!line()) return gate_.error();
    if (!verdict()) return gate_.error();
    return policy_;
  }

 private:
  /// A field that counts once: its value and where it is.
  struct single_field {
    std::string_view value{};
    location where{};
    bool is_there = false;
    bool is_exact = false;
  };

  // ---- deviations

  constexpr location here(std::size_t offset) const noexcept {
    if (lines_.is_text()) return {.offset = line_.offset + offset};
    return {.offset = line_.offset + offset,
            .element = static_cast<std::uint32_t>(line_.element),
            .member = field::policy_string};
  }

  /// The place of a slice of the line.
  constexpr location place_of(std::string_view slice, std::size_t offset = 0) const noexcept {
    return here(static_cast<std::size_t>(slice.data() - line_.text.data()) + offset);
  }

  constexpr bool deviation(errc code, std::string_view subject, std::size_t offset = 0) {
    return gate_.pass(code, place_of(subject, offset), subject);
  }

  constexpr bool missing(errc code) {
    if (lines_.is_text()) return gate_.pass(code, {}, {});
    return gate_.pass(code, {.member = field::policy_string}, {});
  }

  // ---- lines

  constexpr bool line() {
    const sts_line_parts parts = split_sts_line(line_.text);
    if (!line_ends(parts)) return false;
    if (parts.has_byte_order_mark && !deviation(errc::sts_byte_order_mark, line_.text))
      return false;
    if (parts.content.empty()) return deviation(errc::sts_empty_line, parts.whole);
    if (wsp_octet(parts.whole.front()) && !deviation(errc::sts_whitespace, parts.whole))
      return false;
    if (is_quoted(trim(parts.whole, wsp_octet)) &&
        !deviation(errc::policy_quoted, trim(parts.whole, wsp_octet)))
      return false;
    if (!parts.has_colon) return deviation(errc::sts_line_without_colon, parts.content);

    const sts_field_view field = field_of(parts);
    const std::string_view key = trim(parts.key, wsp_octet);
    if (key.size() != parts.key.size() &&
        !gate_.pass(errc::sts_whitespace, place_of(parts.key, key.size()), parts.content))
      return false;
    if (field.key == sts_key::none)
      return deviation(errc::sts_key_syntax, key, find_name_fault(key));
    const bool is_exact = field.key == sts_key::extension || find_sts_key(key)->name == key;
    if (!is_exact && !deviation(errc::sts_misspelt_key, key)) return false;
    if (field.key == sts_key::extension && !deviation(errc::sts_unknown_key, key)) return false;
    return value(field, is_exact, parts.value);
  }

  /// An array should have one line in each element and no line ends.
  constexpr bool line_ends(const sts_line_parts& parts) {
    const std::string_view element = lines_[line_.element];
    const std::size_t end = line_.offset + line_.text.size();
    const bool has_feed = end < element.size();
    if (!lines_.is_text()) {
      if (line_.offset == 0 && has_feed && end + 1 < element.size() &&
          !gate_.pass(errc::joined_policy_string, here(end), element))
        return false;
      if (has_feed && end + 1 == element.size()) {
        const std::size_t first = end - parts.line_end.size();
        return gate_.pass(errc::policy_line_end, here(first - line_.offset), line_.text);
      }
    }
    // Before a line feed, one carriage return belongs to the line end.
    if (parts.line_end.empty() || (has_feed && parts.line_end == "\r")) return true;
    return gate_.pass(errc::policy_line_end, place_of(parts.line_end), line_.text);
  }

  // ---- values

  constexpr bool value(const sts_field_view& field, bool is_exact, std::string_view written) {
    if (is_quoted(written) && !deviation(errc::policy_quoted, written)) return false;
    if (field.key == sts_key::mx) {
      has_mx_ = true;
    } else if (field.key != sts_key::extension) {
      single_field& known = single(field.key);
      // A key in its right spelling counts before misspelt ones.
      if (known.is_there && (known.is_exact || !is_exact))
        return deviation(errc::sts_repeated_key, field.name);
      known = {field.value, place_of(field.value), true, is_exact};
    }
    if (field.value.empty())
      return gate_.pass(errc::sts_empty_value, place_of(written), field.name);
    if (gate_.cares(errc::sts_control_character) || gate_.cares(errc::sts_invalid_utf8)) {
      const remark fault = find_sts_value_fault(field.value);
      if (fault.code != errc::ok) return deviation(fault.code, field.value, fault.offset);
    }
    switch (field.key) {
      case sts_key::version:
        if (field.value == "STSv1") return true;
        return deviation(
            equals_folded(field.value, "stsv1") ? errc::sts_value_case : errc::sts_unknown_version,
            field.value);
      case sts_key::mode: {
        const match<sts_mode> mode = match_sts_mode(field.value);
        if (mode.exact) return true;
        return deviation(
            mode.value == sts_mode::unknown ? errc::sts_unknown_mode : errc::sts_value_case,
            field.value);
      }
      case sts_key::max_age:
        return max_age(field.value);
      case sts_key::mx: {
        if (!cares_for_patterns()) return true;
        const remark fault = find_mx_fault(field.value);
        return fault.code == errc::ok || deviation(fault.code, field.value, fault.offset);
      }
      default:
        return true;
    }
  }

  constexpr bool cares_for_patterns() const noexcept {
    return gate_.cares(errc::sts_mx_list) || gate_.cares(errc::u_label) ||
           gate_.cares(errc::sts_mx_address) || gate_.cares(errc::sts_mx_pattern) ||
           gate_.cares(errc::sts_mx_trailing_dot);
  }

  constexpr bool max_age(std::string_view digits) {
    constexpr std::size_t most_digits = 10;
    const auto seconds = read_decimal(digits);
    if (!seconds || digits.size() > most_digits) return deviation(errc::sts_max_age_syntax, digits);
    return *seconds <= largest_max_age || deviation(errc::sts_max_age_too_large, digits);
  }

  constexpr single_field& single(sts_key key) noexcept {
    return key == sts_key::version ? version_ : key == sts_key::mode ? mode_ : max_age_;
  }

  // ---- the whole policy

  constexpr bool verdict() {
    policy_.version_ = version_.value;
    policy_.mode_ = {match_sts_mode(mode_.value).value, mode_.value};
    policy_.max_age_ = read_decimal(max_age_.value);

    constexpr std::uint64_t day = 86'400;
    const bool is_none = policy_.mode_.value == sts_mode::none;
    if (!is_none && policy_.max_age_.value_or(day) < day &&
        !gate_.pass(errc::sts_max_age_short, max_age_.where, max_age_.value))
      return false;
    if (!version_.is_there && !missing(errc::sts_missing_version)) return false;
    if (!mode_.is_there && !missing(errc::sts_missing_mode)) return false;
    if (!max_age_.is_there && !missing(errc::sts_missing_max_age)) return false;
    return is_none || has_mx_ || missing(errc::sts_missing_mx);
  }

  policy_lines lines_;
  deviation_gate<Conformance, Sink> gate_;
  sts_policy_view policy_{};
  policy_line line_{};
  single_field version_{}, mode_{}, max_age_{};
  bool has_mx_ = false;
};

// ---- ranges

constexpr bool sts_line_step::next(std::string_view& text) noexcept {
  policy_line line;
  if (!lines_.next(line)) return false;
  text = line.text;
  while (text.ends_with('\r')) text.remove_suffix(1);
  return true;
}

constexpr bool sts_field_step::next(sts_field_view& field) noexcept {
  policy_line line;
  while (lines_.next(line)) {
    field = read_sts_line(line.text);
    if (only_ == sts_key::none ? field.key != sts_key::none : field.key == only_) return true;
  }
  return false;
}

constexpr bool mx_pattern_step::next(std::string_view& pattern) noexcept {
  sts_field_view field;
  do {
    if (!fields_.next(field)) return false;
  } while (field.value.empty());
  pattern = field.value;
  return true;
}

}  // namespace detail

constexpr sts_field_view read_sts_line(std::string_view line) noexcept {
  return detail::field_of(detail::split_sts_line(line));
}

constexpr mx_range::iterator mx_range::begin() const noexcept { return iterator(first_); }
constexpr mx_range::iterator mx_range::end() const noexcept { return {}; }

constexpr sts_field_range::iterator sts_field_range::begin() const noexcept {
  return iterator(first_);
}
constexpr sts_field_range::iterator sts_field_range::end() const noexcept { return {}; }

constexpr sts_line_range::iterator sts_line_range::begin() const noexcept {
  return iterator(first_);
}
constexpr sts_line_range::iterator sts_line_range::end() const noexcept { return {}; }

constexpr mx_range sts_policy_view::mx() const noexcept {
  return mx_range(detail::mx_pattern_step({lines_, sts_key::mx}));
}

constexpr sts_field_range sts_policy_view::extensions() const noexcept {
  return sts_field_range({lines_, sts_key::extension});
}

constexpr sts_field_range sts_policy_view::fields() const noexcept {
  return sts_field_range({lines_, sts_key::none});
}

constexpr sts_line_range sts_policy_view::lines() const noexcept {
  return sts_line_range(detail::sts_line_step(lines_));
}

constexpr bool sts_policy_view::matches(std::string_view host) const noexcept {
  for (std::string_view pattern : mx())
    if (matches_mx_pattern(host, pattern)) return true;
  return false;
}

template <conformance C, diagnostic_sink S>
constexpr result<sts_policy_view> parse_sts_policy(
    std::span<const std::string_view> lines, S&& sink,
    C conformance) noexcept(detail::is_nothrow_sink<S>) {
  return detail::sts_policy_reader<C, std::remove_reference_t<S>>(detail::policy_lines(lines),
                                                                  conformance, sink)
      .read();
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<sts_policy_view> parse_sts_policy(
    std::span<const std::string_view> lines, const C& conformance) noexcept {
  return parse_sts_policy(lines, ignore_diagnostics{}, conformance);
}

template <conformance C, diagnostic_sink S>
constexpr result<sts_policy_view> parse_sts_policy(
    std::string_view text, S&& sink, C conformance) noexcept(detail::is_nothrow_sink<S>) {
  return detail::sts_policy_reader<C, std::remove_reference_t<S>>(detail::policy_lines(text),
                                                                  conformance, sink)
      .read();
}

template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<sts_policy_view> parse_sts_policy(
    std::string_view text, const C& conformance) noexcept {
  return parse_sts_policy(text, ignore_diagnostics{}, conformance);
}

}  // namespace tlsrpt

#endif
