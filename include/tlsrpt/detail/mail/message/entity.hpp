/// @file
/// The header of a mail or of a part, read for what the content needs.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_ENTITY
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_ENTITY

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include <tlsrpt/detail/core/late_array.hpp>
#include <tlsrpt/detail/mail/message/base64.hpp>
#include <tlsrpt/detail/mail/message/lines.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/text/utf8.hpp>
#include <tlsrpt/detail/text/words.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/location.hpp>

namespace tlsrpt::detail {

/// A header. Its values are as written, folded.
struct entity_header {
  std::string_view text{};  ///< The lines of the header.
  std::size_t body = 0;     ///< Where the content begins.
  std::string_view content_type{}, disposition{}, transfer_encoding{};
  bool has_report_fields = false;  ///< TLS-Report-Domain or TLS-Report-Submitter.
  bool has_odd_line_ends = false;
};

/// The fields that the content, or a remark, needs.
enum class entity_field : std::uint8_t {
  other = 0,
  from,
  date,
  subject,
  content_type,
  type_without_hyphen,
  disposition,
  transfer_encoding,
  report_domain,
  report_submitter
};
inline constexpr std::size_t entity_fields = 10;

/// The name of a field in words, which together are all of it and may overlap. It is found by its
/// size and one bit of its first octet, and compared without a branch that depends on either: no
/// processor foresees the names of fields.
class entity_field_name {
 public:
  /// So many octets are read to compare any name.
  static constexpr std::size_t room = 32;

  constexpr entity_field_name() = default;
  constexpr entity_field_name(std::string_view name, entity_field field) noexcept
      : field_(field), size_(static_cast<std::uint8_t>(name.size())) {
    for (std::size_t i = 0; i < words; ++i) {
      const std::size_t last = last_of(name.size());
      const std::size_t begin = i + 1 == words ? last : std::min(i * sizeof(word), last);
      for (std::size_t at = 0; at < sizeof(word) && begin + at < name.size(); ++at) {
        const auto octet = static_cast<std::uint8_t>(name[begin + at]);
        octets_[i] |= word{octet} << (8 * at);
        compared_ |= word{0xdf} << (8 * at);  // without the bit in which letters differ by case
      }
    }
  }

  static constexpr std::size_t slots = 64;
  constexpr std::size_t slot() const noexcept {
    return slot_of(size_, static_cast<char>(octets_[0] & 0xff));
  }
  static constexpr std::size_t slot_of(std::size_t size, char first) noexcept {
    return (size & 31) | (static_cast<std::uint8_t>(first) & 2u) << 4;
  }

  /// Which field the name is, other for none. `name` has `room` octets.
  constexpr entity_field match(const char* name, std::size_t size) const noexcept {
    constexpr std::size_t second = sizeof(word), third = 2 * sizeof(word);
    const std::size_t last = last_of(size);
    const word differences =
        (load_word<word>(name) ^ octets_[0]) |
        (load_word<word>(name + (last < second ? last : second)) ^ octets_[1]) |
        (load_word<word>(name + (last < third ? last : third)) ^ octets_[2]) |
        (load_word<word>(name + last) ^ octets_[3]);
    const bool is_it = ((differences & compared_) | (size ^ size_)) == 0;
    return static_cast<entity_field>(static_cast<unsigned>(field_) & (0u - unsigned{is_it}));
  }

 private:
  using word = std::uint64_t;
  static constexpr std::size_t words = 4;

  /// Where the last word of a name begins.
  static constexpr std::size_t last_of(std::size_t size) noexcept {
    return std::min(std::max(size, sizeof(word)), room) - sizeof(word);
  }

