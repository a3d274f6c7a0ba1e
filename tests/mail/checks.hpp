/// What the tests of what is in mails share: rows that are checked at compile time as well, sinks,
/// generators that follow the grammars.

#ifndef TLSRPT_TESTS_MAIL_CHECKS
#define TLSRPT_TESTS_MAIL_CHECKS

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/output.hpp>
#include <tlsrpt/result.hpp>

namespace checks {

using tlsrpt::errc;

/// A finding, or a reason for refusal: its code and its octet.
struct at {
  errc code = errc::ok;
  std::size_t offset = 0;
  constexpr bool operator==(const at&) const = default;
};

/// What was found, in order; a list that is not full ends with errc::ok.
using findings = std::array<at, 8>;

struct finding_sink {
  findings found{};
  std::size_t size = 0;

  constexpr void operator()(const tlsrpt::diagnostic& d) noexcept {
    if (size < found.size()) found[size] = {d.code, d.where.offset};
    ++size;
  }
};

/// is_as_expected() of each row at compile time; each row by itself, since compilers limit the
/// steps of one evaluation.
template <const auto& rows, std::size_t row>
inline constexpr bool row_is_as_expected = is_as_expected(rows[row]);

template <const auto& rows>
constexpr bool all_as_expected() {
  return []<std::size_t... row>(std::index_sequence<row...>) {
    return (row_is_as_expected<rows, row> && ...);
  }
  (std::make_index_sequence<std::size(rows)>());
}

/// A sink that checks that every place and subject lies inside the text.
struct inside_sink {
  std::string_view text;
  bool all_inside = true;

  void operator()(const tlsrpt::diagnostic& d) noexcept {
    const auto begin = static_cast<std::size_t>(d.subject.data() - text.data());
    all_inside = all_inside && d.where.offset == begin && begin + d.subject.size() <= text.size();
  }
};

inline bool lies_inside(std::string_view part, std::string_view text) {
  return part.data() == nullptr ||
         (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

/// Refuses one code.
inline tlsrpt::rules all_but(errc code) { return tlsrpt::rules(tlsrpt::lenient()).without(code); }

template <class Write, class Out>
tlsrpt::diagnostic error_of(Write& write, Out& out) {
  if constexpr (std::is_void_v<decltype(write(out))>) {
    write(out);
    return {};
  } else {
    return write(out).error();
  }
}

/// What write(out) writes, or "error" and the name of its code. Checks on the way that an error
/// writes nothing, and that all goes to a span of just the size.
template <class Write>
std::string written(Write&& write) {
  std::string text;
  const tlsrpt::diagnostic error = error_of(write, text);
  if (error.code != errc::ok) {
    CHECK(text.empty());
    return "error " + std::string(name(error.code));
  }
  std::string room(text.size(), '?');
  tlsrpt::span_output exact(room);
  CHECK(error_of(write, exact).code == errc::ok);
  CHECK(exact.fits());
  CHECK(room == text);
  return text;
}

// ---- generators, each from the grammar

class generator {
 public:
  explicit generator(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  std::string of(std::string_view octets, std::size_t size) {
    std::string text;
    while (text.size() < size) text += octets[below(octets.size())];
    return text;
  }

  std::string domain(std::size_t least_labels = 1) {
    std::string text;
    for (std::size_t labels = least_labels + below(4); labels > 0; --labels) {
      text += of(alphanumeric, 1);
      if (!one_in(3)) text += of("abcxyz0189-", below(8)) + of(alphanumeric, 1);
      if (labels > 1) text += '.';
    }
    return text;
  }

  std::string dot_atom(std::string_view octets) {
    std::string text = of(octets, 1 + below(9));
    for (std::size_t atoms = below(4); atoms > 0; --atoms) text += '.' + of(octets, 1 + below(9));
    return text;
  }

  static constexpr std::string_view alphanumeric = "abcdefghijXYZ0123456789";
  static constexpr std::string_view atext = "abcXYZ0123456789!#$%&'*+-/=?^_`{|}~";

 private:
  std::mt19937 random_;
};

}  // namespace checks

#endif
