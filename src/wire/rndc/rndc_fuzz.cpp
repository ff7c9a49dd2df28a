// A reply whose digest does not fit is never read, and nothing that comes is read outside of its bounds; behind a digest of our own making the tables
// are read too, so that not everything ends at the digest.
#include "wire/rndc/rndc.h"

#include "crypto/hmac.h"

#include <cstdlib>

namespace {

using namespace ipam;
using namespace ipam::wire::rndc;

// The octets after the digest's place as a message that is signed right.
Bytes signed_again(ByteView body, const Key& key) {
  crypto::Hmac hmac(key.algorithm, as_bytes(key.secret.reveal()));
  hmac.update(body);
  std::string digest = to_base64(hmac.finish());
  digest.resize(88, '\0');
  Bytes message{0, 0, 0, 1, 5, '_', 'a', 'u', 't', 'h', 2, 0, 0, 0, 99, 4, 'h', 's', 'h', 'a', 1, 0, 0, 0, 89, 163};
  message.insert(message.end(), digest.begin(), digest.end());
  message.insert(message.end(), body.begin(), body.end());
  return message;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Key key{.algorithm = crypto::HmacAlgorithm::Sha256, .secret = Secret("the key of the fuzz target")};
  const ByteView input(data, size);
  if (decode(input, key).ok()) std::abort();  // nobody guesses a digest
  constexpr std::size_t kBodyAt = 114;
  const Bytes message = signed_again(input.size() > kBodyAt ? input.subspan(kBodyAt) : input, key);
  const auto reply = decode(message, key);
  if (!reply.ok() && reply.error().code != ErrorCode::Malformed) std::abort();
  Bytes altered = message;
  altered[40] ^= 1;
  const auto refused = decode(altered, key);
  if (refused.ok() || refused.error().code != ErrorCode::Unauthenticated) std::abort();
  return 0;
}
