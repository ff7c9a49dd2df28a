// What streams over a socket have in common, and the plain TCP stream. Internal to this room: others see Stream.
// Thread rule: as Stream.
#pragma once

#include "io/stream.h"
#include "io/watchdog.h"

#include <boost/asio/ip/tcp.hpp>

#include <string_view>

namespace ipam::io {

Endpoint to_endpoint(const boost::asio::ip::tcp::endpoint& endpoint);

class SocketStream : public Stream {
 public:
  explicit SocketStream(boost::asio::ip::tcp::socket socket);

  void close() override;
  const Endpoint& peer() const override { return peer_; }
  const Endpoint& local() const override { return local_; }
  const Executor& executor() const override { return executor_; }

  boost::asio::ip::tcp::socket release_socket() && { return std::move(socket_); }

 protected:
  // The error of an operation that failed with `error`, or was interrupted by the watchdog.
  Error failure(const boost::system::error_code& error, std::optional<ErrorCode> verdict, std::string_view doing) const;
  Error interrupted(ErrorCode verdict, std::string_view doing) const;
  // Ends our side of TCP and drops what still comes; then closes.
  Task<void> end_tcp(Deadline deadline);

  boost::asio::ip::tcp::socket socket_;
  Executor executor_;
  Endpoint peer_;
  Endpoint local_;
  Watchdog watchdog_;
};

class TcpStream final : public SocketStream {
 public:
  using SocketStream::SocketStream;

  Task<Result<std::size_t>> read_some(std::span<std::uint8_t> buffer, Deadline deadline) override;
  Task<Result<void>> write(ByteView bytes, Deadline deadline) override;
  bool is_quiet() override;
  Task<void> shutdown(Deadline deadline) override;
  bool encrypted() const override { return false; }
};

}  // namespace ipam::io
