/// @file
/// What benchmarks/guard counts instructions of: for each case the library and its floor, over the
/// same inputs in the same process. Each runs once to warm up, then callgrind counts one more run
/// and writes it to a file of its own, marked case/floor or case/tlsrpt.
///
///     guarded CORPUS
///
/// Prints the simdjson kernel that ran. Without valgrind it counts nothing.

#include <valgrind/callgrind.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include <tlsrpt/record.hpp>
#include <tlsrpt/report.hpp>

#include "../common/inflate.hpp"
#include "../common/walk.hpp"
#include "../record/record_task.hpp"

namespace {

namespace fs = std::filesystem;
using documents = std::vector<bench::document>;

documents load(const fs::path& folder, std::string_view ending,
               const std::vector<std::string>* only = nullptr) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(ending) &&
        (!only || std::find(only->begin(), only->end(), name) != only->end()))
      paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  documents loaded;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    loaded.emplace_back(std::string{std::istreambuf_iterator<char>(file), {}});
  }
  if (loaded.empty()) throw std::runtime_error("nothing to read in " + folder.string());
  return loaded;
}

std::vector<std::string> load_lines(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

template <class Read>
void count(const std::string& mark, const documents& all, Read&& read) {
  const auto run = [&] {
    for (const bench::document& d : all)
      if (!read(d)) throw std::runtime_error(mark + ": an input cannot be read");
  };
  run();
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
  run();
  CALLGRIND_DUMP_STATS_AT(mark.c_str());
  CALLGRIND_STOP_INSTRUMENTATION;
}

void count_plain(const std::string& mark, const documents& all) {
  simdjson::ondemand::parser floor;
  count(mark + "/floor", all,
        [&](const bench::document& d) { return bench::walk(floor, d.text(), d.capacity()); });
  tlsrpt::report_parser<> parser;
  count(mark + "/tlsrpt", all,
        [&](const bench::document& d) { return parser.parse(d.text()).has_value(); });
}

void count_collecting(const std::string& mark, const documents& all) {
  tlsrpt::report_parser<> parser;
  count(mark + "/floor", all,
        [&](const bench::document& d) { return parser.parse(d.text()).has_value(); });
  tlsrpt::diagnostic_list<16> found;
  count(mark + "/tlsrpt", all,
        [&](const bench::document& d) { return parser.parse(d.text(), found).has_value(); });
  if (!found.empty()) throw std::runtime_error("reports that conform have findings");
}

void count_gzip(const std::string& mark, const documents& all) {
  bench::zlib_floor<31> decoder;
  bench::inflated_text text;
  simdjson::ondemand::parser floor;
  count(mark + "/floor", all, [&](const bench::document& d) {
    return decoder.inflate(d.text(), text.room_for(d.text())) &&
           bench::walk(floor, text.text(), text.capacity());
  });
  tlsrpt::report_parser<> parser;
  count(mark + "/tlsrpt", all,
        [&](const bench::document& d) { return parser.parse(d.text()).has_value(); });
}

void count_records(const std::string& mark, const documents& all) {
  count(mark + "/floor", all, [](const bench::document& d) {
    bench::endpoints found = bench::split_record(d.text());
    benchmark::DoNotOptimize(found);
    return true;
  });
  bench::endpoints found;
  count(mark + "/tlsrpt", all, [&](const bench::document& d) {
    const auto record = tlsrpt::parse_record(d.text());
    if (!record) return false;
    found.size = 0;
    for (const tlsrpt::rua_view& rua : record->endpoints())
      found.add(rua.scheme == tlsrpt::uri_scheme::mailto, rua.target());
    benchmark::DoNotOptimize(found);
    return true;
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: guarded CORPUS\n";
    return 2;
  }
  try {
    const fs::path corpus = argv[1];
    const std::vector<std::string> conforming = load_lines(corpus / "conforming.txt");
    documents records;
    for (const std::string& line : load_lines(corpus / "records.txt")) records.emplace_back(line);

    count_plain("parse/small", load(corpus / "small", ".json"));
    count_plain("parse/medium", load(corpus / "medium", ".json"));
    count_collecting("collector/conforming", load(corpus / "small", ".json", &conforming));
    count_gzip("gzip/small", load(corpus / "small", ".json.gz"));
    count_records("record/typical", records);
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
  std::cout << simdjson::get_active_implementation()->name() << '\n';
}
