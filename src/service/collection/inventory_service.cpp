#include "service/collection/inventory_service.h"

#include "service/collection/scope_ranges.h"
#include "service/collection/server_accesses.h"
#include "service/fields/field_rules.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using ledger::Written;
using model::Credential;
using model::Id;
using model::ManagedServer;
using store::Comparison;

constexpr std::size_t kEraseChunk = 500;

std::string seal_owner(Id<Credential> id) { return "credential/" + id.to_string(); }

template <class T>
Result<std::optional<T>> find_named(Transaction& transaction, const std::string& name) {
  return transaction.find_where<T>({{"name", Comparison::Equal, name}}, [&](const T& other) { return other.name == name; });
}

template <class T>
Result<void> check_name_free(Transaction& transaction, const T& object) {
  const auto other = IPAM_TRY(find_named<T>(transaction, object.name));
  if (!other || other->id == object.id) return {};
  return Error(ErrorCode::AlreadyExists, fmt::format("there is a {} named {} already", Transaction::spoken_name<T>(), object.name));
}

Result<Id<Credential>> credential_named(Transaction& transaction, const std::string& name) {
  const auto found = IPAM_TRY(find_named<Credential>(transaction, name));
  if (!found) return Error::field("/credential", fmt::format("there is no credential named '{}'", shorten(name, 60)));
  return found->id;
}

// What signs in with the credential, by whichever access: "server kea1".
Result<std::optional<std::string>> user_of(Transaction& transaction, Id<Credential> id) {
  const std::vector<store::Condition> named{{"credential_id", Comparison::Equal, store::to_value(id)}};
  auto server = IPAM_TRY(transaction.find_where<ManagedServer>(named, [&](const ManagedServer& each) { return each.credential_id == id; }));
  if (!server) {
    const auto matches = [&](const model::ServerAccess& each) { return each.credential_id == id; };
    const auto access = IPAM_TRY(transaction.find_where<model::ServerAccess>(named, matches));
    if (access) server = IPAM_TRY(transaction.find(access->server_id));
  }
  if (server) return std::optional("server " + server->name);
  const auto reads = [&](const model::DiscoveryDomain& each) { return each.credential_id == id; };
  const auto domain = IPAM_TRY(transaction.find_where<model::DiscoveryDomain>(named, reads));
  return domain ? std::optional("discovery domain " + domain->name) : std::nullopt;
}

// The credential that was made with the server and has its name goes with it, unless another server signs in with it too: else the server could not
// be added again under its name.
Result<void> erase_own_credential(Transaction& transaction, const ManagedServer& server) {
  if (!server.credential_id) return {};
  const auto credential = IPAM_TRY(transaction.find(*server.credential_id));
  if (!credential || credential->name != server.name || IPAM_TRY(user_of(transaction, credential->id))) return {};
  return transaction.erase(credential->id);
}

// Removes what belongs to the server alone and has nothing below it.
template <class T>
Result<void> erase_of_server(Transaction& transaction, Id<ManagedServer> id) {
  const auto matches = [&](const T& object) { return object.server_id == id; };
  for (const T& object : IPAM_TRY(transaction.list<T>({{"server_id", Comparison::Equal, store::to_value(id)}}, matches, store::kEveryRow))) {
    IPAM_TRY(transaction.erase(object.id));
  }
  return {};
}

// Removes the first of the server's zones with their records, as far as one step may; answers whether there was any.
Result<bool> erase_zones(Transaction& transaction, Id<ManagedServer> id) {
  constexpr std::size_t kZonesAStep = 100;
  const auto matches = [&](const model::DnsZone& zone) { return zone.server_id == id; };
  const std::vector<store::Condition> of_server{{"server_id", Comparison::Equal, store::to_value(id)}};
  const auto zones = IPAM_TRY(transaction.list<model::DnsZone>(of_server, matches, kZonesAStep));
  for (const model::DnsZone& zone : zones) {
    const std::vector<store::Condition> of_zone{{"zone_id", Comparison::Equal, store::to_value(zone.id)}};
    const auto records =
        IPAM_TRY(store::list<model::DnsRecord>(transaction.committed(), {.where = of_zone, .sort = {{.column = "name"}}, .limit = kEraseChunk}));
    for (const model::DnsRecord& record : records.items) transaction.erase_row<model::DnsRecord>({store::to_value(record.id)});
    if (!records.items.empty()) return true;
    transaction.erase_row<model::ZoneStatus>({store::to_value(zone.id)});
    IPAM_TRY(transaction.erase(zone.id));
  }
  return !zones.empty();
}

