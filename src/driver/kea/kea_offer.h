// What a Kea server offers: the answers to list-commands and version-get, and what follows for Cadastre. Thread rule: pure functions.
#pragma once

#include "driver/driver.h"
#include "driver/kea/kea_service.h"

#include <string>
#include <string_view>
#include <vector>

namespace ipam::driver::kea {

// The commands, sorted. Errors: those of open_answer.
Result<std::vector<std::string>> read_commands(Service service, std::string_view answer);
// "2.2.0". Errors: those of open_answer.
Result<std::string> read_version(Service service, std::string_view answer);
// Findings of status-get: what hinders the server's own work (a network socket that cannot be opened). Errors: those of open_answer.
Result<std::vector<std::string>> read_status(Service service, std::string_view answer);

// Whether the server answered itself, without an agent between (Kea 2.7 and later). `answer` is one that was read already.
bool is_alone(std::string_view answer);
// Whether the answer to statistic-get holds this counter. Errors: those of open_answer.
Result<bool> has_statistic(Service service, std::string_view answer, std::string_view name);

bool offers(const std::vector<std::string>& commands, std::string_view command);
// Capabilities and findings that follow from the commands; docs/servers/kea.md says what each brings.
ProbeReport report_on(Service service, const std::vector<std::string>& commands);
// What holds for both services of one server: a capability that one of them lacks is not the server's; all findings.
ProbeReport join_reports(ProbeReport first, ProbeReport second);

}  // namespace ipam::driver::kea
