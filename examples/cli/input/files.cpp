#include "files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "../output/terminal.hpp"

namespace cli {

namespace fs = std::filesystem;

namespace {

bool is_maildir(const fs::path& directory) {
  std::error_code error;
  return fs::is_directory(directory / "cur", error) && fs::is_directory(directory / "new", error) &&
         fs::is_directory(directory / "tmp", error);
}

/// What is in a directory, but for hidden entries. Folders inside a Maildir have names that begin
/// with a dot (Maildir++); else that means hidden.
std::vector<fs::directory_entry> entries_of(const fs::path& directory, std::error_code& error) {
  std::vector<fs::directory_entry> entries;
  for (auto entry = fs::directory_iterator(directory, error);
       !error && entry != fs::directory_iterator(); entry.increment(error))
    if (!entry->path().filename().native().starts_with('.') || is_maildir(entry->path()))
      entries.push_back(*entry);
  return entries;
}

void add_directory(const fs::path& directory, std::vector<input>& inputs, bool is_in_maildir);

/// Adds what is in a Maildir. Mail moves from `new` to `cur` at any time, so `new` is listed first:
/// what moves meanwhile is found in one of them, or in both.
void add_maildir(const fs::path& directory, const std::vector<fs::directory_entry>& entries,
                 std::vector<input>& inputs) {
  std::vector<input> in_new;
  add_directory(directory / "new", in_new, true);
  for (const fs::directory_entry& entry : entries) {
    std::error_code error;
    const fs::path name = entry.path().filename();
    if (name == "tmp" || entry.is_symlink(error) || !entry.is_directory(error)) continue;
    if (name == "new")
      inputs.insert(inputs.end(), in_new.begin(), in_new.end());
    else
      add_directory(entry.path(), inputs, name == "cur");
  }
}

void add_directory(const fs::path& directory, std::vector<input>& inputs, bool is_in_maildir) {
  std::error_code error;
  std::vector<fs::directory_entry> entries = entries_of(directory, error);
  if (error) inputs.push_back({directory.native(), error});
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
  if (is_maildir(directory)) return add_maildir(directory, entries, inputs);
  // The listing says what an entry is, so that few have to be looked at.
  for (const fs::directory_entry& entry : entries) {
    if (!entry.is_symlink(error) && entry.is_directory(error))
      add_directory(entry.path(), inputs, false);
    else if (entry.is_regular_file(error))
      inputs.push_back({entry.path().native(), {}, is_in_maildir});
    // A mail that was moved since the listing is looked for when it is read.
    else if (is_in_maildir && error == std::errc::no_such_file_or_directory)
      inputs.push_back({entry.path().native(), {}, is_in_maildir});
  }
}

}  // namespace

std::vector<input> find_inputs(const std::vector<std::string>& paths) {
  std::vector<input> inputs;
  for (const std::string& path : paths) {
    std::error_code error;
    if (path != "-" && fs::is_directory(path, error))
      add_directory(path, inputs, is_maildir(fs::path(path) / ".."));
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
  if (!file_) {
    error_ = {errno, std::generic_category()};
    return;
  }
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);  // whole pieces are read
  struct stat status {};
  may_wait_ = fstat(fileno(file_.get()), &status) == 0 && !S_ISREG(status.st_mode);
}

source_error source_file::error() const {
  if (!error_) return {};
  return unreadable{error_.message()};
}

void source_file::fill(std::string& content, std::size_t size) {
  constexpr std::size_t step = 4096;  // more than most reports have
  if (may_wait_) flush_out();
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
