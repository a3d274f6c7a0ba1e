/// @file
/// Recognizes a report that came before (RFC 8460, sections 5.3 and 5.6). Needs nothing but the
/// standard library. Everything here is constexpr, allocates nothing and takes time linear in the
/// texts.

#ifndef TLSRPT_HPP_DUPLICATE
#define TLSRPT_HPP_DUPLICATE

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/text/put.hpp>
#include <tlsrpt/digest.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/output.hpp>

namespace tlsrpt {

/// Identifies a report for duplicate detection. Senders repeat a report on every endpoint and on
/// every retry, and many of them use ids that are only day and domain, equal among senders.
///
/// `submitter` must be an authenticated identity, such as the domain of a valid DKIM signature, and
/// is empty when there is none. Were it taken from the report, a Subject or an address, anybody
/// could send a forgery with a predictable id first, and the true report would be dropped as its
/// duplicate. compare_duplicates() therefore calls no report without submitter a duplicate.
///
/// A report has one key for each of its policies; see make_duplicate_key().
struct duplicate_key {
  std::string_view submitter{};      ///< Who sent it, authenticated; empty for unknown.
  std::string_view report_id{};      ///< `report-id` of the report.
  std::string_view policy_domain{};  ///< `policy-domain` of the policy.
  date_range_view date_range{};      ///< `date-range` of the report.

  /// Domains by canonical_host(), times by the instant, all else exactly.
  friend constexpr bool operator==(const duplicate_key& a, const duplicate_key& b) noexcept;
  /// An order for maps, in which equal keys are equivalent; unknown times come first.
  friend constexpr std::weak_ordering operator<=>(const duplicate_key& a,
                                                  const duplicate_key& b) noexcept;
};

/// The key of one policy of a report. Its policy_domain is empty when the policy lacks it; set it
/// to the inferred one then. Its views are those of the arguments.
constexpr duplicate_key make_duplicate_key(std::string_view authenticated_submitter,
                                           const report_head_view& report,
                                           const policy_head_view& policy) noexcept;
/// Deleted: the views of a temporary would dangle.
template <detail::owning_temporary Text>
constexpr duplicate_key make_duplicate_key(Text&& authenticated_submitter, const report_head_view&,
                                           const policy_head_view&) = delete;

/// Writes a key in its canonical form: the parts as netstrings ("11:example.com,"), so that no two
/// different keys have the same text; domains by canonical_host(), times in seconds. Throws what
/// `out` throws.
template <text_output Out>
constexpr void write_duplicate_key(Out&& out, const duplicate_key& key) noexcept(
    detail::is_nothrow_output<Out>);

/// FNV-1a (64 bits) over the canonical form: the same on every platform and in every version. Not
/// for security: whoever chooses an id can make two keys collide, so compare the keys as well.
constexpr std::uint64_t hash_of(const duplicate_key& key) noexcept;

/// What to do with a report when another one is there.
enum class duplicate_verdict : std::uint8_t {
  different,   ///< Other reports, or one is not authenticated: keep both.
  duplicate,   ///< The same report again: one is enough.
  conflicting  ///< The same key, other content: keep both and warn (same_key_other_content).
};

/// Compares two reports by their keys and by their digest_of() in canonical.hpp. Keys without
/// submitter are different from all others, and from each other.
constexpr duplicate_verdict compare_duplicates(const duplicate_key& a, const digest& a_digest,
                                               const duplicate_key& b,
                                               const digest& b_digest) noexcept;

}  // namespace tlsrpt

/// hash_of() for maps. Whoever chooses ids can fill one bucket of a hash table, so prefer the order
/// where strangers do.
template <>
struct std::hash<tlsrpt::duplicate_key> {
  /// Linear.
  std::size_t operator()(const tlsrpt::duplicate_key& key) const noexcept;
};

#include <tlsrpt/impl/mail/duplicate.hpp>

#endif
