#include "io/connect.h"

#include "io/tls_stream.h"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ipam::io {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

using SocketResult = Result<tcp::socket>;

Task<SocketResult> connect_one(Endpoint endpoint, std::string name, Deadline deadline) {
  const Executor executor = co_await asio::this_coro::executor;
  tcp::socket socket(executor);
  Watchdog watchdog(executor, [&socket] {
    error_code ignored;
    socket.cancel(ignored);
  });
  if (const auto verdict = watchdog.begin(deadline)) co_return wait_error(*verdict, name);
  error_code error;
  const tcp::endpoint target(asio::ip::make_address(endpoint.address, error), endpoint.port);
  if (!error) co_await socket.async_connect(target, asio::redirect_error(asio::use_awaitable, error));
  const auto verdict = watchdog.end();
  if (verdict && error) {
    if (*verdict == ErrorCode::Cancelled) co_return wait_error(*verdict, name);
    co_return Error(ErrorCode::DeadlineExceeded, fmt::format("{}: no connection in time; is the host up and the port open?", name));
  }
  if (error == asio::error::connection_refused) {
    co_return Error(ErrorCode::Unavailable, fmt::format("{}: the connection was refused; is the service running?", name));
  }
  if (error) co_return Error(ErrorCode::Unavailable, fmt::format("{}: cannot connect: {}", name, error.message()));
  co_return std::move(socket);
}

Task<SocketResult> connect_any(Resolver& resolver, std::string host, std::uint16_t port, Deadline deadline) {
  IPAM_CO_TRY(const std::vector<Endpoint> endpoints, co_await resolver.resolve(host, port, deadline));
  Error failure;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    // An address that swallows packets must leave time for the others.
    const auto left = static_cast<Duration::rep>(endpoints.size() - i);
    const Deadline share = left == 1 || deadline.remaining() == Duration::max() ? deadline : deadline.at_most(deadline.remaining() / left);
    const std::string numeric = endpoints[i].to_string();
    std::string name = host_and_port(host, port);
    if (name != numeric) name += " (" + endpoints[i].address + ")";
    auto socket = co_await connect_one(endpoints[i], std::move(name), share);
    if (socket.ok()) co_return socket;
    failure = std::move(socket).error();
    if (failure.code == ErrorCode::Cancelled) break;
  }
  co_return failure;
}

}  // namespace

Task<Result<StreamPtr>> connect_tcp(Resolver& resolver, std::string host, std::uint16_t port, Deadline deadline) {
  IPAM_CO_TRY(tcp::socket socket, co_await connect_any(resolver, host, port, deadline));
  StreamPtr stream = std::make_unique<TcpStream>(std::move(socket));
  co_return stream;
}

Task<Result<StreamPtr>> connect_tls(Resolver& resolver, std::string host, std::uint16_t port, std::shared_ptr<const TlsClientContext> context,
                                    Deadline deadline) {
  IPAM_CO_TRY(tcp::socket socket, co_await connect_any(resolver, host, port, deadline));
  auto stream = std::make_unique<TlsStream>(std::move(socket), context, host, port);
  IPAM_CO_CHECK(co_await stream->handshake(deadline));
  StreamPtr result = std::move(stream);
  co_return result;
}

Task<Result<std::string>> fetch_fingerprint(Resolver& resolver, std::string host, std::uint16_t port, Deadline deadline) {
  // A pin that no certificate has: the handshake is refused by us as soon as the certificate was seen, before anything is sent over it.
  TlsClientOptions options;
  options.fingerprint = std::string(64, '0');
  IPAM_CO_TRY(const std::shared_ptr<const TlsClientContext> context, TlsClientContext::create(options));
  IPAM_CO_TRY(tcp::socket socket, co_await connect_any(resolver, host, port, deadline));
  TlsStream stream(std::move(socket), context, host, port);
  const auto refused = co_await stream.handshake(deadline);
  if (stream.seen_fingerprint().empty()) co_return refused.ok() ? Error() : refused.error();
  co_return to_hex(stream.seen_fingerprint(), ':');
}

}  // namespace ipam::io
