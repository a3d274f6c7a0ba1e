#include "connections.hpp"

#include <sys/socket.h>

#include <memory>

namespace collector {

connection_list::connection* connection_list::add(
    int descriptor, const std::optional<tlsrpt::ip_address>& network) {
  auto added = std::make_unique<connection>();
  added->descriptor = descriptor;
  added->unlisted.push_back(added.get());
  added->place = added->unlisted.begin();
  added->unlisted_in_network.push_back(added.get());
  added->place_in_network = added->unlisted_in_network.begin();
  const std::lock_guard lock(mutex_);
  if (network) {
    added->network = network;
    added->of_network = &networks_[*network];
    ++added->of_network->count;
  }
  ++all_.count;
  list(*added);
  if (network && added->of_network->count > most_of_network_) end_oldest(*added->of_network);
  if (all_.count > most_) end_oldest(all_);
  return added.release();
}

void connection_list::remove(connection* gone) {
  const std::unique_ptr<connection> owned(gone);
  const std::lock_guard lock(mutex_);
  unlist(*gone);
  if (!gone->is_leaving) uncount(*gone);
}

void connection_list::touch(connection& one) {
  const std::lock_guard lock(mutex_);
  unlist(one);
  if (!one.is_leaving) list(one);
}

void connection_list::hold(connection& one) {
  const std::lock_guard lock(mutex_);
  unlist(one);
}

void connection_list::list(connection& one) {
  all_.listed.splice(all_.listed.end(), one.unlisted);
  if (one.of_network) {
    auto& listed = one.of_network->listed;
    listed.splice(listed.end(), one.unlisted_in_network);
  }
  one.is_listed = true;
}

void connection_list::unlist(connection& one) {
  if (!one.is_listed) return;
  one.unlisted.splice(one.unlisted.end(), all_.listed, one.place);
  if (one.of_network)
    one.unlisted_in_network.splice(one.unlisted_in_network.end(), one.of_network->listed,
                                   one.place_in_network);
  one.is_listed = false;
}

void connection_list::uncount(connection& one) {
  --all_.count;
  if (one.of_network && --one.of_network->count == 0) networks_.erase(*one.network);
  one.of_network = nullptr;
}

void connection_list::end_oldest(const connection_group& of) {
  // At least the newest is there.
  connection& oldest = *of.listed.front();
  unlist(oldest);
  uncount(oldest);
  oldest.is_leaving = true;
  // The thread that has the connection reads its end, and closes it.
  shutdown(oldest.descriptor, SHUT_RDWR);
}

}  // namespace collector
