/// @file
/// The values of header fields that have parameters (RFC 2045, section 5.1; RFC 2231), as they come
/// in a message: folded, with comments, and with the usual mistakes.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_PARAMETERS
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_PARAMETERS

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/core/late_text.hpp>
#include <tlsrpt/detail/mail/comment.hpp>
#include <tlsrpt/detail/mail/message/encoded_words.hpp>
#include <tlsrpt/detail/text/ascii.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/number.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/words.hpp>

namespace tlsrpt::detail {

/// Whitespace, line ends of folding, and NUL, which is read as a space.
inline constexpr charset blank_octet = whitespace_octet | charset(std::string_view("\0", 1));

/// What ends a token before the parameters, the name of a parameter, and a value without quotation
/// marks that stands for itself.
inline constexpr charset token_end_octet = blank_octet | charset("(;");
inline constexpr charset parameter_name_end_octet = token_end_octet | charset("=");
inline constexpr charset plain_value_end_octet = token_end_octet | charset("\\");

/// The size of what a text begins with up to one of `Ends`, one of the three sets.
template <const charset& Ends>
constexpr std::size_t token_size(std::string_view text) noexcept {
  std::size_t size = 0;
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  if (!std::is_constant_evaluated())
    for (; text.size() - size >= sizeof(octet_block); size += sizeof(octet_block)) {
      const octet_block octets = load_block(text.data() + size);
      // Other controls, and what ends only another one, are rare, and looked at one by one.
      const std::uint32_t ends =
          bits_of(octet_block((octets <= ' ') | (octets == '(') | (octets == ';') |
                              (octets == '=') | (octets == '\\')));
      if (ends == 0) continue;
      size += static_cast<std::size_t>(std::countr_zero(ends));
      break;
    }
#endif
  while (size < text.size() && !Ends(text[size])) ++size;
  return size;
}

inline constexpr charset plain_quoted_end_octet = charset("\"\\\r\n");

/// The size of what a quoted value begins with that stands for itself: up to its end, a backslash
/// or folding.
constexpr std::size_t plain_quoted_size(std::string_view text) noexcept {
  std::size_t size = 0;
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
  if (!std::is_constant_evaluated())
    for (; text.size() - size >= sizeof(octet_block); size += sizeof(octet_block)) {
      const octet_block octets = load_block(text.data() + size);
      const std::uint32_t ends = bits_of(
          octet_block((octets == '"') | (octets == '\\') | (octets == '\r') | (octets == '\n')));
      if (ends != 0) return size + static_cast<std::size_t>(std::countr_zero(ends));
    }
#endif
  while (size < text.size() && !plain_quoted_end_octet(text[size])) ++size;
  return size;
}

/// Skips whitespace and comments. After a comment that does not end, parentheses mean nothing:
/// else each would be followed to the end of the field.
class comment_skipper {
 public:
  /// `text` without what is skipped in front of it.
  [[gnu::always_inline]] constexpr std::string_view operator()(std::string_view text) noexcept {
    while (!text.empty() && blank_octet(text.front())) text.remove_prefix(1);
    return text.starts_with('(') && all_end_ ? skip_comments(text) : text;
  }

 private:
  [[gnu::noinline]] constexpr std::string_view skip_comments(std::string_view text) noexcept {
    for (;;) {
      text = trim_front(text, blank_octet);
      if (!text.starts_with('(') || !all_end_) return text;
      const std::size_t comment = comment_size(text);
      all_end_ = comment != 0;
      text.remove_prefix(comment);
    }
  }

  bool all_end_ = true;
};

/// Writes the part of a value before its parameters without whitespace and comments:
/// "application/tlsrpt+gzip", "base64".
template <class Out>
constexpr void put_first_token(Out& out, std::string_view field) noexcept(is_nothrow_output<Out>) {
  for (comment_skipper skip_comments;;) {
    field = skip_comments(field);
    if (field.empty() || field.front() == ';') return;
    const std::size_t size = 1 + until(field.substr(1), token_end_octet).size();
    put(out, field.substr(0, size));
    field.remove_prefix(size);
  }
}

/// The same by value, cut after `N` octets: a view of the field where it is written in one piece.
template <std::size_t N>
class first_token {
 public:
  explicit constexpr first_token(std::string_view field) noexcept {
    text_ = trim_front(field, blank_octet);
    const std::size_t size = token_size<token_end_octet>(text_);
    const std::string_view rest = trim_front(text_.substr(size), blank_octet);
    is_joined_ = !rest.empty() && rest.front() != ';';
    if (is_joined_)
      join(field);
    else
      text_ = text_.substr(0, std::min(size, N));
  }
  first_token(const first_token&) = delete;
  first_token& operator=(const first_token&) = delete;
  ~first_token() = default;

  constexpr std::string_view text() const noexcept { return text_; }
  /// Whether it is written in several pieces, or has a comment that does not end.
  constexpr bool is_joined() const noexcept { return is_joined_; }

