// ServerLocks: one job at a time for each managed server, in the order of their coming, without blocking a thread.
//
//   const ServerLocks::Held held = co_await locks.acquire(id, deadline);   // released when it goes
//
// Thread rule: acquire on any I/O executor; a Held may be destroyed on any thread.
#pragma once

#include "base/guarded.h"
#include "io/completion.h"
#include "model/managed_server.h"

#include <atomic>
#include <deque>
#include <map>

namespace ipam::service {

class ServerLocks {
 public:
  class Held {
   public:
    Held(ServerLocks& locks, model::Id<model::ManagedServer> id) : locks_(&locks), id_(id) {}
    Held(Held&& other) noexcept : locks_(std::exchange(other.locks_, nullptr)), id_(other.id_) {}
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (locks_ != nullptr) locks_->release(id_);
    }

   private:
    ServerLocks* locks_;
    model::Id<model::ManagedServer> id_;
  };

  // Errors: DeadlineExceeded, Cancelled.
  io::Task<Result<Held>> acquire(model::Id<model::ManagedServer> id, io::Deadline deadline);

 private:
  // `settled` is set by whoever comes first: the one that gives the lock, or the waiter that leaves.
  struct Waiter {
    io::Completion<void> turn;
    std::shared_ptr<std::atomic<bool>> settled;  // shared with the coroutine that may leave
  };

  void release(model::Id<model::ManagedServer> id);

  Guarded<std::map<model::Id<model::ManagedServer>, std::deque<Waiter>>> held_;
};

}  // namespace ipam::service
