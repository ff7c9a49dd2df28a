#include "wire/dns/tsig.h"

#include "base/strings.h"
#include "crypto/hash.h"
#include "wire/dns/escape.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace ipam::wire::dns {
namespace {

constexpr std::array<std::string_view, 5> kAlgorithms{"hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"};
constexpr std::size_t kAdditionalCountAt = 10;

Name algorithm_name(TsigAlgorithm algorithm) { return Name::parse(to_string(algorithm)).value(); }

std::uint64_t seconds_of(Time time) {
  return static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count()) & 0xFFFFFFFFFFFFU;
}

// What a TSIG record says, section 4.2.
struct TsigRecord {
  std::size_t at = 0;  // where the record begins in the message
  Name key;
  Name algorithm;
  std::uint64_t time = 0;
  std::uint16_t fudge = 0;
  ByteView mac;
  std::uint16_t original_id = 0;
  std::uint16_t error = 0;
  ByteView other;
};

// The last record of the message, if it is a TSIG record. Errors: Malformed.
Result<std::optional<TsigRecord>> find_tsig(ByteView message) {
  Reader reader(message);
  reader.skip(4);
  const std::uint16_t questions = reader.u16();
  const std::uint32_t answers = reader.u16(), authorities = reader.u16(), additionals = reader.u16();
  for (std::uint16_t i = 0; i < questions && reader.ok(); ++i) {
    reader.skip_name();
    reader.skip(4);
  }
  for (std::uint32_t left = answers + authorities + additionals; left > 1 && reader.ok(); --left) {
    reader.skip_name();
    reader.skip(8);
    reader.skip(reader.u16());
  }
  if (auto read = reader.check(); !read.ok()) return std::move(read).error();
  if (additionals == 0) return std::optional<TsigRecord>();
  TsigRecord tsig;
  tsig.at = reader.at();
  reader.name(tsig.key);
  const auto type = static_cast<RecordType>(reader.u16());
  const auto record_class = static_cast<RecordClass>(reader.u16());
  const std::uint32_t ttl = reader.u32();
  const std::uint16_t length = reader.u16();
  if (reader.ok() && type != RecordType::Tsig) return std::optional<TsigRecord>();
  if (record_class != RecordClass::Any || ttl != 0) reader.fail("a TSIG record has a class other than ANY or a time to live");
  if (reader.remaining() != length) reader.fail("a TSIG record does not end with the message");
  reader.allow_compression(false);
  reader.name(tsig.algorithm);
  tsig.time = reader.u48();
  tsig.fudge = reader.u16();
  tsig.mac = reader.bytes(reader.u16());
  tsig.original_id = reader.u16();
  tsig.error = reader.u16();
  tsig.other = reader.bytes(reader.u16());
  if (reader.ok() && reader.remaining() > 0) reader.fail("a TSIG record is longer than its fields");
  if (auto read = reader.check(); !read.ok()) return std::move(read).error();
  return std::optional(std::move(tsig));
}

// The variables of section 4.3.3.
Bytes variables(const TsigKey& key, std::uint64_t time, std::uint16_t fudge, std::uint16_t error, ByteView other) {
  Writer writer;
  writer.in_full(key.name.lowered());
  writer.u16(static_cast<std::uint16_t>(RecordClass::Any));
  writer.u32(0);
  writer.in_full(algorithm_name(key.algorithm));
  writer.u48(time);
  writer.u16(fudge);
  writer.u16(error);
  writer.u16(static_cast<std::uint16_t>(other.size()));
  writer.bytes(other);
  return std::move(writer).take();
}

// Section 5.3.1: all that is digested of a message after the first.
Bytes timers(std::uint64_t time, std::uint16_t fudge) {
  Writer writer;
  writer.u48(time);
  writer.u16(fudge);
  return std::move(writer).take();
}

