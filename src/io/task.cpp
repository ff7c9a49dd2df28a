#include "io/task.h"

#include "base/log.h"
#include "io/exception_text.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace ipam::io {

Task<Executor> current_executor() { co_return co_await boost::asio::this_coro::executor; }

void spawn(const Executor& executor, Task<void> task, std::string name) {
  boost::asio::co_spawn(executor, std::move(task), [name = std::move(name)](const std::exception_ptr& exception) {
    if (exception) log::error("IPAM-5003 a background task ended by an exception", {{"task", name}, {"exception", exception_text(exception)}});
  });
}

}  // namespace ipam::io
