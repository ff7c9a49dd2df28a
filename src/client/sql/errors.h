// What a SQLSTATE (postgresql.org/docs/15/errcodes-appendix.html) and a message of libpq mean to Cadastre. Thread rule: pure functions.
#pragma once

#include "base/error.h"

namespace ipam::client::sql {

// `server` names the server in the message, `detail` is for the log.
Error error_of_state(std::string_view sqlstate, const std::string& server, std::string detail);

// A message of libpq (it may be null) without its line ends.
std::string one_line(const char* text);

}  // namespace ipam::client::sql
