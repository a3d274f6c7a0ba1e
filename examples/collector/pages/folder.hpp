/// @file
/// Folders of pages, and the link to the one that readers see.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_FOLDER
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_FOLDER

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace collector {

/// A file that one program has at a time: of two that do the same, one waits.
class file_lock {
 public:
  /// Throws std::runtime_error when it has waited in vain, with `busy` as the reason.
  file_lock(const std::filesystem::path& file, std::chrono::seconds patience,
            std::string_view busy);
  file_lock(const file_lock&) = delete;
  file_lock& operator=(const file_lock&) = delete;
  ~file_lock();

 private:
  int file_;
};

/// Where the link to pages is to be. Throws std::runtime_error when something else is there.
std::filesystem::path place_of_pages(std::filesystem::path out);

/// What has the same name, with this at its end.
inline std::filesystem::path beside(std::filesystem::path file, std::string_view ending) {
  return file += ending;
}

/// A new folder of pages, for whoever has the lock. Readers see all of the old pages, or all of
/// the new ones.
class page_folder {
 public:
  explicit page_folder(const std::filesystem::path& place);
  page_folder(const page_folder&) = delete;
  page_folder& operator=(const page_folder&) = delete;
  /// Takes away what was not finished.
  ~page_folder();

  void write(const std::string& name, std::string_view text);
  /// Lets the link lead to this folder.
  void finish();

 private:
  /// Takes away all that this program made but for one: old pages, and what a killed run has left.
  /// A folder of any other name is somebody's own.
  void remove_all_but(const std::filesystem::path& kept) const;

  std::filesystem::path place_, made_;
  std::set<std::filesystem::path> folders_{};
  bool is_finished_ = false;
};

}  // namespace collector

#endif
