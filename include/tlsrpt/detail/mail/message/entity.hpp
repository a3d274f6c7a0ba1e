/// @file
/// The header of a mail or of a part, read for what the content needs.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_ENTITY
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_ENTITY

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/mail/message/base64.hpp>
#include <tlsrpt/detail/mail/message/lines.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/location.hpp>

namespace tlsrpt::detail {

/// A header. Its values are as written, folded.
struct entity_header {
  std::string_view text{};  ///< The lines of the header.
  std::size_t body = 0;     ///< Where the content begins.
  std::string_view content_type{}, disposition{}, transfer_encoding{};
  bool has_content_type = false;
  bool lacks_hyphen = false;       ///< The type is from a field "ContentType".
  bool has_report_fields = false;  ///< TLS-Report-Domain or TLS-Report-Submitter.
  bool has_odd_line_ends = false;
};

inline constexpr std::string_view from_name = "From", date_name = "Date", subject_name = "Subject",
                                  content_type_name = "Content-Type",
                                  type_without_hyphen_name = "ContentType",
                                  disposition_name = "Content-Disposition",
                                  transfer_encoding_name = "Content-Transfer-Encoding",
                                  report_domain_name = "TLS-Report-Domain",
                                  report_submitter_name = "TLS-Report-Submitter";

/// Reads one header.
template <class Gate>
class entity_reader {
 public:
  constexpr entity_reader(std::string_view text, Gate& gate) noexcept : text_(text), gate_(gate) {}

  /// Reads the header that begins at `begin`. That of a part may be missing altogether, with the
  /// empty line after it. False means stop.
  constexpr bool read(std::size_t begin, bool is_part, entity_header& header) {
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
      } else if (const field_start field = find_field_start(line.text); field.name != 0) {
        if (!take_field(header)) return false;
        name_ = line.text.substr(0, field.name);
        value_begin_ = at + field.value;
        value_end_ = at + line.text.size();
      } else {
        if ((is_part && at == begin) || begins_content(line.text))
          return finish_without_blank(header, begin, end, at, false);
        if (!take_field(header) || !gate_.pass(errc::mail_header_line, {.offset = at}, line.text))
          return false;
      }
      end = line.next;
      at = line.next;
    }
    return finish(header, begin, end, text_.size());
  }

 private:
  static constexpr bool is_blank(std::string_view line) noexcept {
    return consists_of(line, wsp_octet);
  }

  /// Whether the line at `at` belongs to a header, or ends it.
  constexpr bool continues_header(std::size_t at) const noexcept {
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

  constexpr bool finish(entity_header& header, std::size_t begin, std::size_t end,
                        std::size_t body) {
    header.text = text_.substr(begin, end - begin);
    header.body = body;
    return take_field(header) && check_octets(header.text);
  }

  /// `is_empty_part` when nothing at all is said to belong to a part.
  constexpr bool finish_without_blank(entity_header& header, std::size_t begin, std::size_t end,
                                      std::size_t body, bool is_empty_part) {
    if (!(is_empty_part && body == begin) &&
        !gate_.pass(errc::mail_missing_blank_line, {.offset = body}, {}))
      return false;
    return finish(header, begin, end, body);
  }

  /// Takes in the field whose lines have ended, if there is one.
  constexpr bool take_field(entity_header& header) {
    const std::string_view name = name_;
    if (name.empty()) return true;
    name_ = {};
    switch (name.size()) {
      case from_name.size():
        if (is_field_name<from_name>(name)) return occurs_once(1u << 0, name);
        return !is_field_name<date_name>(name) || occurs_once(1u << 1, name);
      case subject_name.size():
        return !is_field_name<subject_name>(name) || occurs_once(1u << 2, name);
      case type_without_hyphen_name.size():
        if (!is_field_name<type_without_hyphen_name>(name) || header.has_content_type) return true;
        header.has_content_type = header.lacks_hyphen = true;
        header.content_type = value();
        return gate_.pass(errc::mail_field_without_hyphen, where(name), name);
      case content_type_name.size():
        if (!is_field_name<content_type_name>(name)) return true;
        if (!occurs_once(1u << 3, name)) return false;
        if (header.has_content_type && !header.lacks_hyphen) return true;
        header.has_content_type = true;
        header.lacks_hyphen = false;
        header.content_type = value();
        return true;
      case report_domain_name.size():
        if (is_field_name<report_domain_name>(name)) header.has_report_fields = true;
        return true;
      case disposition_name.size():
        if (!is_field_name<disposition_name>(name)) return true;
        if (header.disposition.data() == nullptr) header.disposition = value();
        return occurs_once(1u << 4, name);
      case report_submitter_name.size():
        if (is_field_name<report_submitter_name>(name)) header.has_report_fields = true;
        return true;
      case transfer_encoding_name.size():
        if (!is_field_name<transfer_encoding_name>(name)) return true;
        if (header.transfer_encoding.data() == nullptr) header.transfer_encoding = value();
        return occurs_once(1u << 5, name);
      default:
        return true;
    }
  }

  constexpr std::string_view value() const noexcept {
    return text_.substr(value_begin_, value_end_ - value_begin_);
  }

  constexpr bool occurs_once(std::uint32_t bit, std::string_view name) {
    const bool is_repeated = (seen_ & bit) != 0;
    seen_ |= bit;
    return !is_repeated || gate_.pass(errc::mail_repeated_field, where(name), name);
  }

  constexpr bool check_octets(std::string_view header) {
    if (gate_.cares(errc::mail_nul_in_header)) {
      const std::size_t nul = header.find('\0');
      if (nul != header.npos &&
          !gate_.pass(errc::mail_nul_in_header, where(header.substr(nul)), header.substr(nul, 1)))
        return false;
    }
    if (!gate_.cares(errc::mail_raw_octets_in_header)) return true;
    const std::string_view rest = trim_front(header, charset::range(0, 255) - octet_above_ascii);
    return rest.empty() ||
           gate_.pass(errc::mail_raw_octets_in_header, where(rest), until(rest, whitespace_octet));
  }

  constexpr location where(std::string_view place) const noexcept {
    return {.offset = static_cast<std::size_t>(place.data() - text_.data())};
  }

  std::string_view text_;
  Gate& gate_;
  std::string_view name_{};  ///< Of the field whose lines are read; empty for none.
  std::size_t value_begin_ = 0, value_end_ = 0;
  std::uint32_t seen_ = 0;  ///< Fields that may occur once.
};

}  // namespace tlsrpt::detail

#endif
