/// tlsrpt-tallyd: counts what mail servers send by libtlsrpt, as Postfix does, and keeps it.
///
///     tlsrpt-tallyd [--socket PATH] --dir DIR [--memory MIB] [--now DATE-TIME]
///
/// DIR gets a journal for each UTC day, 2026-11-23.journal: tallies one after the other, one every
/// 5 seconds or 10 000 sessions; a large journal is added up from time to time. What a crash costs
/// is what came since the last tally. The thread that receives never waits for the disk: senders do
/// not wait either, and lose what the socket has no room for.
///
/// Without --socket it takes the socket that systemd opened. While the disk cannot be written, it
/// keeps 512 MiB of tallies, or --memory; what comes beyond is lost, and counted as such. --now
/// replaces the clock, for tests. SIGTERM, SIGINT and SIGHUP (but for nohup) write what is left and
/// end the program, which then prints what it counted; its status is 1 when some of that was lost.

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <tlsrpt/datagram.hpp>
#include <tlsrpt/tally.hpp>
#include <tlsrpt/timestamp.hpp>

#include "journal.hpp"

namespace {

constexpr const char* usage =
    "usage: tlsrpt-tallyd [--socket PATH] --dir DIR [--memory MIB] [--now DATE-TIME]\n";
constexpr std::uint64_t sessions_of_a_tally = 10'000;
constexpr std::chrono::seconds time_of_a_tally{5};

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "tlsrpt-tallyd: " << what << ": " << std::strerror(errno) << '\n';
  std::exit(3);
}

struct options {
  std::string socket, folder;
  std::size_t memory = std::size_t{512} << 20;  ///< Octets.
  std::optional<std::int64_t> now;

  std::int64_t time() const { return now ? *now : static_cast<std::int64_t>(std::time(nullptr)); }
};

/// Mebibytes, as octets.
std::optional<std::size_t> read_size(std::string_view text) {
  constexpr std::size_t most = std::size_t{1} << 20;
  std::size_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number == 0 ||
      number > most)
    return std::nullopt;
  return number << 20;
}

options read_options(int argc, char** argv) {
  options read;
  if (argc == 2 && argv[1] == std::string_view("--help")) {
    std::cout << usage;
    std::exit(0);
  }
  bool is_good = argc % 2 == 1;
  for (int i = 1; is_good && i + 1 < argc; i += 2) {
    const std::string_view name = argv[i], value = argv[i + 1];
    if (name == "--socket") {
      read.socket = value;
    } else if (name == "--dir") {
      read.folder = value;
    } else if (const auto time = tlsrpt::read_date_time(value); name == "--now" && time.known) {
      read.now = time.seconds;
    } else if (const auto size = read_size(value); name == "--memory" && size) {
      read.memory = *size;
    } else {
      is_good = false;
    }
  }
  if (!is_good || read.folder.empty()) {
    std::cerr << usage;
    std::exit(2);
  }
  return read;
}

/// An open file, which is closed at the end. Below 0 for none.
struct open_file {
  int number;

  explicit open_file(int opened) : number(opened) {}
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  ~open_file() {
    if (number >= 0) close(number);
  }
};

/// Appends tallies to the journals of their days.
class journal {
 public:
  explicit journal(std::string folder) : folder_(std::move(folder)) {}

  /// Whether the tally is on the disk. If not, nothing of it is in the journal.
  bool add(const tlsrpt::tally& tally) {
    try {
      return append(tally);
    } catch (const std::bad_alloc&) {
      fault_ = "out of memory";  // so short that it needs none
      return false;
    }
  }

  /// Why the last tally that is not on the disk is not there.
  const std::string& fault() const { return fault_; }

