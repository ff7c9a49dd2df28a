-- What each restore from a backup did, and the journal records that the replaced database had after that backup.
CREATE TABLE restoration (
  id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, at INTEGER NOT NULL, backup TEXT NOT NULL, backup_at INTEGER NOT NULL,
  backup_sequence INTEGER NOT NULL, common_sequence INTEGER NOT NULL, replaced_sequence INTEGER NOT NULL, lost_records INTEGER NOT NULL,
  kept_blocks INTEGER NOT NULL, kept_subnets INTEGER NOT NULL, kept_addresses INTEGER NOT NULL, kept_reservations INTEGER NOT NULL,
  kept_leases INTEGER NOT NULL, not_kept INTEGER NOT NULL, replaced_database TEXT NOT NULL, problem TEXT NOT NULL
) STRICT;
CREATE TABLE lost_record (
  restoration_id INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, request_id TEXT NOT NULL,
  reason TEXT NOT NULL, change_reference TEXT NOT NULL, kind TEXT NOT NULL, object_type TEXT NOT NULL, object_id INTEGER NOT NULL,
  object_name TEXT NOT NULL, differences TEXT NOT NULL, PRIMARY KEY (restoration_id, sequence)
) STRICT, WITHOUT ROWID;
