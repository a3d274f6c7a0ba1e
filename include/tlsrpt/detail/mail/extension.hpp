/// @file
/// The extensions of file names.

#ifndef TLSRPT_HPP_DETAIL_MAIL_EXTENSION
#define TLSRPT_HPP_DETAIL_MAIL_EXTENSION

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/fold.hpp>

namespace tlsrpt::detail {

/// What surrounds the parts of file names without belonging to them.
inline constexpr charset file_name_decoration_octet = whitespace_octet | charset("\"");

inline constexpr std::string_view gzip_extension = ".json.gz", json_extension = ".json";

/// The size of ".json.gz" or ".json" at the end; 0 when it ends otherwise.
constexpr std::size_t report_extension_size(std::string_view name) noexcept {
  for (std::string_view extension : {gzip_extension, json_extension}) {
    if (name.size() < extension.size()) continue;
    if (equals_folded(name.substr(name.size() - extension.size()), extension))
      return extension.size();
  }
  return 0;
}

}  // namespace tlsrpt::detail

#endif
