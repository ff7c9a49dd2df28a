#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace ipam {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  // Some file systems (NFS) report a failed write only here.
  int close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

Error system_error(int number, std::string_view doing, const fs::path& path) {
  ErrorCode code = ErrorCode::Unavailable;
  switch (number) {
    case ENOENT:
    case ENOTDIR: code = ErrorCode::NotFound; break;
    case EACCES:
    case EPERM:
    case EROFS: code = ErrorCode::PermissionDenied; break;
    case EEXIST: code = ErrorCode::AlreadyExists; break;
    case ENOSPC:
    case EDQUOT: code = ErrorCode::Exhausted; break;
    case EISDIR:
    case ELOOP: code = ErrorCode::FailedPrecondition; break;
    default: break;
  }
  return Error(code, fmt::format("cannot {} {}: {}", doing, path.string(), std::generic_category().message(number)));
}

Result<void> check_private(const Descriptor& file, const fs::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(errno, "examine", path);
  if (!S_ISREG(status.st_mode)) return Error(ErrorCode::FailedPrecondition, fmt::format("{} is not a regular file", path.string()));
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return Error(ErrorCode::FailedPrecondition,
                 fmt::format("{} belongs to another user; run: chown {} {}", path.string(), ::geteuid(), path.string()));
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("{} holds a secret and others may access it (mode {:04o}); run: chmod 600 {}",
                                                            path.string(), status.st_mode & 07777U, path.string()));
  }
  return {};
}

// `take(bytes)` gets the content piece by piece.
template <class Take>
Result<void> read_all(const Descriptor& file, const fs::path& path, std::size_t limit, Take take) {
  std::array<char, 16384> buffer;
  std::size_t total = 0;
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(errno, "read", path);
    if (got == 0) break;
    total += static_cast<std::size_t>(got);
    if (total > limit) return Error(ErrorCode::Exhausted, fmt::format("{} is longer than {} bytes", path.string(), limit));
    take(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
  }
  explicit_bzero(buffer.data(), buffer.size());
  return {};
}

Result<void> finish_writing(Descriptor& file, const fs::path& path) {
  if (::fsync(file.get()) != 0 || file.close() != 0) return system_error(errno, "write", path);
  return {};
}

// A file name that is removed unless it was moved into place.
struct TemporaryName {
  std::string name;
  ~TemporaryName() {
    if (!name.empty()) ::unlink(name.c_str());
  }
};

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

Result<void> write_piece(const Descriptor& file, const fs::path& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error(errno, "write", path);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) return system_error(errno, "open", path);
  std::string content;
  IPAM_TRY(read_all(file, path, limit, [&](std::string_view piece) { content += piece; }));
  return content;
}

Result<Secret> read_private_file(const fs::path& path, std::size_t limit) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) return system_error(errno, "open", path);
  IPAM_TRY(check_private(file, path));
  // A growing string would leave unwiped copies behind.
  std::string content;
  content.reserve(limit);
  const Result<void> read = read_all(file, path, limit, [&](std::string_view piece) { content += piece; });
  Secret secret(std::move(content));
  if (!read.ok()) return read.error();
  return secret;
}

Result<void> write_file_atomically(const fs::path& path, ByteView bytes, mode_t mode, IfExists if_exists) {
  const fs::path folder = folder_of(path);
  std::string pattern = (folder / fmt::format(".{}.XXXXXX", path.filename().string())).string();
  Descriptor file(::mkostemp(pattern.data(), O_CLOEXEC));
  if (file.get() < 0) return system_error(errno, "create a file in", folder);
  TemporaryName temporary{std::move(pattern)};
  if (::fchmod(file.get(), mode) != 0) return system_error(errno, "set the mode of", path);
  IPAM_TRY(write_piece(file, path, as_text(bytes)));
  IPAM_TRY(finish_writing(file, path));
  if (if_exists == IfExists::Fail) {
    // link() is the one move that refuses an existing name on every file system; the temporary name goes with its destructor.
    if (::link(temporary.name.c_str(), path.c_str()) != 0) return system_error(errno, "create", path);
  } else {
    if (::rename(temporary.name.c_str(), path.c_str()) != 0) return system_error(errno, "replace", path);
    temporary.name.clear();
  }
  return flush_folder(folder);
}

Result<void> read_pieces(const fs::path& path, const OnPiece& on_piece) {
  constexpr std::size_t kPiece = std::size_t{1} << 20U;
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) return system_error(errno, "open", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(errno, "examine", path);
  std::string buffer(kPiece, '\0');
  std::uint64_t done = 0;
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(errno, "read", path);
    if (got == 0) return {};
    done += static_cast<std::uint64_t>(got);
    IPAM_TRY(on_piece(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)), done, static_cast<std::uint64_t>(status.st_size)));
  }
}

Result<void> copy_file(const fs::path& from, const fs::path& to, const OnPiece& told) {
  Descriptor file(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) return system_error(errno, "create", to);
  IPAM_TRY(read_pieces(from, [&](std::string_view piece, std::uint64_t done, std::uint64_t size) -> Result<void> {
    IPAM_TRY(write_piece(file, to, piece));
    return told(piece, done, size);
  }));
  IPAM_TRY(finish_writing(file, to));
  return flush_folder(folder_of(to));
}

Result<void> flush_file(const fs::path& path) {
  Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) return system_error(errno, "flush", path);
  return {};
}

Result<void> flush_folder(const fs::path& folder) {
  Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) return system_error(errno, "flush the folder", folder);
  return {};
}

Result<void> move_file(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return system_error(errno, "move", from);
  return flush_folder(folder_of(to));
}

}  // namespace ipam
