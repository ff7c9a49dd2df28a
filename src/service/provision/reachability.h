// Reachability: whether an address that nothing is recorded of shows signs of life: it answers ping, or DNS has a name for it.
// Errors: Unavailable (no name server answers), FailedPrecondition (ping is not allowed here), DeadlineExceeded, Cancelled. Thread rule: an I/O
// executor.
#pragma once

#include "io/resolver.h"
#include "ip/address.h"

namespace ipam::service {

struct Checks {
  bool ping = false;
  bool dns = false;

  bool any() const { return ping || dns; }
};

class Reachability {
 public:
  static constexpr Duration kDeadline = std::chrono::seconds(5);  // of one address

  explicit Reachability(io::Resolver& resolver) : resolver_(resolver) {}
  virtual ~Reachability() = default;

  // For people: "answers ping after 0.4 ms", "is named app7.corp.example in DNS"; empty without a sign.
  virtual io::Task<Result<std::string>> sign_of_life(ip::Address address, Checks checks, io::Deadline deadline);

 private:
  io::Resolver& resolver_;
};

}  // namespace ipam::service
