#include "api/fields.h"
#include "api/operations.h"
#include "contract/backup.h"

#include <fmt/format.h>

#include <array>

namespace ipam::api {
namespace {

constexpr std::array kRestorationFields{ListField{"id", "id", FieldKind::Id}, ListField{"at", "at", FieldKind::Time}, ListField{"backup", "backup"}};
constexpr std::array kLostFields{ListField{"restoration_id", "restoration_id", FieldKind::Id},
                                 ListField{"sequence", "sequence", FieldKind::Integer},
                                 ListField{"at", "at", FieldKind::Time},
                                 ListField{"actor", "actor"},
                                 ListField{"request_id", "request_id"},
                                 ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::ChangeKind>},
                                 ListField{"object_type", "object_type"},
                                 ListField{"object_id", "object_id", FieldKind::Id},
                                 ListField{"object_name", "object_name"}};

contract::Backup to_answer(const service::BackupManifest& backup) {
  return {backup.name, backup.kind,     backup.version,       backup.schema_version, backup.created_at, backup.actor,
          backup.note, backup.sequence, backup.master_key_id, backup.bytes,          backup.sha256};
}

contract::RestorePlan to_answer(const service::RestorePlan& plan) {
  return {to_answer(plan.backup), plan.sequence,     plan.continues,      plan.lost_records,
          plan.kept_blocks,       plan.kept_subnets, plan.kept_addresses, plan.obstacle};
}

contract::Restoration to_answer(const model::Restoration& restoration) {
  contract::Restoration answer;
  answer.id = to_id(restoration.id);
  answer.at = restoration.at;
  answer.backup = restoration.backup;
  answer.backup_at = restoration.backup_at;
  answer.backup_sequence = restoration.backup_sequence;
  answer.common_sequence = restoration.common_sequence;
  answer.replaced_sequence = restoration.replaced_sequence;
  answer.lost_records = restoration.lost_records;
  answer.kept_blocks = restoration.kept_blocks;
  answer.kept_subnets = restoration.kept_subnets;
  answer.kept_addresses = restoration.kept_addresses;
  answer.kept_reservations = restoration.kept_reservations;
  answer.kept_leases = restoration.kept_leases;
  answer.not_kept = restoration.not_kept;
  answer.replaced_database = restoration.replaced_database;
  answer.problem = restoration.problem;
  return answer;
}

contract::LostChange to_answer(const model::LostRecord& record) {
  contract::LostChange answer;
  answer.restoration_id = to_id(record.restoration_id);
  answer.sequence = record.sequence;
  answer.at = record.at;
  answer.actor = record.actor;
  answer.request_id = record.request_id;
  answer.reason = record.reason;
  answer.change_reference = record.change_reference;
  answer.kind = convert_enum<contract::ChangeKind>(record.kind);
  answer.object_type = record.object_type;
  answer.object_id = contract::ObjectId{record.object_id};
  answer.object_name = record.object_name;
  answer.differences.text = record.differences;
  return answer;
}

// All of them: they are few, and stand on the disk, not in the database.
Result<Reply> backup_list(Services& services, const Call& call) {
  contract::List<contract::Backup> answer;
  for (const service::BackupManifest& backup : IPAM_TRY(services.backups.list(call.principal))) answer.items.push_back(to_answer(backup));
  answer.total = answer.items.size();
  return Reply::json(answer);
}

Result<Reply> get_backup(Services& services, const Call& call) {
  return Reply::json(to_answer(IPAM_TRY(services.backups.get(call.principal, call.path("name")))));
}

Result<Reply> erase_backup(Services& services, const Call& call) {
  IPAM_TRY(services.backups.erase(call.principal, call.path("name")));
  return Reply::empty();
}

// What a copy or a check tells of itself goes into its operation.
store::BackupProgress told_to(service::OperationProgress progress, int from, int share) {
  return [progress, from, share](int percent) mutable -> Result<void> {
    progress.set_percent(from + percent * share / 100);
    if (progress.cancelled()) return Error(ErrorCode::Cancelled, "cancelled");
    return {};
  };
}

io::Task<Result<std::string>> verify_job(Services* services, service::Principal principal, std::string name, service::OperationProgress progress) {
  progress.begin_part(1);
  const auto work = [services, principal, name, told = told_to(progress, 0, 100)] { return services->backups.verify(principal, name, told); };
  auto checked = co_await services->backup_pool.run(work);
  co_await progress.end_part(1, checked);
  co_return checked;
}

// A backup that was never read is a hope: it is read at once.
io::Task<Result<std::string>> create_job(Services* services, service::Principal principal, service::BackupWish wish,
                                         service::OperationProgress progress) {
  constexpr int kCopyShare = 60;
  progress.begin_part(1);
  const auto copy = [services, principal, wish, told = told_to(progress, 0, kCopyShare)] { return services->backups.create(principal, wish, told); };
  auto made = co_await services->backup_pool.run(copy);
  Result<std::string> outcome = std::string();
  if (made.ok()) {
    outcome = fmt::format("{}, {} bytes, up to change {}", made->name, made->bytes, made->sequence);
  } else {
    outcome = made.error();
  }
  co_await progress.end_part(1, outcome);
  if (!made.ok()) co_return made.error();
  progress.set_result(json::write(to_answer(*made)));
  progress.begin_part(2);
  const std::string name = made->name;
  const auto check = [services, principal, name, told = told_to(progress, kCopyShare, 100 - kCopyShare)] {
    return services->backups.verify(principal, name, told);
  };
  auto checked = co_await services->backup_pool.run(check);
  co_await progress.end_part(2, checked);
  if (!checked.ok()) co_return checked.error();
  co_return outcome;
}

io::Task<Result<Reply>> create_backup(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ManageBackups));
  service::BackupWish wish;
  if (!call.request.body.empty()) {
    IPAM_CO_TRY(const auto body, call.body<contract::BackupCreate>());
    wish.note = body.note.value_or("");
    if (body.keep && *body.keep == 0) co_return Error::field("/keep", "must be at least 1");
    wish.keep = body.keep.value_or(0);
  }
  const service::OperationPlan plan{"backup", "database", {"copy", "check"}};
  const auto principal = call.principal;
  const service::OperationRunner::Job job = [services, principal, wish](service::OperationProgress progress) {
    return create_job(services, principal, wish, std::move(progress));
  };
  IPAM_CO_TRY(const auto operation, co_await services->operations.begin(call.principal, plan, call.change, job));
  co_return accepted(operation);
}

