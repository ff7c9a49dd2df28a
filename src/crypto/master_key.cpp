#include "crypto/library.h"
#include "crypto/random.h"
#include "crypto/seal.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/strings.h"

#include <sodium.h>

#include <array>
#include <utility>

namespace ipam::crypto {
namespace {

constexpr std::size_t kKeyBytes = crypto_kdf_KEYBYTES;
constexpr std::size_t kMaxFileBytes = 256;
// What is derived from a master key, by number (crypto_kdf). A number is never given another meaning.
constexpr std::uint64_t kSealingKey = 1;
constexpr std::uint64_t kKeyId = 2;

std::string derive(const Secret& master, std::uint64_t number, std::size_t length) {
  static constexpr char kContext[crypto_kdf_CONTEXTBYTES + 1] = "cadastre";
  ensure_library();
  std::string derived(length, '\0');
  crypto_kdf_derive_from_key(reinterpret_cast<unsigned char*>(derived.data()), length, number, kContext,
                             reinterpret_cast<const unsigned char*>(master.reveal().data()));
  return derived;
}

}  // namespace

MasterKey::MasterKey(Secret bytes)
    : bytes_(std::move(bytes)),
      sealing_key_(derive(bytes_, kSealingKey, crypto_aead_xchacha20poly1305_ietf_KEYBYTES)),
      // crypto_kdf makes at least 16 bytes; half of them name a key well enough.
      id_(to_hex(as_bytes(derive(bytes_, kKeyId, crypto_kdf_BYTES_MIN)).first(8))) {}

MasterKey MasterKey::make() {
  std::string bytes(kKeyBytes, '\0');
  fill_random({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return MasterKey(Secret(std::move(bytes)));
}

Result<MasterKey> MasterKey::from_text(const Secret& text) {
  Result<Bytes> bytes = from_base64(trim(text.reveal()));
  if (!bytes.ok() || bytes->size() != kKeyBytes) {
    return Error(ErrorCode::Malformed, "a master key is 32 bytes in base64; make one with: openssl rand -base64 32");
  }
  Secret key(std::string(as_text(*bytes)));
  sodium_memzero(bytes->data(), bytes->size());
  return MasterKey(std::move(key));
}

Result<MasterKey> MasterKey::load(const std::filesystem::path& file) {
  Result<MasterKey> key = from_text(IPAM_TRY(read_private_file(file, kMaxFileBytes)));
  if (!key.ok()) return std::move(key).error().wrapped(ErrorCode::Malformed, file.string() + " is not a master key");
  return key;
}

Result<MasterKey> MasterKey::load_or_create(const std::filesystem::path& file) {
  Result<MasterKey> loaded = load(file);
  if (loaded.ok() || loaded.error().code != ErrorCode::NotFound) return loaded;
  const MasterKey made = make();
  const Secret text(to_base64(as_bytes(made.bytes_.reveal())) + "\n");
  const Result<void> written = write_file_atomically(file, as_bytes(text.reveal()), 0600, IfExists::Fail);
  if (!written.ok() && written.error().code != ErrorCode::AlreadyExists) return written.error();
  return load(file);
}

}  // namespace ipam::crypto