// What discovery took for this server is a found server like others again.
Result<void> let_go_of_discovered(Transaction& transaction, Id<ManagedServer> id) {
  store::Query of_server{.where = {{"server_id", Comparison::Equal, store::to_value(id)}}};
  return store::for_each<model::DiscoveredServer>(transaction.committed(), std::move(of_server), [&](model::DiscoveredServer row) -> Result<bool> {
    row.server_id.reset();
    if (row.state == model::DiscoveryState::Managed) row.state = model::DiscoveryState::Known;
    transaction.put_row(row);
    return true;
  });
}

// Removes a scope with all that belongs to it.
Result<void> erase_scope(Transaction& transaction, Id<model::DhcpScope> id) {
  const store::Value key = store::to_value(id);
  const auto of_scope = [&](const auto& object) { return object.scope_id == id; };
  IPAM_TRY(erase_scope_ranges(transaction, id));
  for (const auto& pool : IPAM_TRY(transaction.list<model::DhcpPool>({{"scope_id", Comparison::Equal, key}}, of_scope, store::kEveryRow))) {
    IPAM_TRY(transaction.erase(pool.id));
  }
  for (const auto& reservation :
       IPAM_TRY(transaction.list<model::DhcpReservation>({{"scope_id", Comparison::Equal, key}}, of_scope, store::kEveryRow))) {
    IPAM_TRY(transaction.erase(reservation.id));
  }
  return transaction.erase(id);
}

}  // namespace

Result<store::Page<ManagedServer>> InventoryService::list_servers(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadServers));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<ManagedServer>(*reader, query);
}

Result<ManagedServer> InventoryService::get_server(const Principal& principal, Id<ManagedServer> id) {
  IPAM_TRY(authorize(principal, Operation::ReadServers));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto server = IPAM_TRY(store::find(*reader, id));
  if (!server) return Error(ErrorCode::NotFound, "there is no managed server with id " + id.to_string());
  return *std::move(server);
}

Result<ManagedServer> InventoryService::find_server(const Principal& principal, std::string_view name_or_id) {
  IPAM_TRY(authorize(principal, Operation::ReadServers));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto server = IPAM_TRY(store::find_where<ManagedServer>(*reader, {{"name", Comparison::Equal, std::string(name_or_id)}}));
  const auto id = parse_integer<std::int64_t>(name_or_id, 1);
  if (!server && id) server = IPAM_TRY(store::find(*reader, Id<ManagedServer>{static_cast<std::uint64_t>(*id)}));
  if (!server) return Error::field("/server", fmt::format("there is no managed server '{}'", shorten(name_or_id, 60)));
  return *std::move(server);
}

Result<model::ServerStatus> InventoryService::get_status(const Principal& principal, Id<ManagedServer> id) {
  IPAM_TRY(authorize(principal, Operation::ReadServers));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto status = IPAM_TRY(store::find_where<model::ServerStatus>(*reader, {{"id", Comparison::Equal, store::to_value(id)}}));
  return status ? *std::move(status) : model::ServerStatus{.id = id};
}

Result<Credential> InventoryService::new_credential(Transaction& transaction, Credential credential, const Secret& secret) const {
  credential.id = IPAM_TRY(transaction.new_id<Credential>());
  credential.sealed = IPAM_TRY(sealer_.seal(secret, seal_owner(credential.id)));
  IPAM_TRY(model::check(credential));
  IPAM_TRY(check_name_free(transaction, credential));
  return transaction.create(std::move(credential));
}

io::Task<Result<Written<ManagedServer>>> InventoryService::create_server(Principal principal, ManagedServer server,
                                                                         std::optional<CredentialChoice> credential, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeServers));
  if (credential) {
    IPAM_CO_CHECK(authorize(principal, Operation::ChangeCredentials));
  }
  IPAM_CO_CHECK(model::check(server));
  std::function<Result<ManagedServer>(Transaction&)> work = [this, server, credential](Transaction& transaction) -> Result<ManagedServer> {
    ManagedServer made = server;
    IPAM_TRY(transaction.get(made.space_id));
    IPAM_TRY(check_name_free(transaction, made));
    IPAM_TRY(check_custom_values(transaction, made.custom));
    if (credential && credential->password) {
      Credential fresh;
      fresh.name = made.name;
      fresh.user_name = credential->user_name;
      made.credential_id = IPAM_TRY(new_credential(transaction, std::move(fresh), *credential->password)).id;
    } else if (credential) {
      made.credential_id = IPAM_TRY(credential_named(transaction, credential->name));
    }
    return transaction.create(std::move(made));
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<ManagedServer>(context, Priority::Interactive, work);
}

