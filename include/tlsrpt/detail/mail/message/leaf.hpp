/// @file
/// A part that is not made of parts, as it was found in a message.

#ifndef TLSRPT_HPP_DETAIL_MAIL_MESSAGE_LEAF
#define TLSRPT_HPP_DETAIL_MAIL_MESSAGE_LEAF

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/core/late_stack.hpp>
#include <tlsrpt/detail/core/late_text.hpp>
#include <tlsrpt/mail_part.hpp>

namespace tlsrpt::detail {

/// More multiparts and mails in each other are not looked into.
inline constexpr std::size_t deepest_part = 32;

/// The place of a part: 2.1 is the first part of the second. A mail that is all of another one is
/// its only part.
using part_path = late_stack<std::uint32_t, 2 * deepest_part + 2>;

/// Goes to a part of a part. Where that is deeper than anything that is looked into, the path ends.
constexpr void descend(part_path& path, std::uint32_t number) noexcept {
  if (!path.full()) path.push(number);
}

/// What is around a message: nothing, or the part that it was decoded from.
struct message_place {
  part_path path{};
  std::size_t depth = 0;
  std::string_view header{};  ///< Of the mail that the message is the signed content of.
  bool is_inside = false;     ///< In another mail.
  bool is_returned = false;   ///< See leaf_part.
};

/// Where the report of a part is in its content, once that is decoded as a transfer encoding.
enum class content_form : std::uint8_t {
  plain,         ///< It is all of it.
  base64_twice,  ///< It is encoded again.
  in_text,       ///< In a text for people.
  in_html,       ///< In such a text in HTML.
  in_signature   ///< In CMS signed data.
};

/// A media type, and a report-type, cut where they are longer than any that matters. They are read
/// once for all parts of a multipart.
inline constexpr std::size_t longest_type = 80;
using type_text = late_text<longest_type>;
using report_type_text = late_text<64>;

struct leaf_part {
  part_path path{};
  std::uint32_t number = 0;  ///< Among all such parts of the message, from 1.
  std::size_t depth = 0;
  std::string_view body{};        ///< As it lies in the message, encoded.
  std::string_view after_file{};  ///< The text after an uuencoded file: others may be in it.
  std::string_view content_type{}, disposition{};
  type_text wrapper_type{};                                  ///< Of the multipart around it.
  report_type_text report_type{};                            ///< Its parameter.
  std::string_view header{};                                 ///< Of the innermost mail.
  transfer_encoding label = transfer_encoding::identity;     ///< What the message says.
  transfer_encoding encoding = transfer_encoding::identity;  ///< What it is.
  part_kind kind = part_kind::other;
  part_assessment labels{};
  content_form form = content_form::plain;
  bool is_named_report = false;  ///< See name_evidence; false where a media type is the evidence.
  bool is_forwarded = false;     ///< In a mail inside the message.
  bool is_returned = false;      ///< In a mail that a mail system returned or complained about.
  bool is_in_unlabelled_mail = false;  ///< In a mail that is not labelled as one.
};

}  // namespace tlsrpt::detail

#endif
