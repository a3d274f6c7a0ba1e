/// @file
/// What to do about the TXT record that a domain publishes, in the words of advice.hpp.
///
///     tlsrpt::advise_record({.domain = "example.com", .records = records, .own = own},
///                           [&](const tlsrpt::record_finding& found) {
///                             std::cout << found.text << ' ' << found.do_first << '\n';
///                           });
///
/// The library asks no name server: whoever did says what came of it. Ask for domains of your own
/// only, never for names out of reports, or else senders of reports choose what you ask for.
/// Allocates nothing and throws nothing but what a sink of yours throws.

#ifndef TLSRPT_HPP_RECORD_ADVICE
#define TLSRPT_HPP_RECORD_ADVICE

#include <concepts>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/errc.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/reason.hpp>

namespace tlsrpt {

/// What a domain publishes about its reports.
struct published_record {
  std::string_view domain{};  ///< In normal form.
  /// All TXT records of the name, each joined from its strings.
  std::span<const std::string_view> records{};
  /// The name that has them; empty when it is the one that senders ask for.
  std::string_view owner{};
  /// Whether the name servers gave no answer, or one that does not pass DNSSEC.
  bool has_no_answer = false;
  /// What is wrong with the text of a zone that the records were read from (zone_text.hpp).
  std::span<const diagnostic> zone_faults{};
  /// The URIs that reach the reader of the advice, such as "mailto:tls@example.com", of which one
  /// is enough; none when it does not matter where reports go.
  std::span<const std::string_view> own{};
};

/// What is wrong with a record.
enum class record_matter : unsigned char {
  no_answer,  ///< Nobody knows whether there is a record.
  unusable,   ///< Senders find no record, or none that they can use: no report comes.
  elsewhere,  ///< Reports go to others, to none of the own addresses.
  slip        ///< Something in the text of a record, or of a zone, is not as it should be.
};

/// One thing that is wrong with a record. Views point into what was published.
struct record_finding {
  record_matter matter = record_matter::slip;  ///< What it is about.
  /// What was found; errc::ok where nothing is wrong with the text of the record itself.
  errc reason = errc::ok;
  /// As finding::severity: 1 when no report comes; 2 when some may not come, or none to the own
  /// addresses; 3 for other slips, and 5 for what may stay as it is.
  int severity = 5;
  tlsrpt::party party = tlsrpt::party::dns;               ///< Who must act.
  tlsrpt::certainty certainty = tlsrpt::certainty::sure;  ///< How sure it is.
  std::string_view domain{};                              ///< As published_record::domain.
  /// The part of the record, or the name, that it is about; may be empty. Escape it before you show
  /// it.
  std::string_view subject{};
  std::string_view text{};      ///< One sentence: what is wrong.
  std::string_view do_first{};  ///< One sentence: what to do; empty when nothing has to be done.
};

/// Something that takes what is wrong with a record.
template <class Sink>
concept record_finding_sink = std::invocable<Sink&, const record_finding&>;

/// Says what to do about a record: first what keeps reports away, then faults of the zone and slips
/// in the order of the text. Nothing is said about a record that is as it should be. Linear but for
/// the number of endpoints, which is limited, times that of own addresses.
template <record_finding_sink Sink>
constexpr void advise_record(const published_record& published, Sink&& sink) noexcept(
    std::is_nothrow_invocable_v<Sink&, const record_finding&>);

/// Writes the stable key of a finding, as finding::key: "dns.example.com.several-records.record".
/// Slips of one kind in one record have one key.
template <text_output Out>
constexpr void write_key(Out&& out,
                         const record_finding& found) noexcept(detail::is_nothrow_output<Out>);

}  // namespace tlsrpt

#include <tlsrpt/impl/record_advice.hpp>

#endif
