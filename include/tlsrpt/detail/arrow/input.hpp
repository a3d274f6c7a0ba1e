/// @file
/// Columns that come from elsewhere: octets, texts and times of any form.

#ifndef TLSRPT_HPP_DETAIL_ARROW_INPUT
#define TLSRPT_HPP_DETAIL_ARROW_INPUT

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include <tlsrpt/detail/arrow/abi.hpp>

namespace tlsrpt::detail {

template <class T>
T read_at(const void* values, std::int64_t place) noexcept {
  T value;
  std::memcpy(&value, static_cast<const std::byte*>(values) + place * std::int64_t{sizeof value},
              sizeof value);
  return value;
}

/// A column of an array, rows of the array counted from 0.
class input_column {
 public:
  input_column() = default;
  /// `first` is the first row in the column itself.
  input_column(const ArrowSchema& schema, const ArrowArray& array, std::int64_t first) noexcept
      : format_(schema.format), array_(&array), first_(array.offset + first) {}

  static bool is_octets(std::string_view format) noexcept {
    return format == "z" || format == "u" || format == "Z" || format == "U" || format == "vz" ||
           format == "vu";
  }
  static bool is_time(std::string_view format) noexcept {
    return format.starts_with("ts") && std::string_view("smun").find(format[2]) != format.npos;
  }

  bool is_there() const noexcept { return array_ != nullptr; }

  /// Of a column that is_octets(); null for a null.
  std::span<const std::byte> octets(std::int64_t row) const noexcept {
    if (!is_valid(row)) return {};
    const std::int64_t place = first_ + row;
    if (format_.front() == 'v') return viewed_octets(place);
    const bool is_large = format_.front() == 'Z' || format_.front() == 'U';
    const std::int64_t begin = offset(is_large, place), end = offset(is_large, place + 1);
    return {static_cast<const std::byte*>(array_->buffers[2]) + begin,
            static_cast<std::size_t>(end - begin)};
  }
  std::string_view text(std::int64_t row) const noexcept {
    const std::span<const std::byte> found = octets(row);
    return {reinterpret_cast<const char*>(found.data()), found.size()};
  }
  /// Of a column that is_time(): microseconds since 1970.
  std::optional<std::int64_t> time(std::int64_t row) const noexcept {
    if (!is_valid(row)) return {};
    const auto time = read_at<std::int64_t>(array_->buffers[1], first_ + row);
    switch (format_[2]) {
      case 's':
        return scaled(time, 1'000'000);
      case 'm':
        return scaled(time, 1'000);
      case 'n':
        return time / 1'000 - (time % 1'000 < 0 ? 1 : 0);
      default:
        return time;
    }
  }

 private:
  /// Nothing when that is beyond all numbers.
  static std::optional<std::int64_t> scaled(std::int64_t time, std::int64_t factor) noexcept {
    constexpr std::int64_t most = INT64_MAX;
    if (time > most / factor || time < -(most / factor)) return {};
    return time * factor;
  }

  bool is_valid(std::int64_t row) const noexcept {
    const void* const validity = array_->buffers[0];
    if (array_->null_count == 0 || validity == nullptr) return true;
    const std::int64_t place = first_ + row;
    return (read_at<std::uint8_t>(validity, place >> 3) >> (place & 7) & 1) != 0;
  }
  std::int64_t offset(bool is_large, std::int64_t place) const noexcept {
    const void* const offsets = array_->buffers[1];
    return is_large ? read_at<std::int64_t>(offsets, place) : read_at<std::int32_t>(offsets, place);
  }
  std::span<const std::byte> viewed_octets(std::int64_t place) const noexcept {
    constexpr std::size_t most_inline = 12;
    const auto* const view = static_cast<const std::byte*>(array_->buffers[1]) + 16 * place;
    const auto size = static_cast<std::size_t>(read_at<std::int32_t>(view, 0));
    if (size <= most_inline) return {view + sizeof(std::int32_t), size};
    const auto buffer = read_at<std::int32_t>(view, 2), begin = read_at<std::int32_t>(view, 3);
    return {static_cast<const std::byte*>(array_->buffers[2 + buffer]) + begin, size};
  }

  std::string_view format_{};
  const ArrowArray* array_ = nullptr;
  std::int64_t first_ = 0;
};

}  // namespace tlsrpt::detail

#endif
