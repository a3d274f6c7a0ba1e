/// @file
/// bytes_view: the bytes of a report, in whatever type a program has them.

#ifndef TLSRPT_HPP_BYTES
#define TLSRPT_HPP_BYTES

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>

namespace tlsrpt {

class bytes_view;

namespace detail {

template <class T>
concept byte_like = std::same_as<T, char> || std::same_as<T, unsigned char> ||
    std::same_as<T, std::byte> || std::same_as<T, char8_t>;

template <class R>
concept byte_range = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
    byte_like<std::ranges::range_value_t<R>>;

template <class T>
concept known_bytes = std::same_as<T, std::span<const std::byte>> || std::same_as<T, bytes_view>;

template <class R>
concept other_bytes = !known_bytes<R> && byte_range<const R&>;

template <class T>
concept text_bytes =
    !known_bytes<T> && !byte_range<const T&> && std::convertible_to<const T&, std::string_view>;

}  // namespace detail

/// Borrowed bytes, for functions that read them during the call. Made implicitly from
///
/// - any contiguous range of char, unsigned char (std::uint8_t), std::byte or char8_t, such as
///   std::string, std::vector<std::uint8_t> or std::span<const char>,
/// - a literal, without its NUL, and any other array of char or char8_t, up to its first NUL,
/// - whatever converts to std::string_view, such as a pointer to a text that ends with a NUL,
/// - a pointer and a size in braces: `parse({data, size})`.
///
/// Lives as long as the bytes.
class bytes_view {
 public:
  /// No bytes.
  constexpr bytes_view() = default;
  /// These bytes. Compilers need not judge them as a range, which takes them long.
  constexpr bytes_view(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}
  /// The bytes of a range.
  template <detail::other_bytes R>
  constexpr bytes_view(const R& range) noexcept
      : bytes_view(std::ranges::data(range), size_of(range)) {}
  /// The bytes of a text.
  template <detail::text_bytes Text>
  bytes_view(const Text& text) noexcept : bytes_view(std::string_view(text)) {}
  /// Deleted: there is no text at a null pointer.
  bytes_view(std::nullptr_t) = delete;
  /// `size` bytes from `data` on.
  template <detail::byte_like T>
  constexpr bytes_view(const T* data, std::size_t size) noexcept {
    if constexpr (std::same_as<T, std::byte>)
      bytes_ = {data, size};
    else
      bytes_ = std::as_bytes(std::span(data, size));
  }

  /// The bytes.
  constexpr std::span<const std::byte> span() const noexcept { return bytes_; }

 private:
  template <class R>
  static constexpr std::size_t size_of(const R& range) noexcept {
    using value = std::ranges::range_value_t<const R&>;
    if constexpr (std::is_array_v<R> && (std::same_as<value, char> || std::same_as<value, char8_t>))
      return static_cast<std::size_t>(std::ranges::find(range, value{}) - range);
    else
      return std::ranges::size(range);
  }

  std::span<const std::byte> bytes_{};
};

}  // namespace tlsrpt

#endif