 private:
  bool append(const tlsrpt::tally& tally) {
    std::string text;
    if (!tally.write(text)) return fail_at(folder_, ENOMEM);
    const open_file folder(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number < 0) return fail_at(folder_, errno);
    // Others may count into this folder, and add up its journals. Strangers can open a folder, and
    // hold a lock of it, but not this file.
    const std::string lock_path = folder_ + "/journal.lock";
    const open_file lock_file(
        open(lock_path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (lock_file.number < 0 || !lock(lock_file.number)) return fail_at(lock_path, errno);
    const std::string path = folder_ + "/" + std::string(tlsrpt::to_text(tally.day())) + ".journal";
    const open_file file(
        open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0640));
    if (file.number < 0) return fail_at(path, errno);
    const off_t size = lseek(file.number, 0, SEEK_END);
    if (size < 0) return fail_at(path, errno);
    // A tally that was cut by a crash ends here, so that the next one begins a line.
    char last = '\n';
    if (size > 0 && pread(file.number, &last, 1, size - 1) == 1 && last != '\n')
      text.insert(0, 1, '\n');
    if (!write_all(file.number, text) || fsync(file.number) != 0) {
      const int error = errno;
      if (ftruncate(file.number, size) != 0) std::perror(path.c_str());
      return fail_at(path, error);
    }
    // A new file is there after a crash only when its name is on the disk, too.
    if (size == 0 && fsync(folder.number) != 0) std::perror(folder_.c_str());
    try {
      add_up(tally.day(), path, static_cast<std::size_t>(size) + text.size(), folder.number);
    } catch (const std::bad_alloc&) {
      std::cerr << "tlsrpt-tallyd: " << path << " is not added up, since there is no memory for it"
                << std::endl;
    }
    return true;
  }

  /// Whether the lock is ours. Who holds it writes a tally, so it is not waited for without end.
  static bool lock(int file) {
    constexpr int tries = 40;
    for (int i = 0; i < tries; ++i) {
      if (flock(file, LOCK_EX | LOCK_NB) == 0) return true;
      if (errno != EWOULDBLOCK && errno != EINTR) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    errno = EWOULDBLOCK;
    return false;
  }

  /// Replaces a large journal, twice as large as when it was added up last, by one tally. Whatever
  /// cannot be done leaves it as it is.
  void add_up(tlsrpt::day day, const std::string& path, std::size_t size, int folder) {
    constexpr std::size_t least = std::size_t{16} << 20;
    if (day != added_up_day_) added_up_size_ = 0;
    added_up_day_ = day;
    if (size < least || size / 2 < added_up_size_) return;
    added_up_size_ = size;
    tlsrpt::tally sum(day, reporter::limits_of_day);
    std::string text;
    if (!read_tallies(path, sum) || !sum.write(text)) return;
    const std::string other = path + ".new";
    unlink(other.c_str());
    const open_file file(open(other.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    if (file.number < 0) return;
    if (write_all(file.number, text) && fsync(file.number) == 0 &&
        std::rename(other.c_str(), path.c_str()) == 0) {
      if (fsync(folder) != 0) std::perror(folder_.c_str());
      added_up_size_ = text.size();
    } else {
      unlink(other.c_str());
    }
  }

  /// Whether all could be added, but what a crash cut.
  static bool read_tallies(const std::string& path, tlsrpt::tally& sum) {
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file.is_open() || file.bad()) return false;
    for (std::string_view rest = text; !rest.empty();) {
      const std::string_view one = reporter::take_tally(rest);
      if (!one.empty() && !sum.read(one, tlsrpt::when_full::lose)) return false;
    }
    return true;
  }

  static bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = write(file, text.data(), text.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  bool fail_at(const std::string& path, int error) {
    fault_ = path + ": " + std::strerror(error);
    return false;
  }

  std::string folder_, fault_{};
  tlsrpt::day added_up_day_{};
  std::size_t added_up_size_ = 0;
};

/// Counts, and hands over what was counted.
class counter {
 public:
  explicit counter(const options& options) : options_(options) {
    char name[65] = {};
    if (gethostname(name, sizeof name - 1) == 0) host_ = name;
    std::random_device random;
    // Parts of another run, or of a machine of the same name, have other numbers.
    sequence_ = std::uint64_t{random()} << 20;
    tallies_.push_back(new_tally(tlsrpt::day_of(options_.time())));
    // simdjson and the reader take what they keep now: for a datagram there may be no memory.
    static_cast<void>(reader_.read("{}", options_.time()));
  }

  void add(std::string_view datagram) {
    ++received_;
    bool is_much = false;
    try {
      is_much = count(datagram);
    } catch (const std::bad_alloc&) {
      const std::lock_guard lock(mutex_);
      lose(1);
    }
    if (is_much) wake_.notify_one();
  }

  /// Keeps what was counted, until stop() has been called and nothing is left. On a thread of its
  /// own.
  void keep() {
    journal journal(options_.folder);
    bool is_last = false;
    while (!is_last) {
      std::vector<tlsrpt::tally> taken;
      {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, time_of_a_tally, [this] { return is_stopped_ || counted_ >= next_; });
        is_last = is_stopped_;
        next_ = counted_ + sessions_of_a_tally;
        // An empty one keeps its number, so that the parts of a day follow each other.
        if (std::ranges::all_of(tallies_, &tlsrpt::tally::empty) || !take_all(taken)) continue;
      }
      bool is_good = true;
      for (tlsrpt::tally& tally : taken) {
        if (tally.empty() || journal.add(tally)) continue;
        is_good = false;
        give_back(tally);
      }
      try {
        say(is_good ? std::string() : journal.fault());
      } catch (const std::bad_alloc&) {
        // It is said again.
      }
    }
    for (const tlsrpt::tally& tally : tallies_) lost_ += sessions_of(tally);
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      is_stopped_ = true;
    }
    wake_.notify_one();
  }

  /// Sessions that are in no journal.
  std::uint64_t lost() const { return lost_; }

  void print(std::ostream& out) const {
    out << "{\"received\":" << received_ << ",\"counted\":" << counted_
        << ",\"not-counted\":" << not_counted_ << ",\"lost\":" << lost_ << ",\"refused\":{";
    const char* separator = "";
    for (const auto& [code, count] : refused_) {
      out << separator << '"' << name(code) << "\":" << count;
      separator = ",";
    }
    out << "}}" << std::endl;
  }

 private:
  /// One of several tallies that are in memory at the same time.
  tlsrpt::tally new_tally(tlsrpt::day day) {
    return {day,
            host_,
            sequence_++,
            {.octets = options_.memory / 4, .octets_per_domain = options_.memory / 64}};
  }

  /// Counts a session. Whether there is much to keep.
  bool count(std::string_view datagram) {
    const std::int64_t now = options_.time();
    const auto session = reader_.read(datagram, now);
    const std::lock_guard lock(mutex_);
    if (!session) {
      refuse(session.error().code);
      return false;
    }
    if (tallies_.back().day() != tlsrpt::day_of(now))
      tallies_.push_back(new_tally(tlsrpt::day_of(now)));
    tlsrpt::tally& tally = tallies_.back();
    const auto counted = tally.count(*session);
    // One that was made without memory for its name can never count.
    if (!counted && counted.error().code == tlsrpt::errc::out_of_memory && tally.empty())
      tally = new_tally(tally.day());
    if (!counted)
      refuse(counted.error().code);
    else if (*counted == tlsrpt::count_outcome::counted)
      return ++counted_ % sessions_of_a_tally == 0;
    else if (*counted == tlsrpt::count_outcome::lost)
      lose(1);
    else
      ++not_counted_;
    return false;
  }

  void refuse(tlsrpt::errc code) {
    if (code == tlsrpt::errc::out_of_memory)
      lose(1);
    else
      ++refused_[code];
  }

  void lose(std::uint64_t sessions) {
    if (lost_ == 0)
      std::cerr << "tlsrpt-tallyd: there is no room for all sessions; some are lost" << std::endl;
    lost_ += sessions;
  }

  /// Says what is wrong with the journal, or that nothing is any more, once.
  void say(const std::string& fault) {
    if (fault == said_) return;
    std::cerr << "tlsrpt-tallyd: " << (fault.empty() ? "the journal is written again" : fault)
              << (fault.empty() ? "" : "; sessions are kept in memory") << std::endl;
    said_ = fault;
  }

  /// Takes all tallies, and leaves a new one. False, with nothing taken, without memory for it.
  bool take_all(std::vector<tlsrpt::tally>& taken) {
    try {
      taken.push_back(new_tally(tallies_.back().day()));
    } catch (const std::bad_alloc&) {
      return false;
    }
    std::swap(taken, tallies_);
    return true;
  }

  static std::uint64_t sessions_of(const tlsrpt::tally& tally) {
    std::uint64_t sessions = 0;
    for (std::size_t i = 0; i < tally.domain_count(); ++i) sessions += tally.domain(i).sessions;
    return sessions;
  }

  /// A tally that is not on the disk is added to one that will be, if there is room for it.
  void give_back(tlsrpt::tally& tally) {
    const std::lock_guard lock(mutex_);
    for (tlsrpt::tally& other : tallies_)
      if (other.day() == tally.day() && other.merge(tally)) return;
    std::size_t octets = tally.octets();
    for (const tlsrpt::tally& other : tallies_) octets += other.octets();
    try {
      if (octets <= options_.memory) {
        tallies_.insert(tallies_.begin(), std::move(tally));
        return;
      }
    } catch (const std::bad_alloc&) {
      // The tally is as it was.
    }
    lose(sessions_of(tally));
  }

  const options& options_;
  std::string host_;
  tlsrpt::datagram_reader reader_;
  std::uint64_t received_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t sequence_ = 0, counted_ = 0, not_counted_ = 0, lost_ = 0,
                next_ = sessions_of_a_tally;
  std::map<tlsrpt::errc, std::uint64_t> refused_;
  std::vector<tlsrpt::tally> tallies_;  ///< The last one counts.
  bool is_stopped_ = false;
  std::string said_{};  ///< By the thread that keeps.
};

/// What is at a path; nothing of it when there is nothing.
struct stat status_of(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) status = {};
  return status;
}

/// Whether a socket is there at which nobody receives, as a crash leaves it.
bool is_left_over(const sockaddr_un& address) {
  const open_file socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return connect(socket.number, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

int open_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    fail(path);
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  if (S_ISSOCK(status_of(path).st_mode) && is_left_over(address)) unlink(path.c_str());
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0 || bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail(path);
  return socket;
}

/// Removes the socket that this program made, and not the one of a program that came after it.
void remove_socket(const std::string& path, const struct stat& made) {
  const struct stat status = status_of(path);
  if (status.st_dev == made.st_dev && status.st_ino == made.st_ino) unlink(path.c_str());
}

/// The socket that systemd opened for this program (sd_listen_fds).
int inherited_socket() {
  constexpr int first = 3;
  const char* const process = std::getenv("LISTEN_PID");
  const char* const count = std::getenv("LISTEN_FDS");
  if (process == nullptr || count == nullptr || process != std::to_string(getpid()) ||
      count != std::string_view("1")) {
    std::cerr << "tlsrpt-tallyd: there is neither --socket nor a socket of systemd\n";
    std::exit(2);
  }
  fcntl(first, F_SETFD, FD_CLOEXEC);
  fcntl(first, F_SETFL, O_NONBLOCK);
  return first;
}

/// The kernel keeps so many datagrams for a socket, whatever its buffer is.
void check_queue() {
  constexpr int enough = 64;
  int length = enough;
  std::ifstream file("/proc/sys/net/unix/max_dgram_qlen");
  if (file >> length && length < enough)
    std::cerr << "tlsrpt-tallyd: net.unix.max_dgram_qlen is " << length
              << ": senders lose what comes in a burst; set it to 512 before the start\n";
}

volatile std::sig_atomic_t is_told_to_stop = 0;

/// Blocks SIGTERM, SIGINT and SIGHUP, so that they come while the program waits for datagrams only.
/// The mask without them. Where SIGHUP is ignored, as by nohup, it stays so.
sigset_t hold_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { is_told_to_stop = 1; };
  signal(SIGXFSZ, SIG_IGN);  // a journal that must not grow is as good as a full disk
  signal(SIGPIPE, SIG_IGN);  // that nobody reads what is said stops nothing
  sigset_t held, before;
  sigemptyset(&held);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    struct sigaction earlier {};
    sigaction(signal, nullptr, &earlier);
    if (signal == SIGHUP && earlier.sa_handler == SIG_IGN) continue;
    sigaction(signal, &action, nullptr);
    sigaddset(&held, signal);
  }
  pthread_sigmask(SIG_BLOCK, &held, &before);
  return before;
}

