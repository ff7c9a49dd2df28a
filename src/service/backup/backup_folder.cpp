#include "service/backup/backup_folder.h"

#include "base/file.h"
#include "base/log.h"
#include "base/strings.h"
#include "crypto/running_hash.h"
#include "json/codec.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxManifest = 64'000;
constexpr std::size_t kMaxName = 100;
constexpr std::string_view kUnfinished = ".unfinished-";

// No name leads out of the folder.
bool is_name(std::string_view name) {
  const auto allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.'; };
  return !name.empty() && name.size() <= kMaxName && name.front() != '.' && std::all_of(name.begin(), name.end(), allowed);
}

Result<BackupManifest> read_manifest(const fs::path& folder) {
  auto manifest = json::read<BackupManifest>(IPAM_TRY(read_file(folder / "manifest.json", kMaxManifest)));
  if (!manifest.ok())
    return std::move(manifest).error().wrapped(ErrorCode::Malformed, fmt::format("the manifest of {} cannot be read", folder.string()));
  manifest->name = folder.filename().string();  // it may have been copied under another name
  return manifest;
}

std::string name_of(Time now, std::uint64_t sequence) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}-{}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), sequence);
}

// A folder that goes unless it was moved to its place.
struct Unfinished {
  fs::path path;
  ~Unfinished() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
};

}  // namespace

Result<std::vector<BackupManifest>> BackupFolder::list() const {
  std::vector<BackupManifest> manifests;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder_, missing)) {
    if (!is_name(entry.path().filename().string())) continue;
    auto manifest = read_manifest(entry.path());
    if (manifest.ok()) {
      manifests.push_back(std::move(manifest).value());
    } else {
      log::debug("not a backup", {{"folder", entry.path().string()}, {"why", manifest.error().describe()}});
    }
  }
  std::sort(manifests.begin(), manifests.end(),
            [](const BackupManifest& a, const BackupManifest& b) { return std::tie(a.created_at, a.name) > std::tie(b.created_at, b.name); });
  return manifests;
}

Result<BackupManifest> BackupFolder::get(const std::string& name) const {
  if (!is_name(name) || !fs::exists(folder_ / name / "manifest.json")) {
    return Error(ErrorCode::NotFound, fmt::format("there is no backup {} in {}", shorten(name, kMaxName), folder_.string()));
  }
  return read_manifest(folder_ / name);
}

Result<BackupManifest> BackupFolder::add(Time now, const Copy& copy) const {
  std::error_code failed;
  if (fs::create_directories(folder_, failed)) fs::permissions(folder_, fs::perms::owner_all, failed);
  Unfinished unfinished{folder_ / fmt::format("{}{}", kUnfinished, now.time_since_epoch().count())};
  if (!failed) fs::create_directory(unfinished.path, failed);
  if (!failed) fs::permissions(unfinished.path, fs::perms::owner_all, failed);
  if (failed) return Error(ErrorCode::Unavailable, fmt::format("no backup can be made in {}: {}", folder_.string(), failed.message()));

  BackupManifest manifest;
  manifest.created_at = now;
  const fs::path file = unfinished.path / "database";
  IPAM_TRY(copy(file, manifest));
  crypto::RunningHash hash;
  IPAM_TRY(read_pieces(file, [&](std::string_view piece, std::uint64_t done, std::uint64_t) -> Result<void> {
    hash.add(as_bytes(piece));
    manifest.bytes = done;
    return {};
  }));
  manifest.sha256 = to_hex(hash.digest());
  manifest.name = name_of(now, manifest.sequence);
  for (int i = 2; fs::exists(folder_ / manifest.name); ++i) manifest.name = fmt::format("{}-{}", name_of(now, manifest.sequence), i);
  IPAM_TRY(write_file_atomically(unfinished.path / "manifest.json", as_bytes(json::write(manifest) + "\n"), 0600));
  IPAM_TRY(move_file(unfinished.path, folder_ / manifest.name));
  unfinished.path.clear();
  return manifest;
}

Result<void> BackupFolder::erase(const std::string& name) const {
  IPAM_TRY(get(name));
  // First it is no backup any more, then it goes.
  const Unfinished going{folder_ / fmt::format("{}{}", kUnfinished, name)};
  return move_file(folder_ / name, going.path);
}

void BackupFolder::clean() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    if (entry.path().filename().string().starts_with(kUnfinished)) fs::remove_all(entry.path(), ignored);
  }
}

Result<void> BackupFolder::check_digest(const BackupManifest& manifest, const std::function<Result<void>(int)>& told) const {
  crypto::RunningHash hash;
  std::uint64_t bytes = 0;
  IPAM_TRY(read_pieces(database(manifest.name), [&](std::string_view piece, std::uint64_t done, std::uint64_t size) {
    hash.add(as_bytes(piece));
    bytes = done;
    return told(static_cast<int>(100 * done / std::max<std::uint64_t>(size, 1)));
  }));
  if (bytes == manifest.bytes && to_hex(hash.digest()) == manifest.sha256) return {};
  return Error(ErrorCode::FailedPrecondition,
               fmt::format("the backup {} is damaged: its copy of the database is not what was written ({} bytes, {} expected); use another one",
                           manifest.name, bytes, manifest.bytes));
}

}  // namespace ipam::service
