// An error as a person reads it: one sentence, what is wrong with each field beneath, what to do, and the request id. Thread rule: pure function.
#pragma once

#include "base/error.h"

#include <string>

namespace ipam::cli {

enum class Advice { None, SignIn };

std::string report(const Error& error, Advice when_unauthenticated);

}  // namespace ipam::cli
