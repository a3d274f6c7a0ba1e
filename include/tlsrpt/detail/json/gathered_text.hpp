/// @file
/// Gathers short texts for an output.

#ifndef TLSRPT_HPP_DETAIL_JSON_GATHERED_TEXT
#define TLSRPT_HPP_DETAIL_JSON_GATHERED_TEXT

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/text/put.hpp>

namespace tlsrpt::detail {

/// An output before another one, which gets its text in large parts: a call for each word of it
/// would take longer than to write the word. What was gathered last has to be handed over.
template <class Out>
class gathered_text {
 public:
  /// As much as a usual report has, in whole blocks of a hash.
  static constexpr std::size_t capacity = 1024;

  explicit constexpr gathered_text(Out& out) noexcept : out_(out) {}

  /// Room for `size` octets, capacity at most, until the next call.
  [[gnu::always_inline]] constexpr char* room(std::size_t size) noexcept(is_nothrow_output<Out>) {
    if (capacity - size_ < size) [[unlikely]]
      hand_over();
    return room_ + size_;
  }
  /// Keeps the first `size` octets of the room.
  [[gnu::always_inline]] constexpr void keep(std::size_t size) noexcept { size_ += size; }

  constexpr void append(std::string_view text) noexcept(is_nothrow_output<Out>) {
    if (text.size() > capacity) {
      hand_over();
      return put(out_, text);
    }
    std::copy_n(text.data(), text.size(), room(text.size()));
    keep(text.size());
  }
  [[gnu::always_inline]] constexpr void append(char octet) noexcept(is_nothrow_output<Out>) {
    *room(1) = octet;
    keep(1);
  }

  /// Gives the output all that was gathered.
  constexpr void hand_over() noexcept(is_nothrow_output<Out>) {
    put(out_, std::string_view(room_, size_));
    size_ = 0;
  }

 private:
  Out& out_;
  std::size_t size_ = 0;
  char room_[capacity];
};

}  // namespace tlsrpt::detail

#endif
