#include "io/ping.h"

#include "base/bytes.h"
#include "crypto/random.h"
#include "io/watchdog.h"

#include <fmt/format.h>
#include <netinet/in.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/datagram_protocol.hpp>
#include <boost/asio/generic/raw_protocol.hpp>
#include <boost/asio/ip/icmp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>

namespace ipam::io {
namespace {

namespace asio = boost::asio;
using asio::generic::datagram_protocol;
using asio::generic::raw_protocol;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kHeader = 8;
constexpr std::size_t kToken = 16;
constexpr std::size_t kMaxAnswer = 1'500;

bool is_forbidden(const error_code& error) { return error == asio::error::access_denied || error == asio::error::no_permission; }

// RFC 1071. The kernel fills in that of ICMPv6.
std::uint16_t checksum(ByteView bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    sum += static_cast<std::uint32_t>(bytes[i] << 8U) | (i + 1 < bytes.size() ? bytes[i + 1] : 0U);
  }
  while (sum >> 16U != 0) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

// One round of requests to a host over one kind of socket. Answers are told by a token that only they carry; the kernel or nobody minds the
// identifier.
template <class Protocol>
class Pinger {
 public:
  Pinger(const Executor& executor, asio::ip::address host)
      : host_(std::move(host)), socket_(executor), watchdog_(executor, [this] {
          error_code ignored;
          socket_.cancel(ignored);
        }) {
    crypto::fill_random(token_);
  }

  error_code open() {
    error_code error;
    const int protocol = host_.is_v4() ? static_cast<int>(IPPROTO_ICMP) : static_cast<int>(IPPROTO_ICMPV6);
    socket_.open(Protocol(host_.is_v4() ? AF_INET : AF_INET6, protocol), error);
    if (!error) socket_.connect(asio::ip::icmp::endpoint(host_, 0), error);
    return error;
  }

  Task<Result<std::optional<Duration>>> run(PingOptions options, Deadline deadline) {
    for (int attempt = 0; attempt < options.attempts; ++attempt) {
      const Deadline until = deadline.at_most(options.wait);
      const auto sent_at = Clock::now();
      if (!send(static_cast<std::uint16_t>(attempt + 1))) continue;
      for (bool waits = true; waits;) {
        if (const auto verdict = watchdog_.begin(until)) {
          if (*verdict == ErrorCode::Cancelled) co_return wait_error(*verdict, "ping of " + host_.to_string());
          break;
        }
        error_code error;
        const std::size_t count = co_await socket_.async_receive(asio::buffer(answer_), asio::redirect_error(asio::use_awaitable, error));
        const auto verdict = watchdog_.end();
        if (verdict == ErrorCode::Cancelled) co_return wait_error(*verdict, "ping of " + host_.to_string());
        // An unreachable host is told as an error of the socket: it answers nothing either.
        if (error) {
          waits = !verdict && error != asio::error::operation_aborted;
          continue;
        }
        if (is_answer(count)) co_return std::optional<Duration>(std::chrono::duration_cast<Duration>(Clock::now() - sent_at));
      }
    }
    co_return std::optional<Duration>();
  }

 private:
  bool send(std::uint16_t sequence) {
    std::array<std::uint8_t, kHeader + kToken> request{};
    request[0] = host_.is_v4() ? 8 : 128;  // echo request
    request[6] = static_cast<std::uint8_t>(sequence >> 8U);
    request[7] = static_cast<std::uint8_t>(sequence & 0xFFU);
    std::copy(token_.begin(), token_.end(), request.begin() + kHeader);
    if (host_.is_v4()) {
      const std::uint16_t sum = checksum(request);
      request[2] = static_cast<std::uint8_t>(sum >> 8U);
      request[3] = static_cast<std::uint8_t>(sum & 0xFFU);
    }
    error_code error;
    socket_.send(asio::buffer(request), 0, error);
    return !error;
  }

  bool is_answer(std::size_t count) const {
    ByteView packet(answer_.data(), count);
    // A raw socket of IPv4 hands out the IP header too, whose length counts words of 4 bytes.
    if constexpr (std::is_same_v<Protocol, raw_protocol>) {
      if (host_.is_v4()) {
        const std::size_t header = packet.empty() ? 0 : static_cast<std::size_t>(packet[0] & 0x0FU) * 4;
        if (header > packet.size()) return false;
        packet = packet.subspan(header);
      }
    }
    if (packet.size() < kHeader + kToken || packet[0] != (host_.is_v4() ? 0 : 129)) return false;
    return std::equal(token_.begin(), token_.end(), packet.begin() + kHeader);
  }

  const asio::ip::address host_;
  typename Protocol::socket socket_;
  Watchdog watchdog_;
  std::array<std::uint8_t, kToken> token_{};
  std::array<std::uint8_t, kMaxAnswer> answer_{};
};

Error not_allowed() {
  return {ErrorCode::FailedPrecondition,
          "this server may not send ping requests: put its group into net.ipv4.ping_group_range, as in `sysctl net.ipv4.ping_group_range='0 "
          "2147483647'`, or give it the capability CAP_NET_RAW"};
}

}  // namespace

Task<Result<std::optional<Duration>>> ping(std::string address, PingOptions options, Deadline deadline) {
  error_code not_numeric;
  const auto host = asio::ip::make_address(address, not_numeric);
  if (not_numeric) co_return Error(ErrorCode::InvalidArgument, address + " is no address");
  const Executor executor = co_await current_executor();
  Pinger<datagram_protocol> unprivileged(executor, host);
  const error_code refused = unprivileged.open();
  if (!refused) co_return co_await unprivileged.run(options, deadline);
  if (!is_forbidden(refused)) co_return std::optional<Duration>();
  Pinger<raw_protocol> raw(executor, host);
  const error_code failed = raw.open();
  if (is_forbidden(failed)) co_return not_allowed();
  if (failed) co_return std::optional<Duration>();
  co_return co_await raw.run(options, deadline);
}

}  // namespace ipam::io
