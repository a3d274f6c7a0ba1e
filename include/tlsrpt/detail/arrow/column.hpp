/// @file
/// A column that grows value by value, and the memory in which it is given away.

#ifndef TLSRPT_HPP_DETAIL_ARROW_COLUMN
#define TLSRPT_HPP_DETAIL_ARROW_COLUMN

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include <tlsrpt/detail/json/text.hpp>
#include <tlsrpt/detail/text/utf8.hpp>

namespace tlsrpt::detail {

/// Octets that grow. Once there was no memory they stay failed, until release().
class octet_buffer {
 public:
  octet_buffer() = default;
  octet_buffer(const octet_buffer&) = delete;
  octet_buffer& operator=(const octet_buffer&) = delete;
  ~octet_buffer() { std::free(data_); }

  std::byte* data() noexcept { return data_; }
  const std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool has_failed() const noexcept { return has_failed_; }

  void append(const void* octets, std::size_t size) noexcept {
    if (size == 0) return;
    if (capacity_ - size_ < size && !grow(size)) [[unlikely]]
      return;
    std::memcpy(data_ + size_, octets, size);
    size_ += size;
  }
  template <class T>
  void push(T value) noexcept {
    append(&value, sizeof value);
  }

  /// Takes out all octets; the memory is used again.
  void clear() noexcept { size_ = 0; }
  void release() noexcept {
    std::free(data_);
    data_ = nullptr;
    size_ = capacity_ = 0;
    has_failed_ = false;
  }

 private:
  [[gnu::cold, gnu::noinline]] bool grow(std::size_t more) noexcept {
    constexpr std::size_t first_capacity = 256;
    const bool has_room = !has_failed_ && more <= std::numeric_limits<std::size_t>::max() / 4 &&
                          capacity_ <= std::numeric_limits<std::size_t>::max() / 4;
    const std::size_t capacity = std::max({first_capacity, 2 * capacity_, size_ + more});
    void* const grown = has_room ? std::realloc(data_, capacity) : nullptr;
    has_failed_ = grown == nullptr;
    if (has_failed_) return false;
    data_ = static_cast<std::byte*>(grown);
    capacity_ = capacity;
    return true;
  }

  std::byte* data_ = nullptr;
  std::size_t size_ = 0, capacity_ = 0;
  bool has_failed_ = false;
};

/// What the values of a column are.
enum class column_kind : std::uint8_t {
  text,    ///< UTF-8, with offsets of 32 bits.
  number,  ///< 64 bits.
  day,     ///< 32 bits.
  list,    ///< Of what the column after it has, with offsets of 32 bits.
  row      ///< A struct of columns after it.
};

/// Memory that is filled with buffers, one after the other.
class buffer_places {
 public:
  /// What Arrow recommends.
  static constexpr std::size_t alignment = 64;

  explicit buffer_places(std::byte* begin) noexcept : next_(begin) {}

  /// What a buffer takes.
  static constexpr std::size_t size_of(std::size_t size) noexcept {
    return (size + alignment - 1) / alignment * alignment;
  }
  std::byte* take(std::size_t size) noexcept {
    std::byte* const taken = next_;
    next_ += size_of(size);
    return taken;
  }

 private:
  std::byte* next_;
};

/// A column of any kind. What does not fit or finds no memory makes it fail; it is useless then.
///
/// Most columns of most reports are null, so nulls are only counted until a value comes.
class column {
 public:
  using buffers = std::array<const void*, 3>;

  void put_null() noexcept { ++nulls_ahead_; }
  void put_text(std::string_view text) noexcept {
    data_.append(text.data(), text.size());
    put_end(text.size());
  }
  void put_number(std::int64_t number) noexcept {
    write_nulls(std::int64_t{0});
    values_.push(number);
    put_valid();
  }
  void put_day(std::int32_t day) noexcept {
    write_nulls(std::int32_t{0});
    values_.push(day);
    put_valid();
  }
  /// A list of the `elements` values that were put into its column.
  void put_list(std::size_t elements) noexcept { put_end(elements); }
  void put_row() noexcept { ++length_; }

  std::size_t length() const noexcept { return length_ + nulls_ahead_; }
  std::size_t nulls() const noexcept { return nulls_ + nulls_ahead_; }
  bool has_failed() const noexcept {
    return is_too_long_ || validity_.has_failed() || values_.has_failed() || data_.has_failed();
  }

  /// The octets that give() needs, of a column with rows; it does not fail.
  std::size_t given_size(column_kind kind) const noexcept {
    if (kind == column_kind::row) return 0;
    return buffer_places::size_of(validity_size()) + buffer_places::size_of(values_size(kind)) +
           buffer_places::size_of(data_.size());
  }
  /// Writes the buffers that Arrow prescribes: validity, which is null when no value is; numbers or
  /// offsets; the octets of texts, with "?" for those that are not UTF-8, which some consumers do
  /// not survive.
  buffers give(column_kind kind, buffer_places& places) const noexcept {
    return {give_validity(places.take(validity_size())),
            give_values(kind, places.take(values_size(kind))),
            give_data(kind, places.take(data_.size()))};
  }

