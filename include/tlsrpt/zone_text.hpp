/// @file
/// TXT records as people have them: in quotation marks (RFC 1035, section 5.1), as lines of a zone
/// file, and as dig, kdig, drill, host, nslookup, resolvectl and Resolve-DnsName print them. Needs
/// nothing but the standard library, allocates nothing, and throws only what a function of yours
/// does.
///
///     _smtp._tls.example.com. 3600 IN TXT ( "v=TLSRPTv1; "          ; of a zone file
///                                           "rua=mailto:tls@example.com" )
///     _smtp._tls.example.com descriptive text "v=TLSRPTv1; rua=mailto:tls@example.com"
///
/// What reads records wants the octets inside: see record.hpp.

#ifndef TLSRPT_HPP_ZONE_TEXT
#define TLSRPT_HPP_ZONE_TEXT

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// What a part of a text from DNS says.
enum class zone_entry_kind : std::uint8_t {
  record,   ///< There is this TXT record.
  alias,    ///< The owner is an alias: its records are those of another name (CNAME).
  absence,  ///< There is an answer, and no TXT record is in it.
  failure,  ///< There is no answer: a timeout, SERVFAIL, NXDOMAIN.
  comment   ///< A line that begins with ";" or "--" and says nothing of the above.
};

/// A part of a text from DNS. Its views live as long as the text and the scratch it was read with.
struct zone_entry {
  zone_entry_kind kind = zone_entry_kind::record;  ///< What it says.
  /// The name it is about, as written: relative to `origin` without a dot at its end, "@" for the
  /// origin itself. Empty when the text has none.
  std::string_view owner{};
  /// The name in the last $ORIGIN before it; empty when there was none.
  std::string_view origin{};
  /// record: its strings joined. alias: the target. Else the line.
  std::string_view text{};
  /// Whether the record is a line as it is, without quotation marks or anything around it. Where
  /// there are records of other forms, too, lines that do not begin with "v=" are then no records,
  /// but what a tool says beside its answer.
  bool is_bare = false;
  /// A deviation from the form, one of the codes that begin with `zone_`; errc::ok for none. What
  /// can be read of the record is in `text`.
  errc fault = errc::ok;
  /// Where the fault is, or else where the line begins: octets of the text that was read.
  std::size_t offset = 0;
};

/// What takes the entries of a text.
template <class Take>
concept zone_entry_taker = std::invocable<Take&, const zone_entry&>;

/// Gives each entry of `text` to `take`, in order: TXT and CNAME records, and what tools say about
/// an answer that they did not get. Other records and empty lines are skipped; quotation marks of a
/// page or a shell around a line do not belong to it. Returns false, without having read anything,
/// when `scratch` has fewer octets than `text`. Linear.
template <zone_entry_taker Take>
constexpr bool read_zone_text(std::string_view text TLSRPT_HPP_LIFETIMEBOUND,
                              std::span<char> scratch, Take&& take);

/// Writes the octets of the character-strings in `text`, one record's, joined: what
/// write_zone_strings() wrote, and whatever RFC 1035, section 5.1 allows (words without quotation
/// marks, parentheses, comments). Errors: the violations whose codes begin with `zone_`; on an
/// error nothing is written. Linear.
template <text_output Out>
constexpr result<void> read_zone_strings(Out&& out, std::string_view text) noexcept(
    detail::is_nothrow_output<Out>);

/// The name of a TXT record, judged (RFC 8460, section 3).
struct owner_reading {
  /// errc::wrong_owner_name when senders do not look for a record there; else errc::ok.
  errc code = errc::ok;
  /// The domain that the record is meant for, part of the name: query_name() writes the right name.
  /// Empty for a relative name in the zone of the domain.
  std::string_view domain{};
};

/// Whether `name` is "_smtp._tls" and a domain, without regard to case and to one trailing dot.
/// "_smpt._tls", "_smtp-tlsrpt", the domain itself, or one that is there twice, as when a zone file
/// lacks a dot at the end of a name, are not. Linear.
constexpr owner_reading read_owner_name(std::string_view name TLSRPT_HPP_LIFETIMEBOUND) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/zone_text.hpp>

#endif