 private:
  [[gnu::noinline]] constexpr void join(std::string_view field) noexcept {
    put_first_token(joined_, field);
    text_ = joined_.view();
  }

  std::string_view text_{};
  bool is_joined_ = false;
  late_text<N> joined_{};
};

/// A parameter as written. The name may have the marks of RFC 2231.
struct parameter {
  std::string_view name{};
  std::string_view value{};  ///< Without quotation marks, but with backslashes and folding.
  bool is_quoted = false;
  bool is_plain = false;  ///< The value has neither, so it stands for itself.
};

/// Hands out the parameters of a field one after the other.
class parameter_step {
 public:
  using value_type = parameter;

  constexpr parameter_step() = default;
  constexpr explicit parameter_step(std::string_view field) noexcept : rest_(field) {
    skip_value();
  }

  constexpr bool next(parameter& found) noexcept {
    for (;;) {
      rest_ = skip_separators(rest_);
      if (rest_.empty()) return false;
      found.name = rest_.substr(0, token_size<parameter_name_end_octet>(rest_));
      rest_.remove_prefix(found.name.size());
      rest_ = skip_comments_(rest_);
      if (!rest_.starts_with('=')) {
        // A name without a value, or an octet that belongs to nothing.
        is_clean_ = false;
        if (found.name.empty() && !rest_.empty()) rest_.remove_prefix(1);
        continue;
      }
      rest_.remove_prefix(1);
      rest_ = skip_comments_(rest_);
      take_value(found);
      if (!found.name.empty()) return true;
    }
  }

  /// Whether the grammar was kept so far.
  constexpr bool is_clean() const noexcept { return is_clean_; }

 private:
  constexpr std::string_view skip_separators(std::string_view text) noexcept {
    for (;;) {
      text = skip_comments_(text);
      if (!text.starts_with(';')) return text;
      text.remove_prefix(1);
    }
  }

  /// What precedes the parameters.
  constexpr void skip_value() noexcept {
    rest_ = skip_comments_(rest_);
    while (!rest_.empty() && rest_.front() != ';') {
      rest_.remove_prefix(1);
      rest_.remove_prefix(token_size<token_end_octet>(rest_));
      rest_ = skip_comments_(rest_);
    }
  }

  constexpr void take_value(parameter& found) noexcept {
    found.is_quoted = rest_.starts_with('"');
    found.is_plain = true;
    const std::string_view text = rest_.substr(found.is_quoted);
    const std::size_t size =
        found.is_quoted ? plain_quoted_size(text) : token_size<plain_value_end_octet>(text);
    const char end = size < text.size() ? text[size] : found.is_quoted ? '\0' : ';';
    if (end != (found.is_quoted ? '"' : ';')) return take_unusual_value(found);
    found.value = text.substr(0, size);
    rest_ = text.substr(size + found.is_quoted);
  }

  [[gnu::noinline]] constexpr void take_unusual_value(parameter& found) noexcept {
    if (found.is_quoted) {
      rest_.remove_prefix(1);
      std::size_t end = rest_.find_first_of("\"\\");
      while (end < rest_.size() && rest_[end] == '\\') end = rest_.find_first_of("\"\\", end + 2);
      if (end < rest_.size()) {
        found.value = rest_.substr(0, end);
        found.is_plain = is_plain_text(found.value);
        rest_.remove_prefix(end + 1);
        return;
      }
      is_clean_ = false;  // The quotation mark at the end is missing.
    }
    // Some leave out the quotation marks of what needs them: whitespace belongs to it then.
    std::size_t size = 0;
    while (size < rest_.size() && rest_[size] != ';' &&
           (rest_[size] != '(' || size == 0 || !blank_octet(rest_[size - 1])))
      ++size;
    found.value = trim_back(rest_.substr(0, size), blank_octet);
    found.is_plain = is_plain_text(found.value);
    rest_.remove_prefix(size);
  }

  /// Whether a value stands for itself: it has no backslashes and no folding.
  static constexpr bool is_plain_text(std::string_view text) noexcept {
    return text.find_first_of("\\\r\n") == text.npos;
  }

  std::string_view rest_{};
  comment_skipper skip_comments_{};
  bool is_clean_ = true;
};

/// The marks of RFC 2231 in the name of a parameter: name*, name*0, name*0*.
struct parameter_name {
  std::string_view base{};
  std::optional<std::uint32_t> section{};
  bool is_extended = false;
};

constexpr parameter_name split_parameter_name(std::string_view name) noexcept {
  parameter_name split{name};
  if (split.base.ends_with('*')) {
    split.is_extended = true;
    split.base.remove_suffix(1);
  }
  if (const std::size_t star = split.base.find('*'); star != name.npos) {
    split.section = read_number<std::uint32_t>(split.base.substr(star + 1));
    split.base = split.base.substr(0, star);
  }
  return split;
}

/// Writes a value as written: without backslashes and without the folding inside, to which senders
/// add whitespace.
template <class Out>
constexpr void put_parameter_text(Out& out,
                                  const parameter& written) noexcept(is_nothrow_output<Out>) {
  const std::string_view text = written.value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' || text[i] == '\n') {
      while (i + 1 < text.size() && whitespace_octet(text[i + 1])) ++i;
      continue;
    }
    if (text[i] == '\\' && written.is_quoted && i + 1 < text.size()) ++i;
    put(out, text[i]);
  }
}

