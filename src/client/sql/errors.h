// What a SQLSTATE (postgresql.org/docs/15/errcodes-appendix.html) means to Cadastre. Thread rule: pure functions.
#pragma once

#include "base/error.h"

namespace ipam::client::sql {

// `server` names the server in the message, `detail` is for the log.
Error error_of_state(std::string_view sqlstate, const std::string& server, std::string detail);

}  // namespace ipam::client::sql
