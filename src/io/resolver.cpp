#include "io/resolver.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace ipam::io {
namespace {

Result<std::vector<Endpoint>> look_up(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int status = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  if (status == EAI_NONAME || status == EAI_NODATA) return Error(ErrorCode::NotFound, fmt::format("there is no host named {}", host));
  if (status != 0) return Error(ErrorCode::Unavailable, fmt::format("cannot look up {}: {}", host, ::gai_strerror(status)));
  std::vector<Endpoint> endpoints;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    char text[NI_MAXHOST];
    if (::getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
    const Endpoint endpoint{text, port};
    if (std::find(endpoints.begin(), endpoints.end(), endpoint) == endpoints.end()) endpoints.push_back(endpoint);
  }
  if (endpoints.empty()) return Error(ErrorCode::NotFound, fmt::format("{} has no address", host));
  return endpoints;
}

Result<std::string> look_up_name(const std::string& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), nullptr, &hints, &found) != 0) return Error(ErrorCode::InvalidArgument, address + " is no address");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  char name[NI_MAXHOST];
  const int status = ::getnameinfo(found->ai_addr, found->ai_addrlen, name, sizeof name, nullptr, 0, NI_NAMEREQD);
  if (status == EAI_NONAME) return std::string();
  if (status != 0) return Error(ErrorCode::Unavailable, fmt::format("cannot look up the name of {}: {}", address, ::gai_strerror(status)));
  return std::string(name);
}

}  // namespace

Resolver::Resolver(std::size_t threads, std::size_t queue_limit) : workers_("the name look-ups", threads, queue_limit) {}

Task<Result<std::vector<Endpoint>>> Resolver::resolve(std::string host, std::uint16_t port, Deadline deadline) {
  boost::system::error_code not_numeric;
  const auto address = boost::asio::ip::make_address(host, not_numeric);
  if (!not_numeric) co_return std::vector<Endpoint>{Endpoint{address.to_string(), port}};
  auto job = [host, port] { return look_up(host, port); };
  auto answer = co_await workers_.run(job, deadline);
  if (!answer.ok() && (answer.error().code == ErrorCode::DeadlineExceeded || answer.error().code == ErrorCode::Cancelled)) {
    co_return wait_error(answer.error().code, "the look-up of " + host);
  }
  co_return answer;
}

Task<Result<std::string>> Resolver::name_of(std::string address, Deadline deadline) {
  const auto job = [address] { return look_up_name(address); };
  auto answer = co_await workers_.run(job, deadline);
  if (!answer.ok() && (answer.error().code == ErrorCode::DeadlineExceeded || answer.error().code == ErrorCode::Cancelled)) {
    co_return wait_error(answer.error().code, "the look-up of the name of " + address);
  }
  co_return answer;
}

}  // namespace ipam::io
