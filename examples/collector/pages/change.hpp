/// @file
/// Tells a command what has changed among the things to do.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_CHANGE
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_CHANGE

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "views/kept.hpp"

namespace collector {

/// Compares the things to do with those that `state` has, a file that this writes, and runs the
/// command with the change as JSON on its standard input: what is new, worse, back or gone. At most
/// once in 55 minutes, so by each run of an hourly timer, and not while nothing changes; a finding
/// of unverified reports starts it only where no report is verified. The command has no arguments,
/// and no shell reads it. When it fails, the next run tries again. Throws std::runtime_error when
/// the command cannot be run or fails.
void tell_change(std::span<const kept_finding> findings, std::int64_t now,
                 const std::filesystem::path& state, const std::string& command);

}  // namespace collector

#endif