void append_tsig(Bytes& message, const TsigKey& key, std::uint64_t time, ByteView mac, std::uint16_t id) {
  Writer writer;
  writer.in_full(key.name);
  writer.u16(static_cast<std::uint16_t>(RecordType::Tsig));
  writer.u16(static_cast<std::uint16_t>(RecordClass::Any));
  writer.u32(0);
  const Name algorithm = algorithm_name(key.algorithm);
  writer.u16(static_cast<std::uint16_t>(algorithm.wire().size() + 16 + mac.size()));
  writer.in_full(algorithm);
  writer.u48(time);
  writer.u16(static_cast<std::uint16_t>(kTsigFudge / std::chrono::seconds(1)));
  writer.u16(static_cast<std::uint16_t>(mac.size()));
  writer.bytes(mac);
  writer.u16(id);
  writer.u16(0);
  writer.u16(0);
  message.insert(message.end(), writer.data().begin(), writer.data().end());
  const auto count = static_cast<std::uint16_t>((message[kAdditionalCountAt] << 8 | message[kAdditionalCountAt + 1]) + 1);
  message[kAdditionalCountAt] = static_cast<std::uint8_t>(count >> 8);
  message[kAdditionalCountAt + 1] = static_cast<std::uint8_t>(count);
}

std::uint16_t id_of(ByteView message) { return static_cast<std::uint16_t>(message[0] << 8 | message[1]); }

Error unauthenticated(std::string message) { return {ErrorCode::Unauthenticated, std::move(message)}; }

// What the server says of our signature, which it does in messages that it does not sign (section 5.3.2).
Error refusal_by_server(const TsigRecord& tsig, const Name& key, Time now) {
  const std::string name = key.to_string();
  switch (tsig.error) {
    case 16:
      return unauthenticated(
          fmt::format("the server refuses the signature made with key {} (BADSIG): its secret is another one; correct the secret", name));
    case 17:
      return unauthenticated(fmt::format(
          "the server does not know key {} with this algorithm (BADKEY): correct the key's name or algorithm, or add the key there", name));
    case 18: {
      Reader other(tsig.other);
      const auto theirs = static_cast<std::int64_t>(other.u48());
      std::string by = other.ok() ? fmt::format(" by {} s", std::abs(theirs - static_cast<std::int64_t>(seconds_of(now)))) : std::string();
      return {ErrorCode::FailedPrecondition, fmt::format("the server's clock differs from ours{} (BADTIME): set both by NTP", by)};
    }
    case 22: return unauthenticated(fmt::format("the server takes the digest made with key {} for too short (BADTRUNC)", name));
    default: return unauthenticated(fmt::format("the server refuses the signature made with key {} ({})", name, tsig_error_name(tsig.error)));
  }
}

}  // namespace

std::string_view to_string(TsigAlgorithm algorithm) { return kAlgorithms.at(static_cast<std::size_t>(algorithm)); }

std::optional<TsigAlgorithm> tsig_algorithm_of(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  for (std::size_t i = 0; i < kAlgorithms.size(); ++i) {
    if (equals_ignoring_case(kAlgorithms[i], name)) return static_cast<TsigAlgorithm>(i);
  }
  return std::nullopt;
}

Result<TsigKey> TsigKey::create(std::string_view name, std::string_view algorithm, const Secret& base64_secret) {
  TsigKey key;
  key.name = IPAM_TRY(Name::parse(name));
  const auto known = tsig_algorithm_of(algorithm);
  if (!known) {
    return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not an algorithm for TSIG keys; there are {}", shorten(printable(algorithm), 60),
                                                         fmt::join(kAlgorithms, ", ")));
  }
  key.algorithm = *known;
  const auto octets = from_base64(base64_secret.reveal());
  if (!octets.ok() || octets->empty())
    return Error(ErrorCode::InvalidArgument, "the secret of a TSIG key is base64 text, as in the server's key clause");
  key.secret = Secret(std::string(as_text(*octets)));
  return key;
}

Result<Bytes> sign(Bytes& message, const TsigKey& key, Time now) {
  if (message.size() < kHeaderSize) return Error(ErrorCode::Malformed, "a message without a header cannot be signed");
  const std::uint64_t time = seconds_of(now);
  crypto::Hmac hmac(key.algorithm, as_bytes(key.secret.reveal()));
  hmac.update(message);
  hmac.update(variables(key, time, static_cast<std::uint16_t>(kTsigFudge / std::chrono::seconds(1)), 0, {}));
  Bytes mac = hmac.finish();
  append_tsig(message, key, time, mac, id_of(message));
  if (message.size() > kMaxMessageSize)
    return Error(ErrorCode::InvalidArgument, "a DNS message of more than 65535 octets; divide what it holds into several");
  return mac;
}

TsigVerifier::TsigVerifier(const TsigKey& key, Bytes request_mac)
    : name_(key.name), algorithm_(key.algorithm), hmac_(key.algorithm, as_bytes(key.secret.reveal())), prior_mac_(std::move(request_mac)) {
  begin_digest();
}

