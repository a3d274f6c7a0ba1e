/// @file
/// Decides what a part is: by its labels, and by its first octets.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_CONTENT
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_CONTENT

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/mail/html_text.hpp>
#include <tlsrpt/detail/mail/message/base64.hpp>
#include <tlsrpt/detail/mail/message/leaf.hpp>
#include <tlsrpt/detail/mail/message/mail_start.hpp>
#include <tlsrpt/detail/mail/message/parameters.hpp>
#include <tlsrpt/detail/mail/message/quoted_printable.hpp>
#include <tlsrpt/detail/mail/message/quoted_text.hpp>
#include <tlsrpt/detail/mail/uuencode.hpp>
#include <tlsrpt/detail/text/fold.hpp>
#include <tlsrpt/mail_part.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/payload.hpp>

namespace tlsrpt::detail {

/// The data of the first file in a text; empty when there is none.
constexpr std::string_view first_uuencoded(std::string_view text) noexcept {
  uuencode_step files(text);
  uuencoded_file file;
  return files.next(file) ? file.data : std::string_view();
}

/// Reads the content of a part piece by piece.
class content_reader {
 public:
  constexpr content_reader(std::string_view body, transfer_encoding encoding) noexcept
      : encoding_(encoding),
        rest_(body),
        base64_(body),
        quoted_printable_(body),
        uuencode_(encoding == transfer_encoding::uuencode ? first_uuencoded(body)
                                                          : std::string_view()) {}

  /// Writes the next octets to `room`; 0 at the end. `room` has three octets or more.
  constexpr std::size_t read(std::span<char> room) noexcept {
    switch (encoding_) {
      case transfer_encoding::base64:
        return base64_.read(room);
      case transfer_encoding::quoted_printable:
        return quoted_printable_.read(room);
      case transfer_encoding::uuencode:
        return uuencode_.read(room);
      case transfer_encoding::identity:
        break;
    }
    const std::size_t size = std::min(rest_.size(), room.size());
    std::copy_n(rest_.data(), size, room.data());
    rest_.remove_prefix(size);
    return size;
  }

 private:
  transfer_encoding encoding_;
  std::string_view rest_;
  base64_decoder base64_;
  quoted_printable_decoder quoted_printable_;
  uuencode_decoder uuencode_;
};

/// The first octets of a content, and what it is by them.
struct content_start {
  std::array<char, 64> octets{};
  std::size_t size = 0;
  payload content = payload::empty;

  constexpr std::string_view text() const noexcept { return {octets.data(), size}; }
};

/// Whether base64 is of what begins with the mark of gzip or of an object: most often it is.
constexpr bool tells_in_first_group(std::string_view body, payload& content) noexcept {
  if (body.size() < 4) return false;
  const std::uint32_t group = base64_group(body.data());
  if ((group & no_base64_group) != 0) return false;
  const std::array<char, 3> octets{static_cast<char>(group & 0xff),
                                   static_cast<char>(group >> 8 & 0xff),
                                   static_cast<char>(group >> 16 & 0xff)};
  content = classify_payload({octets.data(), octets.size()});
  return content == payload::json || content == payload::gzip;
}

/// Whitespace before an object may be long: more of the content is read then.
constexpr content_start read_start(std::string_view body, transfer_encoding encoding) noexcept {
  content_start start;
  if (encoding == transfer_encoding::base64 && tells_in_first_group(body, start.content))
    return start;
  if (encoding == transfer_encoding::identity && !body.empty() && !telling_octet(body.front())) {
    start.content = payload::other;
    return start;
  }
  content_reader reader(body, encoding);
  start.size = reader.read(start.octets);
  start.content = classify_payload(start.text());
  if (start.size == 0 || !telling_octet(start.octets.front())) return start;
  if (start.content != payload::json && start.text().find('<') != std::string_view::npos) {
    // What precedes the root of a document may be long.
    std::array<char, 1024> room;
    content_reader again(body, encoding);
    start.content = classify_payload(std::string_view(room.data(), again.read(room)));
  }
  if (start.content != payload::empty) return start;
  for (;;) {
    std::array<char, 64> room{};
    const std::size_t size = reader.read(room);
    if (size == 0) return start;
    const std::string_view rest = trim_front(std::string_view(room.data(), size), whitespace_octet);
    if (rest.empty()) continue;
    start.content = rest.front() == '{' ? payload::json : payload::other;
    return start;
  }
}

constexpr bool is_readable(payload content) noexcept {
  return content == payload::json || content == payload::gzip;
}

/// Whether reports may be found in such content.
constexpr bool may_hold_report(payload content) noexcept {
  return is_readable(content) || content == payload::zip;
}

/// Takes off a text what precedes, and what is, the first uuencoded file in it that may hold a
/// report; that file with its "begin". Empty when there is none.
constexpr std::string_view take_uuencoded_report(std::string_view& text) noexcept {
  uuencode_step files(text);
  for (uuencoded_file file; files.next(file);) {
    const auto end = static_cast<std::size_t>(file.data.data() - text.data()) + file.data.size();
    const std::string_view whole = text.substr(file.offset, end - file.offset);
    if (!may_hold_report(read_start(whole, transfer_encoding::uuencode).content)) continue;
    text.remove_prefix(end);
    return whole;
  }
  text = {};
  return {};
}

constexpr transfer_encoding read_transfer_encoding(std::string_view field) noexcept {
  if (field.empty()) return transfer_encoding::identity;
  const first_token<32> token(field);
  const std::string_view name = trim(token.text(), [](char c) { return c == '"'; });
  if (equals_folded(name, "base64")) return transfer_encoding::base64;
  if (equals_folded(name, "quoted-printable")) return transfer_encoding::quoted_printable;
  for (std::string_view uuencode : {"x-uuencode", "uuencode", "x-uue"})
    if (equals_folded(name, uuencode)) return transfer_encoding::uuencode;
  return transfer_encoding::identity;
}

/// The name of a part, cut where it is longer than any name of a report.
class part_name {
 public:
  constexpr part_name(std::string_view disposition, std::string_view content_type) noexcept {
    named_parameter name(disposition, "filename");
    if (!name) name = named_parameter(content_type, "name");
    if (const auto written = name.as_written(); written && written->find("=?") == written->npos) {
      text_ = *written;
      return;
    }
    if (!name) return;
    span_output out(room_);
    name.put_to(out, true);
    text_ = {room_.data(), std::min(out.size(), room_.size())};
  }
  part_name(const part_name&) = delete;
  part_name& operator=(const part_name&) = delete;

