#include "listening.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace collector {

namespace {

constexpr int backlog = 1024;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

/// systemd hands over sockets from number 3 on (sd_listen_fds(3)).
bool has_socket_of_systemd() {
  const char* const process = std::getenv("LISTEN_PID");
  const char* const count = std::getenv("LISTEN_FDS");
  return process && count && std::to_string(getpid()) == process && std::strcmp(count, "0") != 0;
}

listening_socket open_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    throw std::runtime_error("the path of the socket is empty or too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size());
  struct stat old {};
  if (lstat(path.c_str(), &old) == 0 && S_ISSOCK(old.st_mode)) unlink(path.c_str());
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0 ||
      bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(descriptor, backlog) != 0)
    fail("unix:" + path);
  return {descriptor, true, "unix:" + path};
}

std::string name_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host, sizeof host, port,
                  sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "a socket";
  const bool is_v6 = address.ss_family == AF_INET6;
  std::string name = is_v6 ? "[" : "";
  name += host;
  name += is_v6 ? "]:" : ":";
  return name += port;
}

listening_socket open_internet(const std::string& where) {
  const std::size_t colon = where.rfind(':');
  if (colon == where.npos) throw std::runtime_error("this is not ADDRESS:PORT: " + where);
  std::string host = where.substr(0, colon);
  const std::string port = where.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  if (const int code = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); code != 0)
    throw std::runtime_error(where + ": " + gai_strerror(code));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> first(found, freeaddrinfo);
  const int descriptor = socket(first->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (descriptor < 0 || setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(descriptor, first->ai_addr, first->ai_addrlen) != 0 || listen(descriptor, backlog) != 0)
    fail(where);
  return {descriptor, false, name_of(descriptor)};
}

}  // namespace

listening_socket open_listening(const std::string& where) {
  constexpr int first_of_systemd = 3;
  constexpr std::string_view unix_prefix = "unix:";
  if (has_socket_of_systemd()) {
    int family = 0;
    socklen_t size = sizeof family;
    if (getsockopt(first_of_systemd, SOL_SOCKET, SO_DOMAIN, &family, &size) != 0)
      fail("the socket of systemd");
    return {first_of_systemd, family == AF_UNIX, "the socket of systemd"};
  }
  if (where.starts_with(unix_prefix)) return open_unix(where.substr(unix_prefix.size()));
  return open_internet(where);
}

}  // namespace collector
