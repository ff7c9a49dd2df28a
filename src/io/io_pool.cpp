#include "io/io_pool.h"

#include "base/assert.h"
#include "base/log.h"
#include "io/exception_text.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <thread>

namespace ipam::io {

struct IoPool::Loop {
  // The hint says that one thread runs the context, which spares it the wake-ups of others; posting from outside stays safe.
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread;

  void run() {
    while (!context.stopped()) {
      try {
        context.run();
      } catch (...) {
        log::error("IPAM-5004 an I/O handler ended by an exception", {{"exception", exception_text(std::current_exception())}});
      }
    }
  }
};

IoPool::IoPool(std::size_t threads) {
  IPAM_ASSERT(threads > 0, "an I/O pool needs a thread");
  for (std::size_t i = 0; i < threads; ++i) {
    auto& loop = *loops_.emplace_back(std::make_unique<Loop>());
    loop.thread = std::thread([&loop] { loop.run(); });
  }
}

IoPool::~IoPool() { stop(); }

Executor IoPool::executor() { return executor_at(next_.fetch_add(1, std::memory_order_relaxed) % loops_.size()); }

Executor IoPool::executor_at(std::size_t index) const { return loops_.at(index)->context.get_executor(); }

void IoPool::stop() {
  for (const auto& loop : loops_) loop->context.stop();
  for (const auto& loop : loops_) {
    if (loop->thread.joinable()) loop->thread.join();
  }
}

}  // namespace ipam::io
