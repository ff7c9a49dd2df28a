#include "service/discovery/discovery_service.h"

#include "base/strings.h"
#include "io/endpoint.h"
#include "model/discovery_rules.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using ledger::Written;
using model::DiscoveredServer;
using model::DiscoveryTarget;
using model::Id;
using store::Comparison;

// One spelling a place, so that it is not looked at twice.
Result<DiscoveryTarget> in_one_spelling(DiscoveryTarget target) {
  target.name = trim(target.name);
  IPAM_TRY(model::check(target));
  const model::TargetPlace place = IPAM_TRY(model::read_place(target.name));
  if (const auto* prefix = std::get_if<ip::Prefix>(&place)) {
    const bool alone = prefix->length() == ip::bit_count(prefix->family());
    target.name = alone ? prefix->first().to_string() : prefix->to_string();
  } else {
    target.name = std::get<std::string>(place);
  }
  return target;
}

Result<void> check_name_free(Transaction& transaction, const DiscoveryTarget& target) {
  const auto same = [&](const DiscoveryTarget& other) { return other.name == target.name && other.id != target.id; };
  const auto other = IPAM_TRY(transaction.find_where<DiscoveryTarget>({{"name", Comparison::Equal, target.name}}, same));
  if (!other) return {};
  return Error(ErrorCode::AlreadyExists, fmt::format("{} is a discovery target already (id {})", target.name, other->id.to_string()));
}

Error no_such_server(Id<DiscoveredServer> id) { return {ErrorCode::NotFound, "there is no discovered server with id " + id.to_string()}; }

}  // namespace

Result<store::Page<DiscoveryTarget>> DiscoveryService::list_targets(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDiscovery));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<DiscoveryTarget>(*reader, query);
}

Result<DiscoveryTarget> DiscoveryService::get_target(const Principal& principal, Id<DiscoveryTarget> id) {
  IPAM_TRY(authorize(principal, Operation::ReadDiscovery));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto target = IPAM_TRY(store::find(*reader, id));
  if (!target) return Error(ErrorCode::NotFound, "there is no discovery target with id " + id.to_string());
  return *std::move(target);
}

io::Task<Result<Written<DiscoveryTarget>>> DiscoveryService::create_target(Principal principal, DiscoveryTarget target,
                                                                           model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeDiscovery));
  IPAM_CO_TRY(const auto checked, in_one_spelling(std::move(target)));
  std::function<Result<DiscoveryTarget>(Transaction&)> work = [checked](Transaction& transaction) -> Result<DiscoveryTarget> {
    IPAM_TRY(check_name_free(transaction, checked));
    const auto any = [](const DiscoveryTarget&) { return true; };
    if (IPAM_TRY(transaction.list<DiscoveryTarget>({}, any, kMaxTargets)).size() >= kMaxTargets) {
      return Error(ErrorCode::Exhausted,
                   fmt::format("there are {} discovery targets already; name prefixes instead of single addresses", kMaxTargets));
    }
    return transaction.create(checked);
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<DiscoveryTarget>(context, Priority::Interactive, work);
}

io::Task<Result<Written<DiscoveryTarget>>> DiscoveryService::update_target(Principal principal, Id<DiscoveryTarget> id,
                                                                           std::optional<std::uint64_t> expected_revision,
                                                                           std::function<Result<void>(DiscoveryTarget&)> change,
                                                                           model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeDiscovery));
  std::function<Result<DiscoveryTarget>(Transaction&)> work = [=](Transaction& transaction) -> Result<DiscoveryTarget> {
    DiscoveryTarget target = IPAM_TRY(transaction.get(id, expected_revision));
    IPAM_TRY(change(target));
    DiscoveryTarget checked = IPAM_TRY(in_one_spelling(std::move(target)));
    IPAM_TRY(check_name_free(transaction, checked));
    return transaction.update(std::move(checked));
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<DiscoveryTarget>(context, Priority::Interactive, work);
}

