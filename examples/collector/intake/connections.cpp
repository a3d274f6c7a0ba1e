#include "connections.hpp"

#include <sys/socket.h>

#include <memory>

namespace collector {

connection_list::connection* connection_list::add(int descriptor) {
  auto added = std::make_unique<connection>();
  added->descriptor = descriptor;
  const std::lock_guard lock(mutex_);
  list(*added);
  if (++count_ > most_) {
    connection& oldest = *listed_.front();
    unlist(oldest);
    oldest.is_leaving = true;
    --count_;
    // The thread that has the connection reads its end, and closes it.
    shutdown(oldest.descriptor, SHUT_RDWR);
  }
  return added.release();
}

void connection_list::remove(connection* gone) {
  const std::unique_ptr<connection> owned(gone);
  const std::lock_guard lock(mutex_);
  unlist(*gone);
  if (!gone->is_leaving) --count_;
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
  one.place = listed_.insert(listed_.end(), &one);
  one.is_listed = true;
}

void connection_list::unlist(connection& one) {
  if (one.is_listed) listed_.erase(one.place);
  one.is_listed = false;
}

}  // namespace collector