io::Task<Result<Written<ManagedServer>>> InventoryService::update_server(Principal principal, Id<ManagedServer> id,
                                                                         std::optional<std::uint64_t> expected_revision,
                                                                         std::function<Result<void>(ManagedServer&)> change,
                                                                         std::optional<std::string> credential, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeServers));
  std::function<Result<ManagedServer>(Transaction&)> work = [=](Transaction& transaction) -> Result<ManagedServer> {
    ManagedServer server = IPAM_TRY(transaction.get(id, expected_revision));
    const std::string old_url = server.url;
    const model::CustomValues old_custom = server.custom;
    IPAM_TRY(change(server));
    if (credential && credential->empty()) server.credential_id.reset();
    if (credential && !credential->empty()) server.credential_id = IPAM_TRY(credential_named(transaction, *credential));
    IPAM_TRY(model::check(server));
    IPAM_TRY(check_name_free(transaction, server));
    if (server.custom != old_custom) IPAM_TRY(check_custom_values(transaction, server.custom));
    // A secret that was entrusted for one place is not sent to another without being named again: otherwise whoever may edit a URL could collect it.
    if (server.url != old_url && server.credential_id && !credential) {
      return Error::field("/credential", "the server's URL changes; name its credential in the same change, so that the secret goes nowhere unasked");
    }
    return transaction.update(std::move(server));
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<ManagedServer>(context, Priority::Interactive, work);
}

io::Task<Result<std::uint64_t>> InventoryService::erase_server(Principal principal, Id<ManagedServer> id,
                                                               std::optional<std::uint64_t> expected_revision, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeServers));
  const model::ChangeContext context = change_context(principal, request);
  const std::vector<store::Condition> of_server{{"server_id", Comparison::Equal, store::to_value(id)}};
  const auto matches = [id](const model::DhcpScope& scope) { return scope.server_id == id; };
  if (ledger::Exchange::is_dry_run(context)) {
    // In one step, because none sees what the one before it would have done; the leases are facts, of which a dry run tells nothing.
    std::function<Result<bool>(Transaction&)> whole = [=](Transaction& transaction) -> Result<bool> {
      const ManagedServer server = IPAM_TRY(transaction.get(id, expected_revision));
      for (const model::DhcpScope& scope : IPAM_TRY(transaction.list<model::DhcpScope>(of_server, matches, store::kEveryRow))) {
        IPAM_TRY(erase_scope(transaction, scope.id));
      }
      IPAM_TRY(transaction.erase(id));
      IPAM_TRY(erase_own_credential(transaction, server));
      return true;
    };
    IPAM_CO_TRY(const auto told, co_await ledger_.write<bool>(context, Priority::Bulk, whole));
    co_return told.sequence;
  }
  while (true) {
    // Answers whether the server is gone: in the step that finds nothing of it left, so that no collection comes in between.
    std::function<Result<bool>(Transaction&)> step = [=](Transaction& transaction) -> Result<bool> {
      const ManagedServer server = IPAM_TRY(transaction.get(id, expected_revision));
      const auto leases = IPAM_TRY(store::list<model::Lease>(transaction.committed(), {.where = of_server, .limit = kEraseChunk}));
      for (const model::Lease& lease : leases.items) transaction.erase_lease(lease);
      if (!leases.items.empty()) return false;
      const auto scopes = IPAM_TRY(transaction.list<model::DhcpScope>(of_server, matches, 10));
      for (const model::DhcpScope& scope : scopes) IPAM_TRY(erase_scope(transaction, scope.id));
      if (!scopes.empty()) return false;
      if (IPAM_TRY(erase_zones(transaction, id))) return false;
      IPAM_TRY(erase_of_server<model::DhcpServer>(transaction, id));
      IPAM_TRY(erase_of_server<model::ServerAccess>(transaction, id));
      IPAM_TRY(let_go_of_discovered(transaction, id));
      transaction.erase_row<model::ServerStatus>({store::to_value(id)});
      IPAM_TRY(store_access_reports(transaction, id, {}));
      IPAM_TRY(transaction.erase(id));
      IPAM_TRY(erase_own_credential(transaction, server));
      return true;
    };
    IPAM_CO_TRY(const auto done, co_await ledger_.write<bool>(context, Priority::Bulk, step));
    if (done.value) co_return done.sequence;
  }
}

Result<store::Page<Credential>> InventoryService::list_credentials(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadCredentials));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<Credential>(*reader, query);
}

