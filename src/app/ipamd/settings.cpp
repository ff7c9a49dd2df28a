#include "app/ipamd/settings.h"

#include "base/strings.h"
#include "base/version.h"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <CLI/CLI.hpp>

#include <ostream>

namespace ipam::app {
namespace {

Result<std::pair<std::string, std::uint16_t>> read_listen(const std::string& text) {
  const Error bad(ErrorCode::InvalidArgument, fmt::format("listen '{}' is not ADDRESS:PORT, as in 127.0.0.1:48885 or [::1]:48885", text));
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return bad;
  std::string address = text.substr(0, colon);
  if (address.size() > 2 && address.front() == '[' && address.back() == ']') address = address.substr(1, address.size() - 2);
  const auto port = parse_integer<std::uint16_t>(std::string_view(text).substr(colon + 1));
  if (!port || address.empty()) return bad;
  return std::pair(address, *port);
}

Result<log::Level> read_level(const std::string& text) {
  if (text == "debug") return log::Level::Debug;
  if (text == "info") return log::Level::Info;
  if (text == "warning") return log::Level::Warning;
  if (text == "error") return log::Level::Error;
  return Error(ErrorCode::InvalidArgument, fmt::format("log_level '{}' is none of debug, info, warning, error", text));
}

// The texts of the settings, by name, as the file or the command line gives them.
struct Texts {
  std::optional<std::string> data_folder, database, database_password_file, listen, log_level;
  std::vector<std::string> names;
};

Result<void> apply(const Texts& texts, Settings& settings) {
  if (texts.data_folder) settings.data_folder = *texts.data_folder;
  if (texts.database) settings.database = *texts.database;
  if (texts.database_password_file) settings.database_password_file = *texts.database_password_file;
  if (texts.listen) std::tie(settings.listen_address, settings.listen_port) = IPAM_TRY(read_listen(*texts.listen));
  if (texts.log_level) settings.log_level = IPAM_TRY(read_level(*texts.log_level));
  if (!texts.names.empty()) settings.names = texts.names;
  return {};
}

Result<Texts> read_file(const std::string& path) {
  Texts texts;
  try {
    const toml::table file = toml::parse_file(path);
    for (const auto& [key, value] : file) {
      const std::string name(key.str());
      const auto text = value.value<std::string>();
      if (name == "names" && value.is_array()) {
        for (const auto& item : *value.as_array()) texts.names.push_back(item.value_or(std::string()));
      } else if (text && name == "data_folder") {
        texts.data_folder = text;
      } else if (text && name == "database") {
        texts.database = text;
      } else if (text && name == "database_password_file") {
        texts.database_password_file = text;
      } else if (text && name == "listen") {
        texts.listen = text;
      } else if (text && name == "log_level") {
        texts.log_level = text;
      } else {
        return Error(ErrorCode::InvalidArgument,
                     fmt::format("{}:{}: '{}' is not a setting, or its value is not of the right kind", path, key.source().begin.line, name));
      }
    }
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::InvalidArgument, fmt::format("{}:{}: {}", path, failure.source().begin.line, failure.description()));
  }
  return texts;
}

}  // namespace

Result<ParsedArguments> read_settings(int argc, const char* const* argv, std::ostream& out, std::ostream& error) {
  ParsedArguments parsed;
  Texts given;
  std::string config;
  CLI::App app{"The Cadastre IPAM server: API, scheduled tasks and embedded database in one process.", "ipamd"};
  app.set_version_flag("--version", std::string("ipamd ") + kVersion);
  app.add_option("--config", config, "Configuration file (TOML): data_folder, database, database_password_file, listen, names, log_level");
  app.add_option("--data", given.data_folder, "Folder of the database, keys and certificate; made when it is not there [/var/lib/ipam]");
  app.add_option("--database", given.database,
                 "postgresql://USER@HOST/NAME: a PostgreSQL database, which several servers may share [the embedded one in the data folder]");
  app.add_option("--database-password-file", given.database_password_file, "File of mode 0600 with the password for it [PGPASSFILE, ~/.pgpass]");
  app.add_option("--listen", given.listen, "ADDRESS:PORT of the HTTPS listener [0.0.0.0:48885]");
  app.add_option("--name", given.names, "DNS name or address by which clients reach the server, for its own certificate (repeatable)");
  app.add_option("--log-level", given.log_level, "debug, info, warning or error [info]");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    const int status = app.exit(failure, out, error);
    parsed.exit_status = status == 0 ? 0 : 2;
    return parsed;
  }
  if (!config.empty()) IPAM_TRY(apply(IPAM_TRY(read_file(config)), parsed.settings));
  IPAM_TRY(apply(given, parsed.settings));
  return parsed;
}

}  // namespace ipam::app
