/// @file
/// Bodies of kept_report.hpp.

#ifndef TLSRPT_HPP_IMPL_KEPT_REPORT
#define TLSRPT_HPP_IMPL_KEPT_REPORT

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include <tlsrpt/detail/report/report_copy.hpp>

namespace tlsrpt {

namespace detail {

/// What comes before the arrays and the octets.
struct kept_block {
  std::atomic<std::size_t> owners;
  std::size_t size;
  report_view report;
};

}  // namespace detail

inline result<kept_report> kept_report::copy(const report_view& report) noexcept {
  using detail::kept_block;
  static_assert(alignof(kept_block) >= alignof(policy_view));
  static_assert(std::is_trivially_destructible_v<policy_view> &&
                std::is_trivially_destructible_v<failure_details_view>);
  detail::report_copy copy(report);
  const std::uint64_t size = sizeof(kept_block) + copy.size();
  if (size > PTRDIFF_MAX) return diagnostic{errc::out_of_memory};
  void* const memory = std::malloc(static_cast<std::size_t>(size));
  if (memory == nullptr) return diagnostic{errc::out_of_memory};
  std::byte* const after = static_cast<std::byte*>(memory) + sizeof(kept_block);
  kept_report kept;
  kept.block_ = new (memory) kept_block{1, static_cast<std::size_t>(size), copy.copy_to(after)};
  return kept;
}

inline kept_report::kept_report(const kept_report& other) noexcept : block_(other.block_) {
  if (block_ != nullptr) block_->owners.fetch_add(1, std::memory_order_relaxed);
}

inline kept_report::kept_report(kept_report&& other) noexcept
    : block_(std::exchange(other.block_, nullptr)) {}

inline kept_report& kept_report::operator=(kept_report other) noexcept {
  std::swap(block_, other.block_);
  return *this;
}

inline kept_report::~kept_report() {
  // The last owner sees all that the others did with the report.
  if (block_ == nullptr || block_->owners.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  std::destroy_at(block_);
  std::free(block_);
}

inline report_view kept_report::view() const& noexcept {
  return block_ == nullptr ? report_view() : block_->report;
}

inline std::size_t kept_report::memory() const noexcept {
  return block_ == nullptr ? 0 : block_->size;
}

}  // namespace tlsrpt

#endif
