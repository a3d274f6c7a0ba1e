/// @file
/// The structural index of a JSON text, made by simdjson's first stage. The only file that includes
/// <simdjson.h>.
///
/// simdjson offers no finished interface to its first stage:
/// `simdjson::dom::parser::implementation` is public for benchmarks and the same from 3.0.1 to 4.x.
/// Should a later version move it, the check below says so, and this file alone has to change.

#ifndef TLSRPT_HPP_DETAIL_JSON_INDEX
#define TLSRPT_HPP_DETAIL_JSON_INDEX

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <simdjson.h>

#include <tlsrpt/detail/core/buffer.hpp>
#include <tlsrpt/limits.hpp>

namespace tlsrpt::detail {

template <class Parser>
concept has_first_stage = requires(Parser& p, const std::uint8_t* text, std::size_t size) {
  { p.allocate(size, size) } -> std::same_as<simdjson::error_code>;
  {
    p.implementation->stage1(text, size, simdjson::stage1_mode::regular)
    } -> std::same_as<simdjson::error_code>;
  { p.implementation->structural_indexes[0] } -> std::convertible_to<std::uint32_t>;
  { p.implementation->n_structural_indexes } -> std::convertible_to<std::uint32_t>;
};
static_assert(has_first_stage<simdjson::dom::parser>,
              "this version of simdjson hides its first stage; see tlsrpt/detail/json/index.hpp");
static_assert(padding >= simdjson::SIMDJSON_PADDING);

enum class index_status : std::uint8_t { ok, fault, out_of_memory };

/// Offsets of every brace, bracket, colon and comma outside strings, every opening quote, and the
/// first octet of everything else that is not white space, in ascending order. Move-only; an index
/// that was moved from may be built again.
class json_index {
 public:
  /// How many entries after the last one hold the text's size. A walk that runs past the end
  /// because the octets after the text happen to look like JSON meets one and the same octet in
  /// all of them, and is stopped by the grammar or by the depth limit before they are used up.
  static constexpr std::size_t sentinels = 40;

  json_index() = default;
  json_index(json_index&& other) noexcept
      : parser_(std::move(other.parser_)),
        begin_(std::exchange(other.begin_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  json_index& operator=(json_index&& other) noexcept {
    parser_ = std::move(other.parser_);
    begin_ = std::exchange(other.begin_, nullptr);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  /// Indexes `size` octets; tlsrpt::padding more must be readable. `fault` says that the text has
  /// an unclosed string, a control character in a string, invalid UTF-8 or nothing but white space.
  index_status build(const char* text, std::size_t size) noexcept {
    if (size + sentinels > capacity_) {
      const std::size_t capacity = size + size / 2 + 4096;
      if (parser_.allocate(capacity, 1) != simdjson::SUCCESS) {
        release();
        return index_status::out_of_memory;
      }
      capacity_ = capacity;
    }
    simdjson::internal::dom_parser_implementation& stage = *parser_.implementation;
    if (stage.stage1(reinterpret_cast<const std::uint8_t*>(text), size,
                     simdjson::stage1_mode::regular) != simdjson::SUCCESS)
      return index_status::fault;
    begin_ = stage.structural_indexes.get();
    size_ = stage.n_structural_indexes;
    for (std::size_t i = 0; i < sentinels; ++i)
      stage.structural_indexes[size_ + i] = static_cast<std::uint32_t>(size);
    return index_status::ok;
  }

  const std::uint32_t* begin() const noexcept { return begin_; }
  const std::uint32_t* end() const noexcept { return begin_ + size_; }

  void release() noexcept {
    parser_.implementation.reset();
    capacity_ = size_ = 0;
    begin_ = nullptr;
  }

 private:
  simdjson::dom::parser parser_{};
  const std::uint32_t* begin_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace tlsrpt::detail

#endif
