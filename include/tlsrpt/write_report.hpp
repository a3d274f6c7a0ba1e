/// @file
/// Writes reports (RFC 8460, section 4) that nobody has to read leniently. Needs nothing but the
/// standard library and allocates nothing.
///
/// A report to be written is a report_view, the same that a parser gives. Made by hand, only the
/// values count: of a token its `value` is enough, of a timestamp its seconds and `known`, and all
/// `index` and `offset` are ignored. write_canonical() writes whatever a view holds; the functions
/// here refuse what has no place in a good report.

#ifndef TLSRPT_HPP_WRITE_REPORT
#define TLSRPT_HPP_WRITE_REPORT

#include <cstddef>
#include <type_traits>

#include <tlsrpt/canonical.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// Writes a report: what a strict parser reads without any finding, notes included. The text is
/// that of write_canonical() but for these members:
///
/// - Host names of `policy-domain`, `mx-host` and `receiving-mx-hostname` are in lower case,
///   without a trailing dot.
/// - TLSA records in `policy-string` are sorted by tlsa_order(), each once, with numbers and with
///   hexadecimal digits in lower case. What is not readable is quoted as it is, after them.
/// - Lines of an MTA-STS policy are quoted as they are, whatever is wrong with them.
///
/// An error has the code, the member and the indices of what a reader would have found, or would
/// have found missing: a member that reports should have, a text that is not UTF-8 or holds a
/// noncharacter, an unknown word, an unreadable time or address, a count above 2^53-1, and so on.
/// Beyond that no host name may have U-labels, no element of `policy-string` several lines or
/// records, and only an MTA-STS policy mx-host (errc::mx_host_without_sts); TLSA records that no
/// RRset has room for, see max_tlsa_records, are errc::too_many_policy_strings. where.offset is 0,
/// and indices count the elements of the view. On an error nothing is written.
///
/// The report may be larger than the limits of a parser allow, see report_size(). Throws what `out`
/// throws. Linear; n log n for TLSA records.
template <text_output Out>
result<void> write_report(
    Out&& out, const report_view& report,
    json_layout layout = json_layout::compact) noexcept(detail::is_nothrow_output<Out>);

/// How many octets write_report() writes, or its error.
inline result<std::size_t> report_size(const report_view& report,
                                       json_layout layout = json_layout::compact) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/write_report.hpp>

#endif
