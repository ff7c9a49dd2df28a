// The control protocol of BIND 9 (rndc): commands and replies as signed messages. There is no specification; the form is that of BIND's isccc
// library.
//
// A message is a length of four octets, the version (1) and a table; a table is keys (one octet of length) with values (one octet of type, four of
// length), which may be tables again. `_auth` comes first and holds the digest of everything after it; `_ctrl` holds serial, times and nonce; `_data`
// the command or the reply. The first exchange ("null") gets the nonce that the others carry. Digests are HMAC in base64. Thread rule: pure
// functions.
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "crypto/hmac.h"

#include <optional>
#include <string>
#include <string_view>

namespace ipam::wire::rndc {

constexpr std::size_t kMaxReply = 4U << 20U;  // octets after the length

struct Key {
  crypto::HmacAlgorithm algorithm = crypto::HmacAlgorithm::Sha256;
  Secret secret;  // the octets themselves

  // From the text forms of a key clause ("hmac-sha256"). Errors: InvalidArgument, which never quotes the secret; Unsupported (hmac-md5).
  static Result<Key> create(std::string_view algorithm, const Secret& base64_secret);
};

struct Command {
  std::string text;  // "zonestatus example.com"
  std::uint32_t serial = 0;
  Time sent{};
  std::string nonce;  // of the first reply; empty in the first command
};

struct Reply {
  std::uint32_t serial = 0;
  std::string nonce;
  std::uint32_t result = 0;  // isc_result_t; 0 is success
  std::string error;         // the server's words when the result is not 0
  std::string text;          // what the command tells
};

// With its length, ready to be sent. Errors: InvalidArgument (a command over 2 kB or with control characters).
Result<Bytes> encode(const Command& command, const Key& key);
// The message behind its length. Errors: Malformed; Unauthenticated when the digest does not fit the key.
Result<Reply> decode(ByteView message, const Key& key);

}  // namespace ipam::wire::rndc
