#include "io/cut_off.h"

#include <sys/socket.h>

#include <algorithm>

namespace ipam::io {

CutOff::CutOff(int socket, const Deadline& deadline) : thread_([this, socket, deadline] { watch(socket, deadline); }) {}

CutOff::~CutOff() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CutOff::watch(int socket, const Deadline& deadline) {
  std::unique_lock lock(mutex_);
  while (!over_ && !deadline.verdict()) {
    // A steady clock far in the future overflows some implementations of wait_until.
    const auto until = std::min(deadline.time(), std::chrono::steady_clock::now() + std::chrono::hours(1));
    changed_.wait_until(lock, deadline.token(), until, [this] { return over_; });
  }
  if (!over_) shutdown(socket, SHUT_RDWR);
}

}  // namespace ipam::io
