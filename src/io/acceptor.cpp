#include "io/acceptor.h"

#include "base/assert.h"
#include "io/tls_stream.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ipam::io {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

}  // namespace

struct Acceptor::Socket {
  explicit Socket(const Executor& executor)
      : acceptor(executor), watchdog(executor, [this] {
          error_code ignored;
          acceptor.cancel(ignored);
        }) {}

  tcp::acceptor acceptor;
  Watchdog watchdog;
};

Acceptor::Acceptor(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {
  error_code ignored;
  local_ = to_endpoint(socket_->acceptor.local_endpoint(ignored));
}

Acceptor::~Acceptor() = default;

Result<std::unique_ptr<Acceptor>> Acceptor::listen(const Executor& executor, const std::string& address, std::uint16_t port) {
  error_code error;
  const auto numeric = asio::ip::make_address(address, error);
  if (error) return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not an address to listen on", address));
  auto socket = std::make_unique<Socket>(executor);
  const tcp::endpoint endpoint(numeric, port);
  tcp::acceptor& acceptor = socket->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return Error(ErrorCode::Unavailable, fmt::format("cannot listen on {}: {}", host_and_port(address, port), error.message()));
  return std::unique_ptr<Acceptor>(new Acceptor(std::move(socket)));
}

Result<std::unique_ptr<Acceptor>> Acceptor::adopt(const Executor& executor, int descriptor) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  int listening = 0;
  socklen_t listening_size = sizeof listening;
  const bool usable = ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size) == 0 &&
                      (name.ss_family == AF_INET || name.ss_family == AF_INET6) &&
                      ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_size) == 0 && listening != 0;
  if (!usable) return Error(ErrorCode::InvalidArgument, fmt::format("descriptor {} is not a listening TCP socket", descriptor));
  auto socket = std::make_unique<Socket>(executor);
  error_code error;
  socket->acceptor.assign(name.ss_family == AF_INET ? tcp::v4() : tcp::v6(), descriptor, error);
  if (error) return Error(ErrorCode::InvalidArgument, fmt::format("cannot take the listening socket {}: {}", descriptor, error.message()));
  return std::unique_ptr<Acceptor>(new Acceptor(std::move(socket)));
}

Task<Result<StreamPtr>> Acceptor::accept(Executor target, Deadline deadline) {
  if (const auto verdict = socket_->watchdog.begin(deadline)) co_return wait_error(*verdict, local_.to_string());
  error_code error;
  tcp::socket socket = co_await socket_->acceptor.async_accept(target, asio::redirect_error(asio::use_awaitable, error));
  if (const auto verdict = socket_->watchdog.end(); verdict && error) co_return wait_error(*verdict, local_.to_string());
  if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) {
    co_return Error(ErrorCode::Cancelled, fmt::format("{}: no longer listening", local_.to_string()));
  }
  if (error == asio::error::no_descriptors || error == boost::system::errc::too_many_files_open_in_system || error == asio::error::no_buffer_space ||
      error == asio::error::no_memory) {
    co_return Error(ErrorCode::Overloaded, fmt::format("{}: cannot accept a connection: {}", local_.to_string(), error.message()));
  }
  if (error) co_return Error(ErrorCode::Unavailable, fmt::format("{}: cannot accept a connection: {}", local_.to_string(), error.message()));
  StreamPtr stream = std::make_unique<TcpStream>(std::move(socket));
  co_return stream;
}

void Acceptor::close() {
  error_code ignored;
  socket_->acceptor.close(ignored);
}

Task<Result<StreamPtr>> accept_tls(StreamPtr plain, std::shared_ptr<const TlsServerContext> context, Deadline deadline) {
  auto* tcp_stream = dynamic_cast<TcpStream*>(plain.get());
  IPAM_ASSERT(tcp_stream != nullptr, "TLS is accepted on plain streams only");
  auto stream = std::make_unique<TlsStream>(std::move(*tcp_stream).release_socket(), std::move(context));
  plain.reset();
  IPAM_CO_CHECK(co_await stream->handshake(deadline));
  StreamPtr result = std::move(stream);
  co_return result;
}

}  // namespace ipam::io
