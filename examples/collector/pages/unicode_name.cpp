#include "unicode_name.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include <tlsrpt/detail/text/utf8.hpp>

namespace collector {

namespace {

constexpr std::string_view ace_prefix = "xn--";
constexpr std::size_t longest_label = 63;

enum class script : std::uint8_t {
  none,
  common,
  latin,
  greek,
  cyrillic,
  armenian,
  hebrew,
  arabic,
  devanagari,
  bengali,
  tamil,
  thai,
  georgian,
  hiragana,
  katakana,
  han,
  hangul
};

struct script_range {
  char32_t first, last;
  script of;
};

/// Letters that are in names, in lower case. What is not here is of no script.
constexpr std::array<script_range, 25> ranges = {
    {{U'-', U'-', script::common},       {U'0', U'9', script::common},
     {U'a', U'z', script::latin},        {0xdf, 0xf6, script::latin},
     {0xf8, 0x17f, script::latin},       {0x3ac, 0x3ce, script::greek},
     {0x430, 0x45f, script::cyrillic},   {0x48b, 0x52f, script::cyrillic},
     {0x561, 0x586, script::armenian},   {0x5d0, 0x5ea, script::hebrew},
     {0x620, 0x64a, script::arabic},     {0x671, 0x6d3, script::arabic},
     {0x6f0, 0x6f9, script::arabic},     {0x900, 0x963, script::devanagari},
     {0x980, 0x9e3, script::bengali},    {0xb82, 0xbcd, script::tamil},
     {0xe01, 0xe4e, script::thai},       {0x10d0, 0x10fa, script::georgian},
     {0x1ea0, 0x1ef9, script::latin},    {0x3041, 0x3096, script::hiragana},
     {0x30a1, 0x30fa, script::katakana}, {0x3400, 0x4dbf, script::han},
     {0x4e00, 0x9fff, script::han},      {0xac00, 0xd7a3, script::hangul},
     {0x20000, 0x2a6df, script::han}}};

script script_of(char32_t character) {
  const auto* const after = std::ranges::upper_bound(ranges, character, {}, &script_range::first);
  if (after == ranges.begin() || character > (after - 1)->last) return script::none;
  return (after - 1)->of;
}

/// Whether all letters are of one script, of which one at least is no ASCII character, as in every
/// U-label.
bool is_of_one_script(std::u32string_view text) {
  if (std::ranges::none_of(text, [](char32_t character) { return character >= 0x80; }))
    return false;
  script all = script::common;
  for (char32_t character : text) {
    const script one = script_of(character);
    if (one == script::none) return false;
    if (one == script::common) continue;
    if (all != script::common && all != one) return false;
    all = one;
  }
  return true;
}

/// The value of a digit of Punycode; 36 for what is none.
std::uint32_t digit_of(char digit) {
  if (digit >= 'a' && digit <= 'z') return static_cast<std::uint32_t>(digit - 'a');
  if (digit >= '0' && digit <= '9') return static_cast<std::uint32_t>(digit - '0') + 26;
  return 36;
}

/// What stands behind "xn--" (RFC 3492, section 6.2); nothing when it cannot be read.
std::optional<std::u32string> decode_punycode(std::string_view text) {
  constexpr std::uint32_t base = 36, t_min = 1, t_max = 26, skew = 38, damp = 700;
  constexpr char32_t last_character = 0x10ffff;
  std::u32string decoded;
  if (const std::size_t hyphen = text.rfind('-'); hyphen != text.npos) {
    decoded.assign(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(hyphen));
    text.remove_prefix(hyphen + 1);
  }
  std::uint64_t character = 128, place = 0;
  std::uint32_t bias = 72;
  bool is_first = true;
  while (!text.empty()) {
    std::uint64_t weight = 1, delta = 0;
    for (std::uint32_t k = base;; k += base) {
      if (text.empty()) return std::nullopt;
      const std::uint32_t digit = digit_of(text.front());
      text.remove_prefix(1);
      delta += digit * weight;
      // No label is long enough for more.
      if (digit >= base || delta > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
      const std::uint32_t t = std::clamp(k, bias + t_min, bias + t_max) - bias;
      if (digit < t) break;
      weight *= base - t;
    }
    const std::uint64_t size = decoded.size() + 1;
    place += delta;
    character += place / size;
    place %= size;
    if (character > last_character) return std::nullopt;
    decoded.insert(decoded.begin() + static_cast<std::ptrdiff_t>(place),
                   static_cast<char32_t>(character));
    ++place;
    std::uint64_t adapted = delta / (std::exchange(is_first, false) ? damp : 2);
    adapted += adapted / size;
    std::uint32_t steps = 0;
    for (; adapted > (base - t_min) * t_max / 2; steps += base) adapted /= base - t_min;
    bias = steps + static_cast<std::uint32_t>((base - t_min + 1) * adapted / (adapted + skew));
  }
  return decoded;
}

}  // namespace

std::string unicode_name(std::string_view domain) {
  std::string name;
  bool has_u_label = false;
  while (!domain.empty()) {
    const std::size_t size = std::min(domain.find('.'), domain.size());
    const std::string_view label = domain.substr(0, size);
    if (label.starts_with(ace_prefix)) {
      if (label.size() > longest_label) return {};
      const auto decoded = decode_punycode(label.substr(ace_prefix.size()));
      if (!decoded || !is_of_one_script(*decoded)) return {};
      for (char32_t character : *decoded) {
        std::array<char, 4> octets{};
        name.append(octets.data(), tlsrpt::detail::write_utf8(character, octets.data()));
      }
      has_u_label = true;
    } else {
      name += label;
    }
    if (size != domain.size()) name += '.';
    domain.remove_prefix(std::min(size + 1, domain.size()));
  }
  return has_u_label ? name : std::string();
}

}  // namespace collector
