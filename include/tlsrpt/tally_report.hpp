/// @file
/// Makes the reports of a tally (RFC 8460, section 4.4). Needs nothing but the standard library.

#ifndef TLSRPT_HPP_TALLY_REPORT
#define TLSRPT_HPP_TALLY_REPORT

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/ledger/blocks.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/tally.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt {

/// Who reports.
struct reporter_identity {
  std::string_view organization_name{};  ///< `organization-name`.
  std::string_view contact_info{};       ///< `contact-info`; its domain is that of the submitter.
};

/// What a report has of a tally.
struct tally_report_options {
  /// Different failures of a policy; the rest are added to one for each result type, with the
  /// reason "other".
  std::size_t failures_per_policy = 1024;
  std::uint32_t part = 1;          ///< Of a report that is too large: which part, counted from 1.
  std::uint32_t parts = 1;         ///< In how many parts its policies come.
  bool has_soft_failures = false;  ///< Failures of successful sessions, too.
};

/// Makes reports of tallies. Move-only. Keeps its memory from report to report.
class tally_reporter {
 public:
  /// The report to a recipient domain, for write_report(). Policies are in the order of their kind,
  /// domain and text, failures in that of their counts, so equal tallies give equal reports. Its id
  /// is the same each time. Views live until the next call, and as long as the identity. Errors:
  /// nothing_to_report when no session of the domain was counted; contact_info; out_of_memory.
  result<report_view> make(
      const tally& tally, std::string_view domain, const reporter_identity& identity,
      const tally_report_options& options = {}) noexcept TLSRPT_HPP_LIFETIMEBOUND;

 private:
  struct policy_extent {
    std::size_t strings, patterns, failures;
  };

  bool add_policy(const tally& tally, std::uint32_t row, const tally_report_options& options);
  bool add_failures(const tally& tally, std::uint32_t policy, const tally_report_options& options);
  bool add_failure(std::string_view key, std::uint64_t count);

  detail::block_store texts_;
  detail::arena<std::uint32_t> rows_;
  detail::arena<policy_view> policies_;
  detail::arena<policy_extent> extents_;
  detail::arena<failure_details_view> failures_;
  detail::arena<std::string_view> strings_;
};

}  // namespace tlsrpt

#include <tlsrpt/impl/tally_report.hpp>

#endif
