#include "wire/radius/packet.h"

#include "crypto/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>

namespace ipam::wire::radius {
namespace {

constexpr std::uint8_t kProxyState = 33;
constexpr std::uint8_t kMessageAuthenticator = 80;
constexpr std::size_t kDigest = 16;
constexpr std::size_t kAuthenticatorPlace = 4;
constexpr std::size_t kMaxValue = 253;

Error malformed() { return {ErrorCode::Malformed, "a packet of RADIUS has lengths that do not fit together"}; }
Error unauthenticated() { return {ErrorCode::Unauthenticated, "a packet of RADIUS was signed with another secret than the one that is set here"}; }

ByteView secret_octets(const Secret& secret) { return as_bytes(secret.reveal()); }

// The protocol knows nothing but MD5. A library that has it switched off answers nothing, and then no packet is believed.
std::optional<std::array<std::uint8_t, kDigest>> md5(ByteView octets, ByteView secret) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::array<std::uint8_t, kDigest> digest{};
  unsigned size = 0;
  if (context == nullptr || EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), octets.data(), octets.size()) != 1 || EVP_DigestUpdate(context.get(), secret.data(), secret.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1 || size != kDigest) {
    return std::nullopt;
  }
  return digest;
}

std::optional<std::array<std::uint8_t, kDigest>> hmac_md5(ByteView octets, ByteView secret) {
  std::array<std::uint8_t, kDigest> digest{};
  unsigned size = 0;
  if (HMAC(EVP_md5(), secret.data(), static_cast<int>(secret.size()), octets.data(), octets.size(), digest.data(), &size) == nullptr ||
      size != kDigest) {
    return std::nullopt;
  }
  return digest;
}

// Where the value of the Message-Authenticator begins, or 0.
Result<std::size_t> message_authenticator_place(ByteView octets) {
  std::size_t place = 0;
  for (std::size_t at = kMinPacket; at < octets.size();) {
    const std::size_t size = octets.size() - at < 2 ? 0 : octets[at + 1];
    if (size < 2 || size > octets.size() - at) return malformed();
    if (octets[at] == kMessageAuthenticator) {
      if (size != 2 + kDigest || place != 0) return malformed();
      place = at + 2;
    }
    at += size;
  }
  return place;
}

// The packet without its padding.
Result<ByteView> trimmed(ByteView octets) {
  if (octets.size() < kMinPacket) return malformed();
  const std::size_t size = static_cast<std::size_t>(octets[2]) << 8U | octets[3];
  if (size < kMinPacket || size > kMaxPacket || size > octets.size()) return malformed();
  return octets.first(size);
}

void set_authenticator(Bytes& octets, ByteView authenticator) {
  std::copy(authenticator.begin(), authenticator.end(), octets.begin() + kAuthenticatorPlace);
}

// Computed with the authenticator of the packet (of an Accounting-Request: sixteen zeros) and zeros in its own place.
Result<void> verify_message_authenticator(Bytes octets, std::size_t place, const Secret& secret) {
  const Bytes sent(octets.begin() + static_cast<std::ptrdiff_t>(place), octets.begin() + static_cast<std::ptrdiff_t>(place + kDigest));
  std::fill_n(octets.begin() + static_cast<std::ptrdiff_t>(place), kDigest, std::uint8_t{0});
  if (octets[0] == static_cast<std::uint8_t>(Code::AccountingRequest)) set_authenticator(octets, Bytes(kDigest, 0));
  const auto digest = hmac_md5(octets, secret_octets(secret));
  if (!digest || !crypto::equal_in_constant_time(*digest, sent)) return unauthenticated();
  return {};
}

}  // namespace

