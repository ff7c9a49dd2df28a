#include "io/udp_socket.h"

#include "io/watchdog.h"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ipam::io {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

}  // namespace

struct UdpSocket::State {
  State(const Executor& executor, Endpoint peer_in)
      : socket(executor), peer(std::move(peer_in)), watchdog(executor, [this] {
          error_code ignored;
          socket.cancel(ignored);
        }) {}

  Error failure(const error_code& error, std::optional<ErrorCode> verdict, std::string_view doing) const {
    if (verdict == ErrorCode::Cancelled) return {ErrorCode::Cancelled, fmt::format("{}: cancelled while {}", peer.to_string(), doing)};
    if (verdict) return {ErrorCode::DeadlineExceeded, fmt::format("{}: took too long while {}", peer.to_string(), doing)};
    if (error == asio::error::connection_refused) {
      return {ErrorCode::Unavailable, fmt::format("{}: nobody listens on this UDP port; is the service running?", peer.to_string())};
    }
    return {ErrorCode::Unavailable, fmt::format("{}: {} over UDP failed: {}", peer.to_string(), doing, error.message())};
  }

  udp::socket socket;
  Endpoint peer;
  Watchdog watchdog;
};

UdpSocket::UdpSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}
UdpSocket::~UdpSocket() = default;

Result<std::unique_ptr<UdpSocket>> UdpSocket::open(const Executor& executor, const Endpoint& peer) {
  auto state = std::make_unique<State>(executor, peer);
  error_code error;
  const udp::endpoint target(asio::ip::make_address(peer.address, error), peer.port);
  if (!error) state->socket.open(target.protocol(), error);
  if (!error) state->socket.connect(target, error);
  if (error) return state->failure(error, std::nullopt, "connecting");
  return std::unique_ptr<UdpSocket>(new UdpSocket(std::move(state)));
}

Task<Result<void>> UdpSocket::send(ByteView datagram, Deadline deadline) {
  if (const auto verdict = state_->watchdog.begin(deadline)) co_return state_->failure({}, verdict, "sending");
  error_code error;
  co_await state_->socket.async_send(asio::buffer(datagram.data(), datagram.size()), asio::redirect_error(asio::use_awaitable, error));
  const auto verdict = state_->watchdog.end();
  if (error) co_return state_->failure(error, verdict, "sending");
  co_return Result<void>();
}

Task<Result<std::size_t>> UdpSocket::receive(std::span<std::uint8_t> buffer, Deadline deadline) {
  if (const auto verdict = state_->watchdog.begin(deadline)) co_return state_->failure({}, verdict, "waiting for an answer");
  error_code error;
  const std::size_t count =
      co_await state_->socket.async_receive(asio::buffer(buffer.data(), buffer.size()), asio::redirect_error(asio::use_awaitable, error));
  const auto verdict = state_->watchdog.end();
  if (error) co_return state_->failure(error, verdict, "waiting for an answer");
  co_return count;
}

}  // namespace ipam::io