  constexpr std::string_view text() const noexcept { return text_; }

 private:
  std::string_view text_{};
  std::array<char, 512> room_;  // zeros would be written for each name
};

constexpr bool is_type(std::string_view content_type, std::string_view wanted) noexcept {
  return equals_folded(first_token<longest_type>(content_type).text(), wanted);
}

/// The media type of a part, and what it means.
class part_type {
 public:
  explicit constexpr part_type(std::string_view content_type) noexcept
      : token_(content_type),
        label_(find_media_type(token_.is_joined() ? type_proper(text()) : text())) {}

  constexpr std::string_view text() const noexcept { return token_.text(); }
  constexpr media_type label() const noexcept { return label_; }

 private:
  /// A comment that does not end is still in the text.
  static constexpr std::string_view type_proper(std::string_view type) noexcept {
    return type.substr(0, type.find('('));
  }

  first_token<longest_type> token_;
  media_type label_;
};

/// Kinds that a media type decides alone.
struct decisive_type {
  std::string_view type;
  part_kind kind;
};

inline constexpr decisive_type decisive_types[] = {
    {"application/pkcs7-signature", part_kind::signature},
    {"application/x-pkcs7-signature", part_kind::signature},
    {"application/pgp-signature", part_kind::signature},
    {"application/pgp-encrypted", part_kind::encrypted},
    {"message/delivery-status", part_kind::status},
    {"message/global-delivery-status", part_kind::status},
    {"message/feedback-report", part_kind::status},
    {"message/disposition-notification", part_kind::status},
    {"text/rfc822-headers", part_kind::status},
    {"message/global-headers", part_kind::status},
    {"message/partial", part_kind::incomplete},
    {"message/external-body", part_kind::incomplete},
};

constexpr part_kind kind_by_type(const part_type& type) noexcept {
  if (type.label() != media_type::other) return part_kind::other;
  for (const decisive_type& decisive : decisive_types)
    if (equals_folded(type.text(), decisive.type)) return decisive.kind;
  return part_kind::other;
}

inline constexpr std::string_view pgp_message_mark = "-----BEGIN PGP MESSAGE-----";

/// Finds a word of which no beginning occurs in it again.
class word_finder {
 public:
  explicit constexpr word_finder(std::string_view word) noexcept : word_(word) {}

  constexpr bool take(std::string_view text) noexcept {
    for (char c : text) {
      if (c != word_[found_]) found_ = 0;
      if (c == word_[found_] && ++found_ == word_.size()) return true;
    }
    return false;
  }

 private:
  std::string_view word_;
  std::size_t found_ = 0;
};

/// Judges one part, and notes in it how its content has to be decoded.
class content_judge {
 public:
  constexpr content_judge(leaf_part& part, const part_type& type) noexcept
      : part_(part), type_(type) {}

  constexpr void judge() noexcept {
    part_.kind = kind_by_type(type_);
    if (equals_folded(part_.wrapper_type.view(), "multipart/encrypted"))
      part_.kind = part_kind::encrypted;
    if (part_.kind == part_kind::encrypted) part_.labels.content = payload::pgp_encrypted;
    if (part_.kind != part_kind::other) return;
    start_ = read_start(part_.body, part_.encoding);
    correct_encoding();
    part_.labels = {type_.label(), start_.content, find_evidence()};
    part_.kind = kind_of_content();
    if (part_.kind == part_kind::report && part_.labels.evidence == evidence::none)
      part_.labels.evidence = evidence::content;
  }

