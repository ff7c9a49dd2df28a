// Console: the files of the web console, read once from a folder and answered from memory.
//
// A path is looked up in a map of what was read, so no path of a client reaches the file system. Beside `x` may stand `x.gz`, the same compressed,
// which is sent to those who take gzip. `index.html` must be there; each `__CSP_NONCE__` in it becomes the nonce of the answer's
// Content-Security-Policy. Thread rule: immutable; any thread.
#pragma once

#include "base/result.h"
#include "http_server/router.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace ipam::console {

class Console {
 public:
  // Errors: NotFound (no such folder), InvalidArgument (no index.html; a link out of the folder), Exhausted (more than 64 MiB), Unavailable.
  static Result<Console> read(const std::filesystem::path& folder);

  // The answer to a GET or HEAD of a path that is no route: a file, 304, or index.html for a page. Nothing for other methods, for paths of the API
  // and for files that there are not.
  std::optional<http_server::Response> answer(const http_server::Request& request) const;

  std::size_t file_count() const { return files_.size() + 1; }

 private:
  struct File {
    std::string content;
    std::string gzip;  // empty: there is none
    std::string type;
    std::string etag;
    bool immutable = false;
  };

  Console() = default;
  Result<void> take(const std::filesystem::path& folder, const std::filesystem::path& path);
  http_server::Response page() const;

  std::map<std::string, File, std::less<>> files_;  // by path: "assets/index-4f2a.js"
  std::string index_;
};

}  // namespace ipam::console
