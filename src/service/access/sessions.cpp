// The part of AccessService that is about signing in, sessions and bearers.
#include "base/log.h"
#include "crypto/random.h"
#include "service/access/access_service.h"

#include <algorithm>
#include <set>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using model::Group;
using model::Id;
using model::Lockout;
using model::Session;
using model::SessionUse;
using model::Token;
using model::User;
using store::Comparison;

constexpr auto kNever = Time::max();
// How much older the stored last use of a session may be than the real one.
constexpr Duration kUseKept = std::chrono::minutes(1);

Error not_signed_in() { return {ErrorCode::Unauthenticated, "the session or token is unknown or has expired; sign in again"}; }
Error wrong_login() { return {ErrorCode::Unauthenticated, "the user name or the password is wrong"}; }

Bytes to_bytes(const crypto::Digest& digest) { return {digest.begin(), digest.end()}; }

Result<SessionUse> use_of(store::Reader& reader, const Session& session) {
  auto use = IPAM_TRY(store::find_where<SessionUse>(reader, {{"hash", Comparison::Equal, session.hash}}));
  return use ? *std::move(use) : SessionUse{session.hash, {}, {}, session.created_at};
}

void erase_session(Transaction& transaction, const Bytes& hash) {
  transaction.erase_row<Session>({hash});
  transaction.erase_row<SessionUse>({hash});
}

}  // namespace

Result<void> AccessService::load_lockouts() {
  const auto reader = IPAM_TRY(store_.open_reader());
  std::vector<Lockout> rows;
  IPAM_TRY(store::for_each<Lockout>(*reader, {}, [&](Lockout row) -> Result<bool> {
    rows.push_back(std::move(row));
    return rows.size() < SignInGuard::kMaxSubjects;
  }));
  guard_.load(std::move(rows));
  return {};
}

io::Task<Result<Login>> AccessService::log_in(std::string user_name, Secret password, model::ChangeContext request, std::string address,
                                              int* retry_after_seconds) {
  int seconds = 0;
  auto free = guard_.begin(
      user_name, address, [&] { return is_at_home(user_name, address); }, &seconds);
  if (retry_after_seconds != nullptr) *retry_after_seconds = seconds;
  if (!free.ok()) co_return std::move(free).error();
  auto checked = co_await check_password(user_name, std::move(password));
  if (checked.ok()) {
    guard_.succeeded(user_name, address);
  } else if (checked.error().code == ErrorCode::Unauthenticated) {
    guard_.failed(user_name, address);
  } else {
    guard_.abandoned(user_name, address);
  }
  co_await store_lockouts();
  if (!checked.ok()) {
    log::warning(
        "IPAM-2003 sign-in failed",
        {{"user", shorten(user_name, 60)}, {"address", address}, {"request_id", request.request_id}, {"code", to_string(checked.error().code)}});
    co_return std::move(checked).error();
  }
  User user = std::move(checked).value();
  co_return co_await make_session(std::move(user), std::move(request), std::move(address));
}

io::Task<Result<User>> AccessService::check_password(std::string user_name, Secret password) {
  std::optional<User> user;
  {
    IPAM_CO_TRY(const auto reader, store_.open_reader());
    IPAM_CO_TRY(user, store::find_where<User>(*reader, {{"name", Comparison::Equal, user_name}}));
  }
  const bool usable = user && user->enabled;
  const std::string stored = usable ? user->password_hash : std::string();
  const auto verify = [this, password, stored, usable]() -> Result<void> {
    return usable ? hasher_.verify(password, stored) : hasher_.verify_nobody(password);
  };
  const auto verified = co_await hashing_.run(verify);
  if (!verified.ok()) co_return verified.error().code == ErrorCode::Unauthenticated ? wrong_login() : verified.error();
  co_return *std::move(user);
}

