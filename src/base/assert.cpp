#include "base/assert.h"

#include <fmt/format.h>

namespace ipam {

void assertion_failed(const char* condition, const char* file, int line, const std::string& message) {
  throw LogicError(fmt::format("{}:{}: invariant '{}' does not hold: {}", file, line, condition, message));
}

}  // namespace ipam
