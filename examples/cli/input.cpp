#include "input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace cli {

namespace fs = std::filesystem;

namespace {

void add_directory(const fs::path& directory, std::vector<input>& inputs) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (auto entry = fs::directory_iterator(directory, error);
       !error && entry != fs::directory_iterator(); entry.increment(error))
    if (!entry->path().filename().native().starts_with('.')) entries.push_back(entry->path());
  if (error) inputs.push_back({directory.native(), error});
  std::sort(entries.begin(), entries.end());
  for (const fs::path& entry : entries) {
    if (fs::is_directory(fs::symlink_status(entry, error)))
      add_directory(entry, inputs);
    else if (fs::is_regular_file(entry, error))
      inputs.push_back({entry.native()});
  }
}

struct closer {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

}  // namespace

std::vector<input> find_inputs(const std::vector<std::string>& paths) {
  std::vector<input> inputs;
  for (const std::string& path : paths) {
    std::error_code error;
    if (path != "-" && fs::is_directory(path, error))
      add_directory(path, inputs);
    else
      inputs.push_back({path});
  }
  return inputs;
}

read_failure read(const std::string& name, const tlsrpt::limits& limits, std::string& content) {
  content.clear();
  const std::unique_ptr<std::FILE, closer> file(name == "-" ? stdin
                                                            : std::fopen(name.c_str(), "rb"));
  const auto failure = [] { return read_failure{{errno, std::generic_category()}}; };
  if (!file) return failure();
  constexpr std::size_t step = std::size_t{1} << 16;
  while (content.size() <= limits.text) {
    const std::size_t size = content.size();
    content.resize(std::min(std::max(2 * size, step), limits.text + 1));
    const std::size_t got = std::fread(content.data() + size, 1, content.size() - size, file.get());
    const bool ended = size + got < content.size();
    content.resize(size + got);
    if (ended) return std::ferror(file.get()) != 0 ? failure() : read_failure{};
  }
  const bool is_gzip = content.starts_with("\x1f\x8b");
  return {{}, is_gzip ? tlsrpt::errc::compressed_too_long : tlsrpt::errc::text_too_long};
}

}  // namespace cli
