#include <tlsrpt/detail/text/container.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace {

using tlsrpt::errc;
using tlsrpt::detail::container;
using namespace std::string_view_literals;

constexpr container named(std::string_view text) {
  std::array<std::byte, 16> octets{};
  for (std::size_t i = 0; i < text.size(); ++i)
    octets[i] = std::byte(static_cast<unsigned char>(text[i]));
  return tlsrpt::detail::container_of(std::span(octets).first(text.size()));
}

struct container_case {
  std::string_view begin;
  container kind;
};

constexpr container_case cases[] = {
    {"", container::none},
    {"{", container::none},
    {"{\"a\":1}", container::none},
    {" {}", container::none},
    {"[]", container::none},
    {"\xef\xbb\xbf{}", container::none},
    {"\x1f\x8b\x08", container::gzip},
    {"\x1f\x8b", container::gzip},
    {"\x1f", container::none},
    {"\x1f\x8c", container::none},
    {"\0"sv, container::none},
    {"{\0"sv, container::utf16},
    {"\0\0\0"sv, container::none},
    {"PK\3\4\x14\0"sv, container::zip},
    {"PK\5\6\0\0"sv, container::zip},
    {"PK\3", container::none},
    {"PKCS", container::none},
    {"x\x01", container::zlib},
    {"x\x5e\xed", container::zlib},
    {"x\x9c\xed", container::zlib},
    {"x\xda\xed", container::zlib},
    {"x", container::none},
    {"x\x9d", container::none},
    {"x y", container::none},
    {"BZh9", container::bzip2},
    {"BZ", container::none},
    {"\xfd\x37zXZ\0\0"sv, container::xz},
    {"\xfd\x37zXZ"sv, container::none},
    {"\x28\xb5\x2f\xfd\x24", container::zstd},
    {"\x28\xb5\x2f", container::none},
    {"\xff\xfe{\0"sv, container::utf16},
    {"\xfe\xff\0{"sv, container::utf16},
    {"\xff\xfe\0\0{\0\0\0"sv, container::utf16},
    {"\0\0\xfe\xff\0\0\0{"sv, container::utf16},
    {"{\0\"\0"sv, container::utf16},
    {"\0{\0\""sv, container::utf16},
    {"\xff", container::none},
};

static_assert(std::ranges::max(tlsrpt::detail::container_marks, {}, [](const auto& mark) {
                return mark.octets.size();
              }).octets.size() == tlsrpt::detail::longest_container_mark);

constexpr bool all_named() {
  for (const container_case& c : cases)
    if (named(c.begin) != c.kind) return false;
  return true;
}
static_assert(all_named());

}  // namespace

TEST_CASE("containers and encodings are named by their first octets") {
  for (const container_case& c : cases) {
    CAPTURE(c.begin);
    CHECK(named(c.begin) == c.kind);
  }
}

TEST_CASE("what cannot be read as a report has a code") {
  constexpr std::pair<std::string_view, errc> codes[] = {
      {"", errc::ok},
      {"{", errc::ok},
      {"\x1f\x8b", errc::ok},
      {"PK\3\4", errc::zip_container},
      {"x\x9c", errc::zlib_container},
      {"BZh", errc::bzip2_container},
      {"\xfd\x37zXZ\0"sv, errc::xz_container},
      {"\x28\xb5\x2f\xfd", errc::zstd_container},
      {"\xff\xfe", errc::utf16_text},
  };
  for (const auto& [octets, code] : codes)
    CHECK(tlsrpt::detail::foreign_container(std::as_bytes(std::span(octets))) == code);
}
