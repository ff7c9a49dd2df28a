// The envelope of Kea's control channel (Kea Administrator Reference Manual, "Management API", section "Data Syntax"): the question
// {"command", "service", "arguments"} and the answer {"result", "text", "arguments"}. A control agent answers an array with one item a service asked;
// a server that is asked directly (Kea 2.7 and later) may answer the object alone: both are read.
// Thread rule: pure functions.
#pragma once

#include "base/result.h"
#include "driver/kea/kea_service.h"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace ipam::driver::kea {

// Kea says "nothing found" with a result code of its own, which is no failure.
enum class Outcome { Success, Empty };

struct Answer {
  Outcome outcome = Outcome::Success;
  std::string text;              // for people, except that of version-get
  boost::json::value arguments;  // null when the answer has none
};

// The body of a question to the service; `arguments` is JSON text or empty.
std::string question(Service service, std::string_view command, std::string_view arguments = {});

// Errors: Unsupported (result 2; the message says what brings the command), Unavailable (the agent cannot reach its DHCP server), FailedPrecondition
// (any other refusal, with the server's text), Unauthenticated, PermissionDenied, Malformed.
Result<Answer> open_answer(Service service, std::string_view command, std::string_view body);

// What an operator does to have this command: "load the hook library libdhcp_lease_cmds.so".
std::string_view remedy_for_missing(std::string_view command);

}  // namespace ipam::driver::kea
