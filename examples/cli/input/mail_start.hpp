/// @file
/// Recognises mails by how they begin.

#ifndef TLSRPT_EXAMPLES_CLI_INPUT_MAIL_START
#define TLSRPT_EXAMPLES_CLI_INPUT_MAIL_START

#include <cstddef>
#include <string_view>

namespace cli {

enum class mail_kind : unsigned char { none, mail, mbox };

/// How many octets of an input are enough for kind_of_mail().
inline constexpr std::size_t mail_start_size = std::size_t{64} << 10;

/// What begins like `start`: a header with at least one field that mails have, after a "From "
/// line in an mbox. A byte order mark and empty lines before it do not matter. Any line end will
/// do.
mail_kind kind_of_mail(std::string_view start);

/// Whether the line is a header field, or begins one: a name and a colon.
bool is_header_field(std::string_view line);

}  // namespace cli

#endif
