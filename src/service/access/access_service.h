// AccessService: users, sign-in, sessions and API tokens.
//
// Passwords are hashed on a pool of their own, whose size bounds the memory that people at the door can take. A session or token is a random bearer
// text of which only the hash is stored. Who a bearer is comes from a cache that every change of users, sessions and tokens empties.
// Errors beyond those of the ledger: Unauthenticated (wrong name or password, unknown or expired bearer: one message for all, so that nobody learns
// which names exist), PermissionDenied, Overloaded (too many sign-ins at once).
// Thread rule: any thread; the coroutines on an I/O executor.
#pragma once

#include "crypto/hash.h"
#include "crypto/password.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"
#include "model/rules.h"
#include "service/access/principal.h"

#include <absl/container/flat_hash_map.h>

#include <filesystem>

namespace ipam::service {

struct Login {
  Secret bearer;
  Time expires_at{};
  Principal principal;
};

struct NewToken {
  model::Token token;
  Secret bearer;
};

class AccessService {
 public:
  static constexpr std::size_t kMinPasswordBytes = 8;

  AccessService(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& hashing, const Clock& clock, crypto::PasswordHasher hasher)
      : store_(store), ledger_(ledger), hashing_(hashing), clock_(clock), hasher_(std::move(hasher)) {}

  io::Task<Result<Login>> log_in(std::string user_name, Secret password, model::ChangeContext request);
  io::Task<Result<void>> log_out(Secret bearer);
  // Who holds this bearer. Answers from memory, or reads the store once.
  Result<Principal> authenticate(const Secret& bearer);
  // Another node has changed these tables (none named: any).
  void forget(const std::vector<std::string>& tables);

  // Changes one's own password; every session of the user ends.
  io::Task<Result<void>> change_password(Principal principal, Secret current, Secret next, model::ChangeContext request);

  Result<store::Page<model::User>> list_users(const Principal& principal, const store::Query& query);
  Result<model::User> get_user(const Principal& principal, model::Id<model::User> id);
  io::Task<Result<model::User>> create_user(Principal principal, model::User user, Secret password, model::ChangeContext request);
  // `change` edits the user in place; a password, if given, replaces the old one. The last enabled administrator can be neither disabled nor demoted.
  io::Task<Result<model::User>> update_user(Principal principal, model::Id<model::User> id, std::optional<std::uint64_t> expected_revision,
                                            std::function<Result<void>(model::User&)> change, std::optional<Secret> password,
                                            model::ChangeContext request);
  io::Task<Result<void>> erase_user(Principal principal, model::Id<model::User> id, std::optional<std::uint64_t> expected_revision,
                                    model::ChangeContext request);

  // One's own tokens; an administrator sees everyone's.
  Result<store::Page<model::Token>> list_tokens(const Principal& principal, store::Query query);
  io::Task<Result<NewToken>> create_token(Principal principal, model::Token token, model::ChangeContext request);
  io::Task<Result<void>> erase_token(Principal principal, model::Id<model::Token> id, model::ChangeContext request);

  // At the first start: makes the user "admin" with a random password, writes that to `password_file` (0600) and answers the path; nothing when users
  // exist. The file goes when "admin" signs in. For the start, before there are coroutines.
  Result<bool> create_first_administrator(const std::filesystem::path& password_file);

 private:
  struct Known {
    Principal principal;
    Time expires_at{};
  };

  struct Bearers {
    absl::flat_hash_map<crypto::Digest, Known> known;
    std::uint64_t forgotten = 0;  // how often they were
  };

  Result<std::optional<Known>> look_up(const crypto::Digest& hash);
  void forget_bearers();
  io::Task<Result<std::string>> hash_password(Secret password);

  store::Store& store_;
  ledger::Ledger& ledger_;
  io::WorkerPool& hashing_;
  const Clock& clock_;
  const crypto::PasswordHasher hasher_;
  Guarded<Bearers> bearers_;
  Guarded<std::filesystem::path> password_file_;
};

}  // namespace ipam::service
