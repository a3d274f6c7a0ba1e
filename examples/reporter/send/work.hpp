/// @file
/// Work on several threads that can be told to stop, and what it says.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_WORK
#define TLSRPT_EXAMPLES_REPORTER_SEND_WORK

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <tlsrpt/day.hpp>

#include "lookup.hpp"

namespace reporter {

/// Has SIGTERM, SIGINT and SIGHUP stop the work: what has begun is ended, and nothing more is
/// begun. That nobody reads what is said stops nothing.
void stop_at_signals();
bool is_stopped();

/// Writes a line on standard error, whatever the text is.
void say(std::string_view text);
/// The same about a day.
void say(tlsrpt::day day, std::string_view text);

/// Does a step again and again, on `most` threads at the same time, until it returns false or the
/// work is stopped. Each thread has a resolver. What a step throws is said, and the next one is
/// done. Whether nothing was thrown.
bool work(std::size_t most, const lookup_rules& rules, const std::function<bool(resolver&)>& step);

}  // namespace reporter

#endif
