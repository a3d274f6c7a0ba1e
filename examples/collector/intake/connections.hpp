/// @file
/// Which connections are open, so that the one that is idle for longest can go when there are too
/// many, in all or of one network.

#ifndef TLSRPT_EXAMPLES_COLLECTOR_INTAKE_CONNECTIONS
#define TLSRPT_EXAMPLES_COLLECTOR_INTAKE_CONNECTIONS

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>

#include <tlsrpt/ip_address.hpp>

namespace collector {

/// For any number of threads.
class connection_list {
  struct connection_group;

 public:
  struct connection {
    int descriptor = -1;
    std::optional<tlsrpt::ip_address> network{};
    connection_group* of_network = nullptr;  ///< Null without a network, and when it leaves.
    bool is_listed = false;                  ///< Among those that may go.
    bool is_leaving = false;                 ///< Was told to go.
    /// Where it is in the lists of groups; in lists of its own while it is in none, so that only a
    /// new connection needs memory.
    std::list<connection*>::iterator place{}, place_in_network{};
    std::list<connection*> unlisted{}, unlisted_in_network{};
  };

  connection_list(std::size_t most, std::size_t most_of_network)
      : most_(most), most_of_network_(most_of_network) {}

  /// Takes a new connection, and ends the one that has sent nothing for longest if its network,
  /// where that is known, has too many, or if there are too many in all. Returns what the other
  /// functions want.
  connection* add(int descriptor, const std::optional<tlsrpt::ip_address>& network);
  /// Forgets a connection, whose descriptor is still open.
  void remove(connection* gone);
  /// It has sent something, or has its answer.
  void touch(connection& one);
  /// It waits for an answer, so that it has nothing to send, and stays until touch().
  void hold(connection& one);

 private:
  struct connection_group {
    std::size_t count = 0;            ///< Without those that leave.
    std::list<connection*> listed{};  ///< Who has sent something last is last.
  };

  void list(connection& one);
  void unlist(connection& one);
  void uncount(connection& one);
  void end_oldest(const connection_group& of);

  const std::size_t most_, most_of_network_;
  std::mutex mutex_;
  connection_group all_{};
  std::map<tlsrpt::ip_address, connection_group> networks_{};
};

}  // namespace collector

#endif
