/// @file
/// The contenders, and what they are given to read.
///
/// A contender is a class with
/// - `bool read(const document&)`, which is timed, and
/// - `std::optional<Answer> answer_of(const document&)`, which is compared with the reference
/// before
///   anything is timed. A floor has none, since it has no answer.
/// One object reads all documents of an input, again and again, so it may keep its buffers.

#ifndef TLSRPT_BENCHMARKS_REGISTRY
#define TLSRPT_BENCHMARKS_REGISTRY

#include <benchmark/benchmark.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tlsrpt/padded.hpp>

namespace bench {

/// A text with tlsrpt::padding zeros after it.
class document {
 public:
  explicit document(std::string_view text) : octets_(text), size_(text.size()) {
    octets_.append(tlsrpt::padding, '\0');
  }

  std::string_view text() const noexcept { return {octets_.data(), size_}; }
  std::size_t capacity() const noexcept { return octets_.size(); }

 private:
  std::string octets_;
  std::size_t size_;
};

/// What is read in one go, as text and, for reports, as gzip data and in mails.
struct input {
  std::string name;
  std::vector<document> plain, gzip, mail;
};

enum class task { record, report, gzip, mail };

struct contender {
  bench::task task;
  std::string name;
  /// The names of the inputs that this contender can read; empty: all.
  std::vector<std::string> inputs;
  /// Compares the answers to all documents with the reference; what differs, empty if nothing.
  std::function<std::string(const input&)> compare;
  std::function<void(benchmark::State&, const std::vector<document>&)> time;
};

/// All contenders, in no particular order: each file adds its own when the program starts.
inline std::vector<contender>& contenders() {
  static std::vector<contender> all;
  return all;
}

template <class Contender>
void time_contender(benchmark::State& state, const std::vector<document>& documents) {
  Contender subject;
  std::size_t octets = 0;
  for (const document& d : documents) octets += d.text().size();
  for (auto _ : state) {
    for (const document& d : documents) {
      bool read = subject.read(d);
      benchmark::DoNotOptimize(read);
      benchmark::ClobberMemory();
    }
  }
  const auto rounds = static_cast<double>(documents.size());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(documents.size()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(octets));
  using benchmark::Counter;
  state.counters["each"] = Counter(rounds, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

/// The name of the first document that cannot be read or is read differently from `expected`.
template <class Contender, class Reference>
std::string compare_answers(const std::vector<document>& documents,
                            const std::vector<document>& as_reference, Reference&& expected) {
  Contender subject;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (!subject.read(documents[i])) return "document " + std::to_string(i) + " cannot be read";
    if constexpr (requires { subject.answer_of(documents[i]); }) {
      const auto got = subject.answer_of(documents[i]);
      if (!got || *got != expected(as_reference[i]))
        return "the answer to document " + std::to_string(i) + " is another than the reference's";
    }
  }
  return {};
}

}  // namespace bench

#endif
