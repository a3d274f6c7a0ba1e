/// @file
/// Classes of octets from the grammars of RFC 8460, 3986 and 5322, as tables.

#ifndef TLSRPT_HPP_DETAIL_TEXT_CHARSET
#define TLSRPT_HPP_DETAIL_TEXT_CHARSET

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tlsrpt::detail {

/// A set of octets. Constant-time membership.
class charset {
 public:
  constexpr charset() = default;
  constexpr explicit charset(std::string_view members) noexcept {
    for (char c : members) add(c);
  }

  constexpr bool operator()(char c) const noexcept {
    return members_[static_cast<std::uint8_t>(c)];
  }

  constexpr charset operator|(const charset& other) const noexcept {
    charset both;
    for (std::size_t i = 0; i < 256; ++i) both.members_[i] = members_[i] || other.members_[i];
    return both;
  }
  /// This set without the members of the other one.
  constexpr charset operator-(const charset& other) const noexcept {
    charset rest;
    for (std::size_t i = 0; i < 256; ++i) rest.members_[i] = members_[i] && !other.members_[i];
    return rest;
  }

  static constexpr charset range(unsigned first, unsigned last) noexcept {
    charset set;
    for (unsigned i = first; i <= last; ++i) set.members_[i] = true;
    return set;
  }

 private:
  constexpr void add(char c) noexcept { members_[static_cast<std::uint8_t>(c)] = true; }

  bool members_[256] = {};  // a std::array takes compilers far longer to evaluate
};

inline constexpr charset any_octet = charset::range(0x00, 0xff);
inline constexpr charset letter_octet = charset::range('a', 'z') | charset::range('A', 'Z');
inline constexpr charset digit_octet = charset::range('0', '9');
inline constexpr charset alphanumeric_octet = letter_octet | digit_octet;
inline constexpr charset control_octet = charset::range(0x00, 0x1f) | charset::range(0x7f, 0x7f);
inline constexpr charset octet_above_ascii = charset::range(0x80, 0xff);
inline constexpr charset wsp_octet = charset(" \t");
/// The whitespace of JSON, which is also what the folding of mail header fields leaves.
inline constexpr charset whitespace_octet = charset(" \t\r\n");
inline constexpr charset hex_octet = digit_octet | charset("abcdefABCDEF");

// RFC 8460, section 3; the names also RFC 8461, section 3.2.
inline constexpr charset field_name_first_octet = alphanumeric_octet;
inline constexpr charset field_name_rest_octet = alphanumeric_octet | charset("_-.");
inline constexpr charset extension_value_octet = charset::range(0x21, 0x7e) - charset("=;");

// RFC 3986, appendix A; "," "!" and ";" are handled by their own codes.
inline constexpr charset scheme_rest_octet = alphanumeric_octet | charset("+-.");
inline constexpr charset uri_octet =
    letter_octet | digit_octet | charset("-._~:/?#[]@!$&'()*+,;=%");
/// In a URL these mean the same in a percent triplet and without.
inline constexpr charset unreserved_octet = alphanumeric_octet | charset("-._~");
inline constexpr charset reg_name_octet = letter_octet | digit_octet | charset("-._~!$&'()*+,;=%");

// RFC 5322, section 3.2.3, with RFC 6532.
inline constexpr charset atext_octet =
    letter_octet | digit_octet | charset("!#$%&'*+-/=?^_`{|}~") | octet_above_ascii;

}  // namespace tlsrpt::detail

#endif
