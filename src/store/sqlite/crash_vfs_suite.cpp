#include "store/sqlite/crash_vfs_suite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>
#include <new>

namespace ipam::store::sqlite {
namespace {

constexpr std::size_t kSector = 512;

sqlite3_vfs* default_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  return vfs;
}

CrashVfs& self(sqlite3_vfs* vfs) { return *static_cast<CrashVfs*>(vfs->pAppData); }

// What SQLite allocates for an open file: ours, then the default VFS's own.
struct OpenFile {
  sqlite3_file base{};
  CrashVfs* vfs = nullptr;
  std::shared_ptr<CrashVfs::File> file;  // null: a temporary file, of no interest
  bool folder_unsynced = false;
  bool is_wal = false;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

OpenFile& open_file(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return open_file(file).real(); }
bool gone(sqlite3_file* file) { return open_file(file).vfs->crashed(); }

int close(sqlite3_file* file) {
  const int code = real(file)->pMethods->xClose(real(file));
  open_file(file).~OpenFile();
  return code;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return gone(file) ? SQLITE_IOERR_READ : real(file)->pMethods->xRead(real(file), to, size, offset);
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  OpenFile& self = open_file(file);
  if (self.file) {
    auto disk = self.vfs->disk().lock();
    if (disk->crashed()) return SQLITE_IOERR_WRITE;
    if (disk->write_fault != 0) return disk->write_fault;
    // The write during which the power fails may have reached the disk.
    self.file->changes.push_back(
        {false, static_cast<std::size_t>(offset), std::string(static_cast<const char*>(from), static_cast<std::size_t>(size))});
    if (disk->next_operation_fails()) return SQLITE_IOERR_WRITE;
  }
  return self.real()->pMethods->xWrite(self.real(), from, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  OpenFile& self = open_file(file);
  if (self.file) {
    auto disk = self.vfs->disk().lock();
    if (disk->crashed()) return SQLITE_IOERR_TRUNCATE;
    self.file->changes.push_back({true, static_cast<std::size_t>(size), {}});
    if (disk->next_operation_fails()) return SQLITE_IOERR_TRUNCATE;
  }
  return self.real()->pMethods->xTruncate(self.real(), size);
}

void apply(std::string& content, const CrashVfs::File::Change& change) {
  if (change.truncate) {
    content.resize(change.offset);
    return;
  }
  content.resize(std::max(content.size(), change.offset + change.bytes.size()));
  content.replace(change.offset, change.bytes.size(), change.bytes);
}

int sync(sqlite3_file* file, int) {
  OpenFile& self = open_file(file);
  if (!self.file) return SQLITE_OK;
  auto disk = self.vfs->disk().lock();
  if (disk->crashed() || disk->next_operation_fails()) return SQLITE_IOERR_FSYNC;
  if (disk->sync_fault != 0 && disk->random() % 3 == 0) {
    self.file->changes.clear();
    return disk->sync_fault;
  }
  if (disk->dropped_syncs == (self.is_wal ? CrashVfs::Dropped::OfWal : CrashVfs::Dropped::OfDatabase)) return SQLITE_OK;
  for (const auto& change : self.file->changes) apply(self.file->durable, change);
  self.file->changes.clear();
  if (self.folder_unsynced) disk->sync_folder();
  self.folder_unsynced = false;
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) { return gone(file) ? SQLITE_IOERR_FSTAT : real(file)->pMethods->xFileSize(real(file), size); }
// Locks and shared memory are the running system's, not the disk's: they work as ever, also to be given back after the crash.
int lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int check_reserved_lock(sqlite3_file* file, int* reserved) { return real(file)->pMethods->xCheckReservedLock(real(file), reserved); }
int file_control(sqlite3_file* file, int operation, void* argument) { return real(file)->pMethods->xFileControl(real(file), operation, argument); }
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int device_characteristics(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return gone(file) ? SQLITE_IOERR_SHMMAP : real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) { return real(file)->pMethods->xShmLock(real(file), offset, n, flags); }
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

// Version 2: without memory-mapped reading and writing, which would pass us by.
constexpr sqlite3_io_methods kMethods = {2,
                                         close,
                                         read,
                                         write,
                                         truncate,
                                         sync,
                                         file_size,
                                         lock,
                                         unlock,
                                         check_reserved_lock,
                                         file_control,
                                         sector_size,
                                         device_characteristics,
                                         shm_map,
                                         shm_lock,
                                         shm_barrier,
                                         shm_unmap,
                                         nullptr,
                                         nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (self(vfs).crashed()) return SQLITE_CANTOPEN;
  auto* opened = new (file) OpenFile;
  const int code = default_vfs()->xOpen(default_vfs(), name, opened->real(), flags, out_flags);
  if (code != SQLITE_OK) {
    if (opened->real()->pMethods != nullptr) opened->real()->pMethods->xClose(opened->real());
    opened->~OpenFile();
    file->pMethods = nullptr;
    return code;
  }
  opened->base.pMethods = &kMethods;
  opened->vfs = &self(vfs);
  if (name != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0) {
    auto disk = self(vfs).disk().lock();
    auto& there = disk->files[name];
    if (!there) {
      there = std::make_shared<CrashVfs::File>();
      disk->name_changes.push_back({name, there});
    }
    opened->file = there;
    opened->is_wal = (flags & SQLITE_OPEN_WAL) != 0;
    opened->folder_unsynced = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
  }
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  auto disk = self(vfs).disk().lock();
  if (disk->crashed()) return SQLITE_IOERR_DELETE;
  const bool known = disk->files.erase(name) != 0;
  if (known) disk->name_changes.push_back({name, nullptr});
  if (disk->next_operation_fails()) return SQLITE_IOERR_DELETE;
  if (sync_folder != 0) disk->sync_folder();
  return default_vfs()->xDelete(default_vfs(), name, 0);
}

int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
  return self(vfs).crashed() ? SQLITE_IOERR_ACCESS : default_vfs()->xAccess(default_vfs(), name, flags, result);
}

std::string next_name() {
  static std::atomic<int> made = 0;
  return fmt::format("crash{}", ++made);
}

std::string read_whole(const std::filesystem::path& path) {
  std::string content(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary).read(content.data(), static_cast<std::streamsize>(content.size()));
  return content;
}

// The changes as the disk takes them: each sector by itself.
std::vector<CrashVfs::File::Change> torn(const std::vector<CrashVfs::File::Change>& changes) {
  std::vector<CrashVfs::File::Change> pieces;
  for (const auto& change : changes) {
    if (change.truncate) pieces.push_back(change);
    for (std::size_t at = 0; at < change.bytes.size();) {
      const std::size_t size = std::min(kSector - (change.offset + at) % kSector, change.bytes.size() - at);
      pieces.push_back({false, change.offset + at, change.bytes.substr(at, size)});
      at += size;
    }
  }
  return pieces;
}

std::string content_after(const CrashVfs::File& file, std::mt19937_64& random) {
  std::string content = file.durable;
  auto pieces = torn(file.changes);
  const auto manner = random() % 5;
  if (manner == 0) pieces.clear();                                 // nothing more arrived
  if (manner == 1) pieces.resize(random() % (pieces.size() + 1));  // all up to some instant
  if (manner == 2) pieces = file.changes;                          // everything
  if (manner == 4) std::shuffle(pieces.begin(), pieces.end(), random);
  const auto arriving = manner <= 2 ? 100 : 5 + random() % 90;  // in percent
  const bool garbage = random() % 2 == 0;
  for (const auto& piece : pieces) {
    const std::size_t end = content.size();
    // A file may grow before its bytes arrive; what stands there then is anybody's.
    const bool arrives = random() % 100 < arriving;
    if (arrives) {
      apply(content, piece);
    } else if (!piece.truncate && piece.offset + piece.bytes.size() > end && random() % 2 == 0) {
      content.resize(piece.offset + piece.bytes.size());
    }
    const std::size_t hole = arrives && !piece.truncate ? piece.offset : content.size();
    for (std::size_t i = end; garbage && i < hole; ++i) content[i] = static_cast<char>(random());
  }
  return content;
}

}  // namespace

void CrashVfs::Disk::sync_folder() {
  for (auto& change : name_changes) {
    if (change.file) {
      durable_names[change.name] = change.file;
    } else {
      durable_names.erase(change.name);
    }
  }
  name_changes.clear();
}

CrashVfs::CrashVfs() : name_(next_name()), vfs_(std::make_unique<sqlite3_vfs>(*default_vfs())) {
  vfs_->szOsFile = static_cast<int>(sizeof(OpenFile)) + default_vfs()->szOsFile;
  vfs_->zName = name_.c_str();
  vfs_->pNext = nullptr;
  vfs_->pAppData = this;
  vfs_->xOpen = open;
  vfs_->xDelete = remove;
  vfs_->xAccess = access;
  sqlite3_vfs_register(vfs_.get(), 0);
}

CrashVfs::~CrashVfs() { sqlite3_vfs_unregister(vfs_.get()); }

void CrashVfs::begin(const std::filesystem::path& folder) {
  auto disk = disk_.lock();
  *disk = Disk();
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().string().ends_with("-shm")) continue;
    auto file = std::make_shared<File>();
    file->durable = read_whole(entry.path());
    disk->files[entry.path().string()] = disk->durable_names[entry.path().string()] = std::move(file);
  }
}

