#include "io/socket_stream.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cerrno>

namespace ipam::io {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// What a peer that ignores our end may still send before the connection is dropped.
constexpr std::size_t kMaxDrained = 1U << 20;

}  // namespace

std::string host_and_port(const std::string& host, std::uint16_t port) {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

std::string Endpoint::to_string() const { return host_and_port(address, port); }

Endpoint to_endpoint(const asio::ip::tcp::endpoint& endpoint) {
  asio::ip::address address = endpoint.address();
  // A socket that listens on :: sees IPv4 peers as ::ffff:a.b.c.d; limits and logs want the peer's own address.
  if (address.is_v6() && address.to_v6().is_v4_mapped()) address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return {address.to_string(), endpoint.port()};
}

SocketStream::SocketStream(asio::ip::tcp::socket socket)
    : socket_(std::move(socket)), executor_(socket_.get_executor()), watchdog_(executor_, [this] {
        error_code ignored;
        socket_.cancel(ignored);
      }) {
  error_code ignored;
  peer_ = to_endpoint(socket_.remote_endpoint(ignored));
  local_ = to_endpoint(socket_.local_endpoint(ignored));
  // Messages are written whole, so Nagle's algorithm could only delay their last segment.
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void SocketStream::close() {
  error_code ignored;
  socket_.close(ignored);
}

Error SocketStream::interrupted(ErrorCode verdict, std::string_view doing) const {
  if (verdict == ErrorCode::Cancelled) return {ErrorCode::Cancelled, fmt::format("{}: cancelled while {}", peer_.to_string(), doing)};
  return {ErrorCode::DeadlineExceeded, fmt::format("{}: took too long while {}", peer_.to_string(), doing)};
}

Error SocketStream::failure(const error_code& error, std::optional<ErrorCode> verdict, std::string_view doing) const {
  if (verdict) return interrupted(*verdict, doing);
  const bool ours = error == asio::error::operation_aborted || error == asio::error::bad_descriptor;
  if (ours) return {ErrorCode::Cancelled, fmt::format("{}: the connection was closed while {}", peer_.to_string(), doing)};
  return {ErrorCode::Unavailable, fmt::format("{}: the connection failed while {}: {}", peer_.to_string(), doing, error.message())};
}

Task<void> SocketStream::end_tcp(Deadline deadline) {
  error_code error;
  socket_.shutdown(asio::socket_base::shutdown_send, error);
  std::array<std::uint8_t, 4096> sink;
  std::size_t drained = 0;
  while (!error && drained < kMaxDrained && !watchdog_.begin(deadline)) {
    drained += co_await socket_.async_read_some(asio::buffer(sink), asio::redirect_error(asio::use_awaitable, error));
    if (watchdog_.end()) break;
  }
  close();
}

Task<Result<std::size_t>> TcpStream::read_some(std::span<std::uint8_t> buffer, Deadline deadline) {
  if (const auto verdict = watchdog_.begin(deadline)) co_return interrupted(*verdict, "reading");
  error_code error;
  const std::size_t count =
      co_await socket_.async_read_some(asio::buffer(buffer.data(), buffer.size()), asio::redirect_error(asio::use_awaitable, error));
  const auto verdict = watchdog_.end();
  if (error == asio::error::eof) co_return std::size_t{0};
  if (error) co_return failure(error, verdict, "reading");
  co_return count;
}

// Piece by piece: an interruption that comes between two pieces of a composed operation would find nothing to cancel, and the next piece would wait for
// ever.
Task<Result<void>> TcpStream::write(ByteView bytes, Deadline deadline) {
  while (!bytes.empty()) {
    if (const auto verdict = watchdog_.begin(deadline)) co_return interrupted(*verdict, "writing");
    error_code error;
    const std::size_t count =
        co_await socket_.async_write_some(asio::buffer(bytes.data(), bytes.size()), asio::redirect_error(asio::use_awaitable, error));
    const auto verdict = watchdog_.end();
    if (error) co_return failure(error, verdict, "writing");
    bytes = bytes.subspan(count);
  }
  co_return Result<void>();
}

bool TcpStream::is_quiet() {
  char byte = 0;
  const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

Task<void> TcpStream::shutdown(Deadline deadline) { co_await end_tcp(std::move(deadline)); }

}  // namespace ipam::io
