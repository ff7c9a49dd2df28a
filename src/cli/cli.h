// The command line of Cadastre: `ipam <noun> <verb>`. Everything it does goes through the API (contract), so whatever it can do a script can do too.
// Thread rule: one thread.
#pragma once

#include "cli/connection.h"
#include "cli/host.h"

#include <string>
#include <vector>

namespace ipam::cli {

// Runs one command; `arguments` without the program's name. Answers the exit status: 0, 1 (the command ran and what it asked about is not well), 2
// (wrong usage), or that of the error (base/error.h). Errors are told on standard error.
int run(const std::vector<std::string>& arguments, Host& host, Connector& connector);

// The same on the real process and over HTTPS.
int run_process(int count, char** arguments);

}  // namespace ipam::cli
