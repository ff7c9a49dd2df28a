// What a Kea server offers: the answers to list-commands and version-get, and what follows for Cadastre. Thread rule: pure functions.
#pragma once

#include "driver/driver.h"

#include <string>
#include <string_view>
#include <vector>

namespace ipam::driver::kea {

// The commands, sorted. Errors: those of open_answer.
Result<std::vector<std::string>> read_commands(std::string_view answer);
// "2.2.0". Errors: those of open_answer.
Result<std::string> read_version(std::string_view answer);
// Findings of status-get: what hinders the server's own work (a network socket that cannot be opened). Errors: those of open_answer.
Result<std::vector<std::string>> read_status(std::string_view answer);

bool offers(const std::vector<std::string>& commands, std::string_view command);
// Capabilities and findings that follow from the commands; docs/servers/kea.md says what each brings.
ProbeReport report_on(const std::vector<std::string>& commands);

}  // namespace ipam::driver::kea
