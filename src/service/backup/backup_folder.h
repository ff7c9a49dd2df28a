// BackupFolder: the backups of one server on its disk.
//
//   <folder>/20261127T170102Z-48213/manifest.json   what it is; written last, so that a folder without one is no backup
//                                   database        the copy, as the engine of `kind` writes it
//
// Errors: NotFound, Malformed (a manifest), FailedPrecondition, those of base/file.h. Thread rule: any thread; calls block.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <boost/describe.hpp>

#include <filesystem>
#include <functional>
#include <vector>

namespace ipam::service {

struct BackupManifest {
  int format = 1;
  std::string name;
  std::string kind;     // "sqlite", "postgresql"
  std::string version;  // of the program that made it
  std::uint32_t schema_version = 0;
  Time created_at{};
  std::string actor;
  std::string note;
  std::uint64_t sequence = 0;  // of the newest journal record in it
  std::string chain;           // its link, in hexadecimal
  std::string master_key_id;   // of the key that its secrets are sealed with; the key itself is kept apart
  std::uint64_t bytes = 0;     // of the database's copy
  std::string sha256;          // of the same, in hexadecimal
};
BOOST_DESCRIBE_STRUCT(BackupManifest, (),
                      (format, name, kind, version, schema_version, created_at, actor, note, sequence, chain, master_key_id, bytes, sha256))

class BackupFolder {
 public:
  explicit BackupFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& path() const { return folder_; }
  // The newest first. A folder whose manifest cannot be read is left out.
  Result<std::vector<BackupManifest>> list() const;
  Result<BackupManifest> get(const std::string& name) const;
  std::filesystem::path database(const std::string& name) const { return folder_ / name / "database"; }

  // Makes a backup: `copy` writes the database into the file it is given and completes the manifest, name and creation time of which are set.
  using Copy = std::function<Result<void>(const std::filesystem::path& file, BackupManifest& manifest)>;
  Result<BackupManifest> add(Time now, const Copy& copy) const;
  Result<void> erase(const std::string& name) const;
  // Removes what a crash left half made. For the start.
  void clean() const;

  // Reads the copy and compares its digest with the manifest's; `told` gets percents. Errors: FailedPrecondition (damaged).
  Result<void> check_digest(const BackupManifest& manifest, const std::function<Result<void>(int percent)>& told) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace ipam::service