Result<Credential> InventoryService::get_credential(const Principal& principal, Id<Credential> id) {
  IPAM_TRY(authorize(principal, Operation::ReadCredentials));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto credential = IPAM_TRY(store::find(*reader, id));
  if (!credential) return Error(ErrorCode::NotFound, "there is no credential with id " + id.to_string());
  return *std::move(credential);
}

io::Task<Result<Written<Credential>>> InventoryService::create_credential(Principal principal, Credential credential, Secret secret,
                                                                          model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeCredentials));
  std::function<Result<Credential>(Transaction&)> work = [this, credential, secret](Transaction& transaction) {
    return new_credential(transaction, credential, secret);
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<Credential>(context, Priority::Interactive, work);
}

io::Task<Result<Written<Credential>>> InventoryService::update_credential(Principal principal, Id<Credential> id,
                                                                          std::optional<std::uint64_t> expected_revision,
                                                                          std::optional<std::string> user_name, std::optional<Secret> secret,
                                                                          model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeCredentials));
  std::function<Result<Credential>(Transaction&)> work = [=, this](Transaction& transaction) -> Result<Credential> {
    Credential credential = IPAM_TRY(transaction.get(id, expected_revision));
    if (user_name) credential.user_name = *user_name;
    if (secret) credential.sealed = IPAM_TRY(sealer_.seal(*secret, seal_owner(id)));
    IPAM_TRY(model::check(credential));
    return transaction.update(std::move(credential));
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<Credential>(context, Priority::Interactive, work);
}

io::Task<Result<std::uint64_t>> InventoryService::erase_credential(Principal principal, Id<Credential> id,
                                                                   std::optional<std::uint64_t> expected_revision, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeCredentials));
  ledger::Work work = [id, expected_revision](Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.get(id, expected_revision));
    const auto user = IPAM_TRY(user_of(transaction, id));
    if (user) return Error(ErrorCode::FailedPrecondition, fmt::format("{} signs in with this credential; give it another one first", *user));
    return transaction.erase(id);
  };
  const model::ChangeContext context = change_context(principal, request);
  IPAM_CO_TRY(const auto receipt, co_await ledger_.commit(context, Priority::Interactive, work));
  co_return receipt.sequence;
}

Result<InventoryService::Opened> InventoryService::open_credential(store::Reader& reader, const std::string& user, Id<Credential> id) const {
  auto credential = IPAM_TRY(store::find(reader, id));
  if (!credential) return Error(ErrorCode::FailedPrecondition, fmt::format("{} names a credential that is gone; give it another one", user));
  auto secret = sealer_.open(credential->sealed, seal_owner(id));
  if (!secret.ok()) {
    return std::move(secret).error().wrapped(
        ErrorCode::FailedPrecondition,
        fmt::format("the secret of credential {} cannot be opened: the master key is another one than it was sealed with; set the secret again",
                    credential->name));
  }
  return Opened{*std::move(credential), std::move(secret).value()};
}

Result<InventoryService::Opened> InventoryService::open_credential(const std::string& user, Id<Credential> id) {
  const auto reader = IPAM_TRY(store_.open_reader());
  return open_credential(*reader, user, id);
}

Result<driver::Endpoint> InventoryService::endpoint(const ManagedServer& server) {
  driver::Endpoint endpoint;
  endpoint.server_name = server.name;
  endpoint.url = server.url;
  endpoint.tls_trust = server.tls_trust;
  endpoint.tls_fingerprint = server.tls_fingerprint;
  const auto reader = IPAM_TRY(store_.open_reader());
  if (server.credential_id) {
    Opened opened = IPAM_TRY(open_credential(*reader, "server " + server.name, *server.credential_id));
    endpoint.user_name = std::move(opened.credential.user_name);
    endpoint.credential_kind = opened.credential.kind;
    endpoint.password = std::move(opened.secret);
  }
  const auto accesses = IPAM_TRY(
      store::list<model::ServerAccess>(*reader, {.where = {{"server_id", Comparison::Equal, store::to_value(server.id)}}, .sort = {{"kind"}}}));
  for (const model::ServerAccess& access : accesses.items) {
    driver::AccessEndpoint further{.kind = access.kind, .url = access.url, .tls_trust = access.tls_trust, .fingerprint = access.fingerprint};
    if (access.credential_id) {
      Opened opened = IPAM_TRY(open_credential(*reader, "server " + server.name, *access.credential_id));
      further.user_name = std::move(opened.credential.user_name);
      further.algorithm = std::move(opened.credential.algorithm);
      further.credential_kind = opened.credential.kind;
      further.secret = std::move(opened.secret);
    }
    endpoint.accesses.push_back(std::move(further));
  }
  return endpoint;
}

}  // namespace ipam::service
