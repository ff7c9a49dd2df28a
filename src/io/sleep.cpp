#include "io/sleep.h"

#include "io/watchdog.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ipam::io {

Task<Result<void>> sleep_for(Duration duration, Deadline deadline) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, duration);
  Watchdog watchdog(executor, [&timer] { timer.cancel(); });
  if (const auto verdict = watchdog.begin(deadline)) co_return wait_error(*verdict, "a pause");
  boost::system::error_code error;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, error));
  if (const auto verdict = watchdog.end()) co_return wait_error(*verdict, "a pause");
  co_return Result<void>();
}

}  // namespace ipam::io
