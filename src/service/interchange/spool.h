// Spool: a file that is being received, in the folder of imports. Until it is kept it goes with this object. Errors: Exhausted (larger than the
// limit, or no room on the disk), Unavailable. Thread rule: one thread at a time, which may block.
#pragma once

#include "base/result.h"
#include "crypto/running_hash.h"

#include <filesystem>
#include <string_view>

namespace ipam::service {

class Spool {
 public:
  static Result<std::shared_ptr<Spool>> create(const std::filesystem::path& folder, std::uint64_t limit);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  Result<void> write(std::string_view piece);
  std::uint64_t size() const { return size_; }
  // Of what was written until now.
  crypto::Digest digest() const { return hash_.digest(); }
  // Moves what was written to `path`, durably; then this is empty.
  Result<void> keep(const std::filesystem::path& path);

 private:
  Spool(std::filesystem::path path, int descriptor, std::uint64_t limit) : path_(std::move(path)), descriptor_(descriptor), limit_(limit) {}
  void close();

  std::filesystem::path path_;
  int descriptor_;
  const std::uint64_t limit_;
  std::uint64_t size_ = 0;
  crypto::RunningHash hash_;
};

}  // namespace ipam::service
