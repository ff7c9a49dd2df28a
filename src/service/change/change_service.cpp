#include "service/change/change_service.h"

#include "base/log.h"
#include "service/change/change_text.h"
#include "service/change/observed_result.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using driver::Change;
using model::Id;
using model::ManagedServer;
using model::ServerChange;
using model::ServerChangeState;
using store::Comparison;

std::string place_of(const Change& change) {
  const auto* records = std::get_if<driver::RecordSetChange>(&change);
  return records == nullptr ? std::string() : records->view + "/" + records->zone;
}

Operation operation_of(const Change& change) {
  return std::holds_alternative<driver::RecordSetChange>(change) ? Operation::ChangeDnsRecords : Operation::ChangeDhcpReservations;
}

std::string sentences_of(const std::vector<Change>& changes) {
  std::vector<std::string> texts;
  for (const Change& change : changes) texts.push_back(driver::describe(change));
  return join(texts, "\n");
}

// The same as part of a sentence.
std::string told(const ServerChange& change) {
  std::string text = change.what;
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) text.replace(at, 1, "; ");
  return fmt::format("{} on {}", text, change.server);
}

Error takes_no_changes(const ManagedServer& server) {
  return {ErrorCode::Unsupported,
          server.name + ": this server, as it is reached, takes no changes; its page in docs/servers says which access they need"};
}

Result<void> check_managed(const ManagedServer& server) {
  if (server.manageability == model::Manageability::Managed) return {};
  return Error(ErrorCode::FailedPrecondition, fmt::format("{} is {}: it is not changed from here until its manageability is managed", server.name,
                                                          model::enum_to_text(server.manageability)));
}

// Works of a change are no steps of a request with a key: what was done on a server is not undone by running it again, and its own prerequisites keep
// it from being done twice.
model::ChangeContext own_context(const Principal& principal, const model::ChangeContext& request) {
  model::ChangeContext context = change_context(principal, request);
  context.exchange = {};
  return context;
}

Result<void> check_undoable(const ServerChange& change) {
  const auto refuse = [&](const std::string& why) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("change {} ({}) {}", change.id.to_string(), told(change), why));
  };
  switch (change.state) {
    case ServerChangeState::Made:
    case ServerChangeState::Unknown: return {};
    case ServerChangeState::NotMade: return refuse("was not made: there is nothing to undo");
    case ServerChangeState::Undone:
      return refuse(fmt::format("is undone already, by change {}", change.undone_by ? change.undone_by->to_string() : "?"));
    case ServerChangeState::Announced: break;
  }
  return refuse(fmt::format("is under way, or was cut off; `ipam server collect {}` tells what became of it", change.server));
}

}  // namespace

ChangeService::ChangeService(store::Store& store, ledger::Ledger& ledger, Collector& collector)
    : store_(store), ledger_(ledger), collector_(collector) {
  collector_.on_collected([this](ManagedServer server) { return settle(std::move(server)); });
}

std::vector<ChangeService::Group> ChangeService::grouped(std::vector<WantedChange> changes) {
  std::vector<Group> groups;
  for (WantedChange& each : changes) {
    std::string place = place_of(each.change);
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return group.server.id == each.server.id && group.place == place && group.undoes == each.undoes;
    });
    if (found != groups.end()) {
      found->changes.push_back(std::move(each.change));
      continue;
    }
    Group group;
    group.server = std::move(each.server);
    group.place = std::move(place);
    group.undoes = each.undoes;
    group.changes.push_back(std::move(each.change));
    groups.push_back(std::move(group));
  }
  return groups;
}

Result<void> ChangeService::authorize_all(const Principal& principal, const std::vector<WantedChange>& changes) {
  for (const WantedChange& each : changes) {
    IPAM_TRY(authorize(principal, operation_of(each.change)));
    IPAM_TRY(check_managed(each.server));
  }
  return {};
}

io::Task<Result<std::vector<ServerPlan>>> ChangeService::plan(Principal principal, std::vector<WantedChange> changes, io::Deadline deadline) {
  IPAM_CO_CHECK(authorize_all(principal, changes));
  std::vector<ServerPlan> plans;
  for (const Group& group : grouped(std::move(changes))) {
    IPAM_CO_TRY(ServerPlan plan, co_await plan_group(group, deadline));
    plans.push_back(std::move(plan));
  }
  co_return plans;
}

io::Task<Result<ServerPlan>> ChangeService::plan_group(Group group, io::Deadline deadline) {
  IPAM_CO_TRY(const ServerLocks::Held held, co_await collector_.lock(group.server, deadline));
  IPAM_CO_TRY(const auto driver, collector_.make_driver(group.server));
  driver::Changer* changer = driver->changer();
  if (changer == nullptr) co_return takes_no_changes(group.server);
  ServerPlan plan;
  plan.server = group.server;
  IPAM_CO_TRY(plan.plan, co_await changer->plan(group.changes, deadline));
  co_return plan;
}