void TsigVerifier::begin_digest() {
  const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(prior_mac_.size() >> 8), static_cast<std::uint8_t>(prior_mac_.size())};
  hmac_.update(length);
  hmac_.update(prior_mac_);
}

Result<void> TsigVerifier::verify(ByteView message, Time now) {
  const auto tsig = IPAM_TRY(find_tsig(message));
  const bool first = messages_++ == 0;
  if (!tsig) {
    if (first) return unauthenticated(fmt::format("the answer is not signed although it was asked for with key {}", name_.to_string()));
    if (++unsigned_in_row_ > kMaxUnsigned) return unauthenticated(fmt::format("more than {} messages in a row are not signed", kMaxUnsigned));
    hmac_.update(message);
    return {};
  }
  if (tsig->key != name_ || tsig->algorithm != algorithm_name(algorithm_)) {
    return unauthenticated(fmt::format("message {} of the answer is signed with key {} and {} instead of {} and {}", messages_, tsig->key.to_string(),
                                       tsig->algorithm.to_string(), name_.to_string(), to_string(algorithm_)));
  }
  if (tsig->error != 0 && tsig->mac.empty()) return refusal_by_server(*tsig, name_, now);
  // The message as it was before it was signed.
  Bytes header(message.begin(), message.begin() + kHeaderSize);
  header[0] = static_cast<std::uint8_t>(tsig->original_id >> 8);
  header[1] = static_cast<std::uint8_t>(tsig->original_id);
  const auto count = static_cast<std::uint16_t>((header[kAdditionalCountAt] << 8 | header[kAdditionalCountAt + 1]) - 1);
  header[kAdditionalCountAt] = static_cast<std::uint8_t>(count >> 8);
  header[kAdditionalCountAt + 1] = static_cast<std::uint8_t>(count);
  hmac_.update(header);
  hmac_.update(message.subspan(kHeaderSize, tsig->at - kHeaderSize));
  if (first) {
    const TsigKey names{.name = name_, .algorithm = algorithm_, .secret = {}};
    hmac_.update(variables(names, tsig->time, tsig->fudge, tsig->error, tsig->other));
  } else {
    hmac_.update(timers(tsig->time, tsig->fudge));
  }
  const Bytes mac = hmac_.finish();
  if (tsig->mac.size() < mac.size()) {
    return unauthenticated(fmt::format("the digest of message {} of the answer is cut to {} of {} octets, which is not accepted", messages_,
                                       tsig->mac.size(), mac.size()));
  }
  if (!crypto::equal_in_constant_time(mac, tsig->mac)) {
    return unauthenticated(
        fmt::format("message {} of the answer has a wrong signature: it was altered on its way, or key {} has another secret there", messages_,
                    name_.to_string()));
  }
  if (tsig->error != 0) return refusal_by_server(*tsig, name_, now);
  const auto skew = std::abs(static_cast<std::int64_t>(seconds_of(now)) - static_cast<std::int64_t>(tsig->time));
  if (skew > tsig->fudge) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("the answer was signed {} s away from our time: set both clocks by NTP", skew));
  }
  prior_mac_ = mac;
  ++signed_;
  unsigned_in_row_ = 0;
  begin_digest();
  return {};
}

Result<void> TsigVerifier::finish() const {
  if (messages_ == 0 || unsigned_in_row_ > 0) return unauthenticated("the last message of the answer is not signed");
  return {};
}

Bytes TsigStreamSigner::sign_next(Bytes message, Time now) {
  const std::uint64_t time = seconds_of(now);
  const auto fudge = static_cast<std::uint16_t>(kTsigFudge / std::chrono::seconds(1));
  crypto::Hmac hmac(key_.algorithm, as_bytes(key_.secret.reveal()));
  const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(prior_mac_.size() >> 8), static_cast<std::uint8_t>(prior_mac_.size())};
  hmac.update(length);
  hmac.update(prior_mac_);
  hmac.update(pending_);
  hmac.update(message);
  hmac.update(first_ ? variables(key_, time, fudge, 0, {}) : timers(time, fudge));
  prior_mac_ = hmac.finish();
  append_tsig(message, key_, time, prior_mac_, id_of(message));
  pending_.clear();
  first_ = false;
  return message;
}

}  // namespace ipam::wire::dns
