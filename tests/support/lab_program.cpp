#include "support/lab_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace ipam::test {
namespace {

constexpr int kStartMilliseconds = 180'000;

struct Child {
  pid_t id = -1;
  int input = -1;
  int output = -1;
};

Child spawn(std::vector<std::string>& arguments) {
  std::array<int, 2> to_child{};
  std::array<int, 2> from_child{};
  if (pipe2(to_child.data(), O_CLOEXEC) != 0 || pipe2(from_child.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for a program");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  Child child{.input = to_child[1], .output = from_child[0]};
  const int spawned = posix_spawnp(&child.id, argv.front(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to_child[0]);
  close(from_child[1]);
  if (spawned != 0) child.id = -1;
  return child;
}

}  // namespace

LabProgram::LabProgram(const std::string& script, std::vector<std::string> arguments) : script_(script) {
  arguments.insert(arguments.begin(), {"python3", IPAM_SOURCE_FOLDER "/tests/lab/" + script});
  const Child child = spawn(arguments);
  child_ = child.id;
  input_ = child.input;
  std::array<char, 4096> buffer{};
  pollfd ready{.fd = child.output, .events = POLLIN, .revents = 0};
  while (child_ > 0 && line_.find('\n') == std::string::npos && poll(&ready, 1, kStartMilliseconds) == 1) {
    const ssize_t count = read(child.output, buffer.data(), buffer.size());
    if (count <= 0) break;
    line_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  close(child.output);
  if (!line_.empty()) return;
  stop();
  throw std::runtime_error("tests/lab/" + script + " did not start; its message stands above");
}

LabProgram::~LabProgram() { stop(); }

std::string LabProgram::text(const std::string& key) const {
  const std::string begin = "\"" + key + "\": \"";
  const std::size_t at = line_.find(begin);
  if (at == std::string::npos) throw std::runtime_error("tests/lab/" + script_ + " does not tell its " + key);
  const std::size_t from = at + begin.size();
  return line_.substr(from, line_.find('"', from) - from);
}

void LabProgram::stop() {
  if (input_ >= 0) close(std::exchange(input_, -1));
  if (child_ > 0) waitpid(std::exchange(child_, -1), nullptr, 0);
}

std::string output_of(std::vector<std::string> arguments) {
  const Child child = spawn(arguments);
  close(child.input);
  std::string output;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = read(child.output, buffer.data(), buffer.size())) > 0;)
    output.append(buffer.data(), static_cast<std::size_t>(count));
  close(child.output);
  int status = -1;
  if (child.id < 0 || waitpid(child.id, &status, 0) != child.id || status != 0)
    throw std::runtime_error(arguments.front() + " failed; its message stands above");
  return output;
}

}  // namespace ipam::test
