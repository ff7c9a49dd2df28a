// Pool: a bounded number of connections with the same options, kept open for the next use.
//
//   auto lease = IPAM_TRY(pool.take(deadline));   // an idle one that is alive, or a new one
//   lease->query(…);                              // given back when the lease goes; a broken one, or one in a transaction, is closed
//
// Errors of take: Overloaded (all are in use until the deadline), those of Connection::open. Thread rule: any thread. It outlives its leases.
#pragma once

#include "base/guarded.h"
#include "client/sql/connection.h"

#include <condition_variable>

namespace ipam::client::sql {

class Pool {
 public:
  // `prepare` is called once with each new connection.
  using Prepare = std::function<Result<void>(Connection&, const io::Deadline&)>;
  Pool(ConnectOptions options, std::size_t limit, Prepare prepare = {});

  class Lease {
   public:
    Lease(Lease&& other) noexcept : pool_(other.pool_), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_->give_back(std::move(connection_));
    }
    Connection* operator->() const { return connection_.get(); }
    Connection& operator*() const { return *connection_; }

   private:
    friend class Pool;
    Lease(Pool* pool, std::unique_ptr<Connection> connection) : pool_(pool), connection_(std::move(connection)) {}
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  Result<Lease> take(const io::Deadline& deadline);

 private:
  struct State {
    std::vector<std::unique_ptr<Connection>> idle;
    std::size_t open = 0;
  };

  void give_back(std::unique_ptr<Connection> connection);

  const ConnectOptions options_;
  const std::size_t limit_;
  const Prepare prepare_;
  Guarded<State> state_;
  std::condition_variable freed_;
};

}  // namespace ipam::client::sql
