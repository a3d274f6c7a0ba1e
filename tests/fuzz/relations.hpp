/// @file
/// What every fuzz target uses: a check that stops the program, and octets in a block of their own.

#ifndef TLSRPT_TESTS_FUZZ_RELATIONS
#define TLSRPT_TESTS_FUZZ_RELATIONS

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

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

}  // namespace fuzz

/// What libFuzzer calls.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

#endif
