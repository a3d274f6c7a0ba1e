/// @file
/// Shows the pages by HTTP, to look at them.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_PAGES_SERVE
#define TLSRPT_EXAMPLES_COLLECTOR_PAGES_SERVE

#include <filesystem>
#include <string>

namespace collector {

/// Serves the files of a folder at ADDRESS:PORT until SIGTERM or SIGINT. Nothing outside of the
/// folder can be asked for. Only who names this server by an address or as localhost gets an
/// answer: a name of somebody else's that leads here would let his pages read these.
/// Throws std::runtime_error.
void serve_pages(const std::filesystem::path& folder, const std::string& where);

}  // namespace collector

#endif