/// Writes a section of an extended value with its percent signs decoded.
template <class Out>
constexpr void put_percent_decoded(Out& out,
                                   std::string_view text) noexcept(is_nothrow_output<Out>) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && text.size() - i > 2) {
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        put(out, static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    put(out, text[i]);
  }
}

/// A parameter of one name in all its forms.
class named_parameter {
 public:
  constexpr named_parameter() = default;
  constexpr named_parameter(std::string_view field, std::string_view name) noexcept
      : named_parameter(name) {
    read(field, *this);
  }
  /// One to be read.
  explicit constexpr named_parameter(std::string_view name) noexcept : name_(name) {}

  /// Reads several of one field.
  template <class... Parameters>
  static constexpr void read(std::string_view field, Parameters&... wanted) noexcept {
    parameter_step step(field);
    parameter each;
    while (step.next(each)) (wanted.take(each), ...);
    ((wanted.field_ = field, wanted.is_clean_ = step.is_clean()), ...);
  }

  constexpr std::string_view name() const noexcept { return name_; }
  /// Whether there is one.
  constexpr explicit operator bool() const noexcept { return has_plain_ || is_split_; }
  /// Whether there are several, of which the first is used.
  constexpr bool is_repeated() const noexcept { return is_repeated_; }
  /// Whether the field keeps the grammar.
  constexpr bool is_clean() const noexcept { return is_clean_; }

  /// The value when it has to be changed in no way; else nothing.
  constexpr std::optional<std::string_view> as_written() const noexcept {
    if (is_split_ || !has_plain_ || !plain_.is_plain) return std::nullopt;
    return plain_.value;
  }

  /// Writes the value in UTF-8. `decodes_words` is for file names, in which senders use encoded
  /// words, too.
  template <class Out>
  constexpr void put_to(Out& out, bool decodes_words) const noexcept(is_nothrow_output<Out>) {
    if (is_split_)
      put_sections(out);
    else if (decodes_words && plain_.value.find("=?") != plain_.value.npos)
      put_unfolded(out, plain_.value, true);
    else if (plain_.is_plain)
      put(out, plain_.value);
    else
      put_parameter_text(out, plain_);
  }

 private:
  constexpr void take(const parameter& each) noexcept {
    if (each.name.size() < name_.size() ||
        lower_case(each.name.front()) != lower_case(name_.front()) ||
        !starts_with_folded(each.name, name_))
      return;
    const bool has_marks = each.name.size() != name_.size();
    const parameter_name split =
        has_marks ? split_parameter_name(each.name) : parameter_name{name_};
    if (split.base.size() != name_.size()) return;
    if (split.section || split.is_extended) {
      is_split_ = true;
    } else if (!has_plain_) {
      has_plain_ = true;
      plain_ = each;
    } else {
      is_repeated_ = true;
    }
  }

  /// Sections nearly always come in their order: so many times the field is read for those that do
  /// not.
  static constexpr int most_passes = 8;

  template <class Out>
  constexpr void put_sections(Out& out) const noexcept(is_nothrow_output<Out>) {
    word_charset charset_of_value = word_charset::utf8;
    std::uint32_t wanted = 0;
    for (int pass = 0; pass < most_passes; ++pass) {
      parameter_step step(field_);
      parameter each;
      bool has_more = false, has_found = false;
      while (step.next(each)) {
        const parameter_name split = split_parameter_name(each.name);
        if (!equals_folded(split.base, name_) || (!split.section && !split.is_extended)) continue;
        const std::uint32_t section = split.section.value_or(0);
        if (section > wanted) has_more = true;
        if (section != wanted) continue;
        ++wanted;
        has_found = true;
        std::string_view text = each.value;
        if (split.is_extended && section == 0) charset_of_value = take_charset(text);
        charset_output converted(out, charset_of_value);
        if (split.is_extended)
          put_percent_decoded(converted, text);
        else
          put_parameter_text(converted, each);
        converted.finish();
      }
      if (!has_more || !has_found) return;
    }
  }

  /// Takes the charset and the language off an extended value.
  static constexpr word_charset take_charset(std::string_view& text) noexcept {
    const std::size_t first = text.find('\'');
    const std::size_t second = first == text.npos ? text.npos : text.find('\'', first + 1);
    if (second == text.npos) return word_charset::utf8;
    const word_charset read = find_charset(text.substr(0, first));
    text.remove_prefix(second + 1);
    return read;
  }

  std::string_view field_{}, name_{};
  parameter plain_{};
  bool has_plain_ = false, is_split_ = false, is_repeated_ = false, is_clean_ = true;
};

}  // namespace tlsrpt::detail

#endif
