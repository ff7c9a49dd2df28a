#include "crypto/hmac.h"

#include "crypto/openssl_handles.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>

namespace ipam::crypto {
namespace {

using MacHandle = std::unique_ptr<EVP_MAC, Deleter<EVP_MAC_free>>;
using MacContextHandle = std::unique_ptr<EVP_MAC_CTX, Deleter<EVP_MAC_CTX_free>>;

struct Row {
  const char* name;
  std::size_t size;
};

const Row& row(HmacAlgorithm algorithm) {
  static constexpr std::array<Row, 5> kRows{{{"SHA1", 20}, {"SHA224", 28}, {"SHA256", 32}, {"SHA384", 48}, {"SHA512", 64}}};
  return kRows.at(static_cast<std::size_t>(algorithm));
}

}  // namespace

std::size_t digest_size(HmacAlgorithm algorithm) { return row(algorithm).size; }

struct Hmac::State {
  MacContextHandle context;
  std::size_t size = 0;
};

Hmac::Hmac(HmacAlgorithm algorithm, ByteView key) : state_(std::make_unique<State>()) {
  const MacHandle mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  IPAM_ASSERT(mac != nullptr, "OpenSSL has no HMAC");
  state_->context.reset(EVP_MAC_CTX_new(mac.get()));
  state_->size = digest_size(algorithm);
  std::string name = row(algorithm).name;
  const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0), OSSL_PARAM_construct_end()};
  // A null key would mean "the key of before".
  const std::uint8_t none = 0;
  const bool ready = state_->context && EVP_MAC_init(state_->context.get(), key.empty() ? &none : key.data(), key.size(), parameters.data()) == 1;
  IPAM_ASSERT(ready, "OpenSSL cannot begin an HMAC");
}

Hmac::~Hmac() = default;
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;

void Hmac::update(ByteView data) {
  if (data.empty()) return;
  IPAM_ASSERT(EVP_MAC_update(state_->context.get(), data.data(), data.size()) == 1, "OpenSSL cannot go on with an HMAC");
}

Bytes Hmac::finish() {
  Bytes digest(state_->size);
  std::size_t length = 0;
  const bool done = EVP_MAC_final(state_->context.get(), digest.data(), &length, digest.size()) == 1 && length == digest.size() &&
                    EVP_MAC_init(state_->context.get(), nullptr, 0, nullptr) == 1;
  IPAM_ASSERT(done, "OpenSSL cannot end an HMAC");
  return digest;
}

}  // namespace ipam::crypto
