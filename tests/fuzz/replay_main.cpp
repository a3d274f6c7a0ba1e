/// Replays files through a fuzz target, for compilers without libFuzzer:
///
///     replay FOLDER...
///
/// Fails when a folder has no file. A target with a mutator of its own gets mutants as well.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "relations.hpp"

extern "C" {
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
[[gnu::weak]] std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                                  std::size_t max_size, unsigned seed);

/// Instead of libFuzzer's: changes one octet.
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size) {
  static fuzz::numbers random(1);
  if (size == 0 && max_size != 0) size = 1;
  if (size != 0) data[random.below(size)] = static_cast<std::uint8_t>(random.next());
  return size;
}
}

namespace {

constexpr std::size_t largest_mutant = 16'384;
constexpr unsigned mutants_of_each = 20;

void run(const std::string& bytes) {
  // To the octet, as libFuzzer hands them out.
  const fuzz::exact_copy copy(bytes);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(copy.view().data()), bytes.size());
}

/// Mutants of mutants, so that they go farther.
void run_mutants(std::string bytes) {
  std::size_t size = std::min(bytes.size(), largest_mutant);
  bytes.resize(largest_mutant);
  for (unsigned seed = 0; seed < mutants_of_each; ++seed) {
    size = LLVMFuzzerCustomMutator(reinterpret_cast<std::uint8_t*>(bytes.data()), size,
                                   largest_mutant, seed);
    run(bytes.substr(0, size));
  }
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc < 2) return std::fprintf(stderr, "usage: %s FOLDER...\n", argv[0]), 2;
  std::size_t inputs = 0;
  for (int i = 1; i < argc; ++i) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(argv[i], error))
      if (entry.is_regular_file()) files.push_back(entry.path());
    if (files.empty()) return std::fprintf(stderr, "no seeds in %s\n", argv[i]), 1;
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
      std::ifstream in(file, std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(in), {});
      if (!in) return std::fprintf(stderr, "cannot read %s\n", file.c_str()), 1;
      run(bytes);
      if (LLVMFuzzerCustomMutator != nullptr) run_mutants(bytes);
    }
    inputs += files.size();
  }
  std::printf("%zu seeds\n", inputs);
  return 0;
}
