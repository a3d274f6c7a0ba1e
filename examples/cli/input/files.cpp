#include "files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string_view>

#include "../output/terminal.hpp"

namespace cli {

namespace fs = std::filesystem;

namespace {

bool is_maildir(const fs::path& directory) {
  std::error_code error;
  return fs::is_directory(directory / "cur", error) && fs::is_directory(directory / "new", error) &&
         fs::is_directory(directory / "tmp", error);
}

enum class entry_kind { regular_file, directory, missing, other };

struct folder_entry {
  std::string name;
  entry_kind kind;
};

std::string join(const std::string& directory, std::string_view name) {
  std::string path;
  path.reserve(directory.size() + 1 + name.size());
  path += directory;
  if (!path.ends_with('/')) path += '/';
  return path += name;
}

/// What an entry is. The listing says it of all but links on most file systems.
entry_kind kind_of(const dirent& entry, const std::string& directory) {
  if (entry.d_type == DT_REG) return entry_kind::regular_file;
  if (entry.d_type == DT_DIR) return entry_kind::directory;
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return entry_kind::other;
  const std::string path = join(directory, entry.d_name);
  struct stat status {};
  bool is_link = true;
  if (lstat(path.c_str(), &status) == 0) is_link = S_ISLNK(status.st_mode);
  if (is_link && stat(path.c_str(), &status) != 0)
    return errno == ENOENT ? entry_kind::missing : entry_kind::other;
  if (S_ISREG(status.st_mode)) return entry_kind::regular_file;
  return S_ISDIR(status.st_mode) && !is_link ? entry_kind::directory : entry_kind::other;
}

/// What is in a directory, in sorted order, but for hidden entries. Folders inside a Maildir have
/// names that begin with a dot (Maildir++); else that means hidden.
std::vector<folder_entry> entries_of(const std::string& directory, std::error_code& error) {
  std::vector<folder_entry> entries;
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(opendir(directory.c_str()), closedir);
  errno = listing ? 0 : errno;
  while (const dirent* const entry = listing ? readdir(listing.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    const bool is_folder_itself = name == "." || name == "..";
    if (!is_folder_itself && (!name.starts_with('.') || is_maildir(join(directory, name))))
      entries.push_back({std::string(name), kind_of(*entry, directory)});
    errno = 0;  // only an error changes it
  }
  error = {errno, std::generic_category()};
  std::ranges::sort(entries, {}, &folder_entry::name);
  return entries;
}

void add_directory(const std::string& directory, std::vector<input>& inputs, bool is_in_maildir);

/// Adds what is in a Maildir. Mail moves from `new` to `cur` at any time, so `new` is listed first:
/// what moves meanwhile is found in one of them, or in both.
void add_maildir(const std::string& directory, const std::vector<folder_entry>& entries,
                 std::vector<input>& inputs) {
  std::vector<input> in_new;
  add_directory(join(directory, "new"), in_new, true);
  for (const folder_entry& entry : entries) {
    if (entry.name == "tmp" || entry.kind != entry_kind::directory) continue;
    if (entry.name == "new")
      inputs.insert(inputs.end(), in_new.begin(), in_new.end());
    else
      add_directory(join(directory, entry.name), inputs, entry.name == "cur");
  }
}

void add_directory(const std::string& directory, std::vector<input>& inputs, bool is_in_maildir) {
  std::error_code error;
  const std::vector<folder_entry> entries = entries_of(directory, error);
  if (error) inputs.push_back({directory, error});
  if (is_maildir(directory)) return add_maildir(directory, entries, inputs);
  for (const folder_entry& entry : entries) {
    if (entry.kind == entry_kind::directory)
      add_directory(join(directory, entry.name), inputs, false);
    // A mail that was moved since the listing is looked for when it is read.
    else if (entry.kind == entry_kind::regular_file ||
             (is_in_maildir && entry.kind == entry_kind::missing))
      inputs.push_back(
          {join(directory, entry.name), {}, is_in_maildir, entry.kind == entry_kind::regular_file});
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

source_file::source_file(const std::string& name, bool is_regular)
    : is_standard_input_(name == "-"),
      file_(is_standard_input_ ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat status {};
  if (file_ < 0)
    error_ = {errno, std::generic_category()};
  else if (!is_regular)
    may_wait_ = fstat(file_, &status) == 0 && !S_ISREG(status.st_mode);
}

source_file::~source_file() {
  if (!is_standard_input_ && file_ >= 0) close(file_);
}

source_error source_file::error() const {
  if (!error_) return {};
  return unreadable{error_.message()};
}

void source_file::fill(std::string& content, std::size_t size) {
  constexpr std::size_t step = 4096;  // more than most reports have
  if (may_wait_) flush_out();
  while (!ended_ && !error_ && content.size() < size) {
    std::size_t read_size = content.size();
    content.resize(std::min(std::max(2 * read_size, step), size));
    while (read_size < content.size() && !ended_ && !error_) {
      const ssize_t got = read(file_, content.data() + read_size, content.size() - read_size);
      if (got < 0) error_ = {errno, std::generic_category()};
      ended_ = got == 0;
      if (got > 0) read_size += static_cast<std::size_t>(got);
    }
    content.resize(read_size);
  }
}

}  // namespace cli