 private:
  constexpr bool is_text() const noexcept {
    return type_.text().empty() || starts_with_folded(type_.text(), "text/");
  }

  /// The order of choice of examine_part(). A name is only read where it matters.
  constexpr evidence find_evidence() noexcept {
    if (is_type_of_mails(type_.label())) return evidence::none;
    if (is_report_type(type_.label())) return evidence::media_type;
    const part_name name(part_.disposition, part_.content_type);
    const name_evidence found = evidence_of_name(name.text(), is_readable(start_.content));
    part_.is_named_report = found.is_of_report;
    return found.evidence;
  }

  /// Where the label of the encoding does not lead to anything, the octets decide.
  constexpr void correct_encoding() noexcept {
    const std::string_view raw = part_.body;
    if (part_.label == transfer_encoding::uuencode && try_uuencode()) return;
    if (start_.content == payload::json && part_.label == transfer_encoding::identity) {
      // No JSON text has such lines.
      if (has_soft_line_break(raw)) try_encoding(transfer_encoding::quoted_printable);
      return;
    }
    if (start_.content != payload::other && start_.content != payload::empty) return;
    if (part_.label != transfer_encoding::base64 && begins_like_base64(raw) &&
        try_encoding(transfer_encoding::base64))
      return;
    if (part_.label != transfer_encoding::quoted_printable && has_soft_line_break(raw) &&
        try_encoding(transfer_encoding::quoted_printable))
      return;
    if (part_.label != transfer_encoding::identity && try_encoding(transfer_encoding::identity))
      return;
    if (part_.label == transfer_encoding::identity && try_uuencode()) return;
    if (part_.encoding == transfer_encoding::identity || !begins_like_base64(start_.text())) return;
    const content_start twice = read_start(start_.text(), transfer_encoding::base64);
    if (!is_readable(twice.content)) return;
    part_.form = content_form::base64_twice;
    start_ = twice;
  }

  constexpr bool try_encoding(transfer_encoding encoding) noexcept {
    const content_start start = read_start(part_.body, encoding);
    if (!may_hold_report(start.content)) return false;
    part_.encoding = encoding;
    start_ = start;
    return true;
  }

  constexpr bool try_uuencode() noexcept {
    std::string_view rest = part_.body;
    const std::string_view file = take_uuencoded_report(rest);
    if (file.empty()) return false;
    part_.body = file;
    part_.after_file = rest;
    return try_encoding(transfer_encoding::uuencode);
  }

  constexpr part_kind kind_of_content() noexcept {
    switch (start_.content) {
      case payload::json:
      case payload::gzip:
        return part_kind::report;
      case payload::zip:
        return part_kind::archive;
      case payload::cms_signed:
        part_.form = content_form::in_signature;
        return part_kind::mail;
      case payload::cms_encrypted:
      case payload::pgp_encrypted:
        return part_kind::encrypted;
      default:
        break;
    }
    if (part_.labels.evidence >= evidence::file_name) return part_kind::report;
    if (start_.content == payload::empty) return part_kind::empty;
    const bool is_html =
        start_.content == payload::html || equals_folded(type_.text(), "text/html");
    if (part_.encoding != transfer_encoding::identity && begins_like_encoded_mail())
      return part_kind::mail;
    // Some words begin like compressed data.
    if (!is_html && !is_text()) return part_kind::other;
    if (start_.content == payload::dmarc_report || start_.content == payload::xml ||
        start_.content == payload::utf16)
      return part_kind::other;
    if (is_html ? has_html_report() : has_object()) {
      part_.form = is_html ? content_form::in_html : content_form::in_text;
      return part_kind::report;
    }
    if (part_.body.find(pgp_message_mark) == std::string_view::npos) return part_kind::text;
    part_.labels.content = payload::pgp_encrypted;
    return part_kind::encrypted;
  }

  constexpr bool begins_like_encoded_mail() const noexcept {
    std::array<char, 1024> room{};
    content_reader reader(part_.body, part_.encoding);
    return begins_like_mail({room.data(), reader.read(room)});
  }

  /// Gives the content to a finder, piece by piece.
  template <class Finder>
  constexpr bool finds(Finder finder) const noexcept {
    content_reader reader(part_.body, part_.encoding);
    std::array<char, 512> room{};
    for (std::size_t size = 0; (size = reader.read(room)) != 0;)
      if (finder.take(std::string_view(room.data(), size))) return true;
    return false;
  }

  constexpr bool has_object() const noexcept {
    const std::string_view raw = part_.body;
    const auto lacks = [raw](std::string_view text) { return raw.find(text) == raw.npos; };
    if (part_.encoding != transfer_encoding::base64 && lacks("{") &&
        (part_.encoding == transfer_encoding::identity || (lacks("=7B") && lacks("=7b"))))
      return false;
    return finds(object_finder());
  }

  /// A member that every report has, and no other text.
  constexpr bool has_html_report() const noexcept { return finds(word_finder("date-range")); }

  leaf_part& part_;
  const part_type& type_;
  content_start start_{};
};

}  // namespace tlsrpt::detail

#endif
