// Watchdog: holds one operation after another to its deadline by calling `interrupt` on the executor when the deadline passes or its token stops.
//
// Meant for objects with many short operations (streams): the timer is armed only when no earlier one is pending, so a connection in steady use
// pays one store an operation and one timer a timeout period, instead of arming and cancelling a timer each time.
// Thread rule: used on its executor only; stop tokens may be stopped from any thread.
#pragma once

#include "io/deadline.h"
#include "io/task.h"

#include <functional>
#include <memory>
#include <optional>

namespace ipam::io {

class Watchdog {
 public:
  Watchdog(const Executor& executor, std::function<void()> interrupt);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Before a wait. Answers a verdict when it must not begin; then `end` is not called.
  std::optional<ErrorCode> begin(const Deadline& deadline);
  // After the wait: why it was interrupted, if it was.
  std::optional<ErrorCode> end();

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the pending timer handler, which may run after this object is gone
};

}  // namespace ipam::io
