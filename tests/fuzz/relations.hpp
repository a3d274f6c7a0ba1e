/// @file
/// What every fuzz target uses: a check that stops the program, octets in a block of their own, and
/// what must hold of every reader.

#ifndef TLSRPT_TESTS_FUZZ_RELATIONS
#define TLSRPT_TESTS_FUZZ_RELATIONS

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <tlsrpt/conformance.hpp>
#include <tlsrpt/diagnostic.hpp>
#include <tlsrpt/output.hpp>

/// Ends the program, so that the fuzzer keeps the input, unless the condition holds.
#define HOLDS(...) ((__VA_ARGS__) ? (void)0 : fuzz::broken(#__VA_ARGS__, __FILE__, __LINE__))

namespace fuzz {

[[noreturn]] inline void broken(const char* relation, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, relation);
  std::abort();
}

/// A copy of a text on the heap, to the octet, so that AddressSanitizer sees a read past its end.
class exact_copy {
 public:
  explicit exact_copy(std::string_view text)
      : octets_(std::make_unique<char[]>(text.size())), size_(text.size()) {
    if (size_ != 0) std::memcpy(octets_.get(), text.data(), size_);
  }
  std::string_view view() const { return {octets_.get(), size_}; }

 private:
  std::unique_ptr<char[]> octets_;
  std::size_t size_;
};

/// Reads every octet, which AddressSanitizer checks.
inline void touch(std::string_view text) {
  unsigned sum = 0;
  for (char c : text) sum += static_cast<unsigned char>(c);
  asm volatile("" : : "r"(sum));  // or the compiler would leave it out
}

inline bool lies_within(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

/// Numbers that depend on a seed or on the input alone.
class numbers {
 public:
  explicit numbers(std::uint64_t seed) : state_(seed) {}
  explicit numbers(std::string_view text) : state_(0xcbf29ce484222325u) {
    for (char c : text) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  /// Less than `count`, which is not 0.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  bool once_in(std::size_t count) { return below(count) == 0; }

 private:
  std::uint64_t state_;
};

/// A sink that keeps everything.
struct collecting_sink {
  std::vector<tlsrpt::diagnostic> all{};
  void operator()(const tlsrpt::diagnostic& d) { all.push_back(d); }
};

/// Refuses one code.
inline tlsrpt::rules all_but(tlsrpt::errc code) {
  return tlsrpt::rules(tlsrpt::lenient()).without(code);
}

/// What must hold of a reader of `text`: `read(sink, conformance)` returns a result of something
/// that can be compared. Returns what a lenient reader makes of it.
template <class Read>
auto check_modes(std::string_view text, Read&& read) {
  using tlsrpt::diagnostic;
  using tlsrpt::grade;
  collecting_sink found;
  const auto lenient = read(found, tlsrpt::lenient());
  const auto quiet = read(tlsrpt::ignore_diagnostics(), tlsrpt::lenient());
  HOLDS(quiet.error() == lenient.error());
  if (lenient) HOLDS(*quiet == *lenient);
  HOLDS(lenient.error().where.offset <= text.size());
  bool violated = false;
  for (const diagnostic& d : found.all) {
    HOLDS(grade_of(d.code) < grade::fatal && d.code != tlsrpt::errc::ok);
    HOLDS(d.where.offset <= text.size());
    touch(d.subject);
    violated |= grade_of(d.code) == grade::violation;
  }
  const auto strict = read(tlsrpt::ignore_diagnostics(), tlsrpt::strict());
  if (!lenient) {
    HOLDS(!strict);
    return lenient;
  }
  HOLDS(strict.has_value() == !violated);
  if (strict) HOLDS(*strict == *lenient);
  if (!found.all.empty()) {
    const tlsrpt::errc code = found.all[numbers(text).below(found.all.size())].code;
    HOLDS(read(tlsrpt::ignore_diagnostics(), all_but(code)).error().code == code);
  }
  return lenient;
}

/// What write(out) writes; nothing on an error. It writes nothing then, and the same to every
/// output.
template <class Write>
std::string written(Write&& write) {
  const auto succeeds = [&write](auto& out) {
    if constexpr (std::is_void_v<decltype(write(out))>)
      return write(out), true;
    else
      return write(out).has_value();
  };
  std::string text;
  if (!succeeds(text)) {
    HOLDS(text.empty());
    return {};
  }
  std::string half(text.size() / 2, '?');
  tlsrpt::span_output out(half);
  HOLDS(succeeds(out) && out.size() == text.size() && text.starts_with(half));
  return text;
}

}  // namespace fuzz

/// What libFuzzer calls.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

#endif
