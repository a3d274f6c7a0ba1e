/// @file
/// Memory that is reused from report to report and reports its exhaustion instead of throwing.

#ifndef TLSRPT_HPP_DETAIL_CORE_BUFFER
#define TLSRPT_HPP_DETAIL_CORE_BUFFER

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include <tlsrpt/limits.hpp>

namespace tlsrpt::detail {

/// Whether memory is freed rather than kept between two uses. Views die with the next use of what
/// they point into; kept memory would hide a view that is used too long, freed memory lets
/// AddressSanitizer name it.
inline constexpr bool frees_on_reuse =
#if defined(__SANITIZE_ADDRESS__)
    true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    true;
#else
    false;
#endif
#else
    false;
#endif

/// Room for a text, with tlsrpt::padding more octets after it. Move-only; a buffer that was moved
/// from is empty.
class padded_buffer {
 public:
  padded_buffer() = default;
  padded_buffer(padded_buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), capacity_(std::exchange(other.capacity_, 0)) {}
  padded_buffer& operator=(padded_buffer&& other) noexcept {
    padded_buffer taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(capacity_, taken.capacity_);
    return *this;
  }
  ~padded_buffer() { std::free(data_); }

  /// Null before the first reserve().
  char* data() noexcept { return data_; }
  const char* data() const noexcept { return data_; }

  /// Octets for the text, the padding not counted.
  std::size_t capacity() const noexcept { return capacity_; }

  /// Makes room for `size` octets of text and keeps the first `keep` octets. Capacity at least
  /// doubles, but not beyond `most`, which is not below `size`. False when there is no memory;
  /// then kept octets are still there.
  bool reserve(std::size_t size, std::size_t keep,
               std::size_t most = std::numeric_limits<std::size_t>::max()) noexcept;

  /// Holds a copy of `text`, which does not lie in this buffer. False when there is no memory.
  bool assign(std::span<const std::byte> text) noexcept {
    if (!reserve(text.size(), 0)) return false;
    if (!text.empty()) std::memcpy(data_, text.data(), text.size());
    terminate(text.size());
    return true;
  }

  /// Whether `text` lies in this buffer.
  bool holds(std::span<const std::byte> text) const noexcept {
    const auto first = reinterpret_cast<std::uintptr_t>(text.data());
    const auto begin = reinterpret_cast<std::uintptr_t>(data_);
    return data_ != nullptr && first - begin < capacity_ + padding;
  }

  /// Zeroes the padding after a text of `size` octets.
  void terminate(std::size_t size) noexcept { std::memset(data_ + size, 0, padding); }

  /// The text is no longer used; the memory may be.
  void recycle() noexcept {
    if constexpr (frees_on_reuse) release();
  }

  /// Gives back all memory.
  void release() noexcept {
    std::free(std::exchange(data_, nullptr));
    capacity_ = 0;
  }

 private:
  char* data_ = nullptr;
  std::size_t capacity_ = 0;
};

/// An array that grows, of values that can be copied as octets. Move-only; an arena that was moved
/// from is empty.
template <class T>
class arena {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= alignof(std::max_align_t));

 public:
  arena() = default;
  arena(arena&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  arena& operator=(arena&& other) noexcept {
    arena taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    std::swap(capacity_, taken.capacity_);
    return *this;
  }
  ~arena() { std::free(data_); }

  T* data() noexcept { return data_; }
  const T* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

  /// Appends an element that is value-initialised and returns it; null when there is no memory,
  /// then nothing has changed. When elements move to other memory, and before the old one is freed,
  /// `rebase(const T* old_begin, T* new_begin, std::size_t size)` may correct pointers to them.
  template <class Rebase>
  T* extend(Rebase rebase) noexcept {
    if (size_ == capacity_ && !grow(std::max(first_capacity, 2 * capacity_), rebase)) [[unlikely]]
      return nullptr;
    return std::construct_at(data_ + size_++);
  }
  T* extend() noexcept { return extend(nothing{}); }

  /// Appends a copy of `value`, which may be an element. False when there is no memory.
  template <class Rebase>
  bool push(const T& value, Rebase rebase) noexcept {
    const T kept = value;
    T* const added = extend(rebase);
    if (added == nullptr) [[unlikely]]
      return false;
    *added = kept;
    return true;
  }
  bool push(const T& value) noexcept { return push(value, nothing{}); }

  /// Appends copies of values that are no elements. False when there is no memory.
  bool append(std::span<const T> values) noexcept {
    if (!make_room(values.size())) return false;
    std::uninitialized_copy_n(values.data(), values.size(), data_ + size_);
    size_ += values.size();
    return true;
  }

  /// Takes out the last element.
  void drop_last() noexcept { --size_; }
  /// Takes out all elements from the one that `end` points to.
  void drop_from(const T* end) noexcept { size_ = static_cast<std::size_t>(end - data_); }

  /// Makes room for `count` elements in all. False when there is no memory.
  bool reserve(std::size_t count) noexcept { return count <= capacity_ || grow(count, nothing{}); }

  /// Makes room for `more` elements than there are, so that their extend() does not fail. Capacity
  /// at least doubles. False when there is no memory.
  bool make_room(std::size_t more) noexcept {
    if (capacity_ - size_ >= more) [[likely]]
      return true;
    return more <= std::numeric_limits<std::size_t>::max() / 2 - size_ &&
           grow(std::max({first_capacity, 2 * capacity_, size_ + more}), nothing{});
  }

  /// Takes out all elements; the memory may be used again.
  void clear() noexcept {
    size_ = 0;
    if constexpr (frees_on_reuse) release();
  }

  /// Takes out all elements and gives back all memory.
  void release() noexcept {
    std::free(std::exchange(data_, nullptr));
    size_ = capacity_ = 0;
  }

 private:
  static constexpr std::size_t first_capacity = 16;
  struct nothing {};

  template <class Rebase>
  [[gnu::cold, gnu::noinline]] bool grow(std::size_t capacity, Rebase rebase) noexcept;

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

inline bool padded_buffer::reserve(std::size_t size, std::size_t keep, std::size_t most) noexcept {
  if (data_ != nullptr && size <= capacity_) return true;
  if (size > std::numeric_limits<std::size_t>::max() - padding) return false;
  const std::size_t capacity = std::max(size, std::min(2 * capacity_, most));
  if (keep == 0) release();  // Nothing for realloc to copy.
  void* const memory = std::realloc(data_, capacity + padding);
  if (memory == nullptr) return false;
  data_ = static_cast<char*>(memory);
  capacity_ = capacity;
  return true;
}

template <class T>
template <class Rebase>
bool arena<T>::grow(std::size_t capacity, Rebase rebase) noexcept {
  constexpr std::size_t size = sizeof(T);  // NOLINT(bugprone-sizeof-expression): also of pointers
  if (capacity > std::numeric_limits<std::size_t>::max() / size) return false;
  T* grown;
  if constexpr (std::is_same_v<Rebase, nothing>) {
    // A large array is moved without copying it where the system can.
    grown = static_cast<T*>(std::realloc(static_cast<void*>(data_), capacity * size));
    if (grown == nullptr) return false;
  } else {
    grown = static_cast<T*>(std::malloc(capacity * size));
    if (grown == nullptr) return false;
    std::uninitialized_copy_n(data_, size_, grown);
    if (size_ != 0) rebase(static_cast<const T*>(data_), grown, size_);
    std::free(data_);
  }
  data_ = grown;
  capacity_ = capacity;
  return true;
}

}  // namespace tlsrpt::detail

#endif
