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
#include <functional>
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

// Given the content of a file piece by piece, with how much of the whole has been given.
using OnPiece = std::function<Result<void>(std::string_view piece, std::uint64_t done, std::uint64_t size)>;
// Reads a file of any length. Ends with the error of `on_piece`.
Result<void> read_pieces(const std::filesystem::path& path, const OnPiece& on_piece);
// Makes the new file `to`, for its owner alone and durable, with the content of `from`; `told` as read_pieces.
Result<void> copy_file(const std::filesystem::path& from, const std::filesystem::path& to, const OnPiece& told);
// What was written to the file by whomever is durable on return.
Result<void> flush_file(const std::filesystem::path& path);
// What was made, moved and removed in the folder is durable on return.
Result<void> flush_folder(const std::filesystem::path& folder);
// Moves within one file system, durably; replaces what is there.
Result<void> move_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace ipam
