#include "service/collection/server_locks.h"

namespace ipam::service {

io::Task<Result<ServerLocks::Held>> ServerLocks::acquire(model::Id<model::ManagedServer> id, io::Deadline deadline) {
  Waiter waiter{{}, std::make_shared<std::atomic<bool>>(false)};
  {
    auto held = held_.lock();
    const auto [at, free] = held->try_emplace(id);
    if (free) co_return Held(*this, id);
    at->second.push_back(waiter);
  }
  auto turn = co_await waiter.turn.wait(std::move(deadline));
  if (turn.ok()) co_return Held(*this, id);
  // The turn may come just as the wait ends. Whoever settles the waiter first decides: given to it, or passed over.
  if (waiter.settled->exchange(true)) release(id);
  co_return std::move(turn).error();
}

void ServerLocks::release(model::Id<model::ManagedServer> id) {
  while (true) {
    Waiter next;
    {
      auto held = held_.lock();
      const auto at = held->find(id);
      if (at->second.empty()) {
        held->erase(at);
        return;
      }
      next = std::move(at->second.front());
      at->second.pop_front();
    }
    if (next.settled->exchange(true)) continue;  // it has left
    next.turn.complete(Result<void>());
    return;
  }
}

}  // namespace ipam::service
