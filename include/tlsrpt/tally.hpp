/// @file
/// Counts the sessions of one UTC day and makes the reports of that day (RFC 8460, section 4).
/// Needs nothing but the standard library. There is no clock and no lock here: one thread at a
/// time.
///
/// A session adds 1 to the successes or to the failures of each policy that was applied to it, and
/// 1 to each of its different failures. Sessions that carry reports are not counted, or two senders
/// would report to each other for ever.
///
/// Tallies of several threads, machines or minutes are merged in any order. Each has parts, a name
/// and numbers, so that none is merged twice. The text form is JSON Lines in UTF-8, the same for
/// equal tallies; several of them, one after the other, are a journal:
///
///     {"_tally":1,"day":"2026-11-23","parts":[["mta1",1,17]],"lost":0,"reports":2,"lines":2}
///     {"domain":"example.org","sessions":3,"records":["v=TLSRPTv1; rua=mailto:tls@example.org"]}
///     {"policy":["tlsa","mx.example.org",["3 1 1 a1.."],[]],"ok":2,"failed":1,
///      "failures":[[["validation-failure","203.0.113.5",..],1,0]]}
///
/// (Each is one line.) The two numbers of a failure are the failed sessions that had it, and the
/// successful ones.

#ifndef TLSRPT_HPP_TALLY
#define TLSRPT_HPP_TALLY

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/day.hpp>
#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/ledger/blocks.hpp>
#include <tlsrpt/detail/tally/grown_text.hpp>
#include <tlsrpt/detail/tally/keys.hpp>
#include <tlsrpt/detail/tally/parts.hpp>
#include <tlsrpt/detail/tally/rows.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/hostname.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/session.hpp>

namespace tlsrpt {

/// Limits of one tally. A session that needs a domain, a policy, a record or memory beyond them is
/// lost; its failures are not kept apart where there are too many.
struct tally_limits {
  std::size_t domains = 1'000'000;              ///< Recipient domains.
  std::size_t policies_per_domain = 256;        ///< Policies of one recipient domain.
  std::size_t octets = std::size_t{512} << 20;  ///< Memory of all that is counted.
  /// Different failures of one policy that are kept; the rest are added to one for each result
  /// type, with the reason "other".
  std::size_t failures_per_policy = 16'384;
  /// Memory of one recipient domain, so that none leaves others without. Failures beyond half of it
  /// are not kept apart, so that there is room for policies.
  std::size_t octets_per_domain = std::size_t{8} << 20;
};

/// What merging does about recipient domains that a tally has no room for.
enum class when_full : std::uint8_t {
  refuse,  ///< Nothing is merged.
  lose     ///< Their sessions count as lost; all else is merged.
};

/// What tally::count() did.
enum class count_outcome : std::uint8_t {
  counted,         ///< The session is in the tally.
  carries_report,  ///< It is not, since it delivers a report.
  nothing,         ///< It is not, since no policy of it counts.
  lost             ///< It is not, since the tally is full; see tally::lost().
};

/// A recipient domain of a tally.
struct tally_domain {
  std::string_view name{};     ///< In lower case, without a trailing dot.
  std::uint64_t sessions = 0;  ///< Sessions that were counted.
};

/// The sessions of one UTC day. Move-only; one that was moved from can only be assigned to.
class tally {
 public:
  /// An empty tally. `host` and `sequence` name its part: no two tallies that may be merged have
  /// both in common. The name is cut to 64 octets. Without memory for it, count() has none either.
  tally(tlsrpt::day day, std::string_view host, std::uint64_t sequence,
        const tally_limits& limits = {}) noexcept;
  /// An empty tally without a part, to merge others into.
  explicit tally(tlsrpt::day day, const tally_limits& limits = {}) noexcept
      : day_(day), limits_(limits) {}

  /// Counts a session. Texts are brought into a normal form: domains and addresses; lines and
  /// records each by itself; TLSA records and patterns of mail hosts sorted; reasons cut to 256
  /// octets, policies to 65 536; what is no character to print is U+FFFD. Addresses, host names,
  /// patterns and URIs that are none are left out. Errors, with nothing counted: other_day for a
  /// time outside of the day, session_domain for a domain that is no host name, out_of_memory.
  /// Linear but for TLSA records.
  result<count_outcome> count(const session_view& session) noexcept;

  /// Adds all of another tally. A recipient domain is added as a whole, or is lost as a whole, so
  /// that no session is there with some of its policies only. Errors, with nothing counted, though
  /// memory of names may be in use: other_day; part_known when a part of it is in this one already;
  /// tally_full, but for when_full::lose; out_of_memory.
  result<void> merge(const tally& other, when_full how = when_full::refuse) noexcept;