  std::array<word, words> octets_{};
  word compared_ = 0;
  entity_field field_ = entity_field::other;
  std::uint8_t size_ = 0;
};

inline constexpr entity_field_name entity_field_names[] = {
    {},
    {"From", entity_field::from},
    {"Date", entity_field::date},
    {"Subject", entity_field::subject},
    {"Content-Type", entity_field::content_type},
    {"ContentType", entity_field::type_without_hyphen},
    {"Content-Disposition", entity_field::disposition},
    {"Content-Transfer-Encoding", entity_field::transfer_encoding},
    {"TLS-Report-Domain", entity_field::report_domain},
    {"TLS-Report-Submitter", entity_field::report_submitter},
};

/// Which name may be in each slot.
inline constexpr auto entity_field_slots = [] {
  std::array<std::uint8_t, entity_field_name::slots> slots{};
  for (std::size_t i = 1; i < std::size(entity_field_names); ++i)
    slots[entity_field_names[i].slot()] = static_cast<std::uint8_t>(i);
  return slots;
}();
// No two names share one.
static_assert([] {
  for (std::size_t i = 1; i < std::size(entity_field_names); ++i)
    if (entity_field_slots[entity_field_names[i].slot()] != i) return false;
  return true;
}());

/// Which field begins with `name`, which has entity_field_name::room octets.
inline entity_field find_entity_field(const char* name, std::size_t size) noexcept {
  const std::size_t slot = entity_field_name::slot_of(size, *name);
  return entity_field_names[entity_field_slots[slot]].match(name, size);
}

inline constexpr charset ascii_octet = any_octet - octet_above_ascii;

/// Reads one header.
template <class Gate>
class entity_reader {
 public:
  entity_reader(std::string_view text, Gate& gate) noexcept : text_(text), gate_(gate) {}

  /// Reads the header that begins at `begin`. That of a part may be missing altogether, with the
  /// empty line after it. False means stop.
  bool read(std::size_t begin, bool is_part, entity_header& header) {
    std::size_t end = begin;
    bool after_cr = false;
    for (std::size_t at = begin; at < text_.size();) {
      const message_line line = line_at(text_, at);
      if (line.ends_in_cr) header.has_odd_line_ends = true;
      if (line.text.empty()) {
        // CR CR LF is one line end of a confused gateway, unless no field follows.
        const bool is_rest_of_end = after_cr && !line.ends_in_cr && continues_header(line.next);
        if (!is_rest_of_end) return finish(header, begin, end, line.next);
        after_cr = false;
        at = line.next;
        continue;
      }
      after_cr = line.ends_in_cr;
      if (begins_with_dashes(line.text))
        return finish_without_blank(header, begin, end, at, is_part);
      if (is_continuation(line.text) && at != begin) {
        if (is_blank(line.text) && !continues_header(line.next))
          return finish_without_blank(header, begin, end, line.next, false);
        value_end_ = at + line.text.size();
      } else if (const field_start field = field_at(line.text); field.name != 0) {
        if (!take_field()) return false;
        begin_field(at, field);
        value_end_ = at + line.text.size();
      } else {
        if ((is_part && at == begin) || begins_content(line.text))
          return finish_without_blank(header, begin, end, at, false);
        if (!take_field() || !gate_.pass(errc::mail_header_line, {.offset = at}, line.text))
          return false;
        field_ = entity_field::other;
      }
      end = line.next;
      at = line.next;
    }
    return finish(header, begin, end, text_.size());
  }

 private:
  /// How a line of the text begins a field: nearly always by a short name and a colon.
  field_start field_at(std::string_view line) const noexcept {
#if TLSRPT_HPP_HAS_OCTET_BLOCKS
    const std::ptrdiff_t rest = text_.data() + text_.size() - line.data();
    if (rest >= std::ptrdiff_t{entity_field_name::room}) {
      const std::size_t size = name_size_in_blocks(line.data());
      if (size - 1 < entity_field_name::room - 1 && line.data()[size] == ':')
        return {size, size + 1};
    }
#endif
    return find_field_start(line);
  }

  void begin_field(std::size_t at, const field_start& field) noexcept {
    name_begin_ = at;
    name_size_ = field.name;
    value_begin_ = at + field.value;
    if (text_.size() - at >= entity_field_name::room) {
      field_ = find_entity_field(text_.data() + at, field.name);
      return;
    }
    std::array<char, entity_field_name::room> name{};
    std::copy_n(text_.data() + at, std::min(field.name, name.size()), name.data());
    field_ = find_entity_field(name.data(), field.name);
  }

  static constexpr bool is_blank(std::string_view line) noexcept {
    return consists_of(line, wsp_octet);
  }

  /// Whether the line at `at` belongs to a header, or ends it.
  bool continues_header(std::size_t at) const noexcept {
    if (at >= text_.size()) return false;
    const std::string_view line = line_at(text_, at).text;
    return line.empty() || is_header_field(line) || is_continuation(line);
  }

