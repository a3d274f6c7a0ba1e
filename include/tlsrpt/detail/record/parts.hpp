/// @file
/// Takes the text of a TLSRPT record apart: fields, and the elements of rua lists.

#ifndef TLSRPT_HPP_DETAIL_RECORD_PARTS
#define TLSRPT_HPP_DETAIL_RECORD_PARTS

#include <cstddef>
#include <string_view>

#include <tlsrpt/detail/core/late_array.hpp>
#include <tlsrpt/detail/text/charset.hpp>
#include <tlsrpt/detail/text/trim.hpp>
#include <tlsrpt/detail/record/uri.hpp>
#include <tlsrpt/limits.hpp>

namespace tlsrpt::detail {

inline constexpr std::string_view record_version = "v=TLSRPTv1";

/// A part of a record and where it begins.
struct record_part {
  std::string_view text{};
  std::size_t offset = 0;
};

constexpr record_part without_wsp(record_part part) noexcept {
  const std::string_view text = trim_front(part.text, wsp_octet);
  return {trim_back(text, wsp_octet), part.offset + (part.text.size() - text.size())};
}

/// Hands out the parts of a text between separators, as written.
class part_cursor {
 public:
  constexpr part_cursor() = default;
  constexpr part_cursor(record_part whole, char separator) noexcept
      : rest_(whole), separator_(separator), has_next_(true) {}

  constexpr bool has_next() const noexcept { return has_next_; }
  constexpr record_part next() noexcept {
    const std::size_t end = rest_.text.find(separator_);
    const record_part part{rest_.text.substr(0, end), rest_.offset};
    has_next_ = end != std::string_view::npos;
    if (has_next_) rest_ = {rest_.text.substr(end + 1), rest_.offset + end + 1};
    return part;
  }

 private:
  record_part rest_{};
  char separator_ = ';';
  bool has_next_ = false;
};

/// The parts after the version; `text` begins with the version, whitespace and ";".
constexpr part_cursor fields_of(std::string_view text) noexcept {
  const std::size_t begin = text.find(';');
  if (begin == std::string_view::npos) return {};
  return {{text.substr(begin + 1), begin + 1}, ';'};
}

/// A field split at its first "=".
struct record_field {
  record_part name, value;
  bool has_equals = false;
};

constexpr record_field split_field(record_part field) noexcept {
  const std::size_t equals = field.text.find('=');
  if (equals == std::string_view::npos) return {field, {}, false};
  return {{field.text.substr(0, equals), field.offset},
          {field.text.substr(equals + 1), field.offset + equals + 1},
          true};
}

/// Where a value stops being a tlsrpt-ext-value; npos when it is one.
constexpr std::size_t find_value_fault(std::string_view value) noexcept {
  if (value.empty()) return 0;
  for (std::size_t i = 0; i < value.size(); ++i)
    if (!extension_value_octet(value[i])) return i;
  return std::string_view::npos;
}

/// Hands out the elements of all rua lists that are not empty.
class rua_cursor {
 public:
  constexpr rua_cursor() = default;
  explicit constexpr rua_cursor(std::string_view record) noexcept : fields_(fields_of(record)) {}

  /// False at the end. `cut` says whether the next element may be the rest of this one.
  constexpr bool next(record_part& element, bool& cut) noexcept {
    for (;;) {
      while (elements_.has_next()) {
        element = without_wsp(elements_.next());
        if (element.text.empty()) continue;
        part_cursor ahead = elements_;
        cut = ahead.has_next() && may_be_cut_off(without_wsp(ahead.next()).text);
        return true;
      }
      if (!fields_.has_next()) return false;
      const record_field field = split_field(without_wsp(fields_.next()));
      if (field.has_equals && field.name.text == "rua") elements_ = {field.value, ','};
    }
  }

 private:
  part_cursor fields_{};
  part_cursor elements_{};
};

/// The endpoints that are used, without duplicates, and how many more there are.
class endpoint_set {
 public:
  enum class outcome { added, duplicate, full };

  // Iterators have one, so what is after the last endpoint is neither zeroed nor copied.
  constexpr endpoint_set() noexcept = default;
  constexpr endpoint_set(const endpoint_set& other) noexcept : endpoint_set() { *this = other; }
  constexpr endpoint_set& operator=(const endpoint_set& other) noexcept {
    size_ = other.size_;
    for (std::size_t i = 0; i < size_; ++i) kept_.set(i, other.kept_[i]);
    return *this;
  }

  constexpr outcome add(const endpoint& candidate) noexcept {
    for (std::size_t i = 0; i < size_; ++i)
      if (same_endpoint(kept_[i], candidate)) return outcome::duplicate;
    if (size_ == max_endpoints) return outcome::full;
    kept_.set(size_++, candidate);
    return outcome::added;
  }
  constexpr std::size_t size() const noexcept { return size_; }

 private:
  late_array<endpoint, max_endpoints> kept_;
  std::size_t size_ = 0;
};

}  // namespace tlsrpt::detail

#endif
