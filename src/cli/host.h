// Host: everything of the process that the command line touches, so that tests can drive it without one: environment variables, standard streams,
// the terminal, the time. Thread rule: one thread.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

#include <optional>
#include <string>
#include <string_view>

namespace ipam::cli {

struct Terminals {
  bool input = false;   // a person may be asked
  bool output = false;  // standard output is looked at: colours and widths matter
  bool error = false;   // progress may be shown
  std::size_t columns = 80;
};

class Host {
 public:
  virtual ~Host() = default;

  virtual std::optional<std::string> variable(const std::string& name) const = 0;
  virtual Terminals terminals() const = 0;

  virtual void write_output(std::string_view text) = 0;
  virtual void write_error(std::string_view text) = 0;
  // What was written reaches its reader now. False: it did not take everything.
  virtual bool flush() = 0;
  // One line of standard input without its end; nothing at its end.
  virtual std::optional<std::string> read_line() = 0;
  // Asks on the terminal, without echo. Errors: FailedPrecondition (there is no terminal), Cancelled.
  virtual Result<Secret> read_secret(const std::string& prompt) = 0;

  virtual Time now() const = 0;
  virtual void pause(Duration duration) = 0;
};

}  // namespace ipam::cli
