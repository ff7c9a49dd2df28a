#include "app/ipamd/taking_leave.h"

#include <future>
#include <thread>

namespace ipam::app {
namespace {

constexpr Duration kOperationPatience = std::chrono::seconds(2);

io::Task<void> leave(service::OperationRunner* operations, std::shared_ptr<std::promise<void>> left) {
  co_await operations->leave();
  left->set_value();
}

}  // namespace

void await_operations(const service::OperationRunner& operations) {
  const auto until = std::chrono::steady_clock::now() + kOperationPatience;
  while (operations.running() > 0 && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

void take_leave(service::OperationRunner& operations, const io::Executor& executor) {
  auto left = std::make_shared<std::promise<void>>();  // shared: it may be done after this has given up
  auto done = left->get_future();
  io::spawn(executor, leave(&operations, std::move(left)), "taking leave");
  (void)done.wait_for(kOperationPatience);
}

}  // namespace ipam::app
