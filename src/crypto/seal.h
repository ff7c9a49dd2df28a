// Sealing: how secrets that must be read again (passwords, keys and tokens of managed servers) stand in the database.
//
// A sealed text is "v1.<key id>.<base64url of nonce, ciphertext and tag>": XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random nonce of 24
// bytes. Version and key id are authenticated, and so is the owner ("credential/123"), so that a text moved to another row does not open.
// Both the encryption key and the key id are derived from the master key (BLAKE2b, context "cadastre"), which itself is used for nothing else.
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::crypto {

// 32 bytes that never stand in the database or a backup: the content of a 0600 file, in base64 as `openssl rand -base64 32` prints it.
// Thread rule: a plain value.
class MasterKey {
 public:
  static MasterKey make();
  // Errors: those of read_private_file; Malformed.
  static Result<MasterKey> load(const std::filesystem::path& file);
  // Makes the file when there is none. Of two processes that race both get the one key that was written.
  static Result<MasterKey> load_or_create(const std::filesystem::path& file);
  // Errors: Malformed.
  static Result<MasterKey> from_text(const Secret& text);

  // 16 hexadecimal digits that name the key and tell nothing of it.
  const std::string& id() const { return id_; }

 private:
  friend class Sealer;
  explicit MasterKey(Secret bytes);

  Secret bytes_;
  Secret sealing_key_;
  std::string id_;
};

// Seals with the current key and opens with any. To rotate: make a new key, give the old one as `previous`, and seal again what needs_resealing().
// Thread rule: immutable; any thread.
class Sealer {
 public:
  static constexpr std::size_t kMaxSecretBytes = std::size_t{1} << 20;

  explicit Sealer(MasterKey current, std::vector<MasterKey> previous = {});

  // `owner` names the row the secret belongs to. Errors: InvalidArgument (longer than kMaxSecretBytes).
  Result<std::string> seal(const Secret& secret, std::string_view owner) const;
  // Errors: Malformed (not a sealed text), FailedPrecondition (sealed with a key that is not loaded; or changed, or another owner's). None says more.
  Result<Secret> open(std::string_view sealed, std::string_view owner) const;
  // Whether `sealed` was made with another key than the current one.
  bool needs_resealing(std::string_view sealed) const;

 private:
  std::vector<MasterKey> keys_;  // the current one first
};

}  // namespace ipam::crypto