io::Task<Result<std::uint64_t>> DiscoveryService::erase_target(Principal principal, Id<DiscoveryTarget> id,
                                                               std::optional<std::uint64_t> expected_revision, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeDiscovery));
  ledger::Work work = [=](Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.get(id, expected_revision));
    IPAM_TRY(transaction.erase(id));
    store::Query found{.where = {{"target_id", Comparison::Equal, store::to_value(id)}}};
    return store::for_each<DiscoveredServer>(transaction.committed(), std::move(found), [&](const DiscoveredServer& server) -> Result<bool> {
      transaction.erase_row<DiscoveredServer>({store::to_value(server.id)});
      return true;
    });
  };
  const model::ChangeContext context = change_context(principal, request);
  IPAM_CO_TRY(const auto receipt, co_await ledger_.commit(context, Priority::Interactive, work));
  co_return receipt.sequence;
}

Result<store::Page<DiscoveredServer>> DiscoveryService::list_servers(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadDiscovery));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<DiscoveredServer>(*reader, query);
}

Result<DiscoveredServer> DiscoveryService::get_server(const Principal& principal, Id<DiscoveredServer> id) {
  IPAM_TRY(authorize(principal, Operation::ReadDiscovery));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto server = IPAM_TRY(store::find(*reader, id));
  if (!server) return no_such_server(id);
  return *std::move(server);
}

Result<std::string> DiscoveryService::url_of(const DiscoveredServer& found) {
  const std::string host = found.address.to_string();
  if (found.endpoint != model::EndpointKind::Dns) return fmt::format("http://{}/", io::host_and_port(host, found.port));
  const auto reader = IPAM_TRY(store_.open_reader());
  const auto channel =
      IPAM_TRY(store::find_where<DiscoveredServer>(*reader, {{"address", Comparison::Equal, store::to_value(found.address)},
                                                             {"endpoint", Comparison::Equal, store::to_value(model::EndpointKind::StatisticsChannel)},
                                                             {"state", Comparison::NotEqual, store::to_value(model::DiscoveryState::Gone)}}));
  if (channel) return fmt::format("http://{}/", io::host_and_port(host, channel->port));
  return Error::field("/url",
                      fmt::format("{} was found by DNS alone; a BIND is managed by its statistics channel: enable that there and name its URL, "
                                  "as in http://{}/",
                                  host, io::host_and_port(host, 8053)));
}

io::Task<Result<Written<DiscoveredServer>>> DiscoveryService::accept(Principal principal, Id<DiscoveredServer> id, Acceptance acceptance,
                                                                     model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeDiscovery));
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeServers));
  IPAM_CO_TRY(const auto found, get_server(principal, id));
  if (found.state == model::DiscoveryState::Managed && found.server_id) {
    co_return Error(ErrorCode::FailedPrecondition, "it is a managed server already (id " + found.server_id->to_string() + ")");
  }
  model::ManagedServer server;
  server.name = acceptance.name;
  server.product = found.product;
  server.url = acceptance.url;
  if (server.url.empty()) {
    IPAM_CO_TRY(server.url, url_of(found));
  }
  server.space_id = acceptance.space_id;
  server.description = acceptance.description;
  server.manageability = acceptance.manageability;
  IPAM_CO_TRY(const auto made, co_await inventory_.create_server(principal, server, std::move(acceptance.credential), request));
  // A fact of its own: when this step is lost, the next pass finds the managed server by its URL.
  Written<DiscoveredServer> written;
  written.value = found;
  written.sequence = made.sequence;
  written.value.state = model::DiscoveryState::Managed;
  written.value.server_id = made.value.id;
  ledger::Work work = [id, server_id = made.value.id](Transaction& transaction) -> Result<void> {
    auto row = IPAM_TRY(store::find(transaction.committed(), id));
    if (!row) return {};
    row->state = model::DiscoveryState::Managed;
    row->server_id = server_id;
    transaction.put_row(*row);
    return {};
  };
  IPAM_CO_CHECK(co_await ledger_.commit(Priority::Interactive, work));
  co_return written;
}

}  // namespace ipam::service