io::Task<Result<Login>> AccessService::make_session(User user, model::ChangeContext request, std::string address) {
  const Time now = clock_.now();
  Login login{crypto::random_token(), now + options_.session_lifetime, {user.id, user.name, user.access_group}};
  const Session session{to_bytes(crypto::hash_token(login.bearer)), user.id, now, login.expires_at};
  const SessionUse use{session.hash, {crypto::random_number() >> 2U}, address, now};
  request.actor = user.name;
  ledger::Work work = [session, use, user](Transaction& transaction) -> Result<void> {
    // The password may have been changed, or the user disabled, while the hash was computed.
    const User newest = IPAM_TRY(transaction.get(user.id));
    if (!newest.enabled || newest.password_hash != user.password_hash) return wrong_login();
    transaction.put_row(session);
    transaction.put_row(use);
    return {};
  };
  auto committed = co_await ledger_.commit(request, Priority::Interactive, work);
  if (!committed.ok()) co_return std::move(committed).error();
  auto file = password_file_.lock();
  if (!file->empty() && user.name == "admin") {
    std::error_code ignored;
    std::filesystem::remove(*file, ignored);
    file->clear();
  }
  co_return login;
}

// A session at this address shows that the user himself comes from there.
bool AccessService::is_at_home(const std::string& user_name, const std::string& address) {
  const auto look = [&]() -> Result<bool> {
    const auto reader = IPAM_TRY(store_.open_reader());
    const auto user = IPAM_TRY(store::find_where<User>(*reader, {{"name", Comparison::Equal, user_name}}));
    if (!user || address.empty()) return false;
    bool found = false;
    IPAM_TRY(store::for_each<Session>(*reader, {.where = {{"user_id", Comparison::Equal, store::to_value(user->id)}}},
                                      [&](Session session) -> Result<bool> {
                                        const auto use = IPAM_TRY(use_of(*reader, session));
                                        found = use.address == address && clock_.now() < session.expires_at;
                                        return !found;
                                      }));
    return found;
  };
  const auto at_home = look();
  return at_home.ok() && *at_home;
}

io::Task<Result<void>> AccessService::log_out(Secret bearer) {
  const Bytes hash = to_bytes(crypto::hash_token(bearer));
  ledger::Work work = [hash](Transaction& transaction) -> Result<void> {
    erase_session(transaction, hash);
    return {};
  };
  auto committed = co_await ledger_.commit(Priority::Interactive, work);
  forget_bearers();
  if (!committed.ok()) co_return std::move(committed).error();
  co_return Result<void>();
}

Result<std::optional<AccessService::Known>> AccessService::look_up(const crypto::Digest& hash) {
  const auto reader = IPAM_TRY(store_.open_reader());
  Known known;
  Id<User> user_id;
  Group limit = Group::IpamAdministrators;
  const store::Value key = to_bytes(hash);
  if (const auto session = IPAM_TRY(store::find_where<Session>(*reader, {{"hash", Comparison::Equal, key}}))) {
    user_id = session->user_id;
    known.expires_at = session->expires_at;
    known.last_used = IPAM_TRY(use_of(*reader, *session)).last_used_at;
  } else if (const auto token = IPAM_TRY(store::find_where<Token>(*reader, {{"hash", Comparison::Equal, key}}))) {
    user_id = token->user_id;
    limit = token->access_group;
    known.expires_at = token->expires_at.value_or(kNever);
  } else {
    return std::optional<Known>{};
  }
  const auto user = IPAM_TRY(store::find(*reader, user_id));
  if (!user || !user->enabled) return std::optional<Known>{};
  // A token gives the lesser of its own group and its user's; where neither includes the other, what both have: reading.
  const Group group = includes(limit, user->access_group) ? user->access_group : includes(user->access_group, limit) ? limit : Group::IpamUsers;
  known.principal = {user->id, user->name, group};
  return std::optional<Known>(known);
}

void AccessService::forget(const std::vector<std::string>& tables) {
  const bool ours = std::any_of(tables.begin(), tables.end(), [](const std::string& table) {
    return table == store::table<User>().name || table == store::table<Token>().name || table == store::table<Session>().name;
  });
  if (ours || tables.empty()) forget_bearers();
}

