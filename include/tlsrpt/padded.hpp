/// @file
/// padded_view: a text with readable octets after it, as parsing in place needs.

#ifndef TLSRPT_HPP_PADDED
#define TLSRPT_HPP_PADDED

#include <cstddef>
#include <string>
#include <string_view>

#include <tlsrpt/detail/core/lifetime.hpp>
#include <tlsrpt/limits.hpp>

namespace tlsrpt {

/// A borrowed JSON text with at least tlsrpt::padding readable octets after its end. Their values
/// do not matter.
class padded_view {
 public:
  /// `capacity` says how many octets may be read from text.data() on. With fewer than
  /// tlsrpt::padding after the text it is not parsed (errc::insufficient_padding).
  constexpr padded_view(std::string_view text, std::size_t capacity) noexcept
      : text_(text), capacity_(capacity) {}
  /// Deleted: the view of a temporary would dangle.
  template <detail::owning_temporary Text>
  padded_view(Text&& text, std::size_t capacity) = delete;

  /// The text without its padding.
  constexpr std::string_view text() const noexcept { return text_; }
  /// Whether enough octets are readable after the text.
  constexpr bool is_padded() const noexcept {
    return capacity_ >= padding && capacity_ - padding >= text_.size();
  }

 private:
  std::string_view text_;
  std::size_t capacity_;
};

/// Appends padding to `text` and returns a view of what it held before. The view lives until the
/// next change of `text`. Throws what std::string::append() throws.
inline padded_view pad(std::string& text TLSRPT_HPP_LIFETIMEBOUND) {
  const std::size_t size = text.size();
  text.append(padding, '\0');
  return {std::string_view(text.data(), size), text.size()};
}
/// Deleted: the view of a temporary would dangle.
padded_view pad(std::string&&) = delete;

}  // namespace tlsrpt

#endif
