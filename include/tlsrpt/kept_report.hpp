/// @file
/// A report that owns its values, to be kept after the parser has read the next one.

#ifndef TLSRPT_HPP_KEPT_REPORT
#define TLSRPT_HPP_KEPT_REPORT

#include <cstddef>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/model.hpp>
#include <tlsrpt/result.hpp>

namespace tlsrpt {

namespace detail {
struct kept_block;
}  // namespace detail

/// A copy of a report_view with all that its views point to, in one block of memory. Copies of a
/// kept_report share the block, so that they cost nothing and do not fail; the last one frees it.
/// One that was moved from, or never filled, holds an empty report. Different threads may use and
/// destroy different copies.
///
/// It takes the octets of the strings, those counted once that repeat from one failure detail to
/// the next, and the arrays of the views: on 64-bit platforms about 200 octets for the report, 144
/// for each policy and each failure detail, 16 for each element of `policy-string` and `mx-host`.
class kept_report {
 public:
  /// An empty report.
  kept_report() noexcept = default;

  /// Copies a report, which may go then. Errors: out_of_memory. One allocation; linear.
  static result<kept_report> copy(const report_view& report) noexcept;

  /// Shares the report of `other`.
  kept_report(const kept_report& other) noexcept;
  /// Takes the report of `other`.
  kept_report(kept_report&& other) noexcept;
  /// Shares or takes the report of `other`, and releases its own.
  kept_report& operator=(kept_report other) noexcept;
  ~kept_report();

  /// The report. Views live as long as this object or any copy of it.
  report_view view() const& noexcept TLSRPT_HPP_LIFETIMEBOUND;
  /// Deleted: the views of a temporary would dangle.
  report_view view() const&& = delete;

  /// Octets of the block, which copies share; 0 for an empty report.
  std::size_t memory() const noexcept;

 private:
  detail::kept_block* block_ = nullptr;
};

}  // namespace tlsrpt

#include <tlsrpt/impl/kept_report.hpp>

#endif
