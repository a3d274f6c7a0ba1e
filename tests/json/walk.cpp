#include <tlsrpt/detail/json/walk.hpp>
#include <tlsrpt/detail/json/fault.hpp>
#include <tlsrpt/detail/json/index.hpp>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <random>
#include <string>

namespace {

using tlsrpt::errc;
namespace detail = tlsrpt::detail;

/// Whether the index and the walk take the whole text for one JSON value.
bool walk_accepts(const std::string& text, std::uint32_t max_depth = 32) {
  static detail::json_index index;
  const std::string padded = text + std::string(tlsrpt::padding, '\0');
  if (index.build(padded.data(), text.size()) != detail::index_status::ok) return false;
  const detail::json_walk walk(padded.data(), text.find('\\') != std::string::npos, max_depth);
  return walk.skip(index.begin(), 0) == index.end();
}

/// Whether the octet-by-octet reader takes the whole text for one JSON value.
bool fault_finder_accepts(const std::string& text, std::uint32_t max_depth = 32) {
  const detail::json_fault fault = detail::json_fault_finder(text, max_depth).find();
  return fault.code == errc::ok &&
         text.find_first_not_of(" \t\r\n", fault.offset) == std::string::npos;
}

/// Takes every event; remembers whether a number was refused only for being beyond binary64.
struct acceptor : nlohmann::json::json_sax_t {
  bool beyond_double = false;
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& e) override {
    beyond_double = e.id == 406;
    return false;
  }
};

const std::string seeds[] = {
    R"({"a":[1,-2.5e3,0.1E-7,true,false,null,"x\n\u00e9\ud83d\ude00"],"b":{},"c":[]})",
    R"( [ { "k" : "v" , "e" : "" } , [ [ ] , 12345678901234567890 ] , "\\\"" ] )",
    R"("only a string")",
    "-0.0e+0",
    "{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\xef\xbf\xbd\"}",
};

}  // namespace

TEST_CASE("the walk, the fault finder and nlohmann/json agree on what JSON is") {
  std::mt19937 random(8460);
  const std::string octets =
      "{}[]:,\"\\ \n\t0129.-+eEtrufalsn/ubd8c\x01\x1f\x7f\x80\xbf\xc3\xed\xff";
  long accepted = 0, refused = 0;
  for (const std::string& seed : seeds) {
    REQUIRE(walk_accepts(seed));
    for (int round = 0; round < 40'000; ++round) {
      std::string text = seed;
      for (auto changes = 1 + random() % 3; changes > 0; --changes) {
        const std::size_t at = random() % (text.size() + 1);
        const char octet = octets[random() % octets.size()];
        switch (random() % 3) {
          case 0:
            text.insert(at, 1, octet);
            break;
          case 1:
            text.erase(at, 1 + random() % 3);
            break;
          default:
            if (at < text.size()) text[at] = octet;
        }
      }
      CAPTURE(text);
      const bool walked = walk_accepts(text);
      // What differs on purpose: a byte order mark is our reader's business, half a surrogate pair
      // is a violation of I-JSON that lenient mode replaces.
      if (text.starts_with("\xef\xbb\xbf")) continue;
      REQUIRE(walked == fault_finder_accepts(text));
      acceptor events;
      const bool reference = nlohmann::json::sax_parse(text, &events);
      if (events.beyond_double) continue;
      if (walked != reference) REQUIRE(text.find("\\u") != std::string::npos);
      if (reference) REQUIRE(walked);
      walked ? ++accepted : ++refused;
    }
  }
  CHECK(accepted > 10'000);
  CHECK(refused > 100'000);
}

TEST_CASE("depth counts containers") {
  for (std::uint32_t depth : {1u, 5u, 32u}) {
    const std::string at_limit = std::string(depth, '[') + std::string(depth, ']');
    CHECK(walk_accepts(at_limit, depth));
    CHECK(fault_finder_accepts(at_limit, depth));
    CHECK_FALSE(walk_accepts('[' + at_limit + ']', depth));
    CHECK_FALSE(fault_finder_accepts('[' + at_limit + ']', depth));
  }
}

TEST_CASE("every prefix of a text is refused") {
  for (const std::string& seed : seeds) {
    if (seed.front() != '{' && seed.front() != ' ') continue;
    const std::size_t end = seed.find_last_not_of(' ');
    for (std::size_t size = 0; size <= end; ++size) {
      CHECK_FALSE(walk_accepts(seed.substr(0, size)));
      CHECK_FALSE(fault_finder_accepts(seed.substr(0, size)));
    }
  }
}
