/// @file
/// Compresses reports with gzip (RFC 1952), as RFC 8460, section 5.2 recommends. Includes
/// `<zlib.h>`; link with zlib.

#ifndef TLSRPT_HPP_WRITE_GZIP
#define TLSRPT_HPP_WRITE_GZIP

#include <cstdint>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// How small gzip data become.
enum class compression : std::uint8_t {
  best,  ///< As small as zlib can: the same octets each time, as long as zlib is the same.
  none   ///< Not at all: the same octets with every zlib.
};

/// Writes a text as one member of gzip data, without a name and a time in its header, so that the
/// same text gives the same octets. Errors: out_of_memory, when zlib does not get its memory (about
/// 270 KiB, which are free again afterwards); nothing is written then. Throws what `out` throws.
/// Linear.
template <text_output Out>
result<void> write_gzip(
    Out&& out, std::string_view text,
    compression how = compression::best) noexcept(detail::is_nothrow_output<Out>);

}  // namespace tlsrpt

#include <tlsrpt/impl/write_gzip.hpp>

#endif
