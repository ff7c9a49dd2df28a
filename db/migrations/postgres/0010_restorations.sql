-- What each restore from a backup did, and the journal records that the replaced database had after that backup.
CREATE TABLE restoration (
  id BIGINT PRIMARY KEY, revision BIGINT NOT NULL, at BIGINT NOT NULL, backup TEXT COLLATE "C" NOT NULL, backup_at BIGINT NOT NULL,
  backup_sequence BIGINT NOT NULL, common_sequence BIGINT NOT NULL, replaced_sequence BIGINT NOT NULL, lost_records BIGINT NOT NULL,
  kept_blocks BIGINT NOT NULL, kept_subnets BIGINT NOT NULL, kept_addresses BIGINT NOT NULL, kept_reservations BIGINT NOT NULL,
  kept_leases BIGINT NOT NULL, not_kept BIGINT NOT NULL, replaced_database TEXT COLLATE "C" NOT NULL, problem TEXT COLLATE "C" NOT NULL
);
CREATE TABLE lost_record (
  restoration_id BIGINT NOT NULL, sequence BIGINT NOT NULL, at BIGINT NOT NULL, actor TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL, reason TEXT COLLATE "C" NOT NULL, change_reference TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL, object_type TEXT COLLATE "C" NOT NULL, object_id BIGINT NOT NULL, object_name TEXT COLLATE "C" NOT NULL,
  differences TEXT COLLATE "C" NOT NULL, PRIMARY KEY (restoration_id, sequence)
);
