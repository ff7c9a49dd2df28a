// Whole files: read with a bound, written so that a crash leaves the old content or the new one, never a part.
//
// For files that an operator names or that Cadastre keeps for itself. Messages name the path: wrap the error before it goes to a remote caller.
// Errors: NotFound, PermissionDenied, AlreadyExists, Exhausted (longer than the limit; no space left), FailedPrecondition, Unavailable.
// Thread rule: pure functions of the file system. They block: never on an I/O thread.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>

namespace ipam {

// The content of a file of at most `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit);

// The same for a key or a password: refuses, with the command that mends it, a file that its group or others may touch, and one that belongs
// neither to this user nor to root. Checked on the open file, so that it cannot be exchanged in between.
Result<Secret> read_private_file(const std::filesystem::path& path, std::size_t limit);

enum class IfExists { Replace, Fail };

// Writes a temporary file beside `path`, flushes it, moves it into place and flushes the folder. On return the content is durable. With
// IfExists::Fail an existing file stays as it is, also when two processes race (AlreadyExists). A symbolic link at `path` is replaced, not followed.
Result<void> write_file_atomically(const std::filesystem::path& path, ByteView bytes, mode_t mode, IfExists if_exists = IfExists::Replace);

}  // namespace ipam
