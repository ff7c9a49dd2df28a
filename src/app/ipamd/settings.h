// Settings of ipamd: from the command line, over the environment (IPAMD_<NAME>), over a configuration file (TOML), over the defaults. What there is
// stands in settings/ipamd.toml. Thread rule: plain values.
#pragma once

#include "app/ipamd/settings_table.h"
#include "base/log.h"
#include "base/result.h"

#include <functional>
#include <iosfwd>
#include <optional>

namespace ipam::app {

struct ParsedArguments {
  Settings settings;
  std::string restore;             // the backup that is to be restored, instead of serving
  std::optional<int> exit_status;  // the program is to end now: --help, --version, or wrong usage
};

// The value of an environment variable, or null: getenv, but for tests.
using Environment = std::function<const char*(const char*)>;

// Writes help and usage errors to `out` and `error`. Errors: InvalidArgument (a value, with where it stands).
Result<ParsedArguments> read_settings(int argc, const char* const* argv, const Environment& environment, std::ostream& out, std::ostream& error);

// The level of log_level.
log::Level log_level(const Settings& settings);

}  // namespace ipam::app
