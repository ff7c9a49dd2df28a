// TSIG: messages signed with a shared key (RFC 8945), over the octets of messages.
//
//   Bytes mac = sign(message, key, now);            // appends the TSIG record to a request
//   TsigVerifier verifier(key, mac);                // its answer: one message, or the many of a transfer
//   verifier.verify(answer, now) …                  // each message, in order, before anything in it is believed
//   verifier.finish()                               // the last message must have been signed
//
// The verifier holds section 5.3.1: the first message is signed, at most 99 in a row are not, and those are covered by the next signature. Digests
// cut short are refused (section 5.2.2.1 allows that). Errors of verify: Unauthenticated (not signed, a wrong signature, an unknown or wrong key here
// or there: BADSIG, BADKEY, BADTRUNC), FailedPrecondition (the clocks differ: BADTIME), Malformed. Thread rule: one thread at a time.
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "crypto/hmac.h"
#include "wire/dns/message.h"

namespace ipam::wire::dns {

using TsigAlgorithm = crypto::HmacAlgorithm;

// "hmac-sha256".
std::string_view to_string(TsigAlgorithm algorithm);
std::optional<TsigAlgorithm> tsig_algorithm_of(std::string_view name);

struct TsigKey {
  Name name;
  TsigAlgorithm algorithm = TsigAlgorithm::Sha256;
  Secret secret;  // the octets themselves

  // From the text forms of a key file. Errors: InvalidArgument, which never quotes the secret.
  static Result<TsigKey> create(std::string_view name, std::string_view algorithm, const Secret& base64_secret);
};

constexpr Duration kTsigFudge = std::chrono::seconds(300);

// Appends a TSIG record to a request and answers its digest. Errors: InvalidArgument (the message becomes longer than 65535 octets), Malformed.
Result<Bytes> sign(Bytes& message, const TsigKey& key, Time now);

class TsigVerifier {
 public:
  static constexpr std::size_t kMaxUnsigned = 99;

  TsigVerifier(const TsigKey& key, Bytes request_mac);

  Result<void> verify(ByteView message, Time now);
  Result<void> finish() const;
  // Whether a signature covers everything that was verified so far.
  bool covers_all() const { return messages_ > 0 && unsigned_in_row_ == 0; }
  std::uint64_t signed_messages() const { return signed_; }

 private:
  void begin_digest();

  Name name_;
  TsigAlgorithm algorithm_;
  crypto::Hmac hmac_;
  Bytes prior_mac_;
  std::uint64_t messages_ = 0;
  std::uint64_t signed_ = 0;
  std::size_t unsigned_in_row_ = 0;
};

// The signing side of a stream of answers, for doubles of servers in tests: the request's digest first, then every `every`-th message is signed.
class TsigStreamSigner {
 public:
  TsigStreamSigner(const TsigKey& key, Bytes request_mac) : key_(key), prior_mac_(std::move(request_mac)) {}
  // The message with its TSIG record, covering also the messages that were passed over since the last one.
  Bytes sign_next(Bytes message, Time now);
  void pass_over(ByteView message) { pending_.insert(pending_.end(), message.begin(), message.end()); }

 private:
  TsigKey key_;
  Bytes prior_mac_;
  Bytes pending_;
  bool first_ = true;
};

}  // namespace ipam::wire::dns