/// Receives until there is nothing, or `most` datagrams.
void receive(int socket, std::vector<char>& buffer, int most, counter& counter) {
  for (int i = 0; i < most; ++i) {
    const ssize_t size = recv(socket, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size < 0 && errno != EINTR) fail("recv");
    if (size >= 0) counter.add({buffer.data(), static_cast<std::size_t>(size)});
  }
}

}  // namespace

int main(int argc, char** argv) {
  const options options = read_options(argc, argv);
  if (access((options.folder + "/.").c_str(), W_OK | X_OK) != 0) fail(options.folder);
  check_queue();
  const sigset_t signals = hold_signals();
  const int socket = options.socket.empty() ? inherited_socket() : open_socket(options.socket);
  const struct stat made = status_of(options.socket);
  counter counter(options);
  std::thread keeper([&counter] { counter.keep(); });
  // An octet more than a datagram may have, so that a longer one is refused and not cut.
  std::vector<char> buffer(tlsrpt::datagram_limits().octets + 1);
  constexpr int at_once = 256, most_in_queue = 100'000;
  while (is_told_to_stop == 0) {
    pollfd waiting{socket, POLLIN, 0};
    if (ppoll(&waiting, 1, nullptr, &signals) > 0) receive(socket, buffer, at_once, counter);
  }
  // Nothing more comes, and what the kernel has taken is counted, too.
  if (!options.socket.empty()) remove_socket(options.socket, made);
  receive(socket, buffer, most_in_queue, counter);
  counter.stop();
  keeper.join();
  counter.print(std::cout);
  return counter.lost() == 0 ? 0 : 1;
}
