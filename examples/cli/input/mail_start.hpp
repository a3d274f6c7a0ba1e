/// @file
/// Recognises mails by how they begin.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_MAIL_START
#define TLSRPT_EXAMPLES_CLI_INPUT_MAIL_START

#include <cstddef>
#include <string_view>

namespace cli {

enum class mail_kind : unsigned char {
  none,
  mail,
  mbox,
  emlx,  ///< Of Apple Mail: a line with the size of the mail, the mail, and what else is known of
         ///< it.
  piece  ///< Of a mail, without its header: parts from the first boundary line on, or base64.
};

/// How many octets of an input are enough for kind_of_mail().
inline constexpr std::size_t mail_start_size = std::size_t{64} << 10;

/// What begins like `start`: a header with at least one field that mails have, after a "From "
/// line in an mbox, or after a number in an emlx. A byte order mark and empty lines before it do
/// not matter. Any line end will do.
mail_kind kind_of_mail(std::string_view start);

/// Of an emlx: where the mail begins, and its size.
struct emlx_extent {
  std::size_t begin = 0, size = 0;
};
emlx_extent extent_of_emlx(std::string_view start);

/// Whether the line is a header field, or begins one: a name and a colon.
bool is_header_field(std::string_view line);

}  // namespace cli

#endif