io::Task<Result<Reply>> verify_backup(Services* services, Call call) {
  const std::string name = call.path("name");
  IPAM_CO_TRY(const auto backup, services->backups.get(call.principal, name));
  const service::OperationPlan plan{"backup_check", backup.name, {"check"}};
  const auto principal = call.principal;
  const service::OperationRunner::Job job = [services, principal, name](service::OperationProgress progress) {
    return verify_job(services, principal, name, std::move(progress));
  };
  IPAM_CO_TRY(const auto operation, co_await services->operations.begin(call.principal, plan, call.change, job));
  co_return accepted(operation);
}

Result<Reply> restore_backup(Services& services, const Call& call) {
  const std::string name = call.path("name");
  if (ledger::Exchange::is_dry_run(call.change)) return Reply::json(to_answer(IPAM_TRY(services.backups.plan_restore(call.principal, name))));
  return Reply::json(to_answer(IPAM_TRY(services.backups.request_restore(call.principal, name, call.change))), 202);
}

Result<Reply> restoration_page(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ReadJournal));
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kRestorationFields, {}));
  if (list.query.sort.empty()) list.query.sort.push_back({"id", true});
  const auto reader = IPAM_TRY(services.store.open_reader());
  const auto page = IPAM_TRY(store::list<model::Restoration>(*reader, list.query));
  auto answer = to_list<contract::Restoration>(page, [](const model::Restoration& restoration) { return to_answer(restoration); });
  IPAM_TRY(add_total<model::Restoration>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_restoration(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ReadJournal));
  IPAM_CO_TRY(const auto id, call.id<model::Restoration>());
  IPAM_CO_TRY(const auto reader, services->store.open_reader());
  IPAM_CO_TRY(const auto restoration, store::find(*reader, id));
  if (!restoration) co_return Error(ErrorCode::NotFound, "there is no restoration with id " + id.to_string());
  Reply reply = Reply::json(to_answer(*restoration));
  co_return reply.with_revision(restoration->revision);
}

Result<Reply> lost_page(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ReadJournal));
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kLostFields, {}));
  const auto reader = IPAM_TRY(services.store.open_reader());
  const auto page = IPAM_TRY(store::list<model::LostRecord>(*reader, list.query));
  auto answer = to_list<contract::LostChange>(page, [](const model::LostRecord& record) { return to_answer(record); });
  IPAM_TRY(add_total<model::LostRecord>(services, list, answer.total));
  return Reply::json(answer);
}

}  // namespace

void add_backup_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/backups", [all](Call call) { return on_pool(all, backup_list, std::move(call)); });
  routes.add("POST", "/api/v1/backups", [all](Call call) { return create_backup(all, std::move(call)); });
  routes.add("GET", "/api/v1/backups/{name}", [all](Call call) { return on_pool(all, get_backup, std::move(call)); });
  routes.add("DELETE", "/api/v1/backups/{name}", [all](Call call) { return on_pool(all, erase_backup, std::move(call)); });
  routes.add("POST", "/api/v1/backups/{name}:verify", [all](Call call) { return verify_backup(all, std::move(call)); });
  routes.add("POST", "/api/v1/backups/{name}:restore", [all](Call call) { return on_pool(all, restore_backup, std::move(call)); },
             {.dry_run = DryRun::ByHandler, .key = RequestKey::Refused});
  routes.add("GET", "/api/v1/restorations", [all](Call call) { return on_pool(all, restoration_page, std::move(call)); });
  routes.add("GET", "/api/v1/restorations/{id}", [all](Call call) { return get_restoration(all, std::move(call)); });
  routes.add("GET", "/api/v1/lost_changes", [all](Call call) { return on_pool(all, lost_page, std::move(call)); });
}

}  // namespace ipam::api
