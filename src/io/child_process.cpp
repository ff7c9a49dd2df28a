#include "io/child_process.h"

#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

extern char** environ;

namespace ipam::io {
namespace {

constexpr int kPollMilliseconds = 200;
constexpr std::size_t kPiece = std::size_t{1} << 16U;
constexpr std::size_t kLastWords = 600;

std::string message_of(int number) { return std::generic_category().message(number); }

void close_one(int& descriptor) {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

// The descriptors of both sides, closed when it goes but for those that were taken.
struct Ends {
  int input[2] = {-1, -1};   // ours, the program's
  int output[2] = {-1, -1};  // ours, the program's
  int messages = -1;

  ~Ends() {
    for (int* each : {&input[0], &input[1], &output[0], &output[1], &messages}) close_one(*each);
  }
  bool open() {
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input) == 0 && ::pipe2(output, O_CLOEXEC) == 0 &&
           (messages = ::memfd_create("messages", MFD_CLOEXEC)) >= 0;
  }
};

// What posix_spawn is to do, with the C library's objects freed.
struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  explicit SpawnPlan(const Ends& ends) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends.input[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends.output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends.messages, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    // This program blocks the signals that stop it in all its threads and ignores SIGPIPE; the other one shall not.
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

// As execve wants it; the texts live in `texts`.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(const ChildOptions& options) {
  std::vector<std::string> texts;
  const auto replaced = [&](std::string_view variable) {
    return std::any_of(options.environment.begin(), options.environment.end(),
                       [&](const auto& each) { return variable.starts_with(each.first + "="); });
  };
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!replaced(*variable)) texts.emplace_back(*variable);
  }
  for (const auto& [name, value] : options.environment) texts.push_back(name + "=" + value);
  return texts;
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const ChildOptions& options) {
  if (::access(options.program.c_str(), X_OK) != 0) return Error(ErrorCode::NotFound, "there is no program " + options.program);
  Ends ends;
  if (!ends.open()) return Error(ErrorCode::Unavailable, fmt::format("{} cannot be started: {}", options.program, message_of(errno)));
  const SpawnPlan plan(ends);
  std::vector<std::string> arguments{options.program};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> environment = environment_with(options);
  pid_t pid = -1;
  const int failed =
      ::posix_spawn(&pid, options.program.c_str(), &plan.actions, &plan.attributes, pointers(arguments).data(), pointers(environment).data());
  if (failed != 0) return Error(ErrorCode::Unavailable, fmt::format("{} cannot be started: {}", options.program, message_of(failed)));
  const std::string name = options.program.substr(options.program.rfind('/') + 1);
  return std::unique_ptr<ChildProcess>(
      new ChildProcess(name, pid, std::exchange(ends.input[0], -1), std::exchange(ends.output[0], -1), std::exchange(ends.messages, -1)));
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  close_one(input_);
  close_one(output_);
  close_one(messages_);
}

void ChildProcess::close_input() { close_one(input_); }

Result<void> ChildProcess::wait_until(int descriptor, short events, const GoOn& go_on) {
  while (true) {
    pollfd waited{descriptor, events, 0};
    const int ready = ::poll(&waited, 1, kPollMilliseconds);
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return Error(ErrorCode::Unavailable, fmt::format("{}: {}", name_, message_of(errno)));
    IPAM_TRY(go_on());
  }
}

Result<std::optional<std::string_view>> ChildProcess::read(const GoOn& go_on) {
  if (output_ < 0) return std::optional<std::string_view>{};
  buffer_.resize(kPiece);
  while (true) {
    IPAM_TRY(wait_until(output_, POLLIN, go_on));
    const ssize_t got = ::read(output_, buffer_.data(), buffer_.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error(ErrorCode::Unavailable, fmt::format("{}: {}", name_, message_of(errno)));
    if (got > 0) return std::optional(std::string_view(buffer_).substr(0, static_cast<std::size_t>(got)));
    close_one(output_);
    return std::optional<std::string_view>{};
  }
}

Result<void> ChildProcess::write(std::string_view bytes, const GoOn& go_on) {
  while (!bytes.empty()) {
    IPAM_TRY(wait_until(input_, POLLOUT, go_on));
    const ssize_t put = ::send(input_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    // It has ended; how, finish() tells better.
    if (put < 0) {
      auto ended = finish(go_on);
      return ended.ok() ? Error(ErrorCode::FailedPrecondition, name_ + " takes no more input") : std::move(ended);
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> ChildProcess::finish(const GoOn& go_on) {
  close_input();
  while (IPAM_TRY(read(go_on))) {
  }
  if (pid_ < 0) return {};
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return failed(status);
}

Error ChildProcess::failed(int status) const {
  const std::string how =
      WIFSIGNALED(status) ? fmt::format("was ended by signal {}", WTERMSIG(status)) : fmt::format("failed ({})", WEXITSTATUS(status));
  return {ErrorCode::FailedPrecondition, fmt::format("{} {}: {}", name_, how, last_words())};
}

// In one line.
std::string ChildProcess::last_words() const {
  const off_t size = ::lseek(messages_, 0, SEEK_END);
  const off_t from = std::max<off_t>(size - static_cast<off_t>(kLastWords), 0);
  std::string text(static_cast<std::size_t>(std::max<off_t>(size - from, 0)), '\0');
  const ssize_t got = ::pread(messages_, text.data(), text.size(), from);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.empty() ? "it said nothing" : text;
}

Result<std::string> find_program(const std::string& name, const std::string& elsewhere, const std::string& package) {
  const char* path = ::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    std::string file = std::string(rest.substr(0, end)) + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return file;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  glob_t found{};
  std::string newest;
  if (::glob((elsewhere + "/" + name).c_str(), 0, nullptr, &found) == 0) newest = found.gl_pathv[found.gl_pathc - 1];
  ::globfree(&found);
  if (!newest.empty()) return newest;
  return Error(ErrorCode::FailedPrecondition, fmt::format("{} is not installed on this server; install the package {}", name, package));
}

}  // namespace ipam::io
