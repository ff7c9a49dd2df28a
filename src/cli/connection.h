// Connection: one request to the server, one reply. The command line knows HTTP only through this, so its tests need no socket.
//
// Errors of send: Unavailable (refused, reset), NotFound (no such host), DeadlineExceeded, FailedPrecondition (the certificate is not trusted; the
// message holds the fingerprint seen), Malformed (not HTTP). An HTTP status of any kind is a reply, not an error. Thread rule: one thread.
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::cli {

// Where the server is and why it is believed. With neither fingerprint nor CA file the system's authorities decide.
struct ServerAccess {
  std::string url;
  std::string fingerprint;
  std::string ca_file;
  Secret token;
};

// A body that is a file: it is sent as it is read.
struct FileBody {
  std::uint64_t size = 0;
  std::function<Result<std::string>()> next;  // the next piece, not empty before `size` bytes were given
};

struct Call {
  std::string method = "GET";
  std::string target;  // path and query, percent-encoded
  std::string body;    // JSON, or empty
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<FileBody> file = {};  // instead of `body`
};

struct Reply {
  int status = 0;
  std::string body;
};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual Result<Reply> send(Call call) = 0;
  // An answer that is taken as it comes: an event stream. `take` ends it by answering false. The body of the reply is that of a refusal, else empty.
  virtual Result<Reply> stream(Call call, const std::function<Result<bool>(std::string_view)>& take) = 0;
};

class Connector {
 public:
  virtual ~Connector() = default;
  // Errors: InvalidArgument (no https URL, unreadable CA file, bad fingerprint).
  virtual Result<std::unique_ptr<Connection>> open(const ServerAccess& access) = 0;
  // The fingerprint of the certificate that the server shows, trusted or not: lower case hex with ':'.
  virtual Result<std::string> fingerprint(const std::string& url) = 0;
};

}  // namespace ipam::cli
