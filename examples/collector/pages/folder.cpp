#include "folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace collector {

namespace {

namespace fs = std::filesystem;

/// Between the name of the link and the number of a folder.
constexpr std::string_view marker = ".pages-";

/// 0, or why not.
int try_to_lock(int file) { return flock(file, LOCK_EX | LOCK_NB) == 0 ? 0 : errno; }

}  // namespace

file_lock::file_lock(const fs::path& file, std::chrono::seconds patience, std::string_view busy)
    : file_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  const auto end = std::chrono::steady_clock::now() + patience;
  int error = file_ < 0 ? errno : try_to_lock(file_);
  while ((error == EWOULDBLOCK || error == EINTR) && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    error = try_to_lock(file_);
  }
  if (error == 0) return;
  if (file_ >= 0) close(file_);
  std::string why = std::strerror(error);
  if (error == EWOULDBLOCK) why = busy;
  if (error == EACCES) why += "; run tlsrpt-pages as the user whose file this is";
  throw std::runtime_error(file.native() + ": " + why);
}

file_lock::~file_lock() { close(file_); }

fs::path place_of_pages(fs::path out) {
  if (out.filename().empty()) out = out.parent_path();
  if (fs::exists(fs::symlink_status(out)) && !fs::is_symlink(out))
    throw std::runtime_error(out.native() + " is there, and no link to pages");
  if (out.has_parent_path()) fs::create_directories(out.parent_path());
  return out;
}

page_folder::page_folder(const fs::path& place) : place_(place) {
  const fs::path shown = fs::is_symlink(place) ? fs::read_symlink(place) : fs::path();
  remove_all_but(shown.filename());
  // Never the folder that readers see, nor one that could not be removed.
  for (unsigned number = 0;; ++number) {
    made_ = beside(place, std::string(marker) + std::to_string(number));
    std::error_code error;
    if (fs::create_directory(made_, error)) return;
    if (error && error != std::errc::file_exists)
      throw fs::filesystem_error("cannot make a folder", made_, error);
  }
}

page_folder::~page_folder() {
  std::error_code ignored;
  if (!is_finished_) fs::remove_all(made_, ignored);
}

void page_folder::write(const std::string& name, std::string_view text) {
  const fs::path file = made_ / name;
  if (folders_.insert(file.parent_path()).second) fs::create_directories(file.parent_path());
  std::ofstream to(file, std::ios::binary);
  to << text;
  if (!to.flush()) throw std::runtime_error("cannot write " + file.native());
}

void page_folder::finish() {
  const fs::path link = beside(place_, ".link");
  fs::remove(link);
  fs::create_symlink(made_.filename(), link);
  fs::rename(link, place_);
  is_finished_ = true;
  remove_all_but(made_.filename());
}

void page_folder::remove_all_but(const fs::path& kept) const {
  const std::string begin = place_.filename().native() + std::string(marker);
  std::vector<fs::path> others;
  const fs::path folder = place_.has_parent_path() ? place_.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().native();
    if (name.size() > begin.size() && name.starts_with(begin) && name != kept &&
        name.find_first_not_of("0123456789", begin.size()) == name.npos &&
        entry.symlink_status().type() == fs::file_type::directory)
      others.push_back(entry.path());
  }
  for (const fs::path& other : others) {
    std::error_code error;
    fs::remove_all(other, error);
    if (error)  // somebody else's, as in /tmp: the pages are made all the same
      std::fprintf(stderr, "tlsrpt-pages: cannot remove %s: %s\n", other.c_str(),
                   error.message().c_str());
  }
}

}  // namespace collector
