// PasswordHasher: stored passwords, by argon2id (RFC 9106) in its usual text form "$argon2id$v=19$m=…,t=…,p=1$salt$hash".
//
// Every call but needs_rehash takes PasswordCost's memory and tens of milliseconds of one core, on purpose. Run it on a worker pool: the size of that
// pool is what bounds the memory and the cores that people at the door can take; this class bounds nothing by itself.
// Thread rule: immutable; any thread.
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ipam::crypto {

struct PasswordCost {
  std::uint64_t passes = 2;
  std::size_t memory_bytes = std::size_t{64} << 20;
};

class PasswordHasher {
 public:
  static constexpr std::size_t kMaxPasswordBytes = 1024;

  // Errors: InvalidArgument when the cost is outside what argon2id allows (1 to 2^32 - 1 passes, 8 KiB to 4 TiB).
  static Result<PasswordHasher> create(PasswordCost cost);

  // Errors: InvalidArgument (longer than kMaxPasswordBytes), Overloaded (no memory for it).
  Result<std::string> hash(const Secret& password) const;
  // Success means the right password. Errors: Unauthenticated (wrong, or `stored` is no hash), Overloaded (no memory: not the caller's fault).
  Result<void> verify(const Secret& password, std::string_view stored) const;
  // Takes the time of verify() and always answers Unauthenticated: for a user that does not exist, so that timing tells nobody who does.
  Result<void> verify_nobody(const Secret& password) const;
  // Whether `stored` was made with another cost: hash again at the next successful login.
  bool needs_rehash(const std::string& stored) const;

 private:
  explicit PasswordHasher(PasswordCost cost) : cost_(cost) {}

  PasswordCost cost_;
};

}  // namespace ipam::crypto
