/// @file
/// Takes reports by POST, behind a web server that has the certificate (RFC 8460, section 5.4).

#ifndef TLSRPT_EXAMPLES_COLLECTOR_INTAKE_SERVER
#define TLSRPT_EXAMPLES_COLLECTOR_INTAKE_SERVER

#include <optional>
#include <string>

#include <tlsrpt/ip_address.hpp>

#include "reading.hpp"
#include "writer.hpp"

namespace collector {

struct serve_options {
  writer_options store{};
  std::string listen{};   ///< ADDRESS:PORT or unix:PATH; a socket of systemd comes first.
  std::string domains{};  ///< A file; empty when nobody says which are ours.
  /// The address of the web server in front, unless by a Unix socket.
  std::optional<tlsrpt::ip_address> proxy{};
  std::string clients{};  ///< A file, see read_clients(); needs a proxy or a Unix socket.
  bool is_open = false;   ///< Takes posts at /v1/report, too, and has no rates.
  bool has_rates = true;
};

/// Serves until SIGTERM or SIGINT. Throws std::runtime_error, and usage_error when nobody could say
/// which certificates the clients have.
void serve(const serve_options& options);

}  // namespace collector

#endif