io::Task<Result<MadeChanges>> ChangeService::apply(Principal principal, std::vector<WantedChange> changes, model::ChangeContext request,
                                                   io::Deadline deadline) {
  IPAM_CO_CHECK(authorize_all(principal, changes));
  const model::ChangeContext context = own_context(principal, request);
  std::vector<Made> done;
  std::string parts;
  for (const Group& group : grouped(std::move(changes))) {
    auto made = co_await apply_group(group, parts, context, deadline);
    if (!made.ok()) {
      if (done.empty()) co_return std::move(made).error();
      co_return co_await take_back(std::move(done), made.error(), context, deadline);
    }
    parts += (parts.empty() ? "" : " ") + made->change.id.to_string();
    done.push_back(std::move(*made));
  }
  MadeChanges answer;
  for (Made& made : done) {
    answer.sequence = made.sequence;
    answer.changes.push_back(std::move(made.change));
  }
  co_return answer;
}

io::Task<Result<ChangeService::Made>> ChangeService::apply_group(Group group, std::string parts, model::ChangeContext context,
                                                                 io::Deadline deadline) {
  IPAM_CO_TRY(const ServerLocks::Held held, co_await collector_.lock(group.server, deadline));
  IPAM_CO_TRY(const auto driver, collector_.make_driver(group.server));
  driver::Changer* changer = driver->changer();
  if (changer == nullptr) co_return takes_no_changes(group.server);
  IPAM_CO_TRY(driver::Plan plan, co_await changer->plan(group.changes, deadline));
  group.changes = plan.changes;
  // From here on the journal knows of it, whatever becomes of this process.
  IPAM_CO_TRY(Made announced, co_await announce(group, std::move(parts), context));
  auto applied = co_await changer->apply(std::move(plan), deadline);
  ServerChange change = announced.change;
  std::vector<Change> seen = group.changes;
  if (!applied.ok()) {
    change.state = ServerChangeState::NotMade;
    change.problem = applied.error().message;
  } else if (applied->outcome == driver::Applied::Outcome::Unknown) {
    change.state = ServerChangeState::Unknown;
    change.problem = applied->problem;
  } else {
    change.state = ServerChangeState::Made;
    seen = applied->changes;
  }
  auto finished = co_await finish(group, change, seen, context);
  if (!finished.ok()) {
    log::error("IPAM-4025 the end of a change to a server is not in the journal",
               {{"server", group.server.name}, {"change", change.id.to_string()}, {"error", finished.error().describe()}});
  }
  if (!applied.ok()) co_return std::move(applied).error();
  if (change.state == ServerChangeState::Unknown) {
    co_return Error(ErrorCode::Unavailable, fmt::format("{} (change {}; `ipam server collect {}` tells what became of it)", change.problem,
                                                        change.id.to_string(), change.server));
  }
  if (!finished.ok()) {
    Error error = finished.error();
    error.message =
        fmt::format("the change was made ({}), but its end could not be recorded: {}; change {} stays announced until the next collection of {}",
                    told(change), error.message, change.id.to_string(), change.server);
    co_return error;
  }
  co_return std::move(*finished);
}

io::Task<Result<ChangeService::Made>> ChangeService::announce(Group group, std::string parts, model::ChangeContext context) {
  std::function<Result<ServerChange>(ledger::Transaction&)> work = [group, parts](ledger::Transaction& transaction) -> Result<ServerChange> {
    ServerChange change;
    change.server_id = group.server.id;
    change.server = group.server.name;
    change.what = sentences_of(group.changes);
    change.changes = changes_to_text(group.changes);
    change.actor = transaction.context().actor;
    change.reason = transaction.context().reason;
    change.change_reference = transaction.context().change_reference;
    change.announced_at = transaction.now();
    change.parts = parts;
    change.undoes = group.undoes;
    return transaction.create(std::move(change));
  };
  auto written = co_await ledger_.write<ServerChange>(context, ledger::Priority::Interactive, work);
  if (!written.ok()) co_return std::move(written).error();
  Made made;
  made.change = std::move(written->value);
  made.sequence = written->sequence;
  co_return made;
}

io::Task<Result<ChangeService::Made>> ChangeService::finish(Group group, ServerChange change, std::vector<Change> seen,
                                                            model::ChangeContext context) {
  change.what = sentences_of(seen);
  change.changes = changes_to_text(seen);
  std::function<Result<ServerChange>(ledger::Transaction&)> work = [group, change, seen](ledger::Transaction& transaction) -> Result<ServerChange> {
    ServerChange now = IPAM_TRY(transaction.get(change.id));
    now.state = change.state;
    now.problem = change.problem;
    now.what = change.what;
    now.changes = change.changes;
    now.ended_at = transaction.now();
    if (now.state != ServerChangeState::NotMade) IPAM_TRY(store_results(transaction, group.server, seen, now.state));
    if (now.state == ServerChangeState::Made) IPAM_TRY(mark_undone(transaction, now));
    return transaction.update(std::move(now));
  };
  auto written = co_await ledger_.write<ServerChange>(context, ledger::Priority::Interactive, work);
  if (!written.ok()) co_return std::move(written).error();
  Made made;
  made.change = std::move(written->value);
  made.sequence = written->sequence;
  co_return made;
}

