// The answer to a request that came with a key of its own, so that its repetition gets the same answer. Bookkeeping. Thread rule: plain values.
#pragma once

#include "model/access.h"

namespace ipam::model {

struct KeptAnswer {
  Bytes hash;  // SHA-256 of user, method, route and key
  Id<User> user_id;
  std::string fingerprint;  // of the body, sealed: a body may hold a password, and a bare digest of it could be guessed at
  std::string steps;        // what the request's works answered so far, each written in its own commit
  int status = 0;           // of the answer; 0: the request was cut off before it was made
  std::string headers;
  std::string body;
  Time created_at{};
  Time expires_at{};

  bool operator==(const KeptAnswer&) const = default;
};
BOOST_DESCRIBE_STRUCT(KeptAnswer, (), (hash, user_id, fingerprint, steps, status, headers, body, created_at, expires_at))

}  // namespace ipam::model