void AccessService::forget_bearers() {
  auto bearers = bearers_.lock();
  bearers->known.clear();
  ++bearers->forgotten;
}

bool AccessService::has_ended(const Bearers& bearers, const crypto::Digest& hash, const Known& known) const {
  const Time now = clock_.now();
  if (now >= known.expires_at) return true;
  if (!known.last_used) return false;
  const auto used = bearers.used.find(hash);
  const Time last = used == bearers.used.end() ? *known.last_used : std::max(used->second, *known.last_used);
  return now - last >= options_.session_idle;
}

Result<Principal> AccessService::authenticate(const Secret& bearer) {
  if (bearer.empty() || bearer.reveal().size() > 200) return not_signed_in();
  const crypto::Digest hash = crypto::hash_token(bearer);
  const Time now = clock_.now();
  const auto use = [&](Bearers& bearers, const Known& known) {
    if (known.last_used && now - *known.last_used >= kUseKept) bearers.used[hash] = now;
    return known.principal;
  };
  std::uint64_t forgotten = 0;
  {
    auto bearers = bearers_.lock();
    const auto found = bearers->known.find(hash);
    const bool fresh = found != bearers->known.end() && now - found->second.looked_up < kTrusted && now >= found->second.looked_up;
    if (fresh && !has_ended(*bearers, hash, found->second)) return use(*bearers, found->second);
    if (found != bearers->known.end()) bearers->known.erase(found);
    forgotten = bearers->forgotten;
  }
  auto known = IPAM_TRY(look_up(hash));
  auto bearers = bearers_.lock();
  if (!known || has_ended(*bearers, hash, *known)) return not_signed_in();
  known->looked_up = now;
  constexpr std::size_t kMaxKnown = 100'000;
  if (bearers->known.size() >= kMaxKnown) bearers->known.clear();
  // What was read before a change that has emptied the cache since must not outlive that change. The journal's sequence would not tell: the end of
  // a session leaves no record.
  if (bearers->forgotten == forgotten) bearers->known.insert_or_assign(hash, *known);
  return use(*bearers, *known);
}

Result<store::Page<SessionView>> AccessService::list_sessions(const Principal& principal, store::Query query) {
  IPAM_TRY(authorize(principal, Operation::ManageOwnTokens));
  add_visible(query, principal);
  const auto reader = IPAM_TRY(store_.open_reader());
  auto sessions = IPAM_TRY(store::list<Session>(*reader, query));
  store::Page<SessionView> page;
  page.next_cursor = std::move(sessions.next_cursor);
  for (Session& session : sessions.items) {
    auto use = IPAM_TRY(use_of(*reader, session));
    page.items.push_back({std::move(session), std::move(use)});
  }
  return page;
}

Result<SessionView> AccessService::get_session(const Principal& principal, Id<SessionUse> id) {
  IPAM_TRY(authorize(principal, Operation::ManageOwnTokens));
  const auto reader = IPAM_TRY(store_.open_reader());
  const Error none(ErrorCode::NotFound, "there is no session with id " + id.to_string());
  auto use = IPAM_TRY(store::find_where<SessionUse>(*reader, {{"id", Comparison::Equal, store::to_value(id)}}));
  if (!use) return none;
  auto session = IPAM_TRY(store::find_where<Session>(*reader, {{"hash", Comparison::Equal, use->hash}}));
  const bool visible = session && (session->user_id == principal.user_id || may(principal.access_group, Operation::ManageUsers));
  if (!visible) return none;
  return SessionView{*std::move(session), *std::move(use)};
}

io::Task<Result<void>> AccessService::revoke_session(Principal principal, Id<SessionUse> id) {
  IPAM_CO_TRY(const SessionView view, get_session(principal, id));
  const Bytes hash = view.session.hash;
  ledger::Work work = [hash](Transaction& transaction) -> Result<void> {
    erase_session(transaction, hash);
    return {};
  };
  auto committed = co_await ledger_.commit(Priority::Interactive, work);
  forget_bearers();
  if (!committed.ok()) co_return std::move(committed).error();
  log::info("IPAM-2004 session revoked", {{"session_id", id.to_string()}, {"by", principal.user_name}});
  co_return Result<void>();
}

