/// @file
/// MTA-STS policies as `policy-string` quotes them (RFC 8460, section 4.5; RFC 8461, section 3.2).
/// Needs nothing but the standard library.
///
///     sts-policy-record = sts-policy-field *WSP *((LF / CRLF) sts-policy-field *WSP) [LF / CRLF]
///     version           = %s"version" ":" *WSP %s"STSv1"
///     mode              = %s"mode" ":" *WSP (%s"testing" / %s"enforce" / %s"none")
///     max_age           = %s"max_age" ":" *WSP 1*10(DIGIT)
///     mx                = %s"mx" ":" *WSP ["*."] Domain
///     extension         = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".") ":" *WSP value
///     value             = vchar [*(SP / vchar) vchar]       ; vchar = %x21-7E / beyond ASCII
///
/// Reports quote the policy verbatim, mistakes included. So the reader here continues after every
/// deviation that `C` accepts; with tlsrpt::lenient it never fails.
///
/// Locations: where.element is the index of the line in the array, where.offset counts octets
/// inside that element, where.member is field::policy_string; fields that are missing have no
/// element. For a policy that is one text, offsets count octets of that text, and element and
/// member are not set.
///
/// Nothing is stored, allocated or thrown. Views live as long as the texts and, where they borrow a
/// span, its array.

#ifndef TLSRPT_HPP_STS_POLICY
#define TLSRPT_HPP_STS_POLICY

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/detail/core/step_iterator.hpp>
#include <tlsrpt/detail/policy/lines.hpp>
#include <tlsrpt/detail/policy/steps.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/error.hpp>
#include <tlsrpt/result.hpp>
#include <tlsrpt/schema.hpp>
#include <tlsrpt/vocabulary.hpp>

namespace tlsrpt {

/// `mode` of an MTA-STS policy (RFC 8461, section 5). `none` means to continue as without a policy.
enum class sts_mode : std::uint8_t {
  unknown,  ///< Absent, or a text that RFC 8461 does not know.
  testing,  ///< Failures are reported; mail goes out all the same.
  enforce,  ///< Mail goes to hosts that match and have a valid certificate, or not at all.
  none      ///< As without a policy.
};

/// What a mode means; differences in case are folded (`exact` is false then). Linear.
constexpr match<sts_mode> match_sts_mode(std::string_view text) noexcept;

/// The text of the mode; empty for unknown.
constexpr std::string_view name(sts_mode mode) noexcept;

/// The most seconds that max_age may say (RFC 8461, section 3.2).
inline constexpr std::uint64_t largest_max_age = 31'557'600;

/// The field that a line of an MTA-STS policy holds; none for a line without a well-formed key.
enum class sts_key : std::uint8_t {
  none,      ///< The line has no well-formed key.
  version,   ///< "version"
  mode,      ///< "mode"
  max_age,   ///< "max_age"
  mx,        ///< "mx"
  extension  ///< Another well-formed key, which senders ignore.
};

/// A line split at its first colon. Key and value have no surrounding whitespace, the value
/// no quotation marks either. A key of another case, or with "-" for "_", is read as the one that
/// was meant.
struct sts_field_view {
  sts_key key = sts_key::none;  ///< What the line is about.
  std::string_view name{};      ///< The key, as written.
  std::string_view value{};     ///< What follows the colon.
};

/// Takes one line apart; a line end may be at its end. Linear.
constexpr sts_field_view read_sts_line(std::string_view line TLSRPT_HPP_LIFETIMEBOUND) noexcept;

// The parts of a policy are forward ranges that parse its lines on each traversal, at least one for
// each step. Iterators give values, borrow what the policy borrows, and outlive their range.

/// The mx patterns of a policy, see sts_policy_view::mx().
class mx_range {
 public:
  /// A forward iterator that gives std::string_view.
  using iterator = detail::step_iterator<detail::mx_pattern_step>;

  /// The first pattern.
  constexpr iterator begin() const noexcept;
  /// After the last pattern.
  constexpr iterator end() const noexcept;

 private:
  friend class sts_policy_view;
  explicit constexpr mx_range(const detail::mx_pattern_step& first) noexcept : first_(first) {}

  detail::mx_pattern_step first_;
};

/// Fields of a policy, see sts_policy_view::fields() and sts_policy_view::extensions().
class sts_field_range {
 public:
  /// A forward iterator that gives sts_field_view.
  using iterator = detail::step_iterator<detail::sts_field_step>;

