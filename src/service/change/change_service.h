// ChangeService: plans and makes changes on managed servers, undoes them, and settles what became of those that nobody heard the end of.
//
// plan() asks the servers and changes nothing. apply() plans anew, announces the change in the journal, applies it, reads back (all of it the
// driver's work), then stores what is there now and the change's end in one commit. Changes of one zone, or of the DHCP scopes of one server, are one
// request to it and one model::ServerChange: all or nothing. The others go one after the other; when one fails, those before it are taken back. Undo
// of the last takes back all that were made for the same request.
//
// Errors: those of driver.h, first of all Conflict (the server holds something else than was expected), Unavailable (not reached; or it is not known
// whether the change was made, which the message says and the change keeps), Unsupported (this server takes no changes); PermissionDenied; NotFound;
// FailedPrecondition (the server is not managed; nothing that can be undone). A message always says what was done and what was not.
// Thread rule: an I/O executor.
#pragma once

#include "model/server_change.h"
#include "service/collection/collector.h"

namespace ipam::service {

// What a person wants of one server.
struct WantedChange {
  model::ManagedServer server;
  driver::Change change;
  std::optional<model::Id<model::ServerChange>> undoes = {};
};

struct ServerPlan {
  model::ManagedServer server;
  driver::Plan plan;
};

struct MadeChanges {
  std::vector<model::ServerChange> changes;  // in the order in which they were made
  std::uint64_t sequence = 0;
};

class ChangeService {
 public:
  ChangeService(store::Store& store, ledger::Ledger& ledger, Collector& collector);

  io::Task<Result<std::vector<ServerPlan>>> plan(Principal principal, std::vector<WantedChange> changes, io::Deadline deadline);
  io::Task<Result<MadeChanges>> apply(Principal principal, std::vector<WantedChange> changes, model::ChangeContext request, io::Deadline deadline);
  // What takes back a change and those that were made for the same request, the last first. Blocks on the database. Errors: FailedPrecondition (it
  // was not made, or is undone already; its revision is another than the caller has seen).
  Result<std::vector<WantedChange>> inverse_of(const Principal& principal, model::Id<model::ServerChange> id,
                                               std::optional<std::uint64_t> expected_revision);

  Result<store::Page<model::ServerChange>> list(const Principal& principal, const store::Query& query);
  Result<std::uint64_t> count(const Principal& principal, const std::vector<store::Condition>& where);
  Result<model::ServerChange> get(const Principal& principal, model::Id<model::ServerChange> id);

  // After a collection of the server, under its lock: changes without an end get one from what was collected. Errors are logged.
  io::Task<void> settle(model::ManagedServer server);

 private:
  struct Group {
    model::ManagedServer server;
    std::string place;  // the zone, or nothing for DHCP
    std::optional<model::Id<model::ServerChange>> undoes;
    std::vector<driver::Change> changes;
  };
  struct Made {
    model::ServerChange change;
    std::uint64_t sequence = 0;
  };
  static std::vector<Group> grouped(std::vector<WantedChange> changes);
  static Result<void> authorize_all(const Principal& principal, const std::vector<WantedChange>& changes);

  io::Task<Result<ServerPlan>> plan_group(Group group, io::Deadline deadline);
  io::Task<Result<Made>> apply_group(Group group, std::string parts, model::ChangeContext context, io::Deadline deadline);
  io::Task<Result<Made>> announce(Group group, std::string parts, model::ChangeContext context);
  io::Task<Result<Made>> finish(Group group, model::ServerChange change, std::vector<driver::Change> seen, model::ChangeContext context);
  // Takes back what was done, the last first; the answer is `error` with what stands now.
  io::Task<Error> take_back(std::vector<Made> done, Error error, model::ChangeContext context, io::Deadline deadline);

  Result<std::optional<model::ManagedServer>> find_server(model::Id<model::ManagedServer> id);

  store::Store& store_;
  ledger::Ledger& ledger_;
  Collector& collector_;
};

}  // namespace ipam::service
