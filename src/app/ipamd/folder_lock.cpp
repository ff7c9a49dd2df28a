#include "app/ipamd/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

namespace ipam::app {

Result<std::unique_ptr<FolderLock>> FolderLock::take(const std::filesystem::path& folder) {
  const std::string path = folder / "lock";
  std::unique_ptr<FolderLock> lock(new FolderLock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)));
  if (lock->descriptor_ < 0)
    return Error(ErrorCode::Unavailable, fmt::format("{} cannot be written; check the owner and rights of the folder", path));
  if (flock(lock->descriptor_, LOCK_EX | LOCK_NB) != 0) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("another ipamd uses {}; stop it first, or give this one a folder of its own (--data)", folder.string()));
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace ipam::app
