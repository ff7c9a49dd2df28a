#include "cli/process_host.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace ipam::cli {
namespace {

constexpr char kInterrupt = 3;  // Ctrl-C

// Echo off for as long as it lives. Ctrl-C would end the process and leave the terminal mute, so it ends the line instead of raising a signal.
class SilentTerminal {
 public:
  SilentTerminal() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    silent.c_cc[VEOL] = kInterrupt;
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  bool silent() const { return changed_; }

 private:
  termios before_{};
  bool changed_ = false;
};

std::optional<std::string> read_until_line_end() {
  std::string line;
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) == 1) {
    if (c == kInterrupt) return std::nullopt;
    if (c == '\n') return line;
    line += c;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ProcessHost::variable(const std::string& name) const {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Terminals ProcessHost::terminals() const {
  Terminals terminals{isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1, 80};
  winsize size{};
  if (terminals.output && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) terminals.columns = size.ws_col;
  return terminals;
}

void ProcessHost::write_output(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void ProcessHost::write_error(std::string_view text) {
  std::fflush(stdout);  // both may be one terminal
  std::fwrite(text.data(), 1, text.size(), stderr);
}

std::optional<std::string> ProcessHost::read_line() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

Result<Secret> ProcessHost::read_secret(const std::string& prompt) {
  write_error(prompt);
  std::optional<std::string> line;
  {
    const SilentTerminal terminal;
    if (!terminal.silent()) return Error(ErrorCode::FailedPrecondition, "the terminal cannot hide what is typed");
    line = read_until_line_end();
  }
  write_error("\n");
  if (!line) return Error(ErrorCode::Cancelled, "cancelled");
  return Secret(std::move(*line));
}

void ProcessHost::pause(Duration duration) { std::this_thread::sleep_for(duration); }

bool ProcessHost::flush() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

}  // namespace ipam::cli
