#include "work.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <exception>
#include <iostream>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <tlsrpt/escape.hpp>

namespace reporter {

namespace {

/// Most of them wait for name servers and web servers of others, of which many may be slow.
constexpr std::size_t most_threads = 32;

/// Set by a signal, read by all threads.
std::atomic<bool> is_told_to_stop = false;
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

void stop_at_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { is_told_to_stop = true; };
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    struct sigaction earlier {};
    sigaction(signal, nullptr, &earlier);
    // What nohup started ends with no terminal.
    if (signal != SIGHUP || earlier.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
  signal(SIGPIPE, SIG_IGN);
}

bool is_stopped() { return is_told_to_stop; }

void say(std::string_view text) {
  static std::mutex mutex;
  std::string line = "tlsrpt-send: ";
  tlsrpt::escape::terminal(line, text, tlsrpt::escape::any_length);
  line += '\n';
  const std::lock_guard lock(mutex);
  std::cerr << line;
}

void say(tlsrpt::day day, std::string_view text) {
  say(std::string(to_text(day)) + ": " + std::string(text));
}

bool work(std::size_t most, const lookup_rules& rules, const std::function<bool(resolver&)>& step) {
  std::atomic<bool> is_good = true;
  const auto report = [&](const std::exception& error) {
    is_good = false;
    say(error.what());
  };
  const auto run = [&] {
    try {
      resolver resolver(rules);
      for (bool has_more = true; has_more && !is_stopped();) {
        try {
          has_more = step(resolver);
        } catch (const std::exception& error) {
          report(error);
        }
      }
    } catch (const std::exception& error) {  // of the resolver
      report(error);
    }
  };
  std::vector<std::thread> threads;
  try {
    while (threads.size() + 1 < std::min(most, most_threads)) threads.emplace_back(run);
  } catch (const std::system_error&) {
    // The machine has no more of them, and fewer will do.
  }
  run();
  for (std::thread& thread : threads) thread.join();
  return is_good;
}

}  // namespace reporter