  /// The first field.
  constexpr iterator begin() const noexcept;
  /// After the last field.
  constexpr iterator end() const noexcept;

 private:
  friend class sts_policy_view;
  explicit constexpr sts_field_range(const detail::sts_field_step& first) noexcept
      : first_(first) {}

  detail::sts_field_step first_;
};

/// The lines of a policy, see sts_policy_view::lines().
class sts_line_range {
 public:
  /// A forward iterator that gives std::string_view.
  using iterator = detail::step_iterator<detail::sts_line_step>;

  /// The first line.
  constexpr iterator begin() const noexcept;
  /// After the last line.
  constexpr iterator end() const noexcept;

 private:
  friend class sts_policy_view;
  explicit constexpr sts_line_range(const detail::sts_line_step& first) noexcept : first_(first) {}

  detail::sts_line_step first_;
};

/// An MTA-STS policy. Borrows the array of lines, or the text.
class sts_policy_view {
 public:
  /// A policy without lines.
  constexpr sts_policy_view() = default;

  // Of each of these fields the first counts. Where a key is there in its right spelling, too,
  // misspelt ones do not.

  /// The version, as written: "STSv1"; empty when there is none.
  constexpr std::string_view version() const noexcept { return version_; }
  /// The mode; sts_mode::unknown when there is none.
  constexpr token<sts_mode> mode() const noexcept { return mode_; }
  /// Seconds, as written: not cut to largest_max_age. Nothing when it is not a number below 2^64.
  constexpr std::optional<std::uint64_t> max_age() const noexcept { return max_age_; }

  /// The mx patterns in their order, as written, without empty ones.
  constexpr mx_range mx() const noexcept;

  /// Whether a host matches one of the mx patterns (RFC 8461, section 4.1). A pattern that is not
  /// well-formed matches nothing: it is not repaired, as senders do not repair it. Linear.
  constexpr bool matches(std::string_view host) const noexcept;

  /// The well-formed fields that RFC 8461 does not know and senders ignore.
  constexpr sts_field_range extensions() const noexcept;

  /// All lines that have a key.
  constexpr sts_field_range fields() const noexcept;

  /// All lines, whatever they hold, without their line ends.
  constexpr sts_line_range lines() const noexcept;

 private:
  template <class Conformance, class Sink>
  friend class detail::sts_policy_reader;

  detail::policy_lines lines_{};
  std::string_view version_{};
  token<sts_mode> mode_{};
  std::optional<std::uint64_t> max_age_{};
};

/// Reads the lines of a policy, as policy_head_view::policy_string has them. Elements that hold
/// several lines are split. Errors: the deviations that `C` does not accept. Linear.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<sts_policy_view> parse_sts_policy(
    std::span<const std::string_view> lines TLSRPT_HPP_LIFETIMEBOUND, S&& sink = {},
    C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<sts_policy_view> parse_sts_policy(
    std::span<const std::string_view> lines TLSRPT_HPP_LIFETIMEBOUND,
    const C& conformance) noexcept;

/// Reads a policy that is one text with LF or CRLF after its lines, such as the body of
/// mta-sts.txt. Errors: the deviations that `C` does not accept. Linear.
template <conformance C = lenient, diagnostic_sink S = ignore_diagnostics>
constexpr result<sts_policy_view> parse_sts_policy(
    std::string_view text TLSRPT_HPP_LIFETIMEBOUND, S&& sink = {},
    C conformance = {}) noexcept(detail::is_nothrow_sink<S>);

/// The same without a sink.
template <conformance C>
requires(!diagnostic_sink<C>) constexpr result<sts_policy_view> parse_sts_policy(
    std::string_view text TLSRPT_HPP_LIFETIMEBOUND, const C& conformance) noexcept;

/// Deleted: the views of a temporary would dangle.
template <conformance C = lenient, detail::owning_temporary Policy, class... Rest>
constexpr result<sts_policy_view> parse_sts_policy(Policy&&, Rest&&...) = delete;
/// Deleted: the array of a list in braces is a temporary.
template <conformance C = lenient, class... Rest>
constexpr result<sts_policy_view> parse_sts_policy(std::initializer_list<std::string_view>,
                                                   Rest&&...) = delete;

}  // namespace tlsrpt

#include <tlsrpt/impl/sts_policy.hpp>

#endif
