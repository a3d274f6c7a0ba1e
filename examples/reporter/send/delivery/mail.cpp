#include "mail.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

namespace reporter {

namespace {

/// A file in memory, which the mail server reads at its own pace.
class memory_file {
 public:
  memory_file() : file_(memfd_create("mail", MFD_CLOEXEC)) {}
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;
  ~memory_file() {
    if (file_ >= 0) close(file_);
  }

  /// With line ends as programs have them.
  bool fill(std::string_view mail) const {
    std::string text(mail);
    std::erase(text, '\r');
    std::string_view rest = text;
    while (!rest.empty()) {
      const ssize_t written = write(file_, rest.data(), rest.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
    return lseek(file_, 0, SEEK_SET) == 0;
  }

  int number() const { return file_; }

 private:
  int file_;
};

/// Starts the program with nothing of ours but standard error. 0, or an error number.
int start(const mail_rules& rules, const std::string& to, int input, pid_t& process) {
  std::array<std::string, 6> words = {rules.sendmail, "-i", "-f", rules.from, "--", to};
  std::array<char*, words.size() + 1> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  // A stop of this program, which a terminal sends to the whole group, is not meant for it.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  const int error =
      posix_spawn(&process, rules.sendmail.c_str(), &files, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return error;
}

/// The status of a process, and whether it ended by itself.
std::pair<int, bool> wait_for(pid_t process, std::chrono::seconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  int status = 0;
  while (waitpid(process, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      kill(process, SIGKILL);
      waitpid(process, &status, 0);
      return {status, false};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return {status, true};
}

}  // namespace

mail_answer send_mail(std::string_view mail, const std::string& to, const mail_rules& rules) {
  using tlsrpt::verdict;
  const memory_file input;
  if (!input.fill(mail)) return {verdict::retry, std::strerror(errno)};
  pid_t process = 0;
  if (const int error = start(rules, to, input.number(), process); error != 0)
    return {verdict::retry, rules.sendmail + ": " + std::strerror(error)};
  const auto [status, is_over] = wait_for(process, std::chrono::seconds(rules.seconds));
  if (!is_over) return {verdict::retry, rules.sendmail + " took too long"};
  if (!WIFEXITED(status))
    return {verdict::retry, rules.sendmail + ": signal " + std::to_string(WTERMSIG(status))};
  const std::string text = rules.sendmail + ": exit status " + std::to_string(WEXITSTATUS(status));
  switch (WEXITSTATUS(status)) {
    case EX_OK:
      return {verdict::done, text};
    case EX_DATAERR:
    case EX_NOUSER:
    case EX_NOHOST:
      return {verdict::give_up, text};
    default:  // what is wrong is wrong here
      return {verdict::retry, text};
  }
}

}  // namespace reporter
