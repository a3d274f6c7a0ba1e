/// @file
/// What a reader has to say about its input: findings, errors, and the sinks that take findings.

#ifndef TLSRPT_HPP_DIAGNOSTIC
#define TLSRPT_HPP_DIAGNOSTIC

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/core/late_array.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/location.hpp>

namespace tlsrpt {

/// One deviation: a finding, when it was accepted and reading continued; the error of a result,
/// when it was not.
struct diagnostic {
  errc code = errc::ok;  ///< What was found. In a finding its grade is never grade::fatal.
  location where{};      ///< Where it was found.
  /// The text in question, as written (JSON strings without their quotes); may be empty. It is
  /// untrusted: escape it before you show it. It lives as long as the views of the same call.
  std::string_view subject{};
  /// In an error: the slip that most likely caused it, when it is known and differs from `code`, as
  /// errc::rua_name_case may be the cause of errc::missing_rua; else errc::ok.
  errc hint = errc::ok;

  friend constexpr bool operator==(const diagnostic&, const diagnostic&) = default;
};

namespace detail {

/// A type that changes when it is called, and has something to read afterwards. Lambdas are neither
/// ranges nor aggregates.
template <class S>
concept keeps_findings = !std::invocable<const S&, const diagnostic&> &&
                         (std::is_aggregate_v<S> || requires(S & findings) { findings.begin(); });

}  // namespace detail

/// Anything that can be called with a diagnostic, in the order of reading. As the type of an
/// argument it is a reference if the sink has a name. A temporary that keeps findings, such as
/// diagnostic_list, is none: they could not be read.
///
/// A call is noexcept only if its sink is. A sink cannot use the parser that calls it
/// (errc::parser_in_use).
template <class S>
concept diagnostic_sink = std::invocable<S&, const diagnostic&> &&
    (std::is_lvalue_reference_v<S> || !detail::keeps_findings<S>);

/// The default sink. With it and `lenient`, work that only feeds diagnostics is not done at all.
struct ignore_diagnostics {
  /// Does nothing.
  constexpr void operator()(const diagnostic&) const noexcept {}
};

/// A sink of fixed size that keeps the first `N` diagnostics and counts the others. Subjects in it
/// live as long as the views of the call that found them. Allocates nothing.
template <std::size_t N>
class diagnostic_list {
 public:
  /// An empty list.
  constexpr diagnostic_list() noexcept = default;

  /// Keeps `d`, or counts it when the list is full.
  constexpr void operator()(const diagnostic& d) noexcept {
    if (size_ < N)
      kept_.set(size_++, d);
    else
      ++dropped_;
  }

  /// Those that were kept, in order. The span lives as long as the list.
  constexpr std::span<const diagnostic> kept() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {kept_.data(), size_};
  }
  /// Deleted: the span of a temporary would dangle.
  std::span<const diagnostic> kept() const&& = delete;
  /// How many were kept.
  constexpr std::size_t size() const noexcept { return size_; }
  /// Whether none was found.
  constexpr bool empty() const noexcept { return size_ == 0; }
  /// The one with index `i`, which must be below size().
  constexpr const diagnostic& operator[](std::size_t i) const noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return kept_[i];
  }
  /// The first of those that were kept.
  constexpr const diagnostic* begin() const noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return kept_.data();
  }
  /// After the last of those that were kept.
  constexpr const diagnostic* end() const noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return kept_.data() + size_;
  }

  /// How many diagnostics came after the list was full.
  constexpr std::size_t dropped() const noexcept { return dropped_; }

  /// Forgets all of them, for the next call.
  constexpr void clear() noexcept { size_ = dropped_ = 0; }

 private:
  detail::late_array<diagnostic, N> kept_;
  std::size_t size_ = 0;
  std::size_t dropped_ = 0;
};

namespace detail {

template <class S>
inline constexpr bool is_listening = !std::same_as<std::remove_cvref_t<S>, ignore_diagnostics>;

template <class S>
inline constexpr bool is_nothrow_sink =
    std::is_nothrow_invocable_v<std::remove_reference_t<S>&, const diagnostic&>;

}  // namespace detail

}  // namespace tlsrpt

#endif