io::Task<Error> ChangeService::take_back(std::vector<Made> done, Error error, model::ChangeContext context, io::Deadline deadline) {
  context.reason = "taken back, because a change that belongs to it failed";
  std::vector<std::string> taken, stand;
  for (auto each = done.rbegin(); each != done.rend(); ++each) {
    const ServerChange& change = each->change;
    auto changes = changes_from_text(change.changes);
    IPAM_ASSERT(changes.ok(), "what was just written can be read");
    Group group;
    group.server.id = change.server_id;
    group.undoes = change.id;
    for (auto one = changes->rbegin(); one != changes->rend(); ++one) group.changes.push_back(driver::inverse(*one));
    auto server = find_server(change.server_id);
    Result<Made> back = Error(ErrorCode::NotFound, "the server is no longer managed");
    if (server.ok() && *server) {
      group.server = **server;
      back = co_await apply_group(group, std::string(), context, deadline);
    }
    if (back.ok()) {
      taken.push_back(told(change));
    } else {
      stand.push_back(
          fmt::format("{} (taking it back failed: {}; try `ipam change undo {}`)", told(change), back.error().message, change.id.to_string()));
    }
  }
  if (!taken.empty()) error.message += "; taken back: " + join(taken, "; ");
  if (!stand.empty()) error.message += "; STILL THERE: " + join(stand, "; ");
  co_return error;
}

Result<std::optional<ManagedServer>> ChangeService::find_server(Id<ManagedServer> id) {
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::find(*reader, id);
}

Result<std::vector<WantedChange>> ChangeService::inverse_of(const Principal& principal, Id<ServerChange> id,
                                                            std::optional<std::uint64_t> expected_revision) {
  const ServerChange last = IPAM_TRY(get(principal, id));
  if (expected_revision && *expected_revision != last.revision) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("change {} was changed since it was read; read it again", id.to_string()));
  }
  std::vector<ServerChange> all{last};
  const std::vector<std::string_view> parts = last.parts.empty() ? std::vector<std::string_view>() : split(last.parts, ' ');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    const auto number = parse_integer<std::int64_t>(*part, 1);
    if (!number) return Error(ErrorCode::Internal, "the parts of a change cannot be read");
    all.push_back(IPAM_TRY(get(principal, Id<ServerChange>{static_cast<std::uint64_t>(*number)})));
  }
  std::vector<WantedChange> wanted;
  for (const ServerChange& change : all) {
    // A part may have been taken back by itself.
    if (change.id != last.id && change.state == ServerChangeState::Undone) continue;
    IPAM_TRY(check_undoable(change));
    const auto server = IPAM_TRY(find_server(change.server_id));
    if (!server) {
      return Error(ErrorCode::FailedPrecondition,
                   fmt::format("server {} is no longer managed: what was changed on it cannot be undone from here", change.server));
    }
    const std::vector<Change> changes = IPAM_TRY(changes_from_text(change.changes));
    for (auto one = changes.rbegin(); one != changes.rend(); ++one) wanted.push_back({*server, driver::inverse(*one), change.id});
  }
  IPAM_TRY(authorize_all(principal, wanted));
  return wanted;
}

Result<store::Page<ServerChange>> ChangeService::list(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadJournal));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<ServerChange>(*reader, query);
}

Result<std::uint64_t> ChangeService::count(const Principal& principal, const std::vector<store::Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadJournal));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<ServerChange>(), where);
}

Result<ServerChange> ChangeService::get(const Principal& principal, Id<ServerChange> id) {
  IPAM_TRY(authorize(principal, Operation::ReadJournal));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto change = IPAM_TRY(store::find(*reader, id));
  if (!change) return Error(ErrorCode::NotFound, "there is no change with id " + id.to_string());
  return *std::move(change);
}

io::Task<void> ChangeService::settle(ManagedServer server) {
  ledger::Work work = [server](ledger::Transaction& transaction) -> Result<void> { return settle_changes(transaction, server); };
  model::ChangeContext context;
  context.actor = "task/settling";
  context.reason = "found by reading " + server.name;
  const auto settled = co_await ledger_.commit(context, ledger::Priority::Bulk, work);
  if (!settled.ok()) log::warning("IPAM-4026 changes of a server are not settled", {{"server", server.name}, {"error", settled.error().describe()}});
}

}  // namespace ipam::service
