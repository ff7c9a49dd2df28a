// What a restore from a backup did, and the journal records that the database it replaced had after that backup. Thread rule: plain values.
#pragma once

#include "model/journal.h"

namespace ipam::model {

// Journaled: its record is the first one above the replaced database's sequences, so that none is ever given twice.
struct Restoration {
  Id<Restoration> id;
  std::uint64_t revision = 0;
  Time at{};
  std::string backup;                   // its name
  Time backup_at{};                     // when that was made
  std::uint64_t backup_sequence = 0;    // the newest journal record in it
  std::uint64_t common_sequence = 0;    // the newest one that the replaced database had too
  std::uint64_t replaced_sequence = 0;  // the newest one of the replaced database; 0: it could not be read
  std::uint64_t lost_records = 0;       // records of the replaced database after the common one: `lost_record` holds them
  std::uint64_t kept_blocks = 0;        // what it had handed out since, and is kept, so that nobody gets it again
  std::uint64_t kept_subnets = 0;
  std::uint64_t kept_addresses = 0;
  std::uint64_t kept_reservations = 0;
  std::uint64_t kept_leases = 0;
  std::uint64_t not_kept = 0;     // had no place in the restored plan; the log names them
  std::string replaced_database;  // where the replaced one is kept
  std::string problem;            // why nothing, or not all, could be read of it; empty: all was

  bool operator==(const Restoration&) const = default;
};
BOOST_DESCRIBE_STRUCT(Restoration, (),
                      (id, revision, at, backup, backup_at, backup_sequence, common_sequence, replaced_sequence, lost_records, kept_blocks,
                       kept_subnets, kept_addresses, kept_reservations, kept_leases, not_kept, replaced_database, problem))

// A journal record that came after the backup: what it changed is undone, but for what is kept. Bookkeeping.
struct LostRecord {
  Id<Restoration> restoration_id;
  std::uint64_t sequence = 0;
  Time at{};
  std::string actor;
  std::string request_id;
  std::string reason;
  std::string change_reference;
  ChangeKind kind = ChangeKind::Created;
  std::string object_type;
  std::uint64_t object_id = 0;
  std::string object_name;
  std::string differences;

  bool operator==(const LostRecord&) const = default;
};
BOOST_DESCRIBE_STRUCT(LostRecord, (),
                      (restoration_id, sequence, at, actor, request_id, reason, change_reference, kind, object_type, object_id, object_name,
                       differences))

}  // namespace ipam::model
