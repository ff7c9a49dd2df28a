// Task<T>: what an asynchronous function returns; it starts when it is awaited. A coroutine is a named function whose arguments come by value.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace ipam::io {

template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace ipam::io
