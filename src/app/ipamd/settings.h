// Settings of ipamd: from the command line, over a configuration file (TOML), over the defaults. Thread rule: plain values.
#pragma once

#include "base/log.h"
#include "base/result.h"

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace ipam::app {

struct Settings {
  std::filesystem::path data_folder = "/var/lib/ipam";  // database, keys, certificate: everything in one folder
  std::string database;                                 // postgresql://user@host/name; empty: the embedded database in the data folder
  std::filesystem::path database_password_file;         // 0600; empty: PGPASSFILE and what else libpq looks at
  std::string listen_address = "0.0.0.0";
  std::uint16_t listen_port = 48885;
  std::vector<std::string> names;  // what clients call this server: for the certificate made at the first start
  std::size_t io_threads = 2;
  std::size_t max_connections = 4096;
  log::Level log_level = log::Level::Info;
};

struct ParsedArguments {
  Settings settings;
  std::optional<int> exit_status;  // the program is to end now: --help, --version, or wrong usage
};

// Writes help and usage errors to `out` and `error`. Errors: InvalidArgument (the configuration file, with the line).
Result<ParsedArguments> read_settings(int argc, const char* const* argv, std::ostream& out, std::ostream& error);

}  // namespace ipam::app