Result<store::Page<Lockout>> AccessService::list_lockouts(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ManageUsers));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<Lockout>(*reader, query);
}

Result<Lockout> AccessService::get_lockout(const Principal& principal, Id<Lockout> id) {
  IPAM_TRY(authorize(principal, Operation::ManageUsers));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto lockout = IPAM_TRY(store::find(*reader, id));
  if (!lockout) return Error(ErrorCode::NotFound, "there is no lockout with id " + id.to_string());
  return *std::move(lockout);
}

io::Task<Result<void>> AccessService::lift_lockout(Principal principal, Id<Lockout> id) {
  IPAM_CO_TRY(const Lockout lockout, get_lockout(principal, id));
  guard_.lift(id);
  ledger::Work work = [id](Transaction& transaction) -> Result<void> {
    transaction.erase_row<Lockout>({store::to_value(id)});
    return {};
  };
  auto committed = co_await ledger_.commit(Priority::Interactive, work);
  if (!committed.ok()) co_return std::move(committed).error();
  log::info("IPAM-2005 lockout lifted", {{"subject", lockout.subject}, {"by", principal.user_name}});
  co_return Result<void>();
}

// Failing to store what was counted fails no sign-in: it is counted in memory all the same.
io::Task<void> AccessService::store_lockouts() {
  const SignInGuard::Changes changes = guard_.take_changes();
  if (changes.empty()) co_return;
  ledger::Work work = [changes](Transaction& transaction) -> Result<void> {
    for (const auto id : changes.erased) transaction.erase_row<Lockout>({store::to_value(id)});
    for (const Lockout& row : changes.changed) transaction.put_row(row);
    return {};
  };
  const auto stored = co_await ledger_.commit(Priority::Interactive, work);
  if (!stored.ok()) log::warning("IPAM-2006 failed sign-ins not stored", {{"error", stored.error().describe()}});
}

io::Task<Result<void>> AccessService::tidy() {
  co_await store_lockouts();
  const auto used = std::exchange(bearers_.lock()->used, {});
  const Duration idle = options_.session_idle;
  ledger::Work work = [used, idle](Transaction& transaction) -> Result<void> {
    const Time now = transaction.now();
    std::set<Bytes> kept;
    for (const auto& [hash, at] : used) {
      auto use = IPAM_TRY(store::find_where<SessionUse>(transaction.committed(), {{"hash", Comparison::Equal, to_bytes(hash)}}));
      if (!use || use->last_used_at >= at) continue;
      use->last_used_at = at;
      transaction.put_row(*use);
      kept.insert(use->hash);
    }
    IPAM_TRY(store::for_each<Session>(transaction.committed(), {.where = {{"expires_at", Comparison::LessOrEqual, store::to_value(now)}}},
                                      [&](Session session) -> Result<bool> {
                                        erase_session(transaction, session.hash);
                                        return true;
                                      }));
    IPAM_TRY(store::for_each<SessionUse>(transaction.committed(), {.where = {{"last_used_at", Comparison::LessOrEqual, store::to_value(now - idle)}}},
                                         [&](SessionUse use) -> Result<bool> {
                                           if (!kept.contains(use.hash)) erase_session(transaction, use.hash);
                                           return true;
                                         }));
    // What outlived its session: a use that was stored while the session ended.
    return transaction.committed().query("SELECT hash FROM session_use WHERE hash NOT IN (SELECT hash FROM session)", {},
                                         [&](const store::Row& row) -> Result<bool> {
                                           const ByteView hash = row.blob(0);
                                           transaction.erase_row<SessionUse>({Bytes(hash.begin(), hash.end())});
                                           return true;
                                         });
  };
  auto committed = co_await ledger_.commit(Priority::Bulk, work);
  if (committed.ok()) co_return Result<void>();
  bearers_.lock()->used.insert(used.begin(), used.end());
  co_return std::move(committed).error();
}

}  // namespace ipam::service
