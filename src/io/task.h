// Task: the coroutine type of all asynchronous work, and the ways to start one.
//
// A task is lazy: it runs when it is awaited or spawned. It stays on the executor it was spawned on; every executor here is served by exactly one
// thread, so what only one executor touches needs no lock. A coroutine is a named function whose arguments come by value; a reference argument must
// be something that outlives the work (a service), never a temporary.
//
// GCC 12.2 destroys twice what is written inside a co_await expression as a lambda with captures, as an aggregate in braces or as the result of ?::
//   co_await f(Options{.name = text});   co_await f([text] {…});      // both corrupt the heap
// Give such values a name first. Values that a function or a constructor returns are safe (Deadline::after(…), std::string("…")).
// Thread rule: spawn may be called from any thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace ipam::io {

using Executor = boost::asio::any_io_executor;

template <class T>
using Task = boost::asio::awaitable<T>;

// The executor of the coroutine that awaits this.
Task<Executor> current_executor();

// Starts a task that nobody awaits. It is a root: an exception that leaves it is a bug and is logged as an error under `name`.
void spawn(const Executor& executor, Task<void> task, std::string name);

}  // namespace ipam::io
