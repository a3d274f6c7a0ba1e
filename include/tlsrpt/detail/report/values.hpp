/// @file
/// The values of a report's members: strings, words, counts, times and addresses.

#ifndef TLSRPT_HPP_DETAIL_REPORT_VALUES
#define TLSRPT_HPP_DETAIL_REPORT_VALUES

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/json/walk.hpp>
#include <tlsrpt/detail/record/uri.hpp>
#include <tlsrpt/detail/report/count.hpp>
#include <tlsrpt/detail/report/text.hpp>
#include <tlsrpt/detail/text/addr_spec.hpp>
#include <tlsrpt/detail/report/usual_host.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/schema.hpp>

namespace tlsrpt::detail {

/// Reads values from the text and says what deviates in them. Functions that read a value take its
/// first token and return the token after it, or nullptr: then either the gate has an error, which
/// means that the report is refused, or the text is not JSON there.
template <class Gate>
class value_reader {
 protected:
  value_reader(report_text& text, Gate& gate) noexcept
      : text_(text),
        walk_(text.walk()),
        end_(text.tokens().end()),
        gate_(gate),
        escapes_(text.text()),
        unescaped_end_(text.unescaped().data()) {
    if (cares(errc::noncharacter, errc::u_label))
      has_octets_above_ascii_ = has_octet_above_ascii(text.text());
    is_plain_ = !has_octets_above_ascii_ && !walk_.has_escapes();
  }

  // ---- deviations

  /// Whether any of these would be heard of or refused.
  bool cares(std::same_as<errc> auto... codes) const noexcept {
    return (gate_.cares(codes) || ...);
  }

  /// Whether reading continues after a deviation.
  [[gnu::cold, gnu::noinline]] bool pass(errc code, std::size_t offset, field member,
                                         std::string_view subject = {}) {
    return gate_.pass(code, here(offset, member), subject);
  }
  [[gnu::always_inline]] bool pass(errc code, json_token token, field member,
                                   std::string_view subject = {}) {
    return !cares(code) || pass(code, std::size_t{*token}, member, subject);
  }

  /// Ends reading, in every mode: false.
  [[gnu::cold, gnu::noinline]] bool stop(errc code, std::size_t offset = 0,
                                         field member = field::none) {
    return gate_.stop(code, here(offset, member));
  }

  location here(std::size_t offset, field member) const noexcept {
    return {offset, policy_, failure_, element_, member};
  }

  std::size_t offset_of(std::string_view slice) const noexcept {
    return static_cast<std::size_t>(slice.data() - walk_.text());
  }

  // ---- any value

  /// Validates any value and goes past it, unless it ends after the text.
  json_token skip(json_token value) const noexcept {
    const json_token next = walk_.skip(value, depth_);
    return next != nullptr && next <= end_ ? next : nullptr;
  }

  /// The text of a value for diagnostics: that of a string without its quotes.
  std::string_view subject(json_token value, json_token next) const noexcept {
    const std::string_view text = walk_.value_text(value, next);
    return text.starts_with('"') ? text.substr(1, text.size() - 2) : text;
  }

  /// Goes past a value that has not the type it should have. `if_null` says what null means.
  [[gnu::cold, gnu::noinline]] json_token wrong_type(json_token token, field member,
                                                     errc if_null = errc::null_member) {
    const json_token next = skip(token);
    if (next == nullptr) return nullptr;
    const std::string_view text = subject(token, next);
    const errc code = walk_.at(token) == 'n' ? if_null : errc::wrong_type;
    return pass(code, token, member, text) ? next : nullptr;
  }

  // ---- strings

  /// The content of the string at `token`. No data: the text is broken or refused.
  [[gnu::always_inline]] std::string_view content(json_token token, field member) {
    const std::string_view text = walk_.string_text(token);
    if (text.data() == nullptr) [[unlikely]]
      return {};
    return is_plain_ ? text : content_of_rich_text(text, member);
  }

  /// The content of a string in a text that has escapes or octets outside ASCII somewhere.
  [[gnu::noinline]] std::string_view content_of_rich_text(std::string_view text, field member) {
    if (has_octets_above_ascii_ && has_octet_above_ascii(text) && !no_noncharacter(text, member))
      return {};
    return walk_.has_escapes() && escapes_.finds_in(text) ? unescaped(text, member) : text;
  }

  bool no_noncharacter(std::string_view text, field member) {
    const std::size_t found = find_noncharacter(text);
    if (found == std::string_view::npos) return true;
    return pass(errc::noncharacter, offset_of(text) + found, member, text);
  }

  /// Unescapes `text`, a slice of the document, into the parser's buffer. No data: the text is
  /// broken or refused.
  [[gnu::cold, gnu::noinline]] std::string_view unescaped(std::string_view text, field member) {
    const char* const first = unescaped_end_;
    if (find_bad_escape(text) != std::string_view::npos) return {};
    const unescaped_string u = unescape(text, unescaped_end_);
    if (u.remark != errc::ok && !pass(u.remark, offset_of(text) + u.remark_at, member, text))
      return {};
    unescaped_end_ = u.end;
    return {first, static_cast<std::size_t>(u.end - first)};
  }

