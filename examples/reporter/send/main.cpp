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
#include <cstring>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

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

/// Two of this program at a time would deliver everything twice.
void lock_folder(const std::string& folder) {
  const std::string path = folder + "/deliveries.lock";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0 || flock(file, LOCK_EX | LOCK_NB) != 0)
    throw std::runtime_error(path + ": " +
                             (errno == EWOULDBLOCK
                                  ? std::string("tlsrpt-send is running")
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
  delete_old_days(options, state);
  const delivery_counts counts = state.count();
  std::cout << "{\"waiting\":" << counts.waiting << ",\"done\":" << counts.done
            << ",\"given-up\":" << counts.given_up << ",\"unknown\":" << counts.unknown
            << ",\"unanswered\":" << counts.unanswered << "}" << std::endl;
  return is_made && is_delivered ? 0 : 1;
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
    dry_run(options);
    return 0;
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