void CrashVfs::crash_at(std::uint64_t operation) {
  auto disk = disk_.lock();
  disk->crash_at = disk->operations + operation;
}

bool CrashVfs::crashed() const { return disk_.lock()->crashed(); }
std::uint64_t CrashVfs::operations() const { return disk_.lock()->operations; }
void CrashVfs::refuse_writes(int code) { disk_.lock()->write_fault = code; }
void CrashVfs::refuse_some_syncs(int code) { disk_.lock()->sync_fault = code; }
void CrashVfs::drop_syncs(Dropped which) { disk_.lock()->dropped_syncs = which; }

void CrashVfs::build_image(const std::filesystem::path& target, std::uint64_t seed) const {
  std::mt19937_64 random(seed);
  auto disk = disk_.lock();
  // Each name is in one of the states that it went through since the folder was synced.
  auto names = disk->durable_names;
  std::map<std::string, std::uint64_t> changes_of_name;
  for (const auto& change : disk->name_changes) ++changes_of_name[change.name];
  for (auto& [name, left] : changes_of_name) left = random() % (left + 1);
  for (const auto& change : disk->name_changes) {
    if (changes_of_name[change.name] == 0) continue;
    --changes_of_name[change.name];
    names[change.name] = change.file;
  }
  for (const auto& [name, file] : names) {
    if (!file) continue;
    std::ofstream stream(target / std::filesystem::path(name).filename(), std::ios::binary);
    const std::string content = content_after(*file, random);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
  }
}

}  // namespace ipam::store::sqlite
