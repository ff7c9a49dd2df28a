#include "service/backup/backup_service.h"

#include "base/log.h"
#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

constexpr std::size_t kMaxKeep = 1'000;

// Objects that were made after the record $1 and are there.
constexpr std::string_view kNewBlocks =
    "SELECT COUNT(*) FROM block WHERE id IN (SELECT object_id FROM journal WHERE sequence > $1 AND object_type = 'block' AND kind = 'created')";
constexpr std::string_view kNewSubnets =
    "SELECT COUNT(*) FROM subnet WHERE id IN (SELECT object_id FROM journal WHERE sequence > $1 AND object_type = 'subnet' AND kind = 'created')";
constexpr std::string_view kNewAddresses =
    "SELECT COUNT(*) FROM address WHERE id IN (SELECT object_id FROM journal WHERE sequence > $1 AND object_type = 'address' AND kind = 'created')";

Result<std::uint64_t> count_since(store::Reader& reader, std::string_view sql, std::uint64_t sequence) {
  std::uint64_t counted = 0;
  const std::vector<store::Value> parameters{store::to_value(sequence)};
  IPAM_TRY(reader.query(sql, parameters, [&](const store::Row& row) -> Result<bool> {
    counted = static_cast<std::uint64_t>(row.integer(0));
    return false;
  }));
  return counted;
}

}  // namespace

class BackupService::Turn {
 public:
  explicit Turn(std::atomic<bool>& busy) : busy_(busy), taken_(!busy.exchange(true)) {}
  ~Turn() {
    if (taken_) busy_ = false;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Result<void> check() const {
    if (taken_) return {};
    return Error(ErrorCode::FailedPrecondition, "another backup is being made or checked; wait for its end");
  }

 private:
  std::atomic<bool>& busy_;
  const bool taken_;
};

Result<std::vector<BackupManifest>> BackupService::list(const Principal& principal) const {
  IPAM_TRY(authorize(principal, Operation::ManageBackups));
  return folder_.list();
}

Result<BackupManifest> BackupService::get(const Principal& principal, const std::string& name) const {
  IPAM_TRY(authorize(principal, Operation::ManageBackups));
  return folder_.get(name);
}

Result<void> BackupService::erase(const Principal& principal, const std::string& name) {
  IPAM_TRY(authorize(principal, Operation::ManageBackups));
  const Turn turn(busy_);
  IPAM_TRY(turn.check());
  IPAM_TRY(folder_.erase(name));
  log::info("IPAM-5202 backup removed", {{"backup", name}, {"by", principal.user_name}});
  return {};
}

Result<BackupManifest> BackupService::create(const Principal& principal, const BackupWish& wish, const store::BackupProgress& progress) {
  IPAM_TRY(authorize(principal, Operation::ManageBackups));
  if (wish.note.size() > kMaxNote) return Error::field("/note", fmt::format("must not be longer than {} bytes", kMaxNote));
  if (wish.keep > kMaxKeep) return Error::field("/keep", fmt::format("must be from 1 to {}", kMaxKeep));
  const Turn turn(busy_);
  IPAM_TRY(turn.check());
  const auto manifest = IPAM_TRY(folder_.add(clock_.now(), [&](const std::filesystem::path& file, BackupManifest& made) -> Result<void> {
    made.kind = engine_.kind();
    made.version = options_.version;
    made.schema_version = options_.schema_version;
    made.master_key_id = options_.master_key_id;
    made.actor = principal.user_name;
    made.note = wish.note;
    const auto on_snapshot = [&](store::Reader& snapshot) -> Result<void> {
      const auto position = IPAM_TRY(ledger::read_position(snapshot));
      made.sequence = position.sequence;
      made.chain = to_hex(position.chain);
      return {};
    };
    return engine_.back_up(file, on_snapshot, progress);
  }));
  log::info("IPAM-5201 backup made",
            {{"backup", manifest.name}, {"by", principal.user_name}, {"sequence", manifest.sequence}, {"bytes", manifest.bytes}});
  const auto all = IPAM_TRY(folder_.list());
  for (std::size_t i = wish.keep; wish.keep > 0 && i < all.size(); ++i) {
    IPAM_TRY(folder_.erase(all[i].name));
    log::info("IPAM-5202 backup removed", {{"backup", all[i].name}, {"by", principal.user_name}});
  }
  return manifest;
}

std::optional<Time> BackupService::newest() const {
  const auto all = folder_.list();
  if (!all.ok() || all->empty()) return std::nullopt;
  return all->front().created_at;
}

Result<std::string> BackupService::verify(const Principal& principal, const std::string& name, const store::BackupProgress& progress) {
  IPAM_TRY(authorize(principal, Operation::ManageBackups));
  const Turn turn(busy_);
  IPAM_TRY(turn.check());
  const BackupManifest manifest = IPAM_TRY(folder_.get(name));
  if (manifest.kind != engine_.kind()) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("the backup {} is of a {} database; a server that works on one can check it", name, manifest.kind));
  }
  const auto checked = check_backup(engine_, folder_, manifest, progress);
  if (!checked.ok()) {
    log::error("IPAM-5203 a backup is not what was written", {{"backup", name}, {"error", checked.error().describe()}});
    return checked.error();
  }
  return fmt::format("whole: {} bytes, journal unbroken up to record {}", manifest.bytes, checked->sequence);
}

Result<RestorePlan> BackupService::plan_restore(const Principal& principal, const std::string& name) const {
  IPAM_TRY(authorize(principal, Operation::ManageBackups));
  RestorePlan plan;
  plan.backup = IPAM_TRY(folder_.get(name));
  plan.obstacle = obstacle_to(plan.backup, engine_.kind(), options_.master_key_id);
  if (const auto restorable = engine_.check_restorable(); !restorable.ok() && plan.obstacle.empty()) plan.obstacle = restorable.error().message;
  const auto reader = IPAM_TRY(store_.open_reader());
  plan.sequence = IPAM_TRY(ledger::read_position(*reader)).sequence;
  const std::uint64_t since = plan.backup.sequence;
  const auto last = IPAM_TRY(store::find_where<model::JournalRecord>(*reader, {{"sequence", store::Comparison::Equal, store::to_value(since)}}));
  plan.continues = since == 0 || (last && to_hex(last->chain) == plan.backup.chain);
  if (!plan.continues) return plan;
  plan.lost_records =
      IPAM_TRY(store::count(*reader, store::table<model::JournalRecord>(), {{"sequence", store::Comparison::Greater, store::to_value(since)}}));
  plan.kept_blocks = IPAM_TRY(count_since(*reader, kNewBlocks, since));
  plan.kept_subnets = IPAM_TRY(count_since(*reader, kNewSubnets, since));
  plan.kept_addresses = IPAM_TRY(count_since(*reader, kNewAddresses, since));
  return plan;
}

Result<RestorePlan> BackupService::request_restore(const Principal& principal, const std::string& name, const model::ChangeContext& context) {
  auto plan = IPAM_TRY(plan_restore(principal, name));
  if (!plan.obstacle.empty()) return Error(ErrorCode::FailedPrecondition, plan.obstacle);
  const Turn turn(busy_);
  IPAM_TRY(turn.check());
  IPAM_TRY(leave_restore_request(folder_,
                                 {name, principal.user_name, context.reason, context.change_reference, context.on_behalf_of, context.request_id}));
  log::warning("IPAM-5204 a restore was asked for; the server starts anew", {{"backup", name}, {"by", principal.user_name}});
  restart_();
  return plan;
}

}  // namespace ipam::service
