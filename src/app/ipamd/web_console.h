// The web console that this server serves, if it has one. Thread rule: a pure function of the file system.
#pragma once

#include "console/console.h"

namespace ipam::app {

// Nothing when there is no such folder: many a server is asked by programs alone. Errors: of Console::read; a broken console is not passed over.
Result<std::optional<console::Console>> read_web_console(const std::filesystem::path& folder);

}  // namespace ipam::app
