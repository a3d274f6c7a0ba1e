/// @file
/// The structural index of a JSON text, made by simdjson's first stage. The only file that includes
/// <simdjson.h>.
///
/// simdjson offers no finished interface to its first stage:
/// `simdjson::dom::parser::implementation` is public for benchmarks and the same from 3.0.1 to 4.x.
/// Should a later version move it, the check below says so, and this file alone has to change.

#ifndef TLSRPT_HPP_DETAIL_JSON_INDEX
#define TLSRPT_HPP_DETAIL_JSON_INDEX

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <simdjson.h>

#include <tlsrpt/detail/core/reset_on_move.hpp>
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

/// What became of an index: `fault` says that the text has an unclosed string, a control character
/// in a string, invalid UTF-8 or nothing but white space; `unusable`, that simdjson cannot run
/// here.
enum class index_status : std::uint8_t { ok, fault, out_of_memory, unusable };

/// Offsets of every brace, bracket, colon and comma outside strings, every opening quote, and the
/// first octet of everything else that is not white space, in ascending order. Move-only; an index
/// that was moved from is empty and may be built again.
class json_index {
 public:
  /// How many entries after the last one hold the text's size. A walk that runs past the end
  /// because the octets after the text happen to look like JSON meets one and the same octet in all
  /// of them, and is stopped by the grammar or by the depth limit before they are used up.
  static constexpr std::size_t sentinels = 40;

  /// The longest text that can be indexed. simdjson counts octets in 32 bits; where pointers have
  /// no more, an array with an entry for each octet must not have more octets than a pointer
  /// difference can count.
  static constexpr std::size_t largest_text =
      std::min<std::uintmax_t>(simdjson::SIMDJSON_MAXSIZE_BYTES,
                               std::numeric_limits<std::ptrdiff_t>::max() / sizeof(std::uint32_t)) -
      padding;

  /// Indexes `size` octets, at most largest_text; tlsrpt::padding more must be readable.
  index_status build(const char* text, std::size_t size) noexcept {
    entries_.value = {};
    if (size + sentinels > capacity_.value) {
      const index_status status = grow(size + sentinels);
      if (status != index_status::ok) return status;
    }
    simdjson::internal::dom_parser_implementation& stage = *parser_.implementation;
    if (stage.stage1(reinterpret_cast<const std::uint8_t*>(text), size,
                     simdjson::stage1_mode::regular) != simdjson::SUCCESS)
      return index_status::fault;
    entries_.value = {stage.structural_indexes.get(), stage.n_structural_indexes};
#ifdef __GNUC__  // GCC would keep a loop, which takes longer than what it writes.
#pragma GCC unroll 40
#endif
    for (std::size_t i = 0; i < sentinels; ++i)
      stage.structural_indexes[entries_.value.size() + i] = static_cast<std::uint32_t>(size);
    return index_status::ok;
  }

  const std::uint32_t* begin() const noexcept { return entries_.value.data(); }
  const std::uint32_t* end() const noexcept { return begin() + entries_.value.size(); }

  void release() noexcept {
    parser_.implementation.reset();
    capacity_.value = 0;
    entries_.value = {};
  }

 private:
  /// Whether the implementation that simdjson has chosen runs on this machine. It does, unless the
  /// environment variable SIMDJSON_FORCE_IMPLEMENTATION or the program names another.
  static bool is_usable() noexcept {
    static_cast<void>(
        simdjson::get_active_implementation()->name());  // It chooses at the first use.
    return simdjson::get_active_implementation()->supported_by_runtime_system();
  }

  /// Makes room for `needed` entries. Room at least doubles, as far as simdjson allows.
  [[gnu::cold, gnu::noinline]] index_status grow(std::size_t needed) noexcept {
    constexpr std::size_t first = 4096, most = largest_text + sentinels;
    const std::size_t capacity =
        std::max(needed, std::min(most, std::max(first, 2 * capacity_.value)));
    release();
    if (!is_usable()) return index_status::unusable;
    const simdjson::error_code error = parser_.allocate(capacity, 1);
    if (error == simdjson::SUCCESS) {
      capacity_.value = capacity;
      return index_status::ok;
    }
    release();
    return error == simdjson::UNSUPPORTED_ARCHITECTURE ? index_status::unusable
                                                       : index_status::out_of_memory;
  }

  simdjson::dom::parser parser_{};
  reset_on_move<std::span<const std::uint32_t>> entries_;
  reset_on_move<std::size_t> capacity_;
};

}  // namespace tlsrpt::detail

#endif
