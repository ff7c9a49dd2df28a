// The profile file: which server `ipam` speaks to, whom it trusts and what it signed in with, one section a profile.
//
//   [default]
//   server = "https://127.0.0.1:48885"
//   user_name = "admin"
//   token = "…"
//
// The format is a subset of TOML 1.0: section headers, `key = "basic string"`, comments. It holds session tokens, so it is 0600, is refused when
// others may read it, and is written atomically. Keys that this version does not know are refused rather than lost by the next write.
// Thread rule: plain values; the file functions block.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace ipam::cli {

struct Profile {
  std::string server;
  std::string fingerprint;  // SHA-256 of the certificate that is trusted
  std::string ca_file;
  std::string user_name;
  std::string token;
  std::string expires_at;

  bool operator==(const Profile&) const = default;
};

using Profiles = std::map<std::string, Profile>;

// Errors: Malformed, naming the line.
Result<Profiles> parse_profiles(std::string_view text);
std::string write_profiles(const Profiles& profiles);

// A file that does not exist is no profiles. Errors: as parse_profiles and base/file.h.
Result<Profiles> load_profiles(const std::filesystem::path& path);
// Makes the folder (0700) when there is none.
Result<void> save_profiles(const std::filesystem::path& path, const Profiles& profiles);

}  // namespace ipam::cli
