/// @file
/// Takes reports by POST, behind a web server that has the certificate (RFC 8460, section 5.4).

#ifndef TLSRPT_EXAMPLES_COLLECTOR_INTAKE_SERVER
#define TLSRPT_EXAMPLES_COLLECTOR_INTAKE_SERVER

#include <string>

#include "reading.hpp"
#include "writer.hpp"

namespace collector {

struct serve_options {
  writer_options store{};
  std::string listen{};   ///< ADDRESS:PORT or unix:PATH; a socket of systemd comes first.
  std::string domains{};  ///< A file; empty when nobody says which are ours.
  std::string proxy{};    ///< The address of the web server in front, unless by a Unix socket.
  std::string clients{};  ///< A file, see read_clients(); may be empty.
  bool is_open = false;   ///< Takes posts at /v1/report, too, and has no rates.
  bool has_rates = true;
};

/// Serves until SIGTERM or SIGINT. Throws std::runtime_error.
void serve(const serve_options& options);

}  // namespace collector

#endif
