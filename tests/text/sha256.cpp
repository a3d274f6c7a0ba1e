#include <tlsrpt/detail/text/sha256.hpp>

#include <doctest/doctest.h>

#if TLSRPT_HPP_HAS_SHA256_INSTRUCTIONS
#include <cpuid.h>
#endif

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <tlsrpt/detail/text/number.hpp>

namespace {

using tlsrpt::detail::sha256;

std::string hex(sha256 hash) {
  std::string text;
  for (std::uint8_t octet : hash.finish()) tlsrpt::detail::put_hex(text, octet);
  return text;
}

/// The hash, which is the same with the instructions of this processor and without.
std::string hash_of(std::string_view text) {
  sha256 hash;
  hash.append(text);
  sha256 portable = sha256::portable();
  portable.append(text);
  CHECK(hex(hash) == hex(portable));
  return hex(hash);
}

constexpr std::string_view alphabet_56 = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
constexpr std::string_view alphabet_112 =
    "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
    "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";

constexpr std::uint8_t first_octet_of_abc() {
  sha256 hash;
  hash.append("abc");
  return hash.finish()[0];
}
static_assert(first_octet_of_abc() == 0xba);

}  // namespace

TEST_CASE("the vectors of FIPS 180-4 and NIST") {
  CHECK(hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hash_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hash_of(alphabet_56) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hash_of(alphabet_112) ==
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(hash_of("\xbd") == "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
  CHECK(hash_of(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  // Around the size at which the length of the text needs a block of its own.
  CHECK(hash_of(std::string(55, '\0')) ==
        "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7");
  CHECK(hash_of(std::string(56, '\0')) ==
        "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb");
  CHECK(hash_of(std::string(64, '\0')) ==
        "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
}

TEST_CASE("a text may come in any pieces") {
  std::mt19937 random(6234);
  std::string text;
  for (std::size_t size = 0; size <= 300; ++size) {
    const std::string expected = hash_of(text);
    for (sha256 hash : {sha256(), sha256::portable()}) {
      for (std::string_view rest = text; !rest.empty();) {
        const std::size_t taken = random() % (rest.size() + 1);
        hash.append(rest.substr(0, taken));
        rest.remove_prefix(taken);
      }
      CHECK(hex(hash) == expected);
    }
    text += static_cast<char>(random());
  }
}

#if TLSRPT_HPP_HAS_SHA256_INSTRUCTIONS
TEST_CASE("the instructions for SHA-256 are used wherever the processor has them") {
  unsigned a = 0, b = 0, c = 0, d = 0;
  const bool has_sha = __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b >> 29 & 1) != 0;
  const bool has_sse = __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_SSE4_1) != 0;
  CHECK(tlsrpt::detail::has_sha256_instructions() == (has_sha && has_sse));
}
#endif
