#include "service/access/access_service.h"

#include "crypto/random.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using ledger::Written;
using model::Group;
using model::Id;
using model::Token;
using model::User;
using store::Comparison;

Error not_signed_in() { return {ErrorCode::Unauthenticated, "the session or token is unknown or has expired; sign in again"}; }

crypto::Digest digest_of(const Secret& bearer) { return crypto::hash_token(bearer); }
Bytes to_bytes(const crypto::Digest& digest) { return {digest.begin(), digest.end()}; }

Result<void> check_new_password(const Secret& password) {
  if (password.reveal().size() < AccessService::kMinPasswordBytes) {
    return Error::field("/password", fmt::format("must have at least {} characters", AccessService::kMinPasswordBytes));
  }
  if (password.reveal().size() > crypto::PasswordHasher::kMaxPasswordBytes) return Error::field("/password", "is too long");
  return {};
}

Result<void> end_sessions(Transaction& transaction, Id<User> user) {
  return store::for_each<model::Session>(transaction.committed(), {.where = {{"user_id", Comparison::Equal, store::to_value(user)}}},
                                         [&](model::Session session) -> Result<bool> {
                                           transaction.erase_row<model::Session>({session.hash});
                                           transaction.erase_row<model::SessionUse>({session.hash});
                                           return true;
                                         });
}

// Someone must be able to manage users.
Result<void> keep_an_administrator(Transaction& transaction, const User& changed) {
  if (changed.enabled && changed.access_group == Group::IpamAdministrators) return {};
  const auto other = IPAM_TRY(transaction.find_where<User>({{"enabled", Comparison::Equal, std::int64_t{1}}}, [&](const User& user) {
    return user.id != changed.id && user.enabled && user.access_group == Group::IpamAdministrators;
  }));
  if (other) return {};
  return Error(ErrorCode::FailedPrecondition, changed.name + " is the last administrator who can sign in; make another one first");
}

}  // namespace

io::Task<Result<std::string>> AccessService::hash_password(Secret password) {
  if (auto fine = check_new_password(password); !fine.ok()) co_return std::move(fine).error();
  const auto hash = [this, password] { return hasher_.hash(password); };
  co_return co_await hashing_.run(hash);
}

io::Task<Result<std::uint64_t>> AccessService::change_password(Principal principal, Secret current, Secret next, model::ChangeContext request,
                                                               int* retry_after_seconds) {
  std::optional<User> user;
  {
    IPAM_CO_TRY(const auto reader, store_.open_reader());
    IPAM_CO_TRY(user, store::find(*reader, principal.user_id));
  }
  if (!user) co_return not_signed_in();
  const std::string stored = user->password_hash;
  const std::string name = user->name;
  // A stolen session must not find out the password behind it.
  int seconds = 0;
  const auto nowhere_at_home = [] { return false; };
  auto free = guard_.begin(name, {}, nowhere_at_home, &seconds);
  if (retry_after_seconds != nullptr) *retry_after_seconds = seconds;
  if (!free.ok()) co_return std::move(free).error();
  const auto verify = [this, current, stored] { return hasher_.verify(current, stored); };
  const auto verified = co_await hashing_.run(verify);
  if (verified.ok()) guard_.succeeded(name, {});
  if (!verified.ok() && verified.error().code != ErrorCode::Unauthenticated) {
    guard_.abandoned(name, {});
    co_return verified.error();
  }
  if (!verified.ok()) {
    guard_.failed(name, {});
    co_await store_lockouts();
    co_return Error::field("/current_password", "is wrong");
  }
  IPAM_CO_TRY(const std::string hash, co_await hash_password(std::move(next)));
  const Id<User> id = principal.user_id;
  const model::ChangeContext context = change_context(principal, request);
  ledger::Work work = [id, hash, stored](Transaction& transaction) -> Result<void> {
    User now = IPAM_TRY(transaction.get(id));
    // An administrator may have set another one meanwhile, just because this one was known to others.
    if (now.password_hash != stored) return Error::field("/current_password", "is wrong");
    now.password_hash = hash;
    IPAM_TRY(transaction.update(now));
    return end_sessions(transaction, id);
  };
  auto committed = co_await ledger_.commit(context, Priority::Interactive, work);
  forget_bearers();
  if (!committed.ok()) co_return std::move(committed).error();
  co_return committed->sequence;
}

Result<store::Page<User>> AccessService::list_users(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ManageUsers));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<User>(*reader, query);
}

Result<User> AccessService::get_user(const Principal& principal, Id<User> id) {
  IPAM_TRY(authorize(principal, Operation::ManageUsers));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto user = IPAM_TRY(store::find(*reader, id));
  if (!user) return Error(ErrorCode::NotFound, "there is no user with id " + id.to_string());
  return *std::move(user);
}

io::Task<Result<Written<User>>> AccessService::create_user(Principal principal, User user, Secret password, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ManageUsers));
  IPAM_CO_CHECK(model::check(user));
  IPAM_CO_TRY(user.password_hash, co_await hash_password(std::move(password)));
  const model::ChangeContext context = change_context(principal, request);
  std::function<Result<User>(Transaction&)> work = [user](Transaction& transaction) -> Result<User> {
    const auto taken =
        IPAM_TRY(transaction.find_where<User>({{"name", Comparison::Equal, user.name}}, [&](const User& other) { return other.name == user.name; }));
    if (taken) return Error(ErrorCode::AlreadyExists, "there is a user named " + user.name + " already");
    return transaction.create(user);
  };
  co_return co_await ledger_.write<User>(context, Priority::Interactive, work);
}

