#include "console/console.h"

#include "base/file.h"
#include "base/strings.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace ipam::console {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} * 1024 * 1024;
constexpr std::string_view kNonceMark = "__CSP_NONCE__";
constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kGzip = ".gz";

struct MediaType {
  std::string_view extension;
  std::string_view type;
};
constexpr std::array kMediaTypes{MediaType{".js", "text/javascript; charset=utf-8"},
                                 MediaType{".css", "text/css; charset=utf-8"},
                                 MediaType{".html", "text/html; charset=utf-8"},
                                 MediaType{".json", "application/json"},
                                 MediaType{".webmanifest", "application/manifest+json"},
                                 MediaType{".svg", "image/svg+xml"},
                                 MediaType{".png", "image/png"},
                                 MediaType{".ico", "image/x-icon"},
                                 MediaType{".woff2", "font/woff2"},
                                 MediaType{".txt", "text/plain; charset=utf-8"},
                                 MediaType{".map", "application/json"}};

std::string media_type(const std::string& extension) {
  const auto* const found = std::find_if(kMediaTypes.begin(), kMediaTypes.end(), [&](const MediaType& each) { return each.extension == extension; });
  return std::string(found == kMediaTypes.end() ? "application/octet-stream" : found->type);
}

// What the API and the machines that watch the server ask for; a page of the console is never there.
bool belongs_to_server(std::string_view path) {
  for (const std::string_view root : {"/api", "/healthz", "/readyz", "/metrics"}) {
    if (path == root || (path.substr(0, root.size()) == root && path.size() > root.size() && path[root.size()] == '/')) return true;
  }
  return false;
}

bool has_extension(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.find('.', slash == std::string_view::npos ? 0 : slash) != std::string_view::npos;
}

std::string etag_of(std::string_view content) {
  const crypto::Digest digest = crypto::sha256(as_bytes(content));
  std::string text = "\"";
  for (std::size_t i = 0; i < 16; ++i) text += fmt::format("{:02x}", digest[i]);
  return text + '"';
}

// Everything from this server, nothing inline; the kit of the console makes its style elements with the nonce. No other site may frame it.
std::string policy(std::string_view nonce) {
  return fmt::format(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
      "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      nonce);
}

void add_guards(http_server::Headers& headers) {
  headers.set("X-Frame-Options", "DENY");  // for what does not know frame-ancestors
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace

Result<Console> Console::read(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path root = std::filesystem::canonical(folder, error);
  if (error || !std::filesystem::is_directory(root, error)) {
    return Error(ErrorCode::NotFound, fmt::format("there is no folder {} with the console", folder.string()));
  }
  Console console;
  std::filesystem::recursive_directory_iterator each(root, error);
  for (const std::filesystem::recursive_directory_iterator end; !error && each != end; each.increment(error)) {
    std::error_code unreadable;
    if (each->is_directory(unreadable)) continue;
    IPAM_TRY(console.take(root, each->path()));
  }
  if (error) return Error(ErrorCode::Unavailable, fmt::format("{} cannot be read: {}", root.string(), error.message()));
  if (console.index_.empty()) return Error(ErrorCode::InvalidArgument, fmt::format("{} has no index.html", root.string()));
  // What is compressed belongs to its file and is no file by itself.
  for (auto& [path, file] : console.files_) {
    const auto compressed = console.files_.find(path + std::string(kGzip));
    if (compressed != console.files_.end()) file.gzip = compressed->second.content;
  }
  std::erase_if(console.files_, [](const auto& entry) { return std::string_view(entry.first).ends_with(kGzip); });
  return console;
}

Result<void> Console::take(const std::filesystem::path& folder, const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  const std::string name = path.lexically_relative(folder).generic_string();
  if (error) return Error(ErrorCode::Unavailable, fmt::format("{} cannot be read: {}", path.string(), error.message()));
  if (real.lexically_relative(folder).generic_string().substr(0, 2) == "..") {
    return Error(ErrorCode::InvalidArgument, fmt::format("{} is a link that leads out of the folder of the console", path.string()));
  }
  std::size_t total = index_.size();
  for (const auto& [other, file] : files_) total += file.content.size();
  File file;
  file.content = IPAM_TRY(read_file(real, kMaxBytes - std::min(total, kMaxBytes)));
  if (name == kIndex) {
    index_ = std::move(file.content);
    return {};
  }
  file.type = media_type(path.extension().string());
  file.etag = etag_of(file.content);
  file.immutable = name.substr(0, 7) == "assets/";
  files_.emplace(name, std::move(file));
  return {};
}

std::optional<http_server::Response> Console::answer(const http_server::Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (request.path.empty() || request.path.front() != '/' || belongs_to_server(request.path)) return std::nullopt;
  const auto found = files_.find(std::string_view(request.path).substr(1));
  if (found == files_.end()) {
    const bool is_index = request.path == "/" || request.path == "/index.html";
    if (!is_index && has_extension(request.path)) return std::nullopt;
    return page();
  }
  const File& file = found->second;
  http_server::Response response;
  add_guards(response.headers);
  response.headers.set("ETag", file.etag);
  response.headers.set("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (!file.gzip.empty()) response.headers.set("Vary", "Accept-Encoding");
  const auto known = request.headers.find("If-None-Match");
  if (known && known->find(file.etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.headers.set("Content-Type", file.type);
  const bool compressed = !file.gzip.empty() && request.headers.lists_token("Accept-Encoding", "gzip");
  if (compressed) response.headers.set("Content-Encoding", "gzip");
  response.body = compressed ? file.gzip : file.content;
  return response;
}

http_server::Response Console::page() const {
  const Secret nonce = crypto::random_token();
  http_server::Response response;
  add_guards(response.headers);
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Content-Security-Policy", policy(nonce.reveal()));
  response.headers.set("Cache-Control", "no-store");
  std::string_view rest = index_;
  for (auto mark = rest.find(kNonceMark); mark != std::string_view::npos; mark = rest.find(kNonceMark)) {
    response.body += rest.substr(0, mark);
    response.body += nonce.reveal();
    rest.remove_prefix(mark + kNonceMark.size());
  }
  response.body += rest;
  return response;
}

}  // namespace ipam::console
