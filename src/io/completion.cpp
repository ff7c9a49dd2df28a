#include "io/completion.h"

#include "base/assert.h"
#include "io/watchdog.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ipam::io {

struct SignalAccess {
  // Leaves the waiter to whoever marks the signal, or gives it back when that happened already.
  static std::unique_ptr<Waiter> leave(Signal& signal, std::unique_ptr<Waiter> waiter) {
    const std::lock_guard lock(signal.mutex_);
    if (signal.marked_) return waiter;
    IPAM_ASSERT(!signal.waiter_, "two coroutines wait for one completion");
    signal.waiter_ = std::move(waiter);
    return nullptr;
  }
  static std::unique_ptr<Waiter> withdraw(Signal& signal) {
    const std::lock_guard lock(signal.mutex_);
    return std::move(signal.waiter_);
  }
};

namespace {

template <class Handler>
class HandlerWaiter final : public Waiter {
 public:
  HandlerWaiter(Executor executor, Handler handler) : Waiter(std::move(executor)), handler_(std::move(handler)) {}
  void resume() override { std::move(handler_)(); }

 private:
  Handler handler_;
};

Task<void> suspend_until_marked(std::shared_ptr<Signal> signal) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  auto initiation = [signal, executor](auto handler) {
    using Handler = decltype(handler);
    std::unique_ptr<Waiter> waiter = std::make_unique<HandlerWaiter<Handler>>(executor, std::move(handler));
    resume_later(SignalAccess::leave(*signal, std::move(waiter)));
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(std::move(initiation), boost::asio::use_awaitable);
}

const void* context_of(const Waiter& waiter) { return &boost::asio::query(waiter.executor(), boost::asio::execution::context); }

}  // namespace

std::unique_ptr<Waiter> Signal::mark() {
  const std::lock_guard lock(mutex_);
  marked_ = true;
  return std::move(waiter_);
}

bool Signal::marked() const {
  const std::lock_guard lock(mutex_);
  return marked_;
}

Task<Result<void>> Signal::wait(std::shared_ptr<Signal> signal, Deadline deadline) {
  if (signal->marked()) co_return Result<void>();
  if (deadline.time() == Deadline::TimePoint::max() && !deadline.token().stop_possible()) {
    co_await suspend_until_marked(signal);
    co_return Result<void>();
  }
  const Executor executor = co_await boost::asio::this_coro::executor;
  Watchdog watchdog(executor, [signal] { resume_later(SignalAccess::withdraw(*signal)); });
  if (const auto verdict = watchdog.begin(deadline)) co_return wait_error(*verdict, "a pending operation");
  co_await suspend_until_marked(signal);
  const auto verdict = watchdog.end();
  // The answer may have come between the interruption and this line: then it counts.
  if (verdict && !signal->marked()) co_return wait_error(*verdict, "a pending operation");
  co_return Result<void>();
}

void resume_later(std::unique_ptr<Waiter> waiter) {
  if (!waiter) return;
  const Executor executor = waiter->executor();
  boost::asio::post(executor, [moved = std::move(waiter)] { moved->resume(); });
}

void CompletionBatch::flush() {
  std::sort(waiters_.begin(), waiters_.end(), [](const auto& a, const auto& b) { return std::less<>()(context_of(*a), context_of(*b)); });
  for (auto first = waiters_.begin(); first != waiters_.end();) {
    const auto last = std::find_if(first, waiters_.end(), [&](const auto& waiter) { return context_of(*waiter) != context_of(**first); });
    std::vector<std::unique_ptr<Waiter>> group(std::make_move_iterator(first), std::make_move_iterator(last));
    const Executor executor = group.front()->executor();
    boost::asio::post(executor, [moved = std::move(group)] {
      for (const auto& waiter : moved) waiter->resume();
    });
    first = last;
  }
  waiters_.clear();
}

}  // namespace ipam::io
