/// @file
/// tlsrpt-send: makes the reports of what tlsrpt-tallyd counted, and delivers them by mail and by
/// HTTPS (RFC 8460).

#include <ares.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

#include "days.hpp"
#include "delivery/dispatch.hpp"
#include "dry_run.hpp"
#include "options.hpp"
#include "state.hpp"

namespace {

using namespace reporter;

/// Days so long ago are not reported any more, and their journals are deleted.
constexpr std::int32_t days_kept = 7;

/// Two of this program at a time would deliver everything twice.
void lock_folder(const std::string& folder) {
  const std::string path = folder + "/deliveries.lock";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0 || flock(file, LOCK_EX | LOCK_NB) != 0)
    throw std::runtime_error(
        path + ": " + (errno == EWOULDBLOCK ? "tlsrpt-send is running" : std::strerror(errno)));
}

void hold_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { is_told_to_stop = 1; };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

void say(const tlsrpt::day day, const std::string& what) {
  std::cerr << "tlsrpt-send: " << std::string(to_text(day)) << ": " << what << '\n';
}

/// Makes the reports of the days that are over.
void make_reports(const options& options, state& state, dispatcher& dispatcher) {
  bool is_there = false;
  for (const day_journals& journals : find_days(options.folder)) {
    if (options.day && journals.day != *options.day) continue;
    is_there = true;
    if (!is_sealed(journals.day, options.time())) {
      if (options.day) throw std::runtime_error("the day is not over");
      continue;
    }
    if (const auto read = state.read_octets(journals.day)) {
      if (*read != journals.octets)
        say(journals.day, "its journal has changed since the reports were made");
      continue;
    }
    if (!options.day && tlsrpt::day_of(options.time()) - journals.day > days_kept + 1) {
      say(journals.day, "too long ago for reports; --day sends them all the same");
      continue;
    }
    if (dispatcher.make(read_day(journals))) state.note_made(journals.day, journals.octets);
  }
  if (options.day && !is_there) throw std::runtime_error("there is no journal of the day");
}

void delete_old(const options& options, state& state) {
  for (const tlsrpt::day day : state.expire(options.time()))
    for (const day_journals& journals : find_days(options.folder))
      if (journals.day == day)
        for (const std::string& path : journals.paths) std::filesystem::remove(path);
}

int send(const options& options) {
  lock_folder(options.folder);
  hold_signals();
  state state(options.folder);
  for (const delivery& cut : state.recover(options.time()))
    say(cut.day,
        cut.domain + " to " + cut.address +
            ": stopped before the answer came; it is not sent again, since it may be there");
  dispatcher dispatcher(options, state);
  make_reports(options, state, dispatcher);
  dispatcher.deliver();
  delete_old(options, state);
  const delivery_counts counts = state.count();
  std::cout << "{\"waiting\":" << counts.waiting << ",\"done\":" << counts.done
            << ",\"given-up\":" << counts.given_up << ",\"unknown\":" << counts.unknown << "}"
            << std::endl;
  return dispatcher.has_failed() ? 1 : 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    const options options = read_options(count, words);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
        ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS)
      throw std::runtime_error("curl or c-ares does not start");
    if (options.out.empty()) return send(options);
    dry_run(options);
    return 0;
  } catch (const usage_error& error) {
    std::cerr << "tlsrpt-send: " << error.what() << "\n\n" << usage;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "tlsrpt-send: " << error.what() << '\n';
    return 1;
  }
}
