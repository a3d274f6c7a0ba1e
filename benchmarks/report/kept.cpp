/// @file
/// What a report that is kept takes in memory: a line for each folder or file, "NAME REPORTS JSON
/// STRINGS KEPT": octets of the JSON texts, of all strings that the views point to, and of the
/// blocks of memory.
///
///     kept FOLDER|FILE...

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include <tlsrpt/kept_report.hpp>
#include <tlsrpt/report.hpp>
#include <tlsrpt/schema.hpp>

namespace {

namespace fs = std::filesystem;

std::size_t octets(std::string_view text) { return text.size(); }
std::size_t octets(tlsrpt::session_count) { return 0; }
template <class Value>
requires requires(Value v) { v.text; }
std::size_t octets(const Value& value) { return value.text.size(); }
std::size_t octets(std::span<const std::string_view> texts) {
  std::size_t sum = 0;
  for (std::string_view text : texts) sum += text.size();
  return sum;
}

/// The octets of all strings in a view.
template <class Members, class View>
std::size_t strings_of(const Members& members, const View& view) {
  std::size_t sum = 0;
  tlsrpt::schema::for_each(members, view, [&sum](const auto& member, const auto& value) {
    if constexpr (!requires { member.members; })
      sum += octets(value);
    else if constexpr (requires { value.size(); })
      for (const auto& element : value) sum += strings_of(member.members, element);
    else
      sum += strings_of(member.members, value);
  });
  return sum;
}

struct totals {
  std::size_t reports = 0, json = 0, strings = 0, kept = 0;

  void add(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    tlsrpt::report_parser<> parser;
    const auto report = parser.parse(bytes);
    if (!report) return;
    const auto copy = tlsrpt::kept_report::copy(*report);
    if (!copy) return;
    ++reports;
    json += parser.text().size();
    strings += strings_of(tlsrpt::schema::report, *report);
    kept += copy->memory();
  }
};

}  // namespace

int main(int argc, char** argv) {
  bool good = argc > 1;
  for (int i = 1; i < argc; ++i) {
    const fs::path path = argv[i];
    totals all;
    if (fs::is_directory(path))
      for (const auto& entry : fs::directory_iterator(path)) all.add(entry.path());
    else
      all.add(path);
    good &= all.reports != 0;
    std::cout << path.filename().string() << ' ' << all.reports << ' ' << all.json << ' '
              << all.strings << ' ' << all.kept << '\n';
  }
  return !good;
}
