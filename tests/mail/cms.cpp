#include <tlsrpt/detail/mail/cms.hpp>

#include <doctest/doctest.h>

#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tlsrpt::detail::cms_kind;
using tlsrpt::detail::cms_kind_of;
using list = std::vector<std::string>;

/// A value in BER: of definite length, or of indefinite length.
std::string definite(char tag, std::string_view content) {
  std::string digits;
  for (std::size_t rest = content.size(); rest > 0; rest >>= 8)
    digits.insert(digits.begin(), static_cast<char>(rest & 0xff));
  std::string value(1, tag);
  if (content.size() < 128)
    value += static_cast<char>(content.size());
  else
    value += static_cast<char>(0x80 | digits.size()) + digits;
  return value += content;
}
std::string indefinite(char tag, std::string_view content) {
  return std::string{tag, '\x80'} += std::string(content) + std::string(2, '\0');
}

std::string join(const list& values) {
  std::string text;
  for (const std::string& each : values) text += each;
  return text;
}

using encoder = std::string (*)(char, std::string_view);

constexpr char octets = '\x04', joined = '\x24', sequence = '\x30', set = '\x31', zero = '\xa0';

std::string type(char last) {
  return definite('\x06', std::string("\x2a\x86\x48\x86\xf7\x0d\x01\x07") + last);
}

/// CMS with `content` as eContent of SignedData. Each constructed value around it is written by
/// `around`.
std::string signed_data(std::string_view content, encoder around) {
  const std::string algorithm =
      around(sequence, definite('\x06', "\x60\x86\x48\x01\x65\x03\x04\x02\x01"));
  const std::string signed_part =
      definite('\x02', "\1") + around(set, algorithm) +
      around(sequence, type(1) + (content.empty() ? "" : around(zero, content))) +
      around(zero, std::string(300, '\x05')) + around(set, "");
  return around(sequence, type(2) + around(zero, around(sequence, signed_part)));
}

/// Strings with their length, and whether something was missing.
struct reading {
  list segments;
  std::string text;
  bool is_damaged = false;

  explicit reading(std::string_view data) {
    tlsrpt::detail::cms_segment_step step(data);
    for (std::string_view segment; step.next(segment);) segments.emplace_back(segment);
    is_damaged = step.is_damaged();

    const tlsrpt::detail::cms_segments range(data);
    list again;
    for (std::string_view segment : range) again.emplace_back(segment);
    CHECK(again == segments);
    CHECK(std::forward_iterator<decltype(range.begin())>);

    // Apart, and in the place of the data.
    std::string out(data.size(), '\0'), in_place(data);
    const auto size = [&](std::string_view from, std::string& to) {
      const auto content = tlsrpt::detail::join_cms_segments(from, to.data());
      CHECK(content.is_damaged == is_damaged);
      return content.size;
    };
    text = out.substr(0, size(data, out)) == in_place.substr(0, size(in_place, in_place))
               ? in_place.substr(0, text_size())
               : "apart and in place differ";
  }

  std::size_t text_size() const {
    std::size_t size = 0;
    for (const std::string& segment : segments) size += segment.size();
    return size;
  }
};

}  // namespace

TEST_CASE("the kind of CMS is that of its content type") {
  CHECK(cms_kind_of(signed_data("", definite)) == cms_kind::signed_data);
  CHECK(cms_kind_of(signed_data("", indefinite)) == cms_kind::signed_data);
  for (char last : {'\3', '\4', '\6'})
    CHECK(cms_kind_of(definite(sequence, type(last))) == cms_kind::encrypted);
  for (char last : {'\1', '\5', '\x20'})
    CHECK(cms_kind_of(definite(sequence, type(last))) == cms_kind::other);
  const std::string smime = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01";
  const auto kind = [&](std::string_view oid) {
    return cms_kind_of(definite(sequence, definite('\x06', oid)));
  };
  CHECK(kind(smime + '\x17') == cms_kind::encrypted);
  CHECK(kind(smime + '\x09') == cms_kind::other);
  CHECK(kind(smime + '\x02') == cms_kind::other);
  CHECK(kind(smime) == cms_kind::none);
  CHECK(kind(smime + "\x09\x01") == cms_kind::none);
  CHECK(kind("\x2a\x86\x48\x86\xf7\x0d\x01\x07") == cms_kind::none);
  CHECK(kind("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01") == cms_kind::none);
  CHECK(cms_kind_of("") == cms_kind::none);
  CHECK(cms_kind_of("0") == cms_kind::none);
  CHECK(cms_kind_of("01234567890") == cms_kind::none);
  CHECK(cms_kind_of(type(2)) == cms_kind::none);
  CHECK(cms_kind_of(definite(set, type(2))) == cms_kind::none);
}

