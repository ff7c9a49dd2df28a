// FolderLock: holds the data folder for one server at a time; the kernel lets go of it when the process ends, however it ends. Thread rule: one
// thread.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <memory>

namespace ipam::app {

class FolderLock {
 public:
  // Errors: Unavailable (the folder cannot be written), FailedPrecondition (another server uses it).
  static Result<std::unique_ptr<FolderLock>> take(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace ipam::app
