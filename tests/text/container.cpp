#include <tlsrpt/detail/text/container.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string_view>

namespace {

using tlsrpt::errc;
using namespace std::string_view_literals;

constexpr errc named(std::string_view text) {
  std::array<std::byte, 16> octets{};
  for (std::size_t i = 0; i < text.size(); ++i)
    octets[i] = std::byte(static_cast<unsigned char>(text[i]));
  return tlsrpt::detail::foreign_container(std::span(octets).first(text.size()));
}

struct container_case {
  std::string_view begin;
  errc code;
};

constexpr container_case cases[] = {
    {"", errc::ok},
    {"{", errc::ok},
    {"{\"a\":1}", errc::ok},
    {" {}", errc::ok},
    {"[]", errc::ok},
    {"\xef\xbb\xbf{}", errc::ok},
    {"\x1f\x8b\x08", errc::ok},
    {"\0\0\0"sv, errc::ok},
    {"PK\3\4\x14\0"sv, errc::zip_container},
    {"PK\5\6\0\0"sv, errc::zip_container},
    {"PK\3", errc::ok},
    {"PKCS", errc::ok},
    {"x\x01", errc::zlib_container},
    {"x\x5e\xed", errc::zlib_container},
    {"x\x9c\xed", errc::zlib_container},
    {"x\xda\xed", errc::zlib_container},
    {"x", errc::ok},
    {"x\x9d", errc::ok},
    {"x y", errc::ok},
    {"BZh9", errc::bzip2_container},
    {"BZ", errc::ok},
    {"\xfd\x37zXZ\0\0"sv, errc::xz_container},
    {"\xfd\x37zXZ"sv, errc::ok},
    {"\x28\xb5\x2f\xfd\x24", errc::zstd_container},
    {"\x28\xb5\x2f", errc::ok},
    {"\xff\xfe{\0"sv, errc::utf16_text},
    {"\xfe\xff\0{"sv, errc::utf16_text},
    {"\xff\xfe\0\0{\0\0\0"sv, errc::utf16_text},
    {"\0\0\xfe\xff\0\0\0{"sv, errc::utf16_text},
    {"{\0\"\0"sv, errc::utf16_text},
    {"\0{\0\""sv, errc::utf16_text},
    {"\xff", errc::ok},
};

constexpr bool all_named() {
  for (const container_case& c : cases)
    if (named(c.begin) != c.code) return false;
  return true;
}
static_assert(all_named());

}  // namespace

TEST_CASE("containers and encodings are named by their first octets") {
  for (const container_case& c : cases) {
    CAPTURE(c.begin);
    CHECK(named(c.begin) == c.code);
  }
}
