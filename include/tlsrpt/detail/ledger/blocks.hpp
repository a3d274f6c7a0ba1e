/// @file
/// Memory for octets that stay where they are.

#ifndef TLSRPT_HPP_DETAIL_LEDGER_BLOCKS
#define TLSRPT_HPP_DETAIL_LEDGER_BLOCKS

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <tlsrpt/detail/core/buffer.hpp>

namespace tlsrpt::detail {

/// Blocks of memory that are filled one after the other. What is in them never moves, and memory
/// that grows is not needed twice for a moment, as with an array. Move-only.
class block_store {
 public:
  /// What was in use at one time.
  struct mark {
    std::size_t blocks = 0, used_of_last = 0, size = 0;
  };

  block_store() = default;
  block_store(block_store&& other) noexcept
      : blocks_(std::move(other.blocks_)), size_(std::exchange(other.size_, 0)) {}
  block_store& operator=(block_store&& other) noexcept {
    block_store taken(std::move(other));
    std::swap(blocks_, taken.blocks_);
    std::swap(size_, taken.size_);
    return *this;
  }
  ~block_store() { release(); }

  /// Room for `size` octets, until the next call; null when there is no memory.
  char* room(std::size_t size) noexcept {
    if (blocks_.size() == 0 || last().capacity - last().used < size) [[unlikely]]
      if (!add_block(size)) return nullptr;
    return last().data + last().used;
  }

  /// Keeps the first `size` octets of the room.
  void keep(std::size_t size) noexcept {
    if (size == 0) return;
    last().used += size;
    size_ += size;
  }

  /// A copy of `text`; a null view when there is no memory.
  std::string_view copy(std::string_view text) noexcept {
    char* const to = room(text.size());
    if (to == nullptr) return {};
    std::copy_n(text.data(), text.size(), to);
    keep(text.size());
    return {to, text.size()};
  }

  /// A copy of values that can be copied as octets; null when there is no memory.
  template <class T>
  const T* copy(std::span<const T> values) noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    std::size_t size = values.size_bytes() + alignof(T);
    char* const begin = room(size);
    if (begin == nullptr) return nullptr;
    void* at = begin;
    std::align(alignof(T), values.size_bytes(), at, size);
    T* const to = static_cast<T*>(at);
    std::uninitialized_copy(values.begin(), values.end(), to);
    keep(static_cast<std::size_t>(reinterpret_cast<char*>(to + values.size()) - begin));
    return to;
  }

  /// Octets that are kept.
  std::size_t size() const noexcept { return size_; }

  mark end() const noexcept {
    return {blocks_.size(), blocks_.size() == 0 ? 0 : blocks_.data()[blocks_.size() - 1].used,
            size_};
  }
  /// Gives up what was kept after `earlier`.
  void rewind(const mark& earlier) noexcept {
    while (blocks_.size() > earlier.blocks) drop_last_block();
    if (blocks_.size() != 0) last().used = earlier.used_of_last;
    size_ = earlier.size;
  }

  /// Keeps nothing; the memory of one block may be used again.
  void clear() noexcept {
    if constexpr (frees_on_reuse) return release();
    while (blocks_.size() > 1) drop_last_block();
    if (blocks_.size() != 0) last().used = 0;
    size_ = 0;
  }

  /// Gives back all memory.
  void release() noexcept {
    while (blocks_.size() != 0) drop_last_block();
    blocks_.release();
    size_ = 0;
  }

 private:
  struct block {
    char* data = nullptr;
    std::size_t capacity = 0, used = 0;
  };

  block& last() noexcept { return blocks_.data()[blocks_.size() - 1]; }

  [[gnu::cold, gnu::noinline]] bool add_block(std::size_t size) noexcept {
    // As large as all before together, so that a small store stays small.
    constexpr std::size_t smallest = std::size_t{4} << 10, largest = std::size_t{1} << 20;
    const std::size_t capacity = std::max(size, std::clamp(size_, smallest, largest));
    void* const data = std::malloc(capacity);
    if (data == nullptr) return false;
    if (blocks_.push({static_cast<char*>(data), capacity, 0})) return true;
    std::free(data);
    return false;
  }

  void drop_last_block() noexcept {
    std::free(last().data);
    blocks_.drop_last();
  }

  arena<block> blocks_;
  std::size_t size_ = 0;
};

}  // namespace tlsrpt::detail

#endif
