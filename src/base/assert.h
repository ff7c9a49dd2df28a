// IPAM_ASSERT(condition, message): an invariant of the program, never a check of input. It holds in every build: a broken invariant throws
// LogicError, which the nearest root (request, job, main) catches, logs and answers as an internal error.
#pragma once

#include <stdexcept>
#include <string>

namespace ipam {

class LogicError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line, const std::string& message);

}  // namespace ipam

#define IPAM_ASSERT(condition, message)                                                  \
  do {                                                                                   \
    if (!(condition)) ::ipam::assertion_failed(#condition, __FILE__, __LINE__, message); \
  } while (false)
