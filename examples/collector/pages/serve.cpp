#include "serve.hpp"

#include <fcntl.h>
#include <microhttpd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <tlsrpt/ip_address.hpp>

#include "../intake/listening.hpp"
#include "html.hpp"

namespace collector {

namespace {

constexpr unsigned most_connections = 64, idle_seconds = 30;

/// A file that is open.
class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

/// Whether a part of a path is as the pages have them.
bool is_plain(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
  return !name.empty() && name.front() != '.' &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

/// Opens a file of the folder by names that are plain, and follows no links.
descriptor open_file(const std::filesystem::path& folder, std::string_view path) {
  constexpr int flags = O_RDONLY | O_CLOEXEC;
  if (!path.starts_with('/')) return descriptor(-1);
  path.remove_prefix(1);
  if (path.empty()) path = "index.html";
  // The folder itself is a link to the newest pages.
  descriptor at(open(folder.c_str(), flags | O_DIRECTORY));
  for (std::size_t slash; (slash = path.find('/')) != path.npos; path.remove_prefix(slash + 1)) {
    const std::string_view name = path.substr(0, slash);
    if (!is_plain(name)) return descriptor(-1);
    at = descriptor(
        openat(at.number(), std::string(name).c_str(), flags | O_DIRECTORY | O_NOFOLLOW));
  }
  if (!is_plain(path)) return descriptor(-1);
  return descriptor(
      openat(at.number(), std::string(path).c_str(), flags | O_NOFOLLOW | O_NONBLOCK));
}

const char* type_of(std::string_view path) {
  if (path.ends_with(".txt")) return "text/plain; charset=utf-8";
  if (path.ends_with(".json") || path.ends_with(".gz")) return "application/octet-stream";
  return "text/html; charset=utf-8";
}

/// Whether a Host field has an address or localhost, with a port or without.
bool is_local_name(std::string_view host) {
  if (host.starts_with('[')) return host.find(']') != host.npos;
  host = host.substr(0, host.find(':'));
  return host == "localhost" || tlsrpt::ip_address::parse(host);
}

class page_server {
 public:
  page_server(const std::filesystem::path& folder, const std::string& where)
      : folder_(folder), socket_(open_listening(where)) {
    daemon_ = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, nullptr, nullptr, on_request,
                               this, MHD_OPTION_LISTEN_SOCKET, socket_.descriptor,
                               MHD_OPTION_CONNECTION_LIMIT, most_connections,
                               MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds, MHD_OPTION_END);
    if (!daemon_) throw std::runtime_error("cannot serve at " + socket_.name);
  }
  page_server(const page_server&) = delete;
  page_server& operator=(const page_server&) = delete;
  ~page_server() { MHD_stop_daemon(daemon_); }

  const std::string& name() const { return socket_.name; }

 private:
  using response = std::unique_ptr<MHD_Response, void (*)(MHD_Response*)>;

  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* path,
                               const char* method, const char*, const char*, std::size_t* size,
                               void** state) {
    // The library wants a second call before there is an answer.
    if (!*state) {
      *state = self;
      return MHD_YES;
    }
    *size = 0;
    const auto& server = *static_cast<const page_server*>(self);
    const std::string_view wanted(method);
    if (wanted != "GET" && wanted != "HEAD")
      return refuse(connection, 405, "Only GET is answered.\n");
    const char* const host =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    if (!server.socket_.is_local && host && !is_local_name(host))
      return refuse(connection, 403, "This server has no name.\n");
    descriptor file = open_file(server.folder_, path);
    struct stat about {};
    if (fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode))
      return refuse(connection, 404, "There is no such page.\n");
    response made(
        MHD_create_response_from_fd64(static_cast<std::uint64_t>(about.st_size), file.number()),
        MHD_destroy_response);
    if (!made) return MHD_NO;
    file.release();
    MHD_add_response_header(made.get(), MHD_HTTP_HEADER_CONTENT_TYPE, type_of(path));
    return answer(connection, 200, made);
  }

  static MHD_Result refuse(MHD_Connection* connection, unsigned status, std::string_view text) {
    response made(MHD_create_response_from_buffer(text.size(), const_cast<char*>(text.data()),
                                                  MHD_RESPMEM_PERSISTENT),
                  MHD_destroy_response);
    if (!made) return MHD_NO;
    MHD_add_response_header(made.get(), MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain");
    if (status == 405) MHD_add_response_header(made.get(), MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    return answer(connection, status, made);
  }

  static MHD_Result answer(MHD_Connection* connection, unsigned status, const response& made) {
    const std::string policy = content_policy() + "; frame-ancestors 'none'";
    const std::array<std::pair<const char*, const char*>, 4> fields = {
        {{"Content-Security-Policy", policy.c_str()},
         {"X-Content-Type-Options", "nosniff"},
         {"Referrer-Policy", "no-referrer"},
         {MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache"}}};
    for (const auto& [name, value] : fields) MHD_add_response_header(made.get(), name, value);
    return MHD_queue_response(connection, status, made.get());
  }

  std::filesystem::path folder_;
  listening_socket socket_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace

void serve_pages(const std::filesystem::path& folder, const std::string& where) {
  // The thread of the library leaves signals to this one.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  const page_server running(folder, where);
  std::printf("tlsrpt-pages: look at http://%s/\n", running.name().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
}

}  // namespace collector
