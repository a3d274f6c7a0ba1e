/// @file
/// Several octets at a time, in registers. Usable in constant expressions.

#ifndef TLSRPT_HPP_DETAIL_TEXT_WORDS
#define TLSRPT_HPP_DETAIL_TEXT_WORDS

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tlsrpt::detail {

template <class Word, std::size_t... I>
[[gnu::always_inline]] constexpr Word join_octets(const char* text,
                                                  std::index_sequence<I...>) noexcept {
  return static_cast<Word>(
      ((static_cast<Word>(static_cast<std::uint8_t>(text[I])) << (8 * I)) | ...));
}

/// The first octets of `text` as one word, the first of them in its lowest bits. Compilers make a
/// single load of it.
template <class Word>
[[gnu::always_inline]] constexpr Word load_word(const char* text) noexcept {
  return join_octets<Word>(text, std::make_index_sequence<sizeof(Word)>{});
}

/// Writes a word as load_word() reads it. Left alone, compilers store some octets apart as soon as
/// they know something about them.
template <class Word>
[[gnu::always_inline]] constexpr void store_word(char* text, Word word) noexcept {
  if (std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
    std::memcpy(text, &word, sizeof word);
    return;
  }
  for (std::size_t i = 0; i < sizeof word; ++i) text[i] = static_cast<char>(word >> (8 * i) & 0xff);
}

/// Copies a number of octets that compilers know, so that it takes no call.
template <std::size_t Count>
[[gnu::always_inline]] constexpr void copy_octets(const char* from, char* to) noexcept {
  if (std::is_constant_evaluated())
    std::copy_n(from, Count, to);
  else
    std::memcpy(to, from, Count);
}

// An x86 without SSE has no such register, and GCC warns of it.
#if defined(__GNUC__) && ((!defined(__i386__) && !defined(__x86_64__)) || defined(__SSE2__))
#define TLSRPT_HPP_HAS_OCTET_BLOCKS 1
/// 16 octets in one register. GCC 12 does not vectorize loops over words.
using octet_block [[gnu::vector_size(16)]] = std::uint8_t;

/// The first octets of `text`, of which as many must be readable.
[[gnu::always_inline]] inline octet_block load_block(const char* text) noexcept {
  octet_block block;
  std::memcpy(&block, text, sizeof block);
  return block;
}

/// The octets of a block as two words.
[[gnu::always_inline]] inline std::array<std::uint64_t, 2> words_of(octet_block block) noexcept {
  std::array<std::uint64_t, 2> words;
  std::memcpy(words.data(), &block, sizeof block);
  return words;
}

/// A bit for each octet of a block whose octets are all 0 or 0xff, the first in the lowest.
[[gnu::always_inline]] inline std::uint32_t bits_of(octet_block block) noexcept {
#if defined(__SSE2__)
  using signed_block [[gnu::vector_size(16)]] = char;
  return static_cast<std::uint32_t>(__builtin_ia32_pmovmskb128(signed_block(block)));
#else
  // The product gathers the lowest bits of all octets in the highest octet.
  const auto gathered = [](std::uint64_t word) {
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    constexpr std::uint64_t lowest_bits = 0x0101'0101'0101'0101, factor = 0x0102'0408'1020'4080;
    return static_cast<std::uint32_t>((word & lowest_bits) * factor >> 56);
  };
  const auto [first, second] = words_of(block);
  return gathered(first) | gathered(second) << 8;
#endif
}
#else
#define TLSRPT_HPP_HAS_OCTET_BLOCKS 0
#endif

// Programs are compiled for older processors than most are, so whether this one has registers of
// 32 octets is found out when the program runs.
#if TLSRPT_HPP_HAS_OCTET_BLOCKS && defined(__x86_64__) && !defined(_WIN32)
#define TLSRPT_HPP_HAS_WIDE_BLOCKS 1
/// 32 octets in one register, in functions for AVX2 alone.
using wide_block [[gnu::vector_size(32)]] = std::uint8_t;

[[gnu::always_inline]] inline bool has_wide_blocks() noexcept {
#if defined(__AVX2__)
  return true;
#else
  return __builtin_cpu_supports("avx2") != 0;
#endif
}
#else
#define TLSRPT_HPP_HAS_WIDE_BLOCKS 0
#endif

/// The octets in which `text` differs from `Wanted` in its `At`th word; the last word ends with it.
template <const std::string_view& Wanted, class Word, std::size_t At>
[[gnu::always_inline]] constexpr Word word_difference(const char* text) noexcept {
  constexpr std::size_t first = std::min(At * sizeof(Word), Wanted.size() - sizeof(Word));
  constexpr Word wanted = load_word<Word>(Wanted.data() + first);
  return static_cast<Word>(load_word<Word>(text + first) ^ wanted);
}

template <const std::string_view& Wanted, class Word, std::size_t... I>
[[gnu::always_inline]] constexpr Word word_differences(const char* text,
                                                       std::index_sequence<I...>) noexcept {
  return (word_difference<Wanted, Word, I>(text) | ...);
}

/// The bits in which `Wanted` and as many octets at `text` differ, all words of them in one, the
/// last of which may overlap the one before.
template <const std::string_view& Wanted>
[[gnu::always_inline]] constexpr auto word_differences(const char* text) noexcept {
  constexpr std::size_t size = Wanted.size();
  using short_word = std::conditional_t<(size >= 4), std::uint32_t, std::uint16_t>;
  using word = std::conditional_t<(size >= 8), std::uint64_t, short_word>;
  constexpr std::size_t words = (size + sizeof(word) - 1) / sizeof(word);
  return word_differences<Wanted, word>(text, std::make_index_sequence<words>{});
}

/// Whether the octets at `text` are those of `Wanted`, as many as it has, decided with a single
/// branch.
template <const std::string_view& Wanted>
[[gnu::always_inline]] constexpr bool is_constant(const char* text) noexcept {
  if constexpr (Wanted.size() >= sizeof(std::uint16_t))
    return word_differences<Wanted>(text) == 0;
  else
    return std::string_view(text, Wanted.size()) == Wanted;
}

/// Whether `text` begins with `Wanted`.
template <const std::string_view& Wanted>
[[gnu::always_inline]] constexpr bool begins_with(std::string_view text) noexcept {
  return text.size() >= Wanted.size() && is_constant<Wanted>(text.data());
}

/// All words of a text of one or more in one, by "or"; the last may overlap the one before.
template <class Word>
constexpr Word joined_words(std::string_view text) noexcept {
  const std::size_t last = text.size() - sizeof(Word);
  Word joined = load_word<Word>(text.data() + last);
  for (std::size_t at = 0; at < last; at += sizeof(Word))
    joined |= load_word<Word>(text.data() + at);
  return joined;
}

/// The octets in which two texts differ in the word at `at`.
template <class Word>
[[gnu::always_inline]] constexpr Word word_difference(std::string_view a, std::string_view b,
                                                      std::size_t at) noexcept {
  return load_word<Word>(a.data() + at) ^ load_word<Word>(b.data() + at);
}

/// Whether two texts of the same size, that of one to two words, are equal.
template <class Word>
[[gnu::always_inline]] constexpr bool same_words(std::string_view a, std::string_view b) noexcept {
  return (word_difference<Word>(a, b, 0) | word_difference<Word>(a, b, a.size() - sizeof(Word))) ==
         0;
}

/// Whether two texts are equal, decided without a branch on their octets where they have 2 to 32.
[[gnu::always_inline]] constexpr bool same_octets(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  if (a.size() >= 8 && a.size() <= 32) {
    using word = std::uint64_t;
    const std::size_t last = a.size() - sizeof(word);
    return (word_difference<word>(a, b, 0) |
            word_difference<word>(a, b, std::min<std::size_t>(8, last)) |
            word_difference<word>(a, b, std::min<std::size_t>(16, last)) |
            word_difference<word>(a, b, last)) == 0;
  }
  if (a.size() >= 4 && a.size() < 8) return same_words<std::uint32_t>(a, b);
  if (a.size() >= 2 && a.size() < 4) return same_words<std::uint16_t>(a, b);
  return std::equal(a.begin(), a.end(), b.begin());
}

}  // namespace tlsrpt::detail

#endif
