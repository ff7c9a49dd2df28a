// Passwords and other secrets: from a file, from standard input, or asked for without echo. Never from an argument, which every user of the machine
// can read. Thread rule: one thread.
#pragma once

#include "cli/host.h"

#include <string>

namespace ipam::cli {

enum class Repeat { Once, Twice };

// From the first line of `file`; "-" is standard input, or the terminal when that is one. An empty `file` asks on the terminal. `option` is named
// when nobody can be asked. Errors: InvalidArgument (empty, two answers that differ), FailedPrecondition (no terminal), those of base/file.h.
Result<Secret> get_secret(Host& host, const std::string& file, const std::string& prompt, const std::string& option, Repeat repeat);

}  // namespace ipam::cli
