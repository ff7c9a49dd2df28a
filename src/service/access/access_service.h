// AccessService: users, sign-in, sessions and API tokens.
//
// Passwords are hashed on a pool of their own, whose size bounds the memory that people at the door can take; whoever guesses them is slowed down
// (sign_in_guard.h). A session or token is a random bearer text of which only the hash is stored; a session ends at its time, when it was not used
// for a while, or when it is revoked. Who a bearer is comes from a cache that every change of users, sessions and tokens empties, and that believes
// nothing longer than kTrusted, because another node may have changed it.
// Errors beyond those of the ledger: Unauthenticated (wrong name or password, unknown or expired bearer: one message for all, so that nobody learns
// which names exist), PermissionDenied, Overloaded (too many sign-ins at once; too many failed ones).
// Thread rule: any thread; the coroutines on an I/O executor.
#pragma once

#include "crypto/hash.h"
#include "crypto/password.h"
#include "io/worker_pool.h"
#include "ledger/ledger.h"
#include "model/rules.h"
#include "service/access/principal.h"
#include "service/access/sign_in_guard.h"
#include "store/security_tables.h"

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
  std::uint64_t sequence = 0;  // of its journal record
};

// A session with what is kept beside it.
struct SessionView {
  model::Session session;
  model::SessionUse use;
};

struct AccessOptions {
  Duration session_lifetime = std::chrono::hours(12);
  Duration session_idle = std::chrono::hours(2);  // without use, to within a minute
  SignInLimits sign_in = {};
};

class AccessService {
 public:
  static constexpr std::size_t kMinPasswordBytes = 8;
  static constexpr Duration kTrusted = std::chrono::seconds(10);

  AccessService(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& hashing, const Clock& clock, crypto::PasswordHasher hasher,
                const AccessOptions& options = {})
      : store_(store),
        ledger_(ledger),
        hashing_(hashing),
        clock_(clock),
        hasher_(std::move(hasher)),
        options_(options),
        guard_(clock, options.sign_in) {}

  // Before the first sign-in: what was counted before the restart.
  Result<void> load_lockouts();

  // `address` is the client's; what `retry_after_seconds` points to outlives the call, and has the time to wait when too many sign-ins have failed.
  io::Task<Result<Login>> log_in(std::string user_name, Secret password, model::ChangeContext request, std::string address = {},
                                 int* retry_after_seconds = nullptr);
  io::Task<Result<void>> log_out(Secret bearer);
  // Who holds this bearer. Answers from memory, or reads the store once.
  Result<Principal> authenticate(const Secret& bearer);
  // Another node has changed these tables (none named: any).
  void forget(const std::vector<std::string>& tables);

  // Narrows a query of tokens or sessions to what the caller may see: one's own, or all for an administrator.
  static void add_visible(store::Query& query, const Principal& principal);

  // One's own sessions; an administrator sees and ends everyone's.
  Result<store::Page<SessionView>> list_sessions(const Principal& principal, store::Query query);
  Result<SessionView> get_session(const Principal& principal, model::Id<model::SessionUse> id);
  io::Task<Result<void>> revoke_session(Principal principal, model::Id<model::SessionUse> id);

  // Names and addresses whose sign-ins have failed; for administrators.
  Result<store::Page<model::Lockout>> list_lockouts(const Principal& principal, const store::Query& query);
  Result<model::Lockout> get_lockout(const Principal& principal, model::Id<model::Lockout> id);
  io::Task<Result<void>> lift_lockout(Principal principal, model::Id<model::Lockout> id);

  Time now() const { return clock_.now(); }

  // Stores when sessions were last used, and removes what has ended and what is forgotten. To be called every some seconds.
  io::Task<Result<void>> tidy();

  // Writes of users and tokens answer the sequence that proves them, alone or with what they made.

  // Changes one's own password; every session of the user ends.
  io::Task<Result<std::uint64_t>> change_password(Principal principal, Secret current, Secret next, model::ChangeContext request,
                                                  int* retry_after_seconds = nullptr);

  Result<store::Page<model::User>> list_users(const Principal& principal, const store::Query& query);
  Result<model::User> get_user(const Principal& principal, model::Id<model::User> id);
  io::Task<Result<ledger::Written<model::User>>> create_user(Principal principal, model::User user, Secret password, model::ChangeContext request);
  // `change` edits the user in place; a password, if given, replaces the old one. The last enabled administrator can be neither disabled nor demoted.
  io::Task<Result<ledger::Written<model::User>>> update_user(Principal principal, model::Id<model::User> id,
                                                             std::optional<std::uint64_t> expected_revision,
                                                             std::function<Result<void>(model::User&)> change, std::optional<Secret> password,
                                                             model::ChangeContext request);
  io::Task<Result<std::uint64_t>> erase_user(Principal principal, model::Id<model::User> id, std::optional<std::uint64_t> expected_revision,
                                             model::ChangeContext request);

  // One's own tokens; an administrator sees everyone's.
  Result<store::Page<model::Token>> list_tokens(const Principal& principal, store::Query query);
  io::Task<Result<NewToken>> create_token(Principal principal, model::Token token, model::ChangeContext request);
  io::Task<Result<std::uint64_t>> erase_token(Principal principal, model::Id<model::Token> id, model::ChangeContext request);

  // At the first start: makes the user "admin" with a random password, writes that to `password_file` (0600) and answers the path; nothing when users
  // exist. The file goes when "admin" signs in. For the start, before there are coroutines.
  Result<bool> create_first_administrator(const std::filesystem::path& password_file);

 private:
  struct Known {
    Principal principal;
    Time expires_at{};
    Time looked_up{};
    std::optional<Time> last_used;  // of a session, as stored
  };

  struct Bearers {
    absl::flat_hash_map<crypto::Digest, Known> known;
    absl::flat_hash_map<crypto::Digest, Time> used;  // sessions, when they were last used: until that is stored
    std::uint64_t forgotten = 0;                     // how often the known ones were
  };

  Result<std::optional<Known>> look_up(const crypto::Digest& hash);
  bool has_ended(const Bearers& bearers, const crypto::Digest& hash, const Known& known) const;
  io::Task<Result<model::User>> check_password(std::string user_name, Secret password);
  io::Task<Result<Login>> make_session(model::User user, model::ChangeContext request, std::string address);
  bool is_at_home(const std::string& user_name, const std::string& address);
  io::Task<void> store_lockouts();
  void forget_bearers();
  io::Task<Result<std::string>> hash_password(Secret password);

  store::Store& store_;
  ledger::Ledger& ledger_;
  io::WorkerPool& hashing_;
  const Clock& clock_;
  const crypto::PasswordHasher hasher_;
  const AccessOptions options_;
  SignInGuard guard_;
  Guarded<Bearers> bearers_;
  Guarded<std::filesystem::path> password_file_;
};

}  // namespace ipam::service
