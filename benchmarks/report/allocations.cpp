/// @file
/// How many times a parser that is warm allocates memory, over all small reports: one line for each
/// way to read them, "NAME ALLOCATIONS REPORTS".
///
///     allocations CORPUS

#include "../../tests/allocations.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <tlsrpt/report.hpp>

#include "../common/registry.hpp"

namespace {

namespace fs = std::filesystem;
using documents = std::vector<bench::document>;

documents load(const fs::path& folder, std::string_view ending) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string().ends_with(ending)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  documents loaded;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    loaded.emplace_back(std::string{std::istreambuf_iterator<char>(file), {}});
  }
  return loaded;
}

struct ignoring_visitor {
  void on_report(const tlsrpt::report_head_view&) {}
  void on_policy(const tlsrpt::policy_head_view&) {}
  void on_failure(const tlsrpt::policy_head_view&, const tlsrpt::failure_details_view&) {}
};

template <class Read>
bool count(std::string_view name, const documents& all, Read&& read) {
  tlsrpt::report_parser<> parser;
  for (const bench::document& d : all)
    if (!read(parser, d)) return false;
  const long before = allocations;
  for (const bench::document& d : all) read(parser, d);
  const long counted = allocations - before;
  std::cout << name << ' ' << counted << ' ' << all.size() << '\n';
  return !all.empty();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !TLSRPT_TEST_COUNTS) {
    std::cerr << "usage: allocations CORPUS (with glibc, without sanitizers)\n";
    return 2;
  }
  const documents plain = load(fs::path(argv[1]) / "small", ".json");
  const documents gzip = load(fs::path(argv[1]) / "small", ".json.gz");
  using parser = tlsrpt::report_parser<>;
  using bench::document;
  const auto parse = [](parser& p, const document& d) { return p.parse(d.text()).has_value(); };
  bool good = count("parse", plain, parse) && count("parse_gzip", gzip, parse);
  good &= count("parse_in_place", plain, [](parser& p, const document& d) {
    return p.parse_in_place({d.text(), d.capacity()}).has_value();
  });
  good &= count("visit", plain, [](parser& p, const document& d) {
    return p.visit(d.text(), ignoring_visitor{}).has_value();
  });
  return !good;
}
