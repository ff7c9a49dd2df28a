// Errors as answers: application/problem+json (RFC 9457) with the members of our own: "code" (the stable name of base/error.h), "errors" (what is
// wrong with which field, by JSON pointer) and "request_id". Only what is public is in it: detail and cause go to the log. Thread rule: pure
// functions.
#pragma once

#include "base/error.h"
#include "wire/http1/message.h"

#include <string_view>

namespace ipam::http_server {

// `status` replaces the one of the error table where HTTP has a status of its own (405, 408, 413, 431); 0 leaves it.
wire::http1::Response problem_response(const Error& error, std::string_view request_id, int status = 0);

// The text as a JSON string with its quotes. Text that is not clean UTF-8 loses what is beyond ASCII.
std::string json_string(std::string_view text);

}  // namespace ipam::http_server