io::Task<Result<Written<User>>> AccessService::update_user(Principal principal, Id<User> id, std::optional<std::uint64_t> expected_revision,
                                                           std::function<Result<void>(User&)> change, std::optional<Secret> password,
                                                           model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ManageUsers));
  std::string hash;
  if (password) {
    IPAM_CO_TRY(hash, co_await hash_password(*std::move(password)));
  }
  const model::ChangeContext context = change_context(principal, request);
  std::function<Result<User>(Transaction&)> work = [id, expected_revision, change, hash](Transaction& transaction) -> Result<User> {
    User user = IPAM_TRY(transaction.get(id, expected_revision));
    IPAM_TRY(change(user));
    if (!hash.empty()) user.password_hash = hash;
    IPAM_TRY(model::check(user));
    IPAM_TRY(keep_an_administrator(transaction, user));
    if (!hash.empty() || !user.enabled) IPAM_TRY(end_sessions(transaction, id));
    return transaction.update(user);
  };
  auto written = co_await ledger_.write<User>(context, Priority::Interactive, work);
  forget_bearers();
  co_return written;
}

io::Task<Result<std::uint64_t>> AccessService::erase_user(Principal principal, Id<User> id, std::optional<std::uint64_t> expected_revision,
                                                          model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ManageUsers));
  const model::ChangeContext context = change_context(principal, request);
  ledger::Work work = [id, expected_revision](Transaction& transaction) -> Result<void> {
    User user = IPAM_TRY(transaction.get(id, expected_revision));
    user.enabled = false;
    IPAM_TRY(keep_an_administrator(transaction, user));
    IPAM_TRY(end_sessions(transaction, id));
    const auto tokens = IPAM_TRY(transaction.list<Token>(
        {{"user_id", Comparison::Equal, store::to_value(id)}}, [&](const Token& token) { return token.user_id == id; }, store::kEveryRow));
    for (const Token& token : tokens) IPAM_TRY(transaction.erase(token.id));
    return transaction.erase(id);
  };
  auto committed = co_await ledger_.commit(context, Priority::Interactive, work);
  forget_bearers();
  if (!committed.ok()) co_return std::move(committed).error();
  co_return committed->sequence;
}

void AccessService::add_visible(store::Query& query, const Principal& principal) {
  if (may(principal.access_group, Operation::ManageUsers)) return;
  query.where.push_back({"user_id", Comparison::Equal, store::to_value(principal.user_id)});
}

Result<store::Page<Token>> AccessService::list_tokens(const Principal& principal, store::Query query) {
  IPAM_TRY(authorize(principal, Operation::ManageOwnTokens));
  add_visible(query, principal);
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<Token>(*reader, query);
}

io::Task<Result<NewToken>> AccessService::create_token(Principal principal, Token token, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ManageOwnTokens));
  IPAM_CO_CHECK(model::check(token));
  if (!includes(principal.access_group, token.access_group)) {
    co_return Error::field("/access_group", "a token cannot give more than you have: " + model::enum_to_text(principal.access_group));
  }
  if (token.expires_at && *token.expires_at <= clock_.now()) co_return Error::field("/expires_at", "is in the past");
  const Secret bearer = crypto::random_token();
  token.user_id = principal.user_id;
  token.hash = to_bytes(digest_of(bearer));
  token.created_at = clock_.now();
  const model::ChangeContext context = change_context(principal, request);
  std::function<Result<Token>(Transaction&)> work = [token](Transaction& transaction) -> Result<Token> {
    const auto same = [&](const Token& other) { return other.user_id == token.user_id && other.name == token.name; };
    if (IPAM_TRY(transaction.find_where<Token>({{"user_id", Comparison::Equal, store::to_value(token.user_id)}}, same))) {
      return Error(ErrorCode::AlreadyExists, "you have a token named " + token.name + " already");
    }
    return transaction.create(token);
  };
  IPAM_CO_TRY(auto written, co_await ledger_.write<Token>(context, Priority::Interactive, work));
  NewToken made{std::move(written.value), bearer, written.sequence};
  co_return made;
}

io::Task<Result<std::uint64_t>> AccessService::erase_token(Principal principal, Id<Token> id, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ManageOwnTokens));
  const model::ChangeContext context = change_context(principal, request);
  ledger::Work work = [principal, id](Transaction& transaction) -> Result<void> {
    const Token token = IPAM_TRY(transaction.get(id));
    if (token.user_id != principal.user_id && !may(principal.access_group, Operation::ManageUsers)) {
      return Error(ErrorCode::NotFound, "there is no token with id " + id.to_string());
    }
    return transaction.erase(id);
  };
  auto committed = co_await ledger_.commit(context, Priority::Interactive, work);
  forget_bearers();
  if (!committed.ok()) co_return std::move(committed).error();
  co_return committed->sequence;
}

}  // namespace ipam::service
