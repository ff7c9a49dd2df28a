// Registry: the connections that are open, their limits in total and for each peer, and how to reach them all when the server stops. Internal to this
// room. Thread rule: any thread.
#pragma once

#include "base/clock.h"
#include "base/guarded.h"

#include <condition_variable>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>

namespace ipam::http_server {

class Registry {
 public:
  // One open connection. `idle` ends its wait for the next request; `hard` ends everything it waits for.
  struct Connection {
    std::string peer;
    std::stop_source idle;
    std::stop_source hard;
  };

  // Holds the place of a connection until it goes.
  class Place {
   public:
    Place(std::shared_ptr<Registry> registry, std::shared_ptr<Connection> connection)
        : registry_(std::move(registry)), connection_(std::move(connection)) {}
    ~Place() { registry_->leave(connection_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    Connection& connection() { return *connection_; }
    bool stopping() const { return connection_->idle.stop_requested(); }

   private:
    std::shared_ptr<Registry> registry_;
    std::shared_ptr<Connection> connection_;
  };

  Registry(std::size_t limit, std::size_t limit_per_peer) : limit_(limit), limit_per_peer_(limit_per_peer) {}

  // Null when a limit is reached or the server stops.
  static std::unique_ptr<Place> enter(const std::shared_ptr<Registry>& registry, const std::string& peer);
  std::size_t size() const { return state_.lock()->open.size(); }

  // No connection enters any more, and idle ones end.
  void stop_idle();
  void stop_hard();
  // Whether all are gone within the time.
  bool wait_until_empty(Duration patience);

 private:
  struct State {
    std::set<std::shared_ptr<Connection>> open;
    std::unordered_map<std::string, std::size_t> per_peer;
    bool stopping = false;
  };

  void leave(const std::shared_ptr<Connection>& connection);

  const std::size_t limit_;
  const std::size_t limit_per_peer_;
  Guarded<State> state_;
  std::condition_variable empty_;
};

}  // namespace ipam::http_server
