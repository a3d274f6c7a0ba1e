#include <tlsrpt/detail/text/fold.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace detail = tlsrpt::detail;
using detail::equals_folded;
using detail::equals_name;

TEST_CASE("case does not matter, all else does") {
  static_assert(equals_folded("", ""));
  static_assert(equals_folded("Report-ID", "rEPORT-id"));
  static_assert(!equals_folded("report", "reports"));
  static_assert(!equals_folded("reports", "report"));
  static_assert(!equals_folded("report-id", "report_id"));
  // The neighbours of the letters, and letters outside ASCII.
  static_assert(!equals_folded("@", "`") && !equals_folded("[", "{"));
  static_assert(equals_folded("AZ", "az"));
  static_assert(!equals_folded("\xc3\x84", "\xc3\xa4"));
}

TEST_CASE("each octet of a text of any size is compared, with each other octet") {
  for (std::string_view text : {"012", "abcd", "0123456", "abcdefgh", "0123456789abcdefgh"})
    for (std::size_t i = 0; i < text.size(); ++i)
      for (int a = 0; a < 256; ++a)
        for (int b = 0; b < 256; ++b) {
          std::string first(text), second(text);
          first[i] = static_cast<char>(a);
          second[i] = static_cast<char>(b);
          const bool same = detail::lower_case(first[i]) == detail::lower_case(second[i]);
          if (equals_folded(first, second) != same) FAIL_CHECK(text, ' ', i, ' ', a, ' ', b);
        }
  CHECK(equals_folded("Content-Transfer-Encoding", "CONTENT-transfer-eNCODING"));
}

TEST_CASE("in names \"-\" and \"_\" are the same, too") {
  static_assert(equals_name("Max-Age", "max_age") && equals_name("max_age", "MAX-AGE"));
  static_assert(!equals_name("max age", "max_age") && !equals_name("max_ages", "max_age"));
}

TEST_CASE("the beginning of a text is compared without regard to case") {
  static_assert(detail::starts_with_folded("IPv6:::1", "ipv6:"));
  static_assert(detail::starts_with_folded("ipv6:", "IPv6:"));
  static_assert(!detail::starts_with_folded("ipv6", "ipv6:"));
  static_assert(!detail::starts_with_folded("ipv4:", "ipv6:"));
  static_assert(detail::starts_with_folded("x", ""));
}

TEST_CASE("an order in which texts are equal that differ in case only") {
  constexpr std::string_view in_order[] = {"", "A", "a.b", "B", "b-"};
  for (std::size_t i = 0; i < std::size(in_order); ++i)
    for (std::size_t j = 0; j < std::size(in_order); ++j)
      CHECK(detail::compare_folded(in_order[i], in_order[j]) == (i <=> j));
  static_assert(detail::compare_folded("MX.Example", "mx.eXAMPLE") == 0);
  static_assert(detail::compare_folded("ab", "AA") > 0 && detail::compare_folded("aa", "AB") < 0);
  // Nothing after the end of a text is read, or this would not be a constant.
  static constexpr char octets[] = {'a', 'b'};
  constexpr std::string_view whole(octets, 2), front(octets, 1);
  static_assert(detail::compare_folded(front, whole) < 0);
  static_assert(detail::compare_folded(whole, front) > 0);
  static_assert(detail::compare_folded(whole, whole) == 0);
}
