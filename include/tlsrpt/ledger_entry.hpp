/// @file
/// A report reduced to its numbers, as a ledger keeps it.
///
/// Texts are in normal forms, but they are a sender's all the same: escape them before you show
/// them. Views live as long as the ledger, until it changes.

#ifndef TLSRPT_HPP_LEDGER_ENTRY
#define TLSRPT_HPP_LEDGER_ENTRY

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/core/step_iterator.hpp>
#include <tlsrpt/detail/ledger/steps.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/ledger_row.hpp>

namespace tlsrpt {

/// The way a report came.
enum class channel : std::uint8_t {
  file,   ///< From a file; nothing is known about its way.
  mail,   ///< By mail (RFC 8460, section 5.3).
  https,  ///< By POST (RFC 8460, section 5.4).
};

/// How a report came; not part of its content.
struct receipt {
  /// The domain of an accepted DKIM signature; empty for none. Never of the report itself, nor of
  /// an address: whoever is named here vouches for the report.
  std::string_view authenticated_submitter{};
  channel via = channel::file;       ///< The way it came.
  std::int64_t received = 0;         ///< Seconds since 1970.
  std::string_view report_domain{};  ///< TLS-Report-Domain or an inferred domain; may be empty.
};

/// Whether anybody vouches for who sent a report.
enum class trust : std::uint8_t {
  claimed,  ///< Nobody: the report says so itself.
  verified  ///< An authenticated submitter.
};

/// "claimed" or "verified"; empty for another value.
constexpr std::string_view name(trust trust) noexcept;

/// What came of adding a report.
enum class add_outcome : std::uint8_t {
  added,                     ///< It is new.
  again,                     ///< It was there; no number changed.
  again_with_better_receipt  ///< It was there, and now has another reporter or is verified.
};

/// What is unusual about an entry.
struct ledger_flags {
  bool approximate = false;       ///< The range does not begin and end at midnight.
  bool clipped = false;           ///< A count was above largest_sessions.
  bool period_unknown = false;    ///< The day is that of the receipt.
  bool repeated = false;          ///< An element was there twice and is counted once.
  bool more = false;              ///< There were more submitters than are kept.
  bool inferred_claimed = false;  ///< The inferred domain comes from unauthenticated receipts only.
  /// Texts that were shortened, rows of totals and failures that were added to rows of any_name.
  std::uint64_t cut = 0;

  friend constexpr bool operator==(const ledger_flags&, const ledger_flags&) = default;
};

/// The most days of the period of an entry.
inline constexpr std::int32_t longest_period = 400;

/// Submitters that are kept of an entry.
inline constexpr std::size_t most_submitters = 4;

/// Totals of an entry: a forward range that gives ledger_total.
class total_range {
 public:
  using iterator = detail::step_iterator<detail::total_step>;  ///< Gives values.

  constexpr total_range() noexcept = default;  ///< Without rows.
  /// Made by a ledger.
  explicit constexpr total_range(const detail::total_step& first) noexcept : first_(first) {}

  /// The first row.
  constexpr iterator begin() const noexcept { return iterator(first_); }
  /// After the last row.
  constexpr iterator end() const noexcept { return {}; }

 private:
  detail::total_step first_{};
};

/// Failures of an entry: a forward range that gives ledger_failure.
class failure_range {
 public:
  using iterator = detail::step_iterator<detail::failure_step>;  ///< Gives values.

  constexpr failure_range() noexcept = default;  ///< Without rows.
  /// Made by a ledger.
  explicit constexpr failure_range(const detail::failure_step& first) noexcept : first_(first) {}

  /// The first row.
  constexpr iterator begin() const noexcept { return iterator(first_); }
  /// After the last row.
  constexpr iterator end() const noexcept { return {}; }

 private:
  detail::failure_step first_{};
};

/// A report in a ledger.
struct ledger_entry {
  tlsrpt::digest digest{};          ///< Identifies the report by its values.
  day first{};                      ///< The first day of the period.
  std::int32_t days = 1;            ///< Days of the period.
  std::string_view report_id{};     ///< `report-id`, at most 255 octets; empty when absent.
  std::string_view organization{};  ///< `organization-name`, at most 255 octets; empty when absent.
  /// Whom the report itself names: the domain of `contact-info`, else "org:" and the name of the
  /// organization in lower case, else "?".
  std::string_view contact{};
  /// Whose figures these are: of a claimed report the contact; of a verified one the contact, too,
  /// when a submitter is aligned with it, else the first submitter.
  std::string_view reporter{};
  tlsrpt::trust trust = trust::claimed;  ///< Verified with any authenticated submitter.
  std::uint8_t via = 0;   ///< A bit for each channel that it came by, 1 << the channel.
  std::int64_t seen = 0;  ///< When it came first, in seconds since 1970.
  std::array<std::string_view, most_submitters> by{};  ///< The places of submitters().
  std::uint8_t by_size = 0;                            ///< How many of them are used.
  /// The domain that the report is about: `policy-domain` of the first element that is not about
  /// TLSA records, else of the first one; absent_domain when absent.
  std::string_view about{};
  /// The domain of the receipts by canonical_host(), a host name where one is; empty when absent.
  std::string_view inferred{};
  ledger_flags flags{};      ///< What is unusual.
  total_range totals{};      ///< Sessions by domain, kind, mode and policy, in this order.
  failure_range failures{};  ///< Sessions that failures mention, in the order of the members.

  /// The authenticated submitters, those first that are aligned with the contact.
  constexpr std::span<const std::string_view> submitters() const& noexcept
      TLSRPT_HPP_LIFETIMEBOUND {
    return std::span(by).first(by_size);
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const std::string_view> submitters() const&& = delete;

  /// `domain`, of this entry or of a row of it; where it is absent_domain the inferred one, if
  /// there is any. For a verified report, a domain that only unauthenticated receipts infer is not
  /// taken. For what is shown and counted by domain. Lives as long as `domain` and the views of the
  /// entry.
  constexpr std::string_view domain_or_inferred(std::string_view domain) const noexcept {
    const bool is_said = !inferred.empty() && !flags.inferred_claimed;
    return domain == absent_domain && is_said ? inferred : domain;
  }
};

}  // namespace tlsrpt

#include <tlsrpt/impl/ledger_entry.hpp>

#endif
