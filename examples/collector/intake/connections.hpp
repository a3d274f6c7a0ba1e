/// @file
/// Which connections are open, so that the oldest idle one can go when there are too many.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_INTAKE_CONNECTIONS
#define TLSRPT_EXAMPLES_COLLECTOR_INTAKE_CONNECTIONS

#include <cstddef>
#include <list>
#include <mutex>

namespace collector {

/// For any number of threads.
class connection_list {
 public:
  struct connection {
    int descriptor = -1;
    bool is_listed = false;   ///< Among those that may go.
    bool is_leaving = false;  ///< Was told to go.
    std::list<connection*>::iterator place{};
  };

  explicit connection_list(std::size_t most) : most_(most) {}

  /// Takes a new connection, and ends the one that has sent nothing for longest if there are too
  /// many. Returns what the other functions want.
  connection* add(int descriptor);
  /// Forgets a connection, whose descriptor is still open.
  void remove(connection* gone);
  /// It has sent something, or has its answer.
  void touch(connection& one);
  /// It waits for an answer, so that it has nothing to send, and stays until touch().
  void hold(connection& one);

 private:
  void list(connection& one);
  void unlist(connection& one);

  const std::size_t most_;
  std::mutex mutex_;
  std::size_t count_ = 0;            ///< Without those that leave.
  std::list<connection*> listed_{};  ///< Who has sent something last is last.
};

}  // namespace collector

#endif
