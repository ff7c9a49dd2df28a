// ChildProcess: another program, with a pipe to its standard input and from its standard output; what it says on standard error is kept for the
// error.
//
//   auto dump = IPAM_TRY(ChildProcess::start({.program = "/usr/bin/pg_dump", .arguments = {"--version"}}));
//   while (auto piece = IPAM_TRY(dump->read(go_on))) …
//   IPAM_TRY(dump->finish(go_on));
//
// The program has this one's environment with the variables given, no other open file, no blocked signal, and does not outlive the object.
// Errors: NotFound (no such program), Unavailable (it cannot be started), FailedPrecondition (it ended with a status other than 0: what it said
// last), whatever `go_on` answers, which is asked several times a second while something is waited for. Thread rule: one thread; calls block.
#pragma once

#include "base/result.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::io {

struct ChildOptions {
  std::string program;  // a path
  std::vector<std::string> arguments = {};
  std::vector<std::pair<std::string, std::string>> environment = {};  // beside this program's own; never logged
};

class ChildProcess {
 public:
  using GoOn = std::function<Result<void>()>;

  static Result<std::unique_ptr<ChildProcess>> start(const ChildOptions& options);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The next piece of its output; nothing at the end. The view stays valid until the next call.
  Result<std::optional<std::string_view>> read(const GoOn& go_on);
  // Gives it input. Errors: FailedPrecondition when it takes no more.
  Result<void> write(std::string_view bytes, const GoOn& go_on);
  // Closes its input and waits for its end. Output that was not read is thrown away.
  Result<void> finish(const GoOn& go_on);

 private:
  ChildProcess(std::string name, int pid, int input, int output, int messages)
      : name_(std::move(name)), pid_(pid), input_(input), output_(output), messages_(messages) {}

  Result<void> wait_until(int descriptor, short events, const GoOn& go_on);
  void close_input();
  Error failed(int status) const;
  std::string last_words() const;

  const std::string name_;
  int pid_;    // -1: it has ended
  int input_;  // a socket, so that writing to one that has ended raises no signal
  int output_;
  int messages_;  // a file in memory: however much it says, it is not held up
  std::string buffer_;
};

// Where a program is: in PATH, else in the newest of the folders that match `elsewhere` ("/usr/lib/postgresql/*/bin"). Errors: FailedPrecondition,
// which says that `package` has it.
Result<std::string> find_program(const std::string& name, const std::string& elsewhere, const std::string& package);

}  // namespace ipam::io
