// The log: one line an event, "message key=value …", on standard error, for what an operator must know. The message is a constant sentence; what
// varies stands in the fields, so that lines can be counted and filtered. A Secret cannot be a field (it has no formatter).
//
//   log::info("collection finished", {{"server", name}, {"leases", count}});
//
// Thread rule: any thread.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace ipam::log {

enum class Level { Debug, Info, Warning, Error };

struct Field {
  std::string_view key;
  std::string value;

  template <class T>
  Field(std::string_view key_in, const T& value_in) : key(key_in), value(fmt::format("{}", value_in)) {}
};
using Fields = std::initializer_list<Field>;

void set_level(Level level);
void write(Level level, std::string_view message, Fields fields);

inline void debug(std::string_view message, Fields fields = {}) { write(Level::Debug, message, fields); }
inline void info(std::string_view message, Fields fields = {}) { write(Level::Info, message, fields); }
inline void warning(std::string_view message, Fields fields = {}) { write(Level::Warning, message, fields); }
inline void error(std::string_view message, Fields fields = {}) { write(Level::Error, message, fields); }

// `value` as it stands in a line: quoted when it has spaces or quotes; control characters escaped, so that no input can forge a line.
std::string quote_value(std::string_view value);

}  // namespace ipam::log
