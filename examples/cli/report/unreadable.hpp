/// @file
/// Inputs that cannot be read.

#ifndef TLSRPT_EXAMPLES_CLI_REPORT_UNREADABLE
#define TLSRPT_EXAMPLES_CLI_REPORT_UNREADABLE

#include <string>
#include <string_view>

namespace cli {

/// Why an input cannot be read: nothing that the library could know.
struct unreadable {
  std::string reason;
};

/// How 7z archives begin, which the library does not know.
inline constexpr std::string_view start_of_7z = "7z\xbc\xaf\x27\x1c";

}  // namespace cli

#endif