  /// Finds surrogates and noncharacters (B-05) in a string that is not kept.
  bool is_i_json_string(std::string_view text, field member) {
    if (text.find('\\') != std::string_view::npos) {
      char* const before = unescaped_end_;
      if (unescaped(text, member).data() == nullptr) return false;
      unescaped_end_ = before;
    }
    return no_noncharacter(text, member);
  }

  /// A string; null and "" count as absent, numbers and literals keep their text.
  [[gnu::always_inline]] json_token read(json_token token, field member, std::string_view& kept) {
    if (walk_.at(token) != '"') [[unlikely]]
      return read_other_as_string(token, member, kept);
    const std::string_view text = content(token, member);
    if (text.empty()) [[unlikely]]
      return text.data() != nullptr && pass(errc::empty_member, token, member) ? token + 1
                                                                               : nullptr;
    kept = text;
    return token + 1;
  }

  /// A value that should be a string: an array of one string is read as that string.
  [[gnu::noinline]] json_token read_other_as_string(json_token token, field member,
                                                    std::string_view& kept) {
    const json_token next = skip(token);
    if (next == nullptr) return nullptr;
    if (walk_.at(token) == '[' && next - token == 3 && walk_.at(token + 1) == '"') {
      if (!pass(errc::needless_array, token, member, walk_.value_text(token, next))) return nullptr;
      const std::string_view text = content(token + 1, member);
      if (!text.empty()) kept = text;
      return text.data() != nullptr ? next : nullptr;
    }
    return keep_scalar(token, next, member, kept, errc::null_member) ? next : nullptr;
  }

  /// Numbers and literals keep their text, other values that end at `next` have the wrong type;
  /// `if_null` says what null means.
  [[gnu::always_inline]] bool keep_scalar(json_token token, json_token next, field member,
                                          std::string_view& kept, errc if_null) {
    switch (walk_.at(token)) {
      case 'n':
        return pass(if_null, token, member, {walk_.text() + *token, 4});
      case '{':
      case '[':
        return pass(errc::wrong_type, token, member, walk_.value_text(token, next));
      default:
        kept = walk_.value_text(token, next);
        return pass(errc::scalar_as_string, token, member, kept);
    }
  }

  // ---- other types of the schema

  [[gnu::always_inline]] json_token read(json_token token, field member, session_count& count) {
    const char* const text = walk_.text() + token[0];
    std::size_t size = token[1] - token[0];
    // Where the text ends in place of a value, `size` is 0; what follows refuses that.
    if (is_json_blank(walk_.text()[token[1] - 1])) size = walk_.token_text(token).size();
    if (size == 1 && is_digit(*text)) [[likely]] {  // Most often there are no failures.
      count = static_cast<std::uint64_t>(*text - '0');
      return token + 1;
    }
    std::uint64_t number;
    const bool is_usual = size - 1 < 8 && *text != '0';
    if (!is_usual || !read_short_number(text, size, number)) [[unlikely]]
      return read_rare_count(token, member, count);
    count = number;
    return token + 1;
  }

  /// A count of more than 8 digits, or that is no plain number.
  [[gnu::cold, gnu::noinline]] json_token read_rare_count(json_token token, field member,
                                                          session_count& count) {
    const json_token next = skip(token);
    if (next == nullptr) return nullptr;
    std::string_view text = walk_.value_text(token, next);
    count_reading reading{0, errc::count_unreadable};
    if (text.front() == '"') {
      text = content(token, member);
      if (text.data() == nullptr) return nullptr;
      reading = read_count_string(text);
    } else if (text == "null") {
      reading.remark = errc::null_member;
    } else if (text.front() == '-' || is_digit(text.front())) {
      reading = read_count(text);
    }
    if (reading.remark != errc::count_unreadable && reading.remark != errc::null_member)
      count = reading.value;
    if (reading.remark != errc::ok && !pass(reading.remark, token, member, text)) return nullptr;
    if (count.known() && count.value() > largest_exact_integer &&
        reading.remark != errc::count_beyond_double &&
        !pass(errc::count_beyond_double, token, member, text))
      return nullptr;
    return next;
  }

  [[gnu::always_inline]] json_token read(json_token token, field member, timestamp& time) {
    const json_token next = read(token, member, time.text);
    if (next == nullptr) return nullptr;
    if (!present(time.text)) [[unlikely]]
      return no_date_time(token, member) ? next : nullptr;
    if (const auto canonical = read_canonical_date_time(time.text)) [[likely]] {
      time.seconds = *canonical;
      time.known = true;
      return next;
    }
    return read_rare_date_time(token, member, time) ? next : nullptr;
  }