  /// Begins anew, in the same memory.
  void clear() noexcept {
    for (octet_buffer* each : {&validity_, &values_, &data_}) each->clear();
    begin_anew();
  }
  /// Begins anew without memory, also after it has failed.
  void release() noexcept {
    for (octet_buffer* each : {&validity_, &values_, &data_}) each->release();
    begin_anew();
  }

 private:
  void begin_anew() noexcept {
    length_ = nulls_ = nulls_ahead_ = 0;
    end_ = 0;
    is_too_long_ = false;
  }

  void put_end(std::size_t more) noexcept {
    write_nulls(end_);
    const auto left = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max() - end_);
    if (more > left)
      is_too_long_ = true;
    else
      end_ += static_cast<std::int32_t>(more);
    values_.push(end_);
    put_valid();
  }
  void put_valid() noexcept {
    if (nulls_ != 0) put_bit();
    ++length_;
  }
  void put_bit() noexcept {
    const auto place = static_cast<unsigned>(length_ & 7);
    if (place == 0) validity_.push(std::uint8_t{0});
    if (validity_.has_failed()) return;
    validity_.data()[validity_.size() - 1] |= static_cast<std::byte>(1u << place);
  }

  /// Writes the nulls that were counted, each with `value`. There are bits from the first null on
  /// only, and those after the last one are 0.
  template <class T>
  void write_nulls(T value) noexcept {
    if (nulls_ahead_ == 0) return;
    if (nulls_ == 0) {
      for (std::size_t i = 0; i < length_ / 8; ++i) validity_.push(all_valid);
      if (length_ % 8 != 0) validity_.push(first_valid(length_ % 8));
    }
    for (std::size_t i = 0; i < nulls_ahead_; ++i) values_.push(value);
    length_ += nulls_ahead_;
    nulls_ += std::exchange(nulls_ahead_, 0);
    while (validity_.size() < octets_of(length_) && !validity_.has_failed())
      validity_.push(std::uint8_t{0});
  }

  // ---- what is given

  static constexpr std::uint8_t all_valid = 0xff;
  static constexpr std::uint8_t first_valid(std::size_t count) noexcept {
    return static_cast<std::uint8_t>((1u << count) - 1);
  }
  static constexpr std::size_t octets_of(std::size_t bits) noexcept { return (bits + 7) / 8; }
  static constexpr bool has_offsets(column_kind kind) noexcept {
    return kind == column_kind::text || kind == column_kind::list;
  }

  std::size_t validity_size() const noexcept { return nulls() == 0 ? 0 : octets_of(length()); }
  std::size_t values_size(column_kind kind) const noexcept {
    const std::size_t size =
        kind == column_kind::number ? sizeof(std::int64_t) : sizeof(std::int32_t);
    return (length() + (has_offsets(kind) ? 1 : 0)) * size;
  }

  const void* give_validity(std::byte* to) const noexcept {
    if (nulls() == 0) return nullptr;
    const std::size_t written = octets_of(length_);
    if (nulls_ != 0) {
      std::memcpy(to, validity_.data(), written);
    } else {
      std::memset(to, all_valid, written);
      if (length_ % 8 != 0) to[written - 1] = std::byte{first_valid(length_ % 8)};
    }
    std::memset(to + written, 0, validity_size() - written);
    return to;
  }
  const void* give_values(column_kind kind, std::byte* to) const noexcept {
    std::byte* at = to;
    if (has_offsets(kind)) at = fill(at, 1, std::int32_t{0});
    if (values_.size() != 0) std::memcpy(at, values_.data(), values_.size());
    at += values_.size();
    if (kind == column_kind::number)
      fill(at, nulls_ahead_, std::int64_t{0});
    else
      fill(at, nulls_ahead_, end_);  // 0 in a column of days
    return to;
  }
  template <class T>
  static std::byte* fill(std::byte* to, std::size_t count, T value) noexcept {
    for (std::size_t i = 0; i < count; ++i, to += sizeof value)
      std::memcpy(to, &value, sizeof value);
    return to;
  }
  const void* give_data(column_kind kind, std::byte* to) const noexcept {
    if (data_.size() == 0) return to;
    std::memcpy(to, data_.data(), data_.size());
    auto* const octets = reinterpret_cast<char*>(to);
    if (kind == column_kind::text && has_octet_above_ascii({octets, data_.size()}))
      make_texts_utf8(octets);
    return to;
  }
  void make_texts_utf8(char* octets) const noexcept {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < length_; ++i) {
      std::int32_t end = 0;
      std::memcpy(&end, values_.data() + i * sizeof end, sizeof end);
      const std::size_t size = static_cast<std::size_t>(end) - begin;
      if (has_octet_above_ascii({octets + begin, size})) make_utf8(octets + begin, size);
      begin += size;
    }
  }

  octet_buffer validity_, values_, data_;
  std::size_t length_ = 0, nulls_ = 0;
  std::size_t nulls_ahead_ = 0;  ///< After those, in none of the buffers.
  std::int32_t end_ = 0;
  bool is_too_long_ = false;
};

}  // namespace tlsrpt::detail

#endif
