/// @file
/// What the ranges of policies hand out, one after another.

#ifndef TLSRPT_HPP_DETAIL_POLICY_STEPS
#define TLSRPT_HPP_DETAIL_POLICY_STEPS

#include <cstdint>
#include <span>
#include <string_view>

#include <tlsrpt/detail/policy/lines.hpp>

namespace tlsrpt {

enum class sts_key : std::uint8_t;
struct sts_field_view;
struct tlsa_record_view;

}  // namespace tlsrpt

namespace tlsrpt::detail {

/// The lines of an MTA-STS policy without their ends.
class sts_line_step {
 public:
  using value_type = std::string_view;

  constexpr sts_line_step() = default;
  explicit constexpr sts_line_step(const policy_lines& lines) noexcept : lines_(lines) {}

  constexpr bool next(std::string_view& text) noexcept;

 private:
  policy_line_step lines_{};
};

/// The fields of an MTA-STS policy: those with the key `only`, or all when that is sts_key::none.
class sts_field_step {
 public:
  using value_type = sts_field_view;

  constexpr sts_field_step() = default;
  constexpr sts_field_step(const policy_lines& lines, sts_key only) noexcept
      : lines_(lines), only_(only) {}

  constexpr bool next(sts_field_view& field) noexcept;

 private:
  policy_line_step lines_{};
  sts_key only_{};
};

/// The mx patterns of an MTA-STS policy that are not empty.
class mx_pattern_step {
 public:
  using value_type = std::string_view;

  constexpr mx_pattern_step() = default;
  explicit constexpr mx_pattern_step(const sts_field_step& fields) noexcept : fields_(fields) {}

  constexpr bool next(std::string_view& pattern) noexcept;

 private:
  sts_field_step fields_{};
};

/// The records of a TLSA RRset.
class tlsa_record_step {
 public:
  using value_type = tlsa_record_view;

  constexpr tlsa_record_step() = default;
  explicit constexpr tlsa_record_step(std::span<const std::string_view> elements) noexcept
      : elements_(elements) {}

  constexpr bool next(tlsa_record_view& record) noexcept;

 private:
  std::span<const std::string_view> elements_{};
};

}  // namespace tlsrpt::detail

#endif