  /// A time that is null or "" counts as missing; for other values without a text that was said.
  [[gnu::cold, gnu::noinline]] bool no_date_time(json_token token, field member) {
    const char first = walk_.at(token);
    return first == '{' || first == '[' || pass(errc::missing_date_time, token, member);
  }

  [[gnu::cold, gnu::noinline]] bool read_rare_date_time(json_token token, field member,
                                                        timestamp& time) {
    const date_time_reading reading = read_date_time(
        time.text, member == field::end_datetime ? day_end::last_second : day_end::first_second);
    time.seconds = reading.seconds;
    time.known = reading.known;
    for (errc remark : reading.remarks)
      if (remark != errc::ok && !pass(remark, token, member, time.text)) return false;
    return true;
  }

  [[gnu::always_inline]] json_token read(json_token token, field member, ip_view& ip) {
    const json_token next = read(token, member, ip.text);
    if (next == nullptr || !present(ip.text)) return next;
    if (cares(errc::unreadable_ip, errc::ip_decorated)) {
      std::array<std::uint8_t, 16> octets;
      if (!parse_ipv4(ip.text, octets.data()) && !parse_ipv6(ip.text, octets)) {
        const errc remark = read_ip_address(ip.text).remark;
        if (remark != errc::ok && !pass(remark, token, member, ip.text)) return nullptr;
      }
    }
    return next;
  }

  static match<policy_type> find(std::string_view text, policy_type) noexcept {
    return match_policy_type(text);
  }
  static match<result_type> find(std::string_view text, result_type) noexcept {
    return match_result_type(text);
  }
  static constexpr errc code_of_unknown(policy_type) noexcept { return errc::unknown_policy_type; }
  static constexpr errc code_of_unknown(result_type) noexcept { return errc::unknown_result_type; }

  template <class E>
  [[gnu::always_inline]] json_token read(json_token token, field member, tlsrpt::token<E>& kept) {
    const json_token next = read(token, member, kept.text);
    if (next == nullptr || !present(kept.text)) return next;
    const match<E> found = find(kept.text, E());
    kept.value = found.value;
    if (!found.exact) [[unlikely]] {
      const errc code = kept.known() ? errc::folded_value : code_of_unknown(E());
      if (!pass(code, token, member, kept.text)) return nullptr;
    }
    return next;
  }

  // ---- what some members ask of their text

  /// Checks what the schema asks of the text of `Member`.
  template <field Member, class Value>
  [[gnu::always_inline]] bool suits(json_token token, const Value& value) {
    if constexpr (Member == field::contact_info)
      return !cares(errc::contact_info) || !present(value) || is_address(token, value);
    else if constexpr (Member == field::policy_domain)
      return !cares(errc::policy_domain_not_a_name, errc::u_label) || !present(value) ||
             is_domain(token, value);
    else if constexpr (Member == field::receiving_mx_helo)
      return !walk_.has_escapes() || is_one_line(token, value);
    else if constexpr (Member == field::additional_information)
      return !cares(errc::information_not_uri) || !present(value) || is_uri(value) ||
             pass(errc::information_not_uri, token, Member, value);
    else
      return true;
  }

  bool is_address(json_token token, std::string_view text) {
    return (is_plain_ && is_usual_addr_spec(text)) || is_rare_address(token, text);
  }

  [[gnu::cold, gnu::noinline]] bool is_rare_address(json_token token, std::string_view text) {
    return is_addr_spec(text) || pass(errc::contact_info, token, field::contact_info, text);
  }

  bool is_domain(json_token token, std::string_view text) {
    return (is_plain_ && is_usual_host_name(text)) || is_rare_domain(token, text);
  }

  [[gnu::cold, gnu::noinline]] bool is_rare_domain(json_token token, std::string_view text) {
    if (is_host_name(text)) return true;
    const bool has_u_labels = has_non_ascii(text) && is_mail_domain(text);
    return pass(has_u_labels ? errc::u_label : errc::policy_domain_not_a_name, token,
                field::policy_domain, text);
  }

  bool is_ascii_host(json_token token, field member, std::string_view text) {
    if (!has_octets_above_ascii_ || !has_non_ascii(text)) return true;
    return pass(errc::u_label, token, member, text);
  }

  /// A line break in JSON is always escaped.
  bool is_one_line(json_token token, std::string_view text) {
    return text.find('\n') == std::string_view::npos ||
           pass(errc::multi_line_helo, token, field::receiving_mx_helo, text);
  }

  report_text& text_;
  const json_walk walk_;
  const json_token end_;
  Gate& gate_;
  escape_search escapes_;
  char* unescaped_end_;
  std::uint32_t policy_ = location::npos, failure_ = location::npos, element_ = location::npos;
  std::uint32_t depth_ = 0;  ///< Containers around the value that is read.
  bool has_octets_above_ascii_ = false;
  bool is_plain_ = false;  ///< No string needs a second look.
};

}  // namespace tlsrpt::detail

#endif
