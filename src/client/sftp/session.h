// Session: one SFTP session with a server, for reading files.
//
// Errors: Unavailable (not reached, gone, no SFTP there), FailedPrecondition (the host key is not the pinned one, or none is pinned: the message
// shows the key's fingerprint in both spellings), Unauthenticated (the server refuses user, password or key), InvalidArgument (the private key cannot
// be read), PermissionDenied (the file may not be read), NotFound (the file), Malformed (larger than allowed), DeadlineExceeded, Cancelled. Messages
// begin with the server's host and port and hold no secret. Thread rule: one thread at a time. Calls block: never on an I/O thread.
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "io/deadline.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ipam::client::sftp {

enum class SignIn : std::uint8_t { Password, PrivateKey };

struct SessionOptions {
  std::string host;
  std::uint16_t port = 22;
  std::string user_name;
  SignIn sign_in = SignIn::Password;
  Secret secret;                     // the password, or the private key in PEM or OpenSSH's format, without passphrase
  std::string host_key_fingerprint;  // SHA-256 as 32 pairs of hexadecimal digits
};

struct FileStatus {
  std::uint64_t size = 0;
  std::uint64_t modified_at = 0;  // seconds since 1970, of the server's clock

  bool operator==(const FileStatus&) const = default;
};

class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const SessionOptions& options, const io::Deadline& deadline);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Nothing when there is no such file.
  Result<std::optional<FileStatus>> find_status(const std::string& path, const io::Deadline& deadline);
  // The file from its begin to its end, in pieces; answers how many bytes there were. An error of the taker ends it.
  using OnData = std::function<Result<void>(std::string_view)>;
  Result<std::uint64_t> read(const std::string& path, std::uint64_t limit, const OnData& on_data, const io::Deadline& deadline);

 private:
  struct Handles;
  explicit Session(std::unique_ptr<Handles> handles);

  std::unique_ptr<Handles> handles_;
};

}  // namespace ipam::client::sftp
