#include "maildir.hpp"

#include <filesystem>
#include <system_error>

namespace cli {

namespace fs = std::filesystem;

namespace {

/// What stays of the name of a mail.
std::string unique_part(const fs::path& name) {
  const std::string file = name.filename().native();
  return file.substr(0, file.find(':'));
}

}  // namespace

std::optional<std::string> moved_mails::find(const std::string& name, bool anew) {
  const std::lock_guard lock(mutex_);
  if (known_.empty())
    for (const input& each : inputs_)
      if (each.is_in_maildir) known_.insert(each.name);
  const std::string maildir = fs::path(name).parent_path().parent_path().native();
  const std::string key = unique_part(name);
  const auto is_unknown = [&] {
    const auto place = names_.find(key);
    return place == names_.end() || place->second == name;
  };
  if (maildir != maildir_ || anew || is_unknown()) list(maildir);
  if (is_unknown()) return std::nullopt;
  const std::string& found = names_[key];
  return known_.insert(found).second ? found : std::string();
}

void moved_mails::list(const std::string& maildir) {
  maildir_ = maildir;
  names_.clear();
  for (const char* folder : {"new", "cur"}) {
    std::error_code error;
    for (auto entry = fs::directory_iterator(fs::path(maildir) / folder, error);
         !error && entry != fs::directory_iterator(); entry.increment(error))
      names_[unique_part(entry->path())] = entry->path().native();
  }
}

}  // namespace cli
