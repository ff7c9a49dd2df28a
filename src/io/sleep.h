// sleep_for: a coroutine's pause that its deadline's token can end. Thread rule: on an I/O executor.
#pragma once

#include "io/deadline.h"
#include "io/task.h"

namespace ipam::io {

// Ends after the duration, or with Cancelled or DeadlineExceeded when the deadline ends it first.
Task<Result<void>> sleep_for(Duration duration, Deadline deadline);

}  // namespace ipam::io
