// The IPAM server's own configuration in the API: /api/v1/server_config. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

enum class LogLevel { Debug, Info, Warning, Error };
BOOST_DESCRIBE_ENUM(LogLevel, Debug, Info, Warning, Error)

struct ServerConfig {
  std::string version;
  std::string node;            // this server's name among several on one database; empty when it is alone
  std::string listen_address;  // where it was told to listen
  std::uint32_t listen_port = 0;
  std::string database;              // "sqlite", "postgres"
  std::uint32_t schema_version = 0;  // the newest migration that this program knows and the database has
  std::string master_key_id;         // names the key that seals credentials, and tells nothing of it
  LogLevel log_level = LogLevel::Info;
  Time started_at{};  // when it began to serve
};
BOOST_DESCRIBE_STRUCT(ServerConfig, (), (version, node, listen_address, listen_port, database, schema_version, master_key_id, log_level, started_at))

// What a running server can change is changed until it ends; of the rest the refusal says where it is set.
struct ServerConfigPatch {
  std::optional<LogLevel> log_level;
  std::optional<std::string> listen_address;
  std::optional<std::uint32_t> listen_port;
  std::optional<std::string> database;
};
BOOST_DESCRIBE_STRUCT(ServerConfigPatch, (), (log_level, listen_address, listen_port, database))

}  // namespace ipam::contract
