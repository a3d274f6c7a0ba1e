#include "change.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include <tlsrpt/escape.hpp>

#include "views/words.hpp"

extern char** environ;

namespace collector {

namespace {

namespace fs = std::filesystem;

/// What was told last: when, and each key with its severity.
struct told_state {
  std::int64_t time = 0;
  std::map<std::string, int, std::less<>> severities{};
};

told_state read_state(const fs::path& file) {
  told_state state;
  std::ifstream in(file);
  in >> state.time;
  int severity = 0;
  for (std::string key; in >> severity >> key;) state.severities[key] = severity;
  return state;
}

void write_state(const told_state& state, const fs::path& file) {
  fs::path made = file;
  made += ".new";
  {
    std::ofstream out(made);
    out << state.time << '\n';
    for (const auto& [key, severity] : state.severities) out << severity << ' ' << key << '\n';
    if (!out.flush()) throw std::runtime_error("cannot write " + made.native());
  }
  fs::rename(made, file);
}

/// Adds members of an object of JSON.
class json_object {
 public:
  json_object& member(std::string_view name, std::string_view text) {
    begin(name);
    tlsrpt::escape::json_string(text_, text);
    return *this;
  }
  json_object& member(std::string_view name, std::uint64_t number) {
    begin(name);
    text_ += std::to_string(number);
    return *this;
  }
  json_object& member(std::string_view name, const std::vector<std::string>& texts) {
    begin(name);
    text_ += '[';
    bool is_first = true;
    for (const std::string& text : texts) {
      if (!std::exchange(is_first, false)) text_ += ',';
      tlsrpt::escape::json_string(text_, text);
    }
    text_ += ']';
    return *this;
  }
  std::string text() const { return text_ + '}'; }

 private:
  void begin(std::string_view name) {
    text_ += text_.empty() ? '{' : ',';
    tlsrpt::escape::json_string(text_, name);
    text_ += ':';
  }

  std::string text_{};
};

/// How a thing to do has changed; empty when it has not.
std::string_view change_of(const kept_finding& one, const told_state& before) {
  const auto found = before.severities.find(one.key);
  if (found == before.severities.end()) return one.change == tlsrpt::change::back ? "back" : "new";
  return one.severity < found->second ? "worse" : "";
}

std::string object_of(const kept_finding& one, std::string_view change) {
  return json_object()
      .member("change", change)
      .member("key", one.key)
      .member("severity", static_cast<std::uint64_t>(one.severity))
      .member("domains", one.domains)
      .member("host", one.host)
      .member("since", date(one.since))
      .member("last", date(one.last))
      .member("reporters", one.reporters)
      .member("noted", one.noted)
      .member("failed-at-least", one.failed_at_least)
      .member("text", one.text)
      .member("do-first", one.do_first)
      .text();
}

[[noreturn]] void fail(const std::string& command, const std::string& why) {
  throw std::runtime_error(command + ": " + why);
}

/// Runs it with a text on its standard input, which is a file, so that it need not be read.
void run_command(const std::string& command, const std::string& text) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> input(std::tmpfile(), std::fclose);
  if (!input || std::fwrite(text.data(), 1, text.size(), input.get()) != text.size() ||
      std::fflush(input.get()) != 0)
    fail(command, "there is no room for its input");
  std::rewind(input.get());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(input.get()), STDIN_FILENO);
  std::string word = command;
  char* words[] = {word.data(), nullptr};
  pid_t process = 0;
  const int error = posix_spawnp(&process, word.c_str(), &actions, nullptr, words, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail(command, "cannot be run");
  int status = 0;
  if (waitpid(process, &status, 0) != process || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fail(command, "failed; the next run tries again");
}

}  // namespace

void tell_change(std::span<const kept_finding> findings, std::int64_t now, const fs::path& file,
                 const std::string& command) {
  // An hour, less what a timer may be late by: each run of one that runs hourly counts.
  constexpr std::int64_t minute = 60, shortest = 55 * minute;
  const told_state before = read_state(file);
  told_state after{now, {}};
  std::string objects;
  const auto add = [&objects](const std::string& object) {
    objects += (objects.empty() ? "" : ",\n") + object;
  };
  std::set<std::string_view> there;
  for (const kept_finding& one : findings) {
    if (!one.is_over()) there.insert(one.key);
    if (!one.is_verified || !one.is_to_do()) continue;
    after.severities[one.key] = one.severity;
    if (const std::string_view change = change_of(one, before); !change.empty())
      add(object_of(one, change));
  }
  for (const auto& [key, severity] : before.severities)
    if (!there.contains(key))
      add(json_object()
              .member("change", "gone")
              .member("key", key)
              .member("severity", static_cast<std::uint64_t>(severity))
              .text());
  if (objects.empty()) {
    // What is less bad than before may get worse again.
    if (after.severities != before.severities) write_state({before.time, after.severities}, file);
    return;
  }
  if (now >= before.time && now - before.time < shortest) return;
  run_command(command, "{\"version\":1,\"findings\":[" + objects + "]}\n");
  write_state(after, file);
}

}  // namespace collector
