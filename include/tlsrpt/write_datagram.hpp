/// @file
/// Writes the datagram that libtlsrpt sends for a session, octet by octet, for a mail server that
/// speaks to a collector without that library. Needs nothing but the standard library and allocates
/// nothing. Sending it is up to the program: without waiting, since mail must not wait for reports.

#ifndef TLSRPT_HPP_WRITE_DATAGRAM
#define TLSRPT_HPP_WRITE_DATAGRAM

#include <cstddef>

#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/session.hpp>

namespace tlsrpt {

/// Octets of a datagram that Linux lets through with its usual buffers.
inline constexpr std::size_t longest_datagram = 200'000;

/// Whether a datagram names the version of the protocol.
enum class datagram_form : bool {
  with_version,    ///< As libtlsrpt 0.5.1 writes it.
  without_version  ///< As 0.5.0 does.
};

/// Writes the datagram of a session: recipient domain, record, and the policies that are counted.
/// Texts of failures that are absent are left out. Beyond longest_datagram, so are the last
/// failures of each policy. Errors, with nothing written: session_text for a NUL; nothing_to_report
/// when no policy is counted; text_too_long when it is too long without any failure, too. Throws
/// what `out` throws. Linear.
template <text_output Out>
result<void> write_datagram(
    Out&& out, const session_view& session,
    datagram_form form = datagram_form::with_version) noexcept(detail::is_nothrow_output<Out>);

}  // namespace tlsrpt

#include <tlsrpt/impl/write_datagram.hpp>

#endif
