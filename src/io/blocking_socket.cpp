#include "io/blocking_socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace ipam::io {
namespace {

constexpr int kStepMilliseconds = 50;  // until a cancellation is noticed

struct Freeing {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

}  // namespace

BlockingSocket::~BlockingSocket() {
  if (number_ >= 0) close(number_);
}

Result<BlockingSocket> BlockingSocket::connect(const std::string& host, std::uint16_t port, const std::string& place, const std::string& question,
                                               const Deadline& deadline) {
  IPAM_TRY(deadline.check(place));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int looked_up = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (looked_up != 0) return Error(ErrorCode::Unavailable, fmt::format("{}: the name cannot be looked up: {}", place, gai_strerror(looked_up)));
  const std::unique_ptr<addrinfo, Freeing> list(found);
  std::string problem = "there is no address";
  for (const addrinfo* each = list.get(); each != nullptr; each = each->ai_next) {
    BlockingSocket socket(::socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.open()) continue;
    if (::connect(socket.number(), each->ai_addr, each->ai_addrlen) == 0) return socket;
    if (errno == EINPROGRESS) {
      pollfd ready{.fd = socket.number(), .events = POLLOUT, .revents = 0};
      for (int polled = 0; (polled = poll(&ready, 1, kStepMilliseconds)) <= 0;) {
        if (polled < 0 && errno != EINTR) break;
        IPAM_TRY(deadline.check(place));
      }
      int failure = 0;
      socklen_t size = sizeof failure;
      getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &failure, &size);
      if (failure == 0) return socket;
      errno = failure;
    }
    problem = std::strerror(errno);
  }
  return Error(ErrorCode::Unavailable, fmt::format("{}: not reached: {}; {}", place, problem, question));
}

void BlockingSocket::make_blocking() const { fcntl(number_, F_SETFL, fcntl(number_, F_GETFL) & ~O_NONBLOCK); }

void BlockingSocket::shut_down() const {
  if (open()) shutdown(number_, SHUT_RDWR);
}

}  // namespace ipam::io
