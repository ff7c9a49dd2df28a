// What an exception says, for the log line of the root that caught it. Thread rule: a pure function.
#pragma once

#include <exception>
#include <string>

namespace ipam::io {

inline std::string exception_text(const std::exception_ptr& exception) {
  if (!exception) return "none";
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception that is not a std::exception";
  }
}

}  // namespace ipam::io
