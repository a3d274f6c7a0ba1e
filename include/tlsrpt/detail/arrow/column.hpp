/// @file
/// A column that grows value by value, in the buffers that Arrow prescribes.

#ifndef TLSRPT_HPP_DETAIL_ARROW_COLUMN
#define TLSRPT_HPP_DETAIL_ARROW_COLUMN

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string_view>

#include <tlsrpt/detail/text/utf8.hpp>

namespace tlsrpt::detail {

/// Octets that grow. Once there was no memory they stay failed.
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

/// A column of any kind. What does not fit or finds no memory makes it fail; it is useless then.
class column {
 public:
  void put_null_text() noexcept {
    begin_offsets();
    values_.push(end_);
    put_null();
  }
  /// With "?" for octets that are not UTF-8, which some consumers do not survive.
  void put_text(std::string_view text) noexcept {
    begin_offsets();
    const std::size_t begin = data_.size();
    data_.append(text.data(), text.size());
    std::uint8_t octets = 0;
    for (char c : text) octets = static_cast<std::uint8_t>(octets | static_cast<std::uint8_t>(c));
    if (octets >= 0x80 && !data_.has_failed())
      make_utf8(reinterpret_cast<char*>(data_.data()) + begin, text.size());
    put_end(text.size());
  }
  void put_null_number() noexcept {
    values_.push(std::int64_t{0});
    put_null();
  }
  void put_number(std::int64_t number) noexcept {
    values_.push(number);
    put_valid();
  }
  void put_null_day() noexcept {
    values_.push(std::int32_t{0});
    put_null();
  }
  void put_day(std::int32_t day) noexcept {
    values_.push(day);
    put_valid();
  }
  /// A list of the `elements` values that were put into its column.
  void put_list(std::size_t elements) noexcept {
    begin_offsets();
    put_end(elements);
  }
  void put_null_list() noexcept { put_null_text(); }
  void put_row() noexcept { ++length_; }

  std::int64_t length() const noexcept { return length_; }
  std::int64_t nulls() const noexcept { return nulls_; }
  bool has_failed() const noexcept {
    return is_too_long_ || validity_.has_failed() || values_.has_failed() || data_.has_failed();
  }

  /// To be called before the pointers are asked for: also no values have offsets.
  void finish(column_kind kind) noexcept {
    if (kind == column_kind::text || kind == column_kind::list) begin_offsets();
  }
  /// Bits, 1 for a value; null when no value is.
  const void* validity() const noexcept { return nulls_ == 0 ? nullptr : validity_.data(); }
  /// Numbers or offsets. Never null, since some consumers look at it without need.
  const void* values() const noexcept { return pointer_of(values_); }
  /// The octets of texts.
  const void* data() const noexcept { return pointer_of(data_); }

 private:
  static const void* pointer_of(const octet_buffer& buffer) noexcept {
    static constexpr std::int64_t nothing[1]{};
    return buffer.data() != nullptr ? static_cast<const void*>(buffer.data()) : nothing;
  }

  void begin_offsets() noexcept {
    if (length_ == 0 && values_.size() == 0) values_.push(std::int32_t{0});
  }
  void put_end(std::size_t more) noexcept {
    const auto left = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max() - end_);
    if (more > left)
      is_too_long_ = true;
    else
      end_ += static_cast<std::int32_t>(more);
    values_.push(end_);
    put_valid();
  }
  /// Bits are kept from the first null on only.
  void put_null() noexcept {
    if (nulls_++ == 0)
      for (std::int64_t i = 0; i < length_; i += 8) validity_.push(std::uint8_t{0xff});
    put_bit(false);
  }
  void put_valid() noexcept {
    if (nulls_ == 0)
      ++length_;
    else
      put_bit(true);
  }
  void put_bit(bool bit) noexcept {
    const auto place = static_cast<unsigned>(length_ & 7);
    if (place == 0) validity_.push(std::uint8_t{0});
    ++length_;
    if (validity_.has_failed()) return;
    std::byte& octet = validity_.data()[validity_.size() - 1];
    const auto mask = static_cast<std::byte>(1u << place);
    octet = bit ? octet | mask : octet & ~mask;
  }

  octet_buffer validity_, values_, data_;
  std::int64_t length_ = 0, nulls_ = 0;
  std::int32_t end_ = 0;
  bool is_too_long_ = false;
};

}  // namespace tlsrpt::detail

#endif
