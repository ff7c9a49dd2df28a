#include "client/sql/pool.h"

namespace ipam::client::sql {

Pool::Pool(ConnectOptions options, std::size_t limit, Prepare prepare) : options_(std::move(options)), limit_(limit), prepare_(std::move(prepare)) {}

Result<Pool::Lease> Pool::take(const io::Deadline& deadline) {
  {
    auto state = state_.lock();
    while (state->idle.empty() && state->open >= limit_) {
      // A steady clock far in the future overflows some implementations of wait_until.
      const auto until = std::min(deadline.time(), std::chrono::steady_clock::now() + std::chrono::hours(1));
      if (freed_.wait_until(state.raw(), until) == std::cv_status::timeout && deadline.verdict()) {
        return Error(ErrorCode::Overloaded, "too many uses of " + options_.name + " are under way; try again");
      }
    }
    while (!state->idle.empty()) {
      std::unique_ptr<Connection> connection = std::move(state->idle.back());
      state->idle.pop_back();
      if (connection->alive()) return Lease(this, std::move(connection));
      --state->open;
    }
    ++state->open;
  }
  auto opened = Connection::open(options_, deadline);
  if (opened.ok() && prepare_) {
    if (auto prepared = prepare_(**opened, deadline); !prepared.ok()) opened = std::move(prepared).error();
  }
  if (opened.ok()) return Lease(this, std::move(opened).value());
  --state_.lock()->open;
  freed_.notify_one();
  return std::move(opened).error();
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  {
    auto state = state_.lock();
    if (connection->alive() && !connection->in_transaction()) {
      state->idle.push_back(std::move(connection));
    } else {
      --state->open;
    }
  }
  freed_.notify_one();
}

}  // namespace ipam::client::sql
