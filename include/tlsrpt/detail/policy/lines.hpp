/// @file
/// The lines of an MTA-STS policy that is an array of lines or one text.

#ifndef TLSRPT_HPP_DETAIL_POLICY_LINES
#define TLSRPT_HPP_DETAIL_POLICY_LINES

#include <cstddef>
#include <span>
#include <string_view>

#include <tlsrpt/detail/text/split.hpp>

namespace tlsrpt::detail {

template <class Conformance, class Sink>
class sts_policy_reader;

/// Where the lines of a policy are.
class policy_lines {
 public:
  constexpr policy_lines() = default;
  explicit constexpr policy_lines(std::span<const std::string_view> elements) noexcept
      : elements_(elements) {}
  explicit constexpr policy_lines(std::string_view text) noexcept : text_(text), is_text_(true) {}

  /// Whether the policy is one text and not an array.
  constexpr bool is_text() const noexcept { return is_text_; }
  constexpr std::size_t size() const noexcept {
    if (is_text_) return text_.empty() ? 0 : 1;
    return elements_.size();
  }
  constexpr std::string_view operator[](std::size_t i) const noexcept {
    return is_text_ ? text_ : elements_[i];
  }

 private:
  std::span<const std::string_view> elements_{};
  std::string_view text_{};
  bool is_text_ = false;
};

/// A line and where it is.
struct policy_line {
  std::string_view text{};  ///< Without the LF after it; CRs may be left.
  std::size_t element = 0;
  std::size_t offset = 0;  ///< In the element.
};

/// Hands out all lines; LF ends one, and so does the end of an element. What is between the last LF
/// and the end of an element is a line when it is not empty, or alone.
class policy_line_step {
 public:
  using value_type = policy_line;

  constexpr policy_line_step() = default;
  explicit constexpr policy_line_step(const policy_lines& lines) noexcept : lines_(lines) {}

  constexpr bool next(policy_line& line) noexcept {
    if (element_ == lines_.size()) return false;
    const std::string_view element = lines_[element_];
    std::string_view rest = element.substr(offset_);
    line = {take_part(rest, "\n"), element_, offset_};
    offset_ = rest.empty() ? 0 : element.size() - rest.size();
    if (rest.empty()) ++element_;
    return true;
  }

 private:
  policy_lines lines_{};
  std::size_t element_ = 0, offset_ = 0;
};

}  // namespace tlsrpt::detail

#endif
