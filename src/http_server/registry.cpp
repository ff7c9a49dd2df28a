#include "http_server/registry.h"

namespace ipam::http_server {

std::unique_ptr<Registry::Place> Registry::enter(const std::shared_ptr<Registry>& registry, const std::string& peer) {
  auto connection = std::make_shared<Connection>();
  connection->peer = peer;
  auto state = registry->state_.lock();
  if (state->stopping || state->open.size() >= registry->limit_) return nullptr;
  std::size_t& of_peer = state->per_peer[peer];
  if (of_peer >= registry->limit_per_peer_) return nullptr;
  ++of_peer;
  state->open.insert(connection);
  return std::make_unique<Place>(registry, std::move(connection));
}

void Registry::leave(const std::shared_ptr<Connection>& connection) {
  auto state = state_.lock();
  state->open.erase(connection);
  const auto of_peer = state->per_peer.find(connection->peer);
  if (of_peer != state->per_peer.end() && --of_peer->second == 0) state->per_peer.erase(of_peer);
  if (state->open.empty()) empty_.notify_all();
}

void Registry::stop_idle() {
  std::set<std::shared_ptr<Connection>> open;
  {
    auto state = state_.lock();
    state->stopping = true;
    open = state->open;
  }
  for (const auto& connection : open) connection->idle.request_stop();
}

void Registry::stop_hard() {
  const std::set<std::shared_ptr<Connection>> open = state_.lock()->open;
  for (const auto& connection : open) connection->hard.request_stop();
}

bool Registry::wait_until_empty(Duration patience) {
  auto state = state_.lock();
  return empty_.wait_for(state.raw(), patience, [&] { return state->open.empty(); });
}

}  // namespace ipam::http_server