TEST_CASE("signed content in one string or in many, nested in any way") {
  const std::string a = definite(octets, "Content-Type: text/plain\r\n"),
                    b = definite(octets, std::string(70'000, 'b')), c = definite(octets, ""),
                    d = definite(octets, "{}");
  const list all = {"Content-Type: text/plain\r\n", std::string(70'000, 'b'), "", "{}"};
  for (encoder around : {definite, indefinite}) {
    const reading one(signed_data(a, around));
    CHECK(one.segments == list{all[0]});
    CHECK(one.text == all[0]);
    CHECK_FALSE(one.is_damaged);
    for (encoder outer : {definite, indefinite}) {
      for (encoder inner : {definite, indefinite}) {
        for (const std::string& content :
             {outer(joined, join({a, b, c, d})),
              outer(joined, join({a, inner(joined, join({b, c})), d})),
              outer(joined, join({inner(joined, join({inner(joined, a), b})),
                                  inner(joined, join({c, d}))})),
              outer(joined,
                    join({inner(joined, ""), a, inner(joined, outer(joined, join({b, c, d})))}))}) {
          const reading nested(signed_data(content, around));
          CHECK(nested.segments == all);
          CHECK(nested.text == all[0] + all[1] + all[3]);
          CHECK_FALSE(nested.is_damaged);
        }
      }
    }
  }
}

TEST_CASE("what was not signed here has no segments") {
  for (encoder around : {definite, indefinite}) {
    for (const std::string& data :
         {signed_data("", around), definite(sequence, type(3) + around(zero, "")), std::string(),
          std::string("Content-Type: text/plain")}) {
      CHECK(reading(data).segments.empty());
      CHECK_FALSE(reading(data).is_damaged);
    }
  }
}

TEST_CASE("what is there of cut data is read, and said to be cut") {
  const std::string a = definite(octets, std::string(200, 'a')),
                    b = definite(octets, std::string(200, 'b'));
  for (encoder around : {definite, indefinite}) {
    for (encoder outer : {definite, indefinite}) {
      const std::string whole = signed_data(outer(joined, a + b), around);
      const std::size_t begin = whole.find("aaa"), end = whole.rfind("bbb") + 3;
      for (std::size_t size = 0; size < end; ++size) {
        const reading cut(whole.substr(0, size));
        CAPTURE(size);
        CHECK(cut.text_size() <= (size > begin ? size - begin : 0));
        CHECK(cut.text_size() + 10 >= (size > begin ? size - begin : 0));
        if (size > begin) CHECK(cut.is_damaged);
      }
      CHECK_FALSE(reading(whole).is_damaged);
    }
  }
}

TEST_CASE("lengths and tags that are wrong end the content") {
  const std::string a = definite(octets, "aaa");
  const auto read = [](const std::string& content) {
    return reading(signed_data(content, indefinite));
  };
  for (const std::string& wrong :
       {std::string("\x04\x80"), std::string("\x04\x85\0\0\0\0\1", 7), std::string("\x1f\x04\x01"),
        std::string("\x02\x01\x01"), std::string("\x04\x84\xff\xff\xff\xff"),
        std::string("\0\1", 2), std::string("\x44")}) {
    CAPTURE(wrong);
    const reading damaged = read(indefinite(joined, a + wrong + std::string(1, 'x')));
    CHECK(damaged.segments.front() == "aaa");
    CHECK(damaged.is_damaged);
  }
  // A mark of the end where no length is indefinite.
  CHECK(read(definite(joined, a + std::string(2, '\0') + a)).segments == list{"aaa"});
  CHECK(read(definite(joined, a + std::string(2, '\0') + a)).is_damaged);
}

TEST_CASE("nesting takes no memory and linear time") {
  constexpr std::size_t depth = 1'000'000;
  std::string open;
  for (std::size_t i = 0; i < depth; ++i) open += "\x24\x80";
  const reading deep(
      signed_data(open + definite(octets, "x") + std::string(2 * depth, '\0'), indefinite));
  CHECK(deep.segments == list{"x"});
  CHECK_FALSE(deep.is_damaged);
  CHECK(reading(signed_data(open, definite)).is_damaged);
  // The same in what is passed over.
  std::string sets;
  for (std::size_t i = 0; i < depth; ++i) sets += "\x31\x80";
  std::string_view skipped = sets;
  CHECK_FALSE(tlsrpt::detail::skip_value(skipped));
  sets += std::string(2 * depth, '\0') + "rest";
  skipped = sets;
  CHECK(tlsrpt::detail::skip_value(skipped));
  CHECK(skipped == "rest");
}
