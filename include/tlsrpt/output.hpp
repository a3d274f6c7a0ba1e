/// @file
/// How the library writes text: to anything that takes it, to a span, or as a short text by value.
/// Needs nothing but the standard library and allocates nothing.
///
/// Functions that write take the output first, as in write_record(out, ...), and throw only what
/// the output throws. One that may refuse its arguments looks at them before it writes: on an error
/// nothing is written. Where the span may be too small, span_output reports the size needed.

#ifndef TLSRPT_HPP_OUTPUT
#define TLSRPT_HPP_OUTPUT

#include <compare>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

#include <tlsrpt/detail/core/lifetime.hpp>

namespace tlsrpt {

/// What text can be written to. It has append(const char*, std::size_t), as std::string has it, or
/// append(std::string_view), or push_back() for octets of any type, as std::vector<std::byte> has
/// it. The first of these is used.
template <class Out>
concept text_output = requires(std::remove_reference_t<Out>& out, std::string_view text) {
  out.append(text.data(), text.size());
}
|| requires(std::remove_reference_t<Out>& out, std::string_view text) { out.append(text); }
|| requires(std::remove_reference_t<Out>& out,
            typename std::remove_reference_t<Out>::value_type octet) {
  out.push_back(octet);
  requires sizeof octet == 1;
};

/// An output of fixed size. Writes as far as the octets fit and counts those that are needed, so
/// that a second try can succeed; with an empty span it only counts.
class span_output {
 public:
  /// Writes to `room`, which must outlive this object.
  explicit constexpr span_output(std::span<char> room) noexcept : room_(room) {}

  /// Adds a text, as far as there is room.
  constexpr void append(std::string_view text) noexcept;

  /// Octets needed for all that was added.
  constexpr std::size_t size() const noexcept { return size_; }
  /// Whether all that was added has been written.
  constexpr bool fits() const noexcept { return size_ <= room_.size(); }
  /// What was written; only the beginning of it unless fits(). It lives as long as the room.
  constexpr std::string_view text() const noexcept;

 private:
  std::span<char> room_;
  std::size_t size_ = 0;
};

/// A text of at most `Capacity` octets by value. What the library returns as such always fits.
/// For maps it has an order and a std::hash, those of its std::string_view.
template <std::size_t Capacity>
class short_text {
 public:
  /// An empty text.
  constexpr short_text() noexcept = default;

  /// Adds a text, as far as there is room.
  constexpr void append(std::string_view text) noexcept;

  /// The text. It lives as long as this object.
  constexpr std::string_view view() const& noexcept TLSRPT_HPP_LIFETIMEBOUND {
    return {octets_, size_};
  }
  /// Deleted: the view of a temporary would dangle. std::string(text) makes a copy.
  std::string_view view() const&& = delete;
  /// The same as view().
  constexpr operator std::string_view() const& noexcept TLSRPT_HPP_LIFETIMEBOUND { return view(); }
  /// Deleted: the view of a temporary would dangle.
  operator std::string_view() const&& = delete;

  /// Octets of the text.
  constexpr std::size_t size() const noexcept { return size_; }
  /// Whether it has none.
  constexpr bool empty() const noexcept { return size_ == 0; }

  // Compared as std::string_view, with temporaries too.

  /// Whether the texts are equal.
  friend constexpr bool operator==(const short_text& a, const short_text& b) noexcept {
    return a.view() == b.view();
  }
  friend constexpr bool operator==(const short_text& a, std::string_view b) noexcept {
    return a.view() == b;
  }
  /// By the octets.
  friend constexpr std::strong_ordering operator<=>(const short_text& a,
                                                    const short_text& b) noexcept {
    return a.view() <=> b.view();
  }
  friend constexpr std::strong_ordering operator<=>(const short_text& a,
                                                    std::string_view b) noexcept {
    return a.view() <=> b;
  }

 private:
  char octets_[Capacity]{};
  std::size_t size_ = 0;
};

}  // namespace tlsrpt

/// The hash of its std::string_view.
template <std::size_t Capacity>
struct std::hash<tlsrpt::short_text<Capacity>> {
  /// Linear.
  std::size_t operator()(const tlsrpt::short_text<Capacity>& text) const noexcept {
    return std::hash<std::string_view>{}(text.view());
  }
};

#include <tlsrpt/impl/output.hpp>

#endif
