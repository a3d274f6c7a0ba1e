#include "files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace cli {

namespace fs = std::filesystem;

namespace {

bool is_maildir(const fs::path& directory) {
  std::error_code error;
  return fs::is_directory(directory / "cur", error) && fs::is_directory(directory / "new", error) &&
         fs::is_directory(directory / "tmp", error);
}

void add_directory(const fs::path& directory, std::vector<input>& inputs) {
  std::error_code error;
  std::vector<fs::directory_entry> entries;
  // Folders inside a Maildir have names that begin with a dot (Maildir++); else that means hidden.
  const auto is_wanted = [](const fs::path& entry) {
    return !entry.filename().native().starts_with('.') || is_maildir(entry);
  };
  for (auto entry = fs::directory_iterator(directory, error);
       !error && entry != fs::directory_iterator(); entry.increment(error))
    if (is_wanted(entry->path())) entries.push_back(*entry);
  if (error) inputs.push_back({directory.native(), error});
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
  const bool in_maildir = is_maildir(directory);
  // The listing says what an entry is, so that few have to be looked at.
  for (const fs::directory_entry& entry : entries) {
    if (!entry.is_symlink(error) && entry.is_directory(error)) {
      if (!in_maildir || entry.path().filename() != "tmp") add_directory(entry.path(), inputs);
    } else if (!in_maildir && entry.is_regular_file(error)) {
      inputs.push_back({entry.path().native()});
    }
  }
}

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

void source_file::closer::operator()(std::FILE* file) const {
  if (file != stdin) std::fclose(file);
}

source_file::source_file(const std::string& name)
    : file_(name == "-" ? stdin : std::fopen(name.c_str(), "rb")) {
  if (!file_) error_ = {errno, std::generic_category()};
}

void source_file::fill(std::string& content, std::size_t size) {
  constexpr std::size_t step = std::size_t{1} << 16;
  while (!ended_ && !error_ && content.size() < size) {
    const std::size_t old_size = content.size();
    content.resize(std::min(std::max(2 * old_size, step), size));
    const std::size_t wanted = content.size() - old_size;
    const std::size_t got = std::fread(content.data() + old_size, 1, wanted, file_.get());
    ended_ = got < wanted;
    content.resize(old_size + got);
    if (std::ferror(file_.get()) != 0) error_ = {errno, std::generic_category()};
  }
}

}  // namespace cli
