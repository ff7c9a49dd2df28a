// Backups and restores in the API: /api/v1/backups, restorations, lost_changes. Thread rule: plain values.
#pragma once

#include "contract/operation.h"

namespace ipam::contract {

struct Backup {
  std::string name;
  std::string kind;  // "sqlite", "postgresql"
  std::string version;
  std::uint32_t schema_version = 0;
  Time created_at{};
  std::string actor;
  std::string note;
  std::uint64_t sequence = 0;
  std::string master_key_id;
  std::uint64_t bytes = 0;
  std::string sha256;
};
BOOST_DESCRIBE_STRUCT(Backup, (), (name, kind, version, schema_version, created_at, actor, note, sequence, master_key_id, bytes, sha256))

struct BackupCreate {
  std::optional<std::string> note;
  std::optional<std::uint64_t> keep;  // afterwards only so many of the newest stay
};
BOOST_DESCRIBE_STRUCT(BackupCreate, (), (note, keep))

struct RestorePlan {
  Backup backup;
  std::uint64_t sequence = 0;
  bool continues = false;
  std::uint64_t lost_records = 0;
  std::uint64_t kept_blocks = 0;
  std::uint64_t kept_subnets = 0;
  std::uint64_t kept_addresses = 0;
  std::string obstacle;
};
BOOST_DESCRIBE_STRUCT(RestorePlan, (), (backup, sequence, continues, lost_records, kept_blocks, kept_subnets, kept_addresses, obstacle))

struct Restoration {
  ObjectId id;
  Time at{};
  std::string backup;
  Time backup_at{};
  std::uint64_t backup_sequence = 0;
  std::uint64_t common_sequence = 0;
  std::uint64_t replaced_sequence = 0;
  std::uint64_t lost_records = 0;
  std::uint64_t kept_blocks = 0;
  std::uint64_t kept_subnets = 0;
  std::uint64_t kept_addresses = 0;
  std::uint64_t kept_reservations = 0;
  std::uint64_t kept_leases = 0;
  std::uint64_t not_kept = 0;
  std::string replaced_database;
  std::string problem;
};
BOOST_DESCRIBE_STRUCT(Restoration, (),
                      (id, at, backup, backup_at, backup_sequence, common_sequence, replaced_sequence, lost_records, kept_blocks, kept_subnets,
                       kept_addresses, kept_reservations, kept_leases, not_kept, replaced_database, problem))

// A change that came after the backup.
struct LostChange {
  ObjectId restoration_id;
  std::uint64_t sequence = 0;
  Time at{};
  std::string actor;
  std::string request_id;
  std::string reason;
  std::string change_reference;
  ChangeKind kind = ChangeKind::Created;
  std::string object_type;
  ObjectId object_id;
  std::string object_name;
  json::Raw differences;
};
BOOST_DESCRIBE_STRUCT(LostChange, (),
                      (restoration_id, sequence, at, actor, request_id, reason, change_reference, kind, object_type, object_id, object_name,
                       differences))

}  // namespace ipam::contract