Result<Packet> parse_packet(ByteView octets) {
  octets = IPAM_TRY(trimmed(octets));
  Packet packet;
  packet.code = octets[0];
  packet.id = octets[1];
  std::copy_n(octets.begin() + kAuthenticatorPlace, kDigest, packet.authenticator.begin());
  for (std::size_t at = kMinPacket; at < octets.size();) {
    const std::size_t size = octets.size() - at < 2 ? 0 : octets[at + 1];
    if (size < 2 || size > octets.size() - at) return malformed();
    const ByteView value = octets.subspan(at + 2, size - 2);
    packet.attributes.push_back({octets[at], Bytes(value.begin(), value.end())});
    at += size;
  }
  return packet;
}

Result<Bytes> serialize(const Packet& packet) {
  Bytes octets{packet.code, packet.id, 0, 0};
  octets.insert(octets.end(), packet.authenticator.begin(), packet.authenticator.end());
  for (const Attribute& each : packet.attributes) {
    if (each.value.size() > kMaxValue) return Error(ErrorCode::InvalidArgument, "an attribute of RADIUS has at most 253 octets");
    octets.push_back(each.type);
    octets.push_back(static_cast<std::uint8_t>(each.value.size() + 2));
    octets.insert(octets.end(), each.value.begin(), each.value.end());
  }
  if (octets.size() > kMaxPacket) return Error(ErrorCode::InvalidArgument, "a packet of RADIUS has at most 4096 octets");
  octets[2] = static_cast<std::uint8_t>(octets.size() >> 8U);
  octets[3] = static_cast<std::uint8_t>(octets.size());
  return octets;
}

Result<void> verify_request(ByteView octets, const Secret& secret) {
  octets = IPAM_TRY(trimmed(octets));
  const std::size_t place = IPAM_TRY(message_authenticator_place(octets));
  Bytes copy(octets.begin(), octets.end());
  switch (static_cast<Code>(octets[0])) {
    case Code::AccountingRequest: {
      set_authenticator(copy, Bytes(kDigest, 0));
      const auto digest = md5(copy, secret_octets(secret));
      if (!digest || !crypto::equal_in_constant_time(*digest, octets.subspan(kAuthenticatorPlace, kDigest))) return unauthenticated();
      break;
    }
    case Code::StatusServer:
      if (place == 0) return unauthenticated();
      break;
    default: return Error(ErrorCode::Unsupported, "only accounting and status requests of RADIUS are taken");
  }
  if (place != 0) return verify_message_authenticator(Bytes(octets.begin(), octets.end()), place, secret);
  return {};
}

Bytes make_response(const Packet& request, const Secret& secret) {
  Packet response;
  response.code = static_cast<std::uint8_t>(Code::AccountingResponse);
  response.id = request.id;
  response.authenticator = request.authenticator;
  std::copy_if(request.attributes.begin(), request.attributes.end(), std::back_inserter(response.attributes),
               [](const Attribute& each) { return each.type == kProxyState; });
  Bytes octets = serialize(response).value();  // fewer attributes than the request
  if (const auto digest = md5(octets, secret_octets(secret))) set_authenticator(octets, *digest);
  return octets;
}

Result<void> verify_response(ByteView octets, const Packet& request, const Secret& secret) {
  octets = IPAM_TRY(trimmed(octets));
  if (octets[0] != static_cast<std::uint8_t>(Code::AccountingResponse) || octets[1] != request.id) return malformed();
  Bytes copy(octets.begin(), octets.end());
  set_authenticator(copy, request.authenticator);
  const auto digest = md5(copy, secret_octets(secret));
  if (!digest || !crypto::equal_in_constant_time(*digest, octets.subspan(kAuthenticatorPlace, kDigest))) return unauthenticated();
  return {};
}

Result<Bytes> make_accounting_request(std::uint8_t id, const std::vector<Attribute>& attributes, const Secret& secret) {
  Bytes octets = IPAM_TRY(serialize({static_cast<std::uint8_t>(Code::AccountingRequest), id, {}, attributes}));
  const auto digest = md5(octets, secret_octets(secret));
  if (!digest) return Error(ErrorCode::Unsupported, "MD5, which RADIUS needs, is switched off on this system");
  set_authenticator(octets, *digest);
  return octets;
}

}  // namespace ipam::wire::radius
