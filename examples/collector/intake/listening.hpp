/// @file
/// The socket that requests come in by.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_INTAKE_LISTENING
#define TLSRPT_EXAMPLES_COLLECTOR_INTAKE_LISTENING

#include <string>

namespace collector {

/// A socket that listens, and what it is.
struct listening_socket {
  int descriptor = -1;
  bool is_local = false;  ///< A Unix socket, so that only the web server can use it.
  std::string name{};     ///< "127.0.0.1:8080", with the port that it has.
};

/// The socket of systemd, if there is one; else opens ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH.
/// Throws std::runtime_error.
listening_socket open_listening(const std::string& where);

}  // namespace collector

#endif
