/// @file
/// Compares all answers with the reference, then has Google Benchmark time the contenders.
///
///     bench CORPUS [SAMPLES] [--benchmark_...]
///
/// CORPUS is a folder that generate.py wrote, SAMPLES one with reports. Benchmarks are named
/// task/contender/input; "each" is the time per report or record. Exit status 1: a contender's
/// answer is not the reference's.

#include <zlib.h>
#if TLSRPT_BENCH_LIBDEFLATE
#include <libdeflate.h>
#endif
#include <nlohmann/json.hpp>
#if TLSRPT_BENCH_RAPIDJSON
#include <rapidjson/rapidjson.h>
#endif
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "inflate.hpp"
#include "registry.hpp"

namespace bench {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string octets{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return octets;
}

std::string inflate(std::string_view gzip) {
  std::string text(promised_size(gzip), '\0');
  if (zlib_floor<31> decoder; !decoder.inflate(gzip, text))
    throw std::runtime_error("not one member of gzip");
  return text;
}

/// The reports of a folder in the order of their names. A .json file may have a .gz beside it, and
/// a .gz may be alone.
input load_reports(std::string name, const fs::path& folder,
                   const std::vector<std::string>* only = nullptr) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path& path = entry.path();
    const std::string file = path.filename().string();
    const bool alone = path.extension() == ".gz" && !fs::exists(fs::path(path).replace_extension());
    if (path.extension() != ".json" && !alone) continue;
    if (!only || std::find(only->begin(), only->end(), file) != only->end()) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  input loaded{std::move(name), {}, {}, {}};
  for (const fs::path& path : paths) {
    const bool is_gzip = path.extension() == ".gz";
    const fs::path packed = is_gzip ? path : fs::path(path.string() + ".gz");
    std::string octets = read_file(path);
    loaded.plain.emplace_back(is_gzip ? inflate(octets) : octets);
    if (fs::exists(packed)) loaded.gzip.emplace_back(is_gzip ? octets : read_file(packed));
    if (const fs::path mail = fs::path(path).replace_extension(".eml"); fs::exists(mail))
      loaded.mail.emplace_back(read_file(mail));
  }
  if (loaded.plain.empty()) throw std::runtime_error("no reports in " + folder.string());
  if (loaded.gzip.size() != loaded.plain.size()) loaded.gzip.clear();
  if (loaded.mail.size() != loaded.plain.size()) loaded.mail.clear();
  return loaded;
}

std::vector<std::string> read_lines(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (lines.empty()) throw std::runtime_error("nothing in " + path.string());
  return lines;
}

std::vector<input> load_records(const fs::path& path) {
  input typical{"typical", {}, {}, {}};
  for (const std::string& line : read_lines(path)) typical.plain.emplace_back(line);
  return {typical};
}

/// Compares and registers all contenders of a task on all inputs; false if an answer differs.
bool prepare(task which, const std::string& task_name, const std::vector<input>& inputs) {
  bool agreed = true;
  std::vector<contender> chosen;
  for (const contender& c : contenders())
    if (c.task == which) chosen.push_back(c);
  std::stable_sort(chosen.begin(), chosen.end(),
                   [](const contender& a, const contender& b) { return a.name < b.name; });
  for (const input& given : inputs) {
    const std::vector<document>& documents = which == task::gzip   ? given.gzip
                                             : which == task::mail ? given.mail
                                                                   : given.plain;
    if (documents.empty()) continue;
    for (const contender& c : chosen) {
      if (!c.inputs.empty() &&
          std::find(c.inputs.begin(), c.inputs.end(), given.name) == c.inputs.end())
        continue;
      const std::string name = task_name + '/' + c.name + '/' + given.name;
      if (const std::string difference = c.compare(given); !difference.empty()) {
        std::cerr << name << ": " << difference << '\n';
        agreed = false;
      }
      benchmark::RegisterBenchmark(
          name.c_str(), [&documents, time = c.time](benchmark::State& s) { time(s, documents); });
    }
  }
  return agreed;
}

void add_context() {
  benchmark::AddCustomContext("compiler", TLSRPT_BENCH_COMPILER);
  benchmark::AddCustomContext("flags", TLSRPT_BENCH_FLAGS);
  benchmark::AddCustomContext("simdjson", std::to_string(simdjson::SIMDJSON_VERSION_MAJOR) + '.' +
                                              std::to_string(simdjson::SIMDJSON_VERSION_MINOR) +
                                              '.' +
                                              std::to_string(simdjson::SIMDJSON_VERSION_REVISION));
  benchmark::AddCustomContext("simdjson stage 1", simdjson::get_active_implementation()->name());
  benchmark::AddCustomContext("simdjson On-Demand", simdjson::builtin_implementation()->name());
  benchmark::AddCustomContext("zlib", zlibVersion());
#if TLSRPT_BENCH_LIBDEFLATE
  benchmark::AddCustomContext("libdeflate", LIBDEFLATE_VERSION_STRING);
#endif
  benchmark::AddCustomContext("nlohmann/json", nlohmann::json::meta()["version"]["string"]);
#if TLSRPT_BENCH_RAPIDJSON
  benchmark::AddCustomContext("RapidJSON", RAPIDJSON_VERSION_STRING);
#endif
#if TLSRPT_BENCH_GLAZE
  benchmark::AddCustomContext("glaze", "there, it does not say which version");
#endif
}

int run(int argc, char** argv) {
  add_context();
  benchmark::Initialize(&argc, argv);
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: bench CORPUS [SAMPLES] [--benchmark_...]\n";
    return 2;
  }
  const fs::path corpus = argv[1];
  std::vector<input> reports;
  for (const char* name : {"small", "one_part", "multipart", "medium", "large"})
    reports.push_back(load_reports(name, corpus / name));
  const std::vector<std::string> conforming = read_lines(corpus / "conforming.txt");
  reports.push_back(load_reports("conforming", corpus / "small", &conforming));
  if (argc == 3) reports.push_back(load_reports("samples", argv[2]));
  const std::vector<input> records = load_records(corpus / "records.txt");

  bool agreed = prepare(task::record, "record", records);
  agreed &= prepare(task::report, "report", reports);
  agreed &= prepare(task::gzip, "gzip", reports);
  agreed &= prepare(task::mail, "mail", reports);
  if (!agreed) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  try {
    return bench::run(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
