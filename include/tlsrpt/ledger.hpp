/// @file
/// A set of reports (RFC 8460), each reduced to its numbers: what is counted, once, whichever ways
/// and however often a report came. summary.hpp makes figures of it.
///
/// Merging two ledgers gives the union of the sets: it is associative, commutative and idempotent,
/// so parts may be gathered on any threads and machines and merged in any order, as long as no
/// limit refuses one of them. Two ledgers with the same reports and receipts write the same octets.
///
/// The text form is JSON Lines in UTF-8, in the order of the octets of the lines: a header, a line
/// for each report, one for each policy. `LC_ALL=C sort -m -u` of two ledgers with equal headers is
/// their union, where both know a report by the same receipts.
///
///     {"_ledger":1,"reasons":1,"details":256,"elements":1024}
///     {"day":"2026-11-23","days":1,"digest":"<32 digits>","report-id":"..","org":"..",
///      "reporter":"..","trust":"verified","via":"m","seen":1795497129,"by":[".."],
///      "about":"example.com","inferred":"example.com","flags":[],
///      "T":[[domain,kind,mode,policy,ok,ok unknown,failed,failed unknown,elements]..],
///      "F":[[domain,kind,mode,result,host,node,reason,noted,noted unknown]..]}
///     {"policy":"<16 digits>","kind":"sts","text":["version: STSv1",..]}
///
/// (Each is one line.) A failure whose cause is only likely has "likely" at the end. A verified
/// report whose submitters are not aligned with whom it names has that contact, too, after the
/// reporter. There is no clock and no lock here: one thread at a time.

#ifndef TLSRPT_HPP_LEDGER
#define TLSRPT_HPP_LEDGER

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/core/step_iterator.hpp>
#include <tlsrpt/detail/ledger/entry_store.hpp>
#include <tlsrpt/detail/ledger/report_rows.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/ledger_entry.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

/// Limits of one ledger. Ledgers are merged only when the first two are equal.
struct ledger_limits {
  /// Failures that are kept for a kind of policy of a domain, those with most sessions; the rest
  /// are added to rows of any_name.
  std::uint32_t details_per_element = 256;
  /// Totals that are kept of a report, those with most sessions; the rest are added to any_name.
  std::uint32_t elements = 1024;
  std::size_t entries = 1'000'000;            ///< Reports (errc::ledger_full).
  std::size_t octets = std::size_t{1} << 30;  ///< Octets of reports (errc::ledger_full).
  /// Domains of reporters that may fill the ledger when they are verified. All others together may
  /// fill half of it, and each of them an eighth of that half, so that nobody locks out those that
  /// are known. Without any there are no such shares. Not copied: it has to outlive the ledger.
  std::span<const std::string_view> known_reporters{};
};

/// The version of the text form.
inline constexpr std::uint32_t ledger_version = 1;

/// Reports of a ledger, in no particular order: a forward range that gives ledger_entry.
class entry_range {
 public:
  /// A forward iterator that gives values.
  using iterator = detail::step_iterator<detail::entry_step>;

  /// The first report.
  iterator begin() const noexcept { return iterator(first_); }
  /// After the last report.
  iterator end() const noexcept { return {}; }

 private:
  friend class ledger;
  explicit entry_range(const detail::entry_step& first) noexcept : first_(first) {}

  detail::entry_step first_;
};

/// A set of reports. Move-only; one that was moved from is empty.
class ledger {
 public:
  /// An empty ledger, which has no memory yet.
  explicit ledger(const ledger_limits& limits = {}) noexcept : limits_(limits) {}

  /// Adds a report. One that is there already changes no number, but the receipts are joined: so a
  /// report that came by mail, signed, and by POST counts once, as verified. (Where a text that was
  /// read has other numbers of it, the rules of merge() hold.) Errors, with nothing changed:
  /// ledger_full, also where there is no room for one more submitter of a report that is there;
  /// period_too_long, out_of_memory. Complexity: n log n in the failure details. Once it is warm it
  /// allocates only what the ledger grows by.
  result<add_outcome> add(const report_view& report, const receipt& receipt) noexcept;
  /// The same, where the digest is known: `digest` is digest_of(report).
  result<add_outcome> add(const report_view& report, const receipt& receipt,
                          const digest& digest) noexcept;

  /// Adds all reports of another ledger. Those that are in both are joined as by add(). If their
  /// numbers differ, which only happens where a text says of a report what is not so, those of the
  /// verified copy count, and who vouched for the other is forgotten: nothing that is only claimed
  /// changes what is verified. Where both copies are verified, or both claimed, an order decides
  /// that means nothing but is always the same. Errors, with nothing changed:
  /// ledger_options_differ, ledger_full, out_of_memory.
  result<void> merge(const ledger& other) noexcept;

  /// Merges what write() wrote, and nothing else: another order, another spelling, a name that is
  /// not in normal form, are errc::not_canonical; where.offset counts octets of the text and
  /// where.element lines. Other errors as those of merge(). On an error nothing has changed. The
  /// text is trusted no more than a report; but which reports are verified is what it says, and
  /// whoever reads it trusts its maker in that, and in the numbers of those reports. Read what
  /// strangers made with trust::claimed: then no report in it has a submitter, and by the rules of
  /// merge() it changes no verified figure. Claim each text when it is read, not what was merged:
  /// of copies that differ, in numbers or in what domain was inferred, the verified one was chosen
  /// then.
  result<void> read(std::string_view lines, trust most = trust::verified) noexcept;

  /// Writes the text form. Error, with nothing written: out_of_memory. Complexity: n log n. Throws
  /// what `out` throws.
  template <text_output Out>
  result<void> write(Out&& out) const noexcept(detail::is_nothrow_output<Out>);

  /// Moves the reports whose period begins on one of the days from `first` to `last` to a ledger of
  /// their own. Error, with nothing changed: out_of_memory.
  result<ledger> take(day first, day last) noexcept;

  /// How many reports there are.
  std::size_t size() const noexcept { return entries_.size(); }
  /// Whether there is none.
  bool empty() const noexcept { return entries_.size() == 0; }
  /// Octets in use: those of the reports, which limits().octets is about, and of receipts, contents
  /// and policies that were replaced.
  std::size_t octets() const noexcept { return entries_.octets(); }
  /// The limits.
  const ledger_limits& limits() const noexcept { return limits_; }

  /// The reports. The range and its views live until the ledger changes.
  entry_range entries() const& noexcept TLSRPT_HPP_LIFETIMEBOUND;
  /// Deleted: the views of a temporary would dangle.
  entry_range entries() const&& = delete;

  /// The report with this digest; nothing when there is none.
  std::optional<ledger_entry> find(const digest& digest) const& noexcept TLSRPT_HPP_LIFETIMEBOUND;
  /// Deleted: the views of a temporary would dangle.
  std::optional<ledger_entry> find(const digest& digest) const&& = delete;

  /// The text of a policy in normal form, lines with LF between them; empty when no report has it.
  /// Lives until the ledger changes.
  std::string_view policy_text(policy_id id) const& noexcept TLSRPT_HPP_LIFETIMEBOUND;
  /// Deleted: the view of a temporary would dangle.
  std::string_view policy_text(policy_id id) const&& = delete;

 private:
  detail::share_rules rules() const noexcept {
    return {limits_.entries, limits_.octets, limits_.known_reporters};
  }
  result<void> merge(const detail::entry_store& other) noexcept;
  void drop_replaced() noexcept;

  ledger_limits limits_;
  detail::entry_store entries_;
  detail::report_rows rows_;
};

}  // namespace tlsrpt

#include <tlsrpt/impl/ledger.hpp>

#endif
