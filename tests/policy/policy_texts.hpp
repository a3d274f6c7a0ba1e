/// @file
/// What the tests of MTA-STS policies and of TLSA records share.

#ifndef TLSRPT_TESTS_POLICY_POLICY_TEXTS
#define TLSRPT_TESTS_POLICY_POLICY_TEXTS

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/diagnostic.hpp>

namespace policy_texts {

using tlsrpt::errc;

using texts = std::vector<std::string_view>;

/// A finding, or a reason for refusal: its code, its element and its octet there.
struct at {
  errc code = errc::ok;
  std::uint32_t element = 0;
  std::size_t offset = 0;
  constexpr bool operator==(const at&) const = default;
};

constexpr std::uint32_t whole = tlsrpt::location::npos;

constexpr at place(errc code, const tlsrpt::location& where) {
  return {code, where.element, where.offset};
}

/// Collects places; is a sink.
struct places {
  std::array<at, 3> all{};
  std::size_t size = 0;
  constexpr void operator()(const tlsrpt::diagnostic& d) {
    if (size < all.size()) all[size] = place(d.code, d.where);
    ++size;
  }
};

/// The first place that strict mode refuses.
constexpr at first_violation(const std::array<at, 3>& found) {
  for (const at& f : found)
    if (f.code != errc::ok && grade_of(f.code) == tlsrpt::grade::violation) return f;
  return {};
}

/// Makes texts from the grammars, the same ones each time.
class generator {
 public:
  std::size_t below(std::size_t end) { return random_() % end; }
  bool coin() { return below(2) == 0; }
  std::string octets_of(std::string_view set, std::size_t size) {
    std::string text;
    while (text.size() < size) text += set[below(set.size())];
    return text;
  }
  std::string blanks() { return octets_of(" \t", below(3)); }
  std::string domain() {
    std::string name;
    for (std::size_t labels = 1 + below(4); labels > 0; --labels) {
      name += octets_of("abcxyzABCXYZ0189", 1 + below(10));
      if (coin()) name += '-' + octets_of("az09", 1 + below(3));
      if (labels > 1) name += '.';
    }
    return name + ".example";  // so that it is no address
  }
  std::string extension_key() { return "x" + octets_of("abzABZ019_-.", below(32)); }
  std::string value() {
    constexpr std::array<std::string_view, 6> pieces = {"a", "Z",        "~",
                                                        "!", "\xc3\xa9", "\xf0\x9f\x98\x80"};
    std::string text(pieces[below(4)]);
    for (std::size_t size = below(20); size > 0; --size) {
      if (coin()) text += ' ';
      text += pieces[below(pieces.size())];
    }
    return text;
  }

 private:
  std::mt19937 random_{8461};
};

}  // namespace policy_texts

#endif
