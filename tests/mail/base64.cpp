/// base64 as it is in mails: the processor may decode it in blocks.

#include <tlsrpt/detail/mail/message/base64.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace {

using tlsrpt::detail::base64_decoder;

/// Octets of all values.
std::string octets(std::size_t size) {
  std::string text;
  std::uint32_t next = 1;
  while (text.size() < size) {
    next = next * 1664525 + 1013904223;
    text += static_cast<char>(next >> 24);
  }
  return text;
}

std::string encode(std::string_view text, std::size_t columns, std::string_view line_end) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  std::size_t column = 0;
  const auto put = [&](char c) {
    if (column == columns) {
      encoded += line_end;
      column = 0;
    }
    encoded += c;
    ++column;
  };
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < text.size() ? static_cast<std::uint8_t>(text[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      put(i + j > text.size() ? '=' : alphabet[bits >> (18 - 6 * j) & 63]);
  }
  return encoded;
}

/// Decoded piece by piece, in rooms of so many octets.
std::string decode(std::string_view text, std::size_t room, bool& is_clean) {
  base64_decoder decoder(text);
  std::string decoded, piece(room, '\0');
  while (const std::size_t size = decoder.read(piece)) decoded.append(piece, 0, size);
  is_clean = decoder.is_clean();
  return decoded;
}

}  // namespace

TEST_CASE("base64 of any size, in lines of any length and with any end") {
  for (std::size_t size = 0; size < 150; size += size < 60 ? 1 : 7) {
    const std::string plain = octets(size);
    for (unsigned columns : {1u, 3u, 4u, 5u, 12u, 15u, 16u, 17u, 19u, 60u, 64u, 72u, 76u, 1000u})
      for (std::string_view line_end : {"\n", "\r\n", "\r", "\r\r\n", "\n\n", " \t\r\n"}) {
        const std::string text = encode(plain, columns, line_end);
        bool is_clean = false;
        for (unsigned room : {3u, 17u, 64u, 1000u}) {
          CHECK(decode(text, room, is_clean) == plain);
          CHECK(is_clean);
        }
        // What is decoded may lie where the text was.
        std::string both = text;
        base64_decoder decoder(both);
        const std::size_t decoded = decoder.read(std::span<char>(both.data(), both.size()));
        CHECK(std::string_view(both).substr(0, decoded) ==
              std::string_view(plain).substr(0, decoded));
      }
  }
}

TEST_CASE("octets of another alphabet, or of none, wherever they are in base64") {
  const std::string plain = octets(90), text = encode(plain, 76, "\n");
  for (std::size_t at = 0; at < text.size(); ++at)
    for (int octet = 0; octet < 256; ++octet) {
      const char c = static_cast<char>(octet);
      if (tlsrpt::detail::alphanumeric_octet(c) || c == '+' || c == '/' || c == '=') continue;
      std::string changed = text;
      changed.insert(at, 1, c);
      bool is_clean = false;
      const std::string decoded = decode(changed, 200, is_clean);
      if (c == '-' || c == '_') {  // they are of the alphabet for URLs
        CHECK(decoded.size() >= plain.size());
        CHECK(!is_clean);
      } else {
        CHECK(decoded == plain);
        CHECK(is_clean == tlsrpt::detail::whitespace_octet(c));
      }
    }
  std::string url = text;
  for (char& c : url) c = c == '+' ? '-' : c == '/' ? '_' : c;
  bool is_clean = true;
  CHECK(decode(url, 200, is_clean) == plain);
  CHECK(is_clean == (url == text));
}
