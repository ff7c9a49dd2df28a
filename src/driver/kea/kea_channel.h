// The way to one Kea: questions over HTTP or HTTPS with basic authentication, one after the other on one connection that is kept.
//
// Errors are those of driver.h about the transport: Unavailable (not reached, no answer in the time of one request, HTTP 5xx), Unauthenticated (401),
// PermissionDenied (403), Malformed (any other status, not HTTP, larger than allowed), FailedPrecondition (the certificate is not trusted),
// DeadlineExceeded, Cancelled. Each names the URL. Thread rule: as a driver's.
#pragma once

#include "driver/driver.h"
#include "io/resolver.h"

#include <memory>
#include <string>
#include <string_view>

namespace ipam::driver::kea {

class Channel {
 public:
  // The resolver must outlive the channel. Errors: InvalidArgument (the URL is not http or https, or holds a credential; the fingerprint).
  static Result<std::unique_ptr<Channel>> create(const Endpoint& endpoint, const Limits& limits, io::Resolver& resolver);
  ~Channel();

  // The body of the answer to a question of kea_answer.h.
  io::Task<Result<std::string>> ask(std::string question, io::Deadline deadline);
  // The same with another time for this request: for what a server is known to take long for.
  io::Task<Result<std::string>> ask(std::string question, io::Deadline deadline, Duration patience);

  // Whether the credential crosses a network that others may read.
  bool credential_is_exposed() const;

 private:
  struct Connection;
  Channel(const Endpoint& endpoint, const Limits& limits, std::unique_ptr<Connection> connection);
  Error failure(Error error, io::Deadline deadline, Duration patience) const;

  Endpoint endpoint_;
  Limits limits_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace ipam::driver::kea