  /// Whether a line that is no field is the first of the content, because the empty line before it
  /// is missing.
  static constexpr bool begins_content(std::string_view line) noexcept {
    constexpr std::size_t shortest = 16;
    constexpr std::string_view gzip_mark = "\x1f\x8b";
    return line.starts_with('{') || line.starts_with(gzip_mark) ||
           (line.size() >= shortest && is_base64_line(line));
  }

  bool finish(entity_header& header, std::size_t begin, std::size_t end, std::size_t body) {
    header.text = text_.substr(begin, end - begin);
    header.body = body;
    if (!take_field()) return false;
    header.content_type =
        value_of(has(entity_field::content_type) ? entity_field::content_type
                                                 : entity_field::type_without_hyphen);
    header.disposition = value_of(entity_field::disposition);
    header.transfer_encoding = value_of(entity_field::transfer_encoding);
    header.has_report_fields =
        has(entity_field::report_domain) || has(entity_field::report_submitter);
    return check_octets(header.text);
  }

  /// `is_empty_part` when nothing at all is said to belong to a part.
  bool finish_without_blank(entity_header& header, std::size_t begin, std::size_t end,
                            std::size_t body, bool is_empty_part) {
    if (!(is_empty_part && body == begin) &&
        !gate_.pass(errc::mail_missing_blank_line, {.offset = body}, {}))
      return false;
    return finish(header, begin, end, body);
  }

  static constexpr std::uint32_t bit_of(entity_field field) noexcept {
    return 1u << static_cast<unsigned>(field);
  }
  bool has(entity_field field) const noexcept { return (seen_ & bit_of(field)) != 0; }
  std::string_view value_of(entity_field field) const noexcept {
    return has(field) ? values_[static_cast<std::size_t>(field)] : std::string_view();
  }

  /// Takes in the field whose lines have ended, if there is one. What is no field that matters goes
  /// the same way.
  [[gnu::always_inline]] bool take_field() {
    constexpr std::uint32_t all_but_other = ~bit_of(entity_field::other);
    const std::uint32_t bit = bit_of(field_);
    if ((seen_ & bit & all_but_other) != 0) return take_repeated_field();
    seen_ |= bit;
    values_.set(static_cast<std::size_t>(field_),
                {text_.data() + value_begin_, value_end_ - value_begin_});
    return field_ != entity_field::type_without_hyphen || has(entity_field::content_type) ||
           gate_.pass(errc::mail_field_without_hyphen, {.offset = name_begin_}, name());
  }

  /// The first one counts.
  [[gnu::noinline]] bool take_repeated_field() {
    if (field_ == entity_field::type_without_hyphen || field_ == entity_field::report_domain ||
        field_ == entity_field::report_submitter)
      return true;
    return gate_.pass(errc::mail_repeated_field, {.offset = name_begin_}, name());
  }

  std::string_view name() const noexcept { return text_.substr(name_begin_, name_size_); }

  bool check_octets(std::string_view header) {
    if (gate_.cares(errc::mail_nul_in_header)) {
      const std::size_t nul = header.find('\0');
      if (nul != header.npos &&
          !gate_.pass(errc::mail_nul_in_header, where(header.substr(nul)), header.substr(nul, 1)))
        return false;
    }
    if (!gate_.cares(errc::mail_raw_octets_in_header) || is_ascii(header)) return true;
    const std::string_view rest = trim_front(header, ascii_octet);
    return gate_.pass(errc::mail_raw_octets_in_header, where(rest), until(rest, whitespace_octet));
  }

  location where(std::string_view place) const noexcept {
    return {.offset = static_cast<std::size_t>(place.data() - text_.data())};
  }

  std::string_view text_;
  Gate& gate_;
  entity_field field_ = entity_field::other;  ///< Whose lines are read.
  std::size_t name_begin_ = 0, name_size_ = 0;
  std::size_t value_begin_ = 0, value_end_ = 0;
  std::uint32_t seen_ = 0;                                ///< A bit for each field.
  late_array<std::string_view, entity_fields> values_{};  ///< Of those that were seen.
};

}  // namespace tlsrpt::detail

#endif
