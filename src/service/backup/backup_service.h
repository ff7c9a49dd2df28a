// BackupService: make, list, check and remove backups while the server works; what a restore would do; asking for one.
//
// One backup or check at a time. The functions that take a progress block for as long as copying and reading take: they belong on a pool of their
// own. Errors: PermissionDenied, NotFound, FailedPrecondition (damaged; another is under way), those of store/backup.h. Thread rule: any thread.
#pragma once

#include "ledger/ledger.h"
#include "service/access/principal.h"
#include "service/backup/restore.h"

namespace ipam::service {

struct BackupOptions {
  std::string version;
  std::uint32_t schema_version = 0;
  std::string master_key_id;
};

struct BackupWish {
  std::string note;
  std::uint64_t keep = 0;  // afterwards only so many of the newest stay; 0: all
};

// What a restore would do to the database as it is now.
struct RestorePlan {
  BackupManifest backup;
  std::uint64_t sequence = 0;  // of the database in use
  bool continues = false;      // the database in use goes on from this backup; if not, what follows is not known
  std::uint64_t lost_records = 0;
  std::uint64_t kept_blocks = 0;
  std::uint64_t kept_subnets = 0;
  std::uint64_t kept_addresses = 0;
  std::string obstacle;  // why it cannot be restored here; empty: it can
};

class BackupService {
 public:
  static constexpr std::size_t kMaxNote = 1'000;

  // `restart` makes the server end and start anew, which restores what was asked for.
  BackupService(store::Store& store, store::BackupEngine& engine, BackupFolder folder, const Clock& clock, BackupOptions options,
                std::function<void()> restart)
      : store_(store), engine_(engine), folder_(std::move(folder)), clock_(clock), options_(std::move(options)), restart_(std::move(restart)) {}

  Result<std::vector<BackupManifest>> list(const Principal& principal) const;
  Result<BackupManifest> get(const Principal& principal, const std::string& name) const;
  Result<void> erase(const Principal& principal, const std::string& name);

  Result<BackupManifest> create(const Principal& principal, const BackupWish& wish, const store::BackupProgress& progress);
  // When the newest backup was made, for whoever watches this server.
  std::optional<Time> newest() const;
  // Reads all of it: its digest, the database's own consistency, the journal's chain. Answers what was found good, in a sentence.
  Result<std::string> verify(const Principal& principal, const std::string& name, const store::BackupProgress& progress);

  Result<RestorePlan> plan_restore(const Principal& principal, const std::string& name) const;
  // The server ends and starts anew with the restored database. Errors: FailedPrecondition (the plan's obstacle).
  Result<RestorePlan> request_restore(const Principal& principal, const std::string& name, const model::ChangeContext& context);

 private:
  // One at a time.
  class Turn;

  store::Store& store_;
  store::BackupEngine& engine_;
  const BackupFolder folder_;
  const Clock& clock_;
  const BackupOptions options_;
  const std::function<void()> restart_;
  std::atomic<bool> busy_ = false;
};

}  // namespace ipam::service
