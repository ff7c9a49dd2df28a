#include "service/collection/server_accesses.h"

#include "model/rules.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using ledger::Written;
using model::AccessStatus;
using model::Id;
using model::ServerAccess;
using store::Comparison;

Result<ServerAccessView> view(store::Reader& reader, ServerAccess access) {
  auto status = IPAM_TRY(store::find_where<AccessStatus>(
      reader, {{"server_id", Comparison::Equal, store::to_value(access.server_id)}, {"kind", Comparison::Equal, store::to_value(access.kind)}}));
  AccessStatus known;
  known.server_id = access.server_id;
  known.kind = access.kind;
  if (status) known = *std::move(status);
  return ServerAccessView{std::move(access), std::move(known)};
}

// Errors: InvalidArgument on the field.
Result<std::optional<Id<model::Credential>>> credential_named(Transaction& transaction, const std::string& name) {
  if (name.empty()) return std::optional<Id<model::Credential>>{};
  const auto found = IPAM_TRY(transaction.find_where<model::Credential>({{"name", Comparison::Equal, name}},
                                                                        [&](const model::Credential& other) { return other.name == name; }));
  if (!found) return Error::field("/credential", fmt::format("there is no credential named '{}'", shorten(name, 60)));
  return std::optional(found->id);
}

// Errors: InvalidArgument on the field.
Result<Id<model::ManagedServer>> server_named(Transaction& transaction, const std::string& name_or_id) {
  auto found = IPAM_TRY(transaction.find_where<model::ManagedServer>({{"name", Comparison::Equal, name_or_id}},
                                                                     [&](const model::ManagedServer& server) { return server.name == name_or_id; }));
  const auto id = parse_integer<std::int64_t>(name_or_id, 1);
  if (!found && id) found = IPAM_TRY(transaction.find(Id<model::ManagedServer>{static_cast<std::uint64_t>(*id)}));
  if (!found) return Error::field("/server", fmt::format("there is no managed server '{}'", shorten(name_or_id, 60)));
  return found->id;
}

Result<void> check_only_one(Transaction& transaction, const ServerAccess& access) {
  const auto other = IPAM_TRY(transaction.find_where<ServerAccess>(
      {{"server_id", Comparison::Equal, store::to_value(access.server_id)}},
      [&](const ServerAccess& each) { return each.server_id == access.server_id && each.kind == access.kind && each.id != access.id; }));
  if (!other) return {};
  return Error(ErrorCode::AlreadyExists,
               fmt::format("the server has an access of kind {} already: {}; change that one", model::enum_to_text(access.kind), other->url));
}

}  // namespace

Result<store::Page<ServerAccessView>> ServerAccesses::list(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadServers));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto page = IPAM_TRY(store::list<ServerAccess>(*reader, query));
  store::Page<ServerAccessView> views;
  views.next_cursor = std::move(page.next_cursor);
  for (ServerAccess& access : page.items) views.items.push_back(IPAM_TRY(view(*reader, std::move(access))));
  return views;
}

Result<ServerAccessView> ServerAccesses::get(const Principal& principal, Id<ServerAccess> id) {
  IPAM_TRY(authorize(principal, Operation::ReadServers));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto access = IPAM_TRY(store::find(*reader, id));
  if (!access) return Error(ErrorCode::NotFound, "there is no server access with id " + id.to_string());
  return view(*reader, *std::move(access));
}

Result<std::vector<ServerAccessView>> ServerAccesses::of_server(const Principal& principal, Id<model::ManagedServer> server) {
  auto page = IPAM_TRY(list(principal, {.where = {{"server_id", Comparison::Equal, store::to_value(server)}}, .sort = {{"kind"}}}));
  return std::move(page.items);
}

io::Task<Result<Written<ServerAccess>>> ServerAccesses::create(Principal principal, std::string server, ServerAccess access, std::string credential,
                                                               model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeServers));
  IPAM_CO_CHECK(model::check(access));
  std::function<Result<ServerAccess>(Transaction&)> work = [server, access, credential](Transaction& transaction) -> Result<ServerAccess> {
    ServerAccess made = access;
    made.server_id = IPAM_TRY(server_named(transaction, server));
    IPAM_TRY(check_only_one(transaction, made));
    made.credential_id = IPAM_TRY(credential_named(transaction, credential));
    return transaction.create(std::move(made));
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<ServerAccess>(context, Priority::Interactive, work);
}

io::Task<Result<Written<ServerAccess>>> ServerAccesses::update(Principal principal, Id<ServerAccess> id,
                                                               std::optional<std::uint64_t> expected_revision,
                                                               std::function<Result<void>(ServerAccess&)> change,
                                                               std::optional<std::string> credential, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeServers));
  std::function<Result<ServerAccess>(Transaction&)> work = [=](Transaction& transaction) -> Result<ServerAccess> {
    ServerAccess access = IPAM_TRY(transaction.get(id, expected_revision));
    const std::string old_url = access.url;
    IPAM_TRY(change(access));
    if (credential) access.credential_id = IPAM_TRY(credential_named(transaction, *credential));
    IPAM_TRY(model::check(access));
    if (access.url != old_url && access.credential_id && !credential) {
      return Error::field("/credential", "the URL changes; name the credential in the same change, so that the secret goes nowhere unasked");
    }
    return transaction.update(std::move(access));
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<ServerAccess>(context, Priority::Interactive, work);
}

io::Task<Result<std::uint64_t>> ServerAccesses::erase(Principal principal, Id<ServerAccess> id, std::optional<std::uint64_t> expected_revision,
                                                      model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeServers));
  ledger::Work work = [id, expected_revision](Transaction& transaction) -> Result<void> {
    const ServerAccess access = IPAM_TRY(transaction.get(id, expected_revision));
    transaction.erase_row<AccessStatus>({store::to_value(access.server_id), store::to_value(access.kind)});
    return transaction.erase(id);
  };
  const model::ChangeContext context = change_context(principal, request);
  IPAM_CO_TRY(const auto receipt, co_await ledger_.commit(context, Priority::Interactive, work));
  co_return receipt.sequence;
}

Result<void> store_access_reports(Transaction& transaction, Id<model::ManagedServer> server, const std::vector<AccessStatus>& reports) {
  IPAM_TRY(store::for_each<AccessStatus>(transaction.committed(), {.where = {{"server_id", Comparison::Equal, store::to_value(server)}}},
                                         [&](const AccessStatus& old) -> Result<bool> {
                                           transaction.erase_row<AccessStatus>({store::to_value(old.server_id), store::to_value(old.kind)});
                                           return true;
                                         }));
  for (const AccessStatus& report : reports) transaction.put_row(report);
  return {};
}

}  // namespace ipam::service
