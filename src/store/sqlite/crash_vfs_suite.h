// CrashVfs: a SQLite VFS over the default one that knows what a power cut would leave.
//
// It keeps, for each database, journal and WAL file, the bytes that its last successful sync made durable and the writes and truncations since, and
// for their folder the files made and removed since the folder was last synced (a first sync of a new journal or WAL syncs it, sqlite.org/vfs.html).
// From the crash on every operation fails, as if the process were gone. build_image() then writes one of the states that the disk may be in: any part
// of the unsynced writes, torn at sectors, in any order, with garbage where a file grew and its bytes did not arrive. Files are really written, but
// never really synced. A sync that fails loses its writes for good, as Linux does when a write-back fails: only a new write of the same bytes can
// save them.
//
// Thread rule: any thread, but build_image() and begin() only while no database is open.
#pragma once

#include "base/guarded.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace ipam::store::sqlite {

class CrashVfs {
 public:
  CrashVfs();
  ~CrashVfs();
  CrashVfs(const CrashVfs&) = delete;
  CrashVfs& operator=(const CrashVfs&) = delete;

  const std::string& name() const { return name_; }

  // Starts anew with the files of `folder`, all durable, and without faults.
  void begin(const std::filesystem::path& folder);
  // The write, truncation, sync or removal with this number from now on (0 is the next) and every operation after it fails.
  void crash_at(std::uint64_t operation);
  bool crashed() const;
  // Writes, truncations, syncs and removals since begin().
  std::uint64_t operations() const;
  // While not 0: what every write answers (SQLITE_FULL), and what every third sync or so does (SQLITE_IOERR_FSYNC).
  void refuse_writes(int code);
  void refuse_some_syncs(int code);
  // Syncs of the database file or of the WAL succeed and make nothing durable: a disk that lies, to prove that the loss is noticed.
  enum class Dropped { None, OfDatabase, OfWal };
  void drop_syncs(Dropped which);

  // One state of the disk after a power cut at this instant, chosen by `seed`; the same seed gives the same state.
  void build_image(const std::filesystem::path& target, std::uint64_t seed) const;

  // For the SQLite methods of the VFS.
  struct File {
    struct Change {
      bool truncate = false;
      std::size_t offset = 0;  // or the new size
      std::string bytes;
    };
    std::string durable;
    std::vector<Change> changes;
  };
  struct Disk {
    struct NameChange {
      std::string name;
      std::shared_ptr<File> file;  // null: removed
    };
    // Shared: a removed file lives on while it is open.
    std::map<std::string, std::shared_ptr<File>> files;          // as the process sees them
    std::map<std::string, std::shared_ptr<File>> durable_names;  // as the folder's last sync left it
    std::vector<NameChange> name_changes;
    std::uint64_t operations = 0;
    std::uint64_t crash_at = ~std::uint64_t{0};
    std::minstd_rand random;
    int write_fault = 0;
    int sync_fault = 0;
    Dropped dropped_syncs = Dropped::None;

    bool crashed() const { return operations > crash_at; }
    bool next_operation_fails() { return ++operations > crash_at; }
    void sync_folder();
  };
  Guarded<Disk>& disk() { return disk_; }

 private:
  const std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  Guarded<Disk> disk_;
};

}  // namespace ipam::store::sqlite