  /// Merges what write() wrote, whatever the limits of that tally were, and nothing else:
  /// errc::not_canonical, where.offset being where the text begins to differ. Other errors as those
  /// of merge(). Needs memory for the text once more, three times its size at most.
  result<void> read(std::string_view text, when_full how = when_full::refuse) noexcept;

  /// Counts for a report to a mail host, too, what sessions to a recipient domain found with the
  /// TLSA records of that host: strictly, the failures of TLSA records are for whom they belong to
  /// (RFC 8460, section 4.4). Does nothing where the two are the same or have nothing in common.
  /// Not for a tally that is written or merged afterwards. Errors: session_domain for a host that
  /// is no host name; tally_full; out_of_memory.
  result<void> count_for_host(std::string_view domain, std::string_view host) noexcept;

  /// Writes the text form. Error, with nothing written: out_of_memory. Complexity: n log n. Throws
  /// what `out` throws.
  template <text_output Out>
  result<void> write(Out&& out) const noexcept(detail::is_nothrow_output<Out>);

  /// The day.
  tlsrpt::day day() const noexcept { return day_; }
  /// Sessions that were lost since the tally was full.
  std::uint64_t lost() const noexcept { return lost_; }
  /// Sessions that carried reports.
  std::uint64_t carried_reports() const noexcept { return carried_reports_; }
  /// Octets of memory, which tally_limits::octets is about.
  std::size_t octets() const noexcept;
  /// Whether no session came.
  bool empty() const noexcept;

  /// How many recipient domains there are.
  std::size_t domain_count() const noexcept { return domains_.size(); }
  /// A recipient domain, in no particular order; `i` is below domain_count(). Lives until the tally
  /// changes.
  tally_domain domain(std::size_t i) const noexcept TLSRPT_HPP_LIFETIMEBOUND;
  /// Calls `take` with each different record that was found for a domain, in no particular order.
  template <std::invocable<std::string_view> Take>
  void for_each_record(std::string_view domain, Take&& take) const;
  /// Calls `take` with the mail host of each TLSA policy that was applied to sessions to a domain,
  /// in no particular order. A host comes again with each set of records that it had.
  template <std::invocable<std::string_view> Take>
  void for_each_tlsa_host(std::string_view domain, Take&& take) const;

 private:
  friend class tally_reporter;
  friend class detail::tally_reader;

  /// What count() adds when nothing can fail any more.
  struct step {
    detail::tally_rows* rows;
    std::uint32_t row;
    unsigned which;
  };

  enum class fault : std::uint8_t { none, full, no_memory };

  std::uint32_t find_or_add(detail::tally_rows& rows, std::uint32_t parent, std::string_view key,
                            std::size_t most) noexcept;
  bool has_room_below(std::uint32_t domain, std::string_view key, std::size_t most) const noexcept;
  std::uint32_t find_or_add_domain(std::string_view name) noexcept;
  std::uint32_t find_or_add_policy(std::uint32_t domain, std::string_view key) noexcept;
  std::uint32_t find_or_add_record(std::uint32_t domain, std::string_view text) noexcept;
  std::uint32_t find_or_add_failure(std::uint32_t policy, std::string_view key) noexcept;
  bool has_room_for(const tally& other, std::uint32_t domain, std::size_t& octets) const noexcept;
  void plan(const session_view& session, std::string_view recipient) noexcept;
  void plan_policy(const session_policy& policy, std::uint32_t domain,
                   std::string_view recipient) noexcept;
  void plan_step(detail::tally_rows& rows, std::uint32_t row, unsigned which) noexcept;

  template <class F>
  void for_each_below(std::string_view domain, const detail::tally_rows& rows, unsigned which,
                      F&& take) const;

  tlsrpt::day day_;
  tally_limits limits_;
  detail::tally_parts parts_;
  detail::block_store texts_;
  detail::tally_rows domains_;  ///< Sessions.
  detail::arena<std::size_t> octets_of_domains_;
  detail::tally_rows records_;   ///< Of domains.
  detail::tally_rows policies_;  ///< Of domains: successes, failures.
  detail::tally_rows failures_;  ///< Of policies: in failed sessions, in successful ones.
  std::uint64_t lost_ = 0, carried_reports_ = 0;
  bool lacks_part_ = false;  ///< There was no memory for the name of its part.
  // For the next call only.
  fault fault_ = fault::none;
  detail::grown_text key_;
  detail::policy_key_writer policy_keys_;
  detail::arena<step> steps_;
};

/// The first whole tally at the beginning of a text, such as a journal whose last tally was cut
/// when the machine stopped; empty when there is none. Part of `text`. Linear in what it gives.
constexpr std::string_view first_tally(std::string_view text TLSRPT_HPP_LIFETIMEBOUND) noexcept;

}  // namespace tlsrpt

#include <tlsrpt/impl/tally.hpp>

#endif
