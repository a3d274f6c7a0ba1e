/// @file
/// tlsrpt-send: makes the reports of what tlsrpt-tallyd counted, and delivers them by mail and by
/// HTTPS (RFC 8460).

#include <ares.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "check.hpp"
#include "delivery/bounce.hpp"
#include "delivery/dispatch.hpp"
#include "dry_run.hpp"
#include "options.hpp"
#include "reports/making.hpp"
#include "state.hpp"
#include "work.hpp"

namespace {

using namespace reporter;

/// Two of this program at a time would deliver everything twice. One that is about to end is waited
/// for. Nobody else can open the file, and hold its lock.
void lock_folder(const std::string& folder) {
  constexpr int tries = 50;
  constexpr std::chrono::milliseconds until_next_try{100};
  const std::string path = folder + "/deliveries.lock";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  bool is_locked = file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0;
  for (int i = 0; i < tries && file >= 0 && !is_locked && errno == EWOULDBLOCK; ++i) {
    std::this_thread::sleep_for(until_next_try);
    is_locked = flock(file, LOCK_EX | LOCK_NB) == 0;
  }
  if (!is_locked)
    throw std::runtime_error(path + ": " +
                             (errno == EWOULDBLOCK
                                  ? std::string("tlsrpt-send is running, and delivers what is due")
                                  : std::strerror(errno) + std::string("; see --check")));
}

int send(const options& options) {
  lock_folder(options.folder);
  stop_at_signals();
  state state(options.folder);
  state.note_time(options.time());
  for (const delivery& cut : state.recover(options.time()))
    say(cut.day,
        cut.domain + " to " + cut.address +
            ": stopped before the answer came; it is not sent again, since it may be there");
  const bool is_made = make_days(options, state);
  const bool is_delivered = deliver(options, state);
  const bool is_deleted = delete_old_days(options, state);
  const delivery_counts counts = state.count();
  std::cout << "{\"waiting\":" << counts.waiting << ",\"done\":" << counts.done
            << ",\"given-up\":" << counts.given_up << ",\"unknown\":" << counts.unknown
            << ",\"unanswered\":" << counts.unanswered << "}" << std::endl;
  return is_made && is_delivered && is_deleted ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  if (count == 2 && words[1] == std::string_view("--help")) {
    std::cout << usage;
    return 0;
  }
  umask(umask(0) | S_IRWXO);  // reports are nobody else's business
  options options;
  try {
    options = read_options(count, words);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
        ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS)
      throw std::runtime_error("curl or c-ares does not start");
    if (!options.bounced.empty()) {
      state state(options.folder);
      take_bounce(options.bounced, std::cin, options.time(), state);
      return 0;
    }
    if (options.is_check) return check_setup(options, std::cout) ? 0 : 1;
    if (options.out.empty()) return send(options);
    return dry_run(options) ? 0 : 1;
  } catch (const usage_error& error) {
    std::cerr << "tlsrpt-send: " << error.what() << "\n\n" << usage;
    return 2;
  } catch (const collector::store_error& error) {
    say(error.what());
    // The mail server tries again to hand over a mail that came back.
    return options.bounced.empty() ? 1 : EX_TEMPFAIL;
  } catch (const std::exception& error) {
    say(error.what());
    return 1;
  }
}
