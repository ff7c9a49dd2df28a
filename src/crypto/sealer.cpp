#include "crypto/random.h"
#include "crypto/seal.h"

#include "base/bytes.h"

#include <sodium.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace ipam::crypto {
namespace {

constexpr std::string_view kVersion = "v1.";
constexpr std::size_t kIdCharacters = 16;
constexpr std::size_t kHeaderCharacters = kVersion.size() + kIdCharacters + 1;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kMaxSealedCharacters = kHeaderCharacters + (Sealer::kMaxSecretBytes + kNonceBytes + kTagBytes) * 4 / 3 + 4;

struct SealedText {
  std::string_view header;  // "v1.<key id>."
  std::string_view key_id;
  std::string_view payload;
};

std::optional<SealedText> split_sealed(std::string_view sealed) {
  if (sealed.size() < kHeaderCharacters || sealed.size() > kMaxSealedCharacters || !sealed.starts_with(kVersion)) return std::nullopt;
  if (sealed[kHeaderCharacters - 1] != '.') return std::nullopt;
  return SealedText{sealed.substr(0, kHeaderCharacters), sealed.substr(kVersion.size(), kIdCharacters), sealed.substr(kHeaderCharacters)};
}

const unsigned char* raw(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// The header's length is fixed, so header and owner cannot run into each other.
std::string associated_data(std::string_view header, std::string_view owner) { return std::string(header) += owner; }

Error not_sealed() { return Error(ErrorCode::Malformed, "this is not a sealed secret"); }

}  // namespace

Sealer::Sealer(MasterKey current, std::vector<MasterKey> previous) {
  keys_.push_back(std::move(current));
  std::move(previous.begin(), previous.end(), std::back_inserter(keys_));
}

Result<std::string> Sealer::seal(const Secret& secret, std::string_view owner) const {
  const std::string& text = secret.reveal();
  if (text.size() > kMaxSecretBytes) return Error(ErrorCode::InvalidArgument, "a secret has at most 1 MiB");
  const MasterKey& key = keys_.front();
  const std::string header = std::string(kVersion) + key.id() + ".";
  const std::string bound = associated_data(header, owner);
  Bytes payload(kNonceBytes + text.size() + kTagBytes);
  fill_random(std::span(payload).first(kNonceBytes));
  crypto_aead_xchacha20poly1305_ietf_encrypt(payload.data() + kNonceBytes, nullptr, raw(text), text.size(), raw(bound), bound.size(), nullptr,
                                             payload.data(), raw(key.sealing_key_.reveal()));
  return header + to_base64url(payload);
}

Result<Secret> Sealer::open(std::string_view sealed, std::string_view owner) const {
  const std::optional<SealedText> parts = split_sealed(sealed);
  if (!parts) return not_sealed();
  const Result<Bytes> payload = from_base64(parts->payload);
  if (!payload.ok() || payload->size() < kNonceBytes + kTagBytes) return not_sealed();
  const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const MasterKey& k) { return k.id() == parts->key_id; });
  if (key == keys_.end()) return Error(ErrorCode::FailedPrecondition, "this secret was sealed with a master key that is not loaded");

  const std::string bound = associated_data(parts->header, owner);
  std::string text(payload->size() - kNonceBytes - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr, payload->data() + kNonceBytes,
                                                 payload->size() - kNonceBytes, raw(bound), bound.size(), payload->data(),
                                                 raw(key->sealing_key_.reveal())) != 0) {
    return Error(ErrorCode::FailedPrecondition, "this secret does not open: it was changed or belongs to another object");
  }
  return Secret(std::move(text));
}

bool Sealer::needs_resealing(std::string_view sealed) const {
  const std::optional<SealedText> parts = split_sealed(sealed);
  return !parts || parts->key_id != keys_.front().id();
}

}  // namespace ipam::crypto
