// How operations end when the server does. Thread rule: the thread that stops the server.
#pragma once

#include "service/operation/operation_runner.h"

namespace ipam::app {

// What was asked to end writes down that it did; what takes longer is told as interrupted after the next start.
void await_operations(const service::OperationRunner& operations);
// A database that does not answer must not hold up the stop: the node then counts as gone a little later.
void take_leave(service::OperationRunner& operations, const io::Executor& executor);

}  // namespace ipam::app
