#include "io/blocking.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

namespace ipam::io {

struct BlockingLoop::Loop {
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
};

BlockingLoop::BlockingLoop() : loop_(std::make_unique<Loop>()) {}
BlockingLoop::~BlockingLoop() = default;

Executor BlockingLoop::executor() const { return loop_->context.get_executor(); }

void BlockingLoop::run_to_end(Task<void> task) {
  std::exception_ptr failure;
  bool done = false;
  boost::asio::co_spawn(loop_->context, std::move(task), [&](const std::exception_ptr& exception) {
    failure = exception;
    done = true;
  });
  while (!done) loop_->context.run_one();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace ipam::io
