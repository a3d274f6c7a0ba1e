/// @file
/// Limits on what the sender of a mail controls, checked before or while GMime reads.

#ifndef TLSRPT_EXAMPLES_CLI_MAIL_LIMITS
#define TLSRPT_EXAMPLES_CLI_MAIL_LIMITS

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "mail.hpp"

namespace cli {

/// Octets of a mail that is read.
inline constexpr std::size_t max_mail_bytes = std::size_t{64} << 20;
/// Fields of all headers.
inline constexpr std::size_t max_fields = 100'000;
/// Nesting of parts, and of mails that had to be decoded.
inline constexpr int max_part_depth = 32;
inline constexpr int max_mail_depth = 4;
/// Values kept of a field that may occur once.
inline constexpr std::size_t max_values_of_field = 16;

/// The limit that the mail is beyond, if any.
std::optional<tlsrpt::errc> refusal(std::string_view mail);

/// Adds a remark, unless there are enough of its kind. Remarks are repeated for each report of the
/// mail, so they are few and short.
void add_remark(std::vector<mail_remark>& remarks, tlsrpt::errc code, std::size_t offset = 0,
                std::string_view subject = {});

}  // namespace cli

#endif
