#include "crypto/password.h"

#include "crypto/library.h"

#include <sodium.h>

#include <array>
#include <cerrno>

namespace ipam::crypto {
namespace {

Error wrong_password() { return Error(ErrorCode::Unauthenticated, "wrong user name or password"); }
Error no_memory() { return Error(ErrorCode::Overloaded, "no memory to check a password now; try again"); }

}  // namespace

Result<PasswordHasher> PasswordHasher::create(PasswordCost cost) {
  if (cost.passes < crypto_pwhash_argon2id_opslimit_min() || cost.passes > crypto_pwhash_argon2id_opslimit_max() ||
      cost.memory_bytes < crypto_pwhash_argon2id_memlimit_min() || cost.memory_bytes > crypto_pwhash_argon2id_memlimit_max()) {
    return Error(ErrorCode::InvalidArgument, "the cost of password hashing is outside what argon2id allows");
  }
  ensure_library();
  return PasswordHasher(cost);
}

Result<std::string> PasswordHasher::hash(const Secret& password) const {
  const std::string& text = password.reveal();
  if (text.size() > kMaxPasswordBytes) return Error(ErrorCode::InvalidArgument, "a password has at most 1024 bytes");
  std::array<char, crypto_pwhash_argon2id_STRBYTES> stored{};
  if (crypto_pwhash_argon2id_str(stored.data(), text.data(), text.size(), cost_.passes, cost_.memory_bytes) != 0) return no_memory();
  return std::string(stored.data());
}

Result<void> PasswordHasher::verify(const Secret& password, std::string_view stored) const {
  const std::string& text = password.reveal();
  // Too long is wrong for everybody, so answering at once tells nothing about this user.
  if (text.size() > kMaxPasswordBytes || stored.size() >= crypto_pwhash_argon2id_STRBYTES) return wrong_password();
  const std::string terminated(stored);
  errno = 0;
  if (crypto_pwhash_argon2id_str_verify(terminated.c_str(), text.data(), text.size()) == 0) return {};
  return errno == ENOMEM ? no_memory() : wrong_password();
}

Result<void> PasswordHasher::verify_nobody(const Secret& password) const {
  const Result<std::string> ignored = hash(password);
  if (!ignored.ok() && ignored.error().code == ErrorCode::Overloaded) return ignored.error();
  return wrong_password();
}

bool PasswordHasher::needs_rehash(const std::string& stored) const {
  return crypto_pwhash_argon2id_str_needs_rehash(stored.c_str(), cost_.passes, cost_.memory_bytes) != 0;
}

}  // namespace ipam::crypto
