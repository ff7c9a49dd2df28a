#include "service/interchange/spool.h"

#include "base/file.h"
#include "crypto/random.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ipam::service {
namespace {

Error failed(const char* what, int number) {
  if (number == ENOSPC || number == EDQUOT) return {ErrorCode::Exhausted, "there is no room left on the server's disk for the file"};
  return {ErrorCode::Unavailable, "the server could not keep the file", fmt::format("{}: {}", what, std::strerror(number))};
}

}  // namespace

Result<std::shared_ptr<Spool>> Spool::create(const std::filesystem::path& folder, std::uint64_t limit) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return failed("making the folder of imports", error.value());
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  std::string path = (folder / "upload-XXXXXX").string();
  const int descriptor = mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return failed("making a file", errno);
  return std::shared_ptr<Spool>(new Spool(path, descriptor, limit));
}

Spool::~Spool() {
  close();
  if (!path_.empty()) unlink(path_.c_str());
}

void Spool::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

Result<void> Spool::write(std::string_view piece) {
  if (piece.size() > limit_ - size_)
    return Error(ErrorCode::Exhausted, fmt::format("the file is larger than {} bytes, the most that is taken (setting import_limit)", limit_));
  hash_.add(as_bytes(piece));
  size_ += piece.size();
  while (!piece.empty()) {
    const ssize_t written = ::write(descriptor_, piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("writing", errno);
    piece.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> Spool::keep(const std::filesystem::path& path) {
  if (fsync(descriptor_) != 0) return failed("flushing", errno);
  close();
  IPAM_TRY(move_file(path_, path));
  path_.clear();
  return {};
}

}  // namespace ipam::service
