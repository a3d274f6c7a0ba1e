/// @file
/// Reports of a folder, in memory, parsed alone and into Arrow columns, in turns.
///
///     arrow FOLDER [ROUNDS]
///
/// Prints a line for each way: its name and the reports per second of processor time in the
/// best round.

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/arrow.hpp>
#include <tlsrpt/libdeflate.hpp>
#include <tlsrpt/report.hpp>

namespace {

using parser = tlsrpt::report_parser<tlsrpt::rules, tlsrpt::libdeflate_inflater>;
using texts = std::vector<std::string>;

struct inputs {
  const texts* all;
  std::size_t next_text = 0;

  bool next(tlsrpt::arrow_input& input) noexcept {
    if (next_text == all->size()) return false;
    input.source.position = static_cast<std::int64_t>(next_text);
    input.octets = std::as_bytes(std::span((*all)[next_text++]));
    return true;
  }
  int error() const noexcept { return 0; }
};

std::size_t parse_alone(const texts& all) {
  parser reader;
  tlsrpt::diagnostic_list<16> found;
  std::size_t count = 0;
  for (const std::string& text : all) {
    found.clear();
    if (reader.parse(text, found)) ++count;
  }
  return count;
}

std::size_t into_arrow(const texts& all, bool with_ledger) {
  ArrowArrayStream stream{};
  std::size_t count = 0;
  if (!make_arrow_stream(parser(), inputs{&all}, stream, {.with_ledger = with_ledger})) return 0;
  while (true) {
    ArrowArray batch{};
    if (stream.get_next(&stream, &batch) != 0 || batch.release == nullptr) break;
    count += static_cast<std::size_t>(batch.length);
    batch.release(&batch);
  }
  stream.release(&stream);
  return count;
}

template <class Way>
double rate_of(const Way& way) {
  const std::clock_t begin = std::clock();
  const std::size_t count = way();
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  return static_cast<double>(count) / seconds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  texts all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  double alone = 0, columns = 0, ledger = 0;
  for (int i = 0; i < rounds; ++i) {
    alone = std::max(alone, rate_of([&] { return parse_alone(all); }));
    columns = std::max(columns, rate_of([&] { return into_arrow(all, false); }));
    ledger = std::max(ledger, rate_of([&] { return into_arrow(all, true); }));
  }
  std::cout << "library " << static_cast<long>(alone) << "\narrow " << static_cast<long>(columns)
            << "\narrow_ledger " << static_cast<long>(ledger) << '\n';
}
