#include "client/dns/bind_lab_suite.h"

#include "base/file.h"
#include "base/strings.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace ipam::client::dns {
namespace {

constexpr int kStartMilliseconds = 180'000;

}  // namespace

BindLab::BindLab(std::vector<std::string> arguments) {
  try {
    read_truth(start(std::move(arguments)));
  } catch (...) {
    stop();
    throw;
  }
}

BindLab::~BindLab() { stop(); }

wire::dns::TsigKey BindLab::tsig_key(const std::string& name) const {
  const LabKey& key = keys_.at(name);
  return wire::dns::TsigKey::create(key.name, key.algorithm, key.secret).value();
}

// The first line of the lab's output.
std::string BindLab::start(std::vector<std::string> arguments) {
  std::array<int, 2> to_child{};
  std::array<int, 2> from_child{};
  if (pipe2(to_child.data(), O_CLOEXEC) != 0 || pipe2(from_child.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for the lab");
  input_ = to_child[1];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
  std::string program = "python3";
  std::string script = IPAM_SOURCE_FOLDER "/tests/lab/bind_lab.py";
  std::string plain = "--plain";
  std::vector<char*> argv{program.data(), script.data(), plain.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int spawned = posix_spawnp(&child_, "python3", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to_child[0]);
  close(from_child[1]);
  std::string line;
  if (spawned == 0) {
    std::array<char, 4096> buffer{};
    pollfd ready{.fd = from_child[0], .events = POLLIN, .revents = 0};
    while (line.find('\n') == std::string::npos && poll(&ready, 1, kStartMilliseconds) == 1) {
      const ssize_t count = read(from_child[0], buffer.data(), buffer.size());
      if (count <= 0) break;
      line.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }
  close(from_child[0]);
  if (line.empty()) throw std::runtime_error("tests/lab/bind_lab.py did not start; its message stands above");
  return line;
}

void BindLab::stop() {
  if (input_ >= 0) close(std::exchange(input_, -1));
  if (child_ > 0) waitpid(std::exchange(child_, -1), nullptr, 0);
}

// "primary DNS CONTROL STATISTICS secondary DNS CONTROL STATISTICS KEYS-FILE", and the file has a key a line.
void BindLab::read_truth(const std::string& line) {
  const auto words = split(trim(line), ' ');
  if (words.size() != 9) throw std::runtime_error("tests/lab/bind_lab.py says: " + line);
  const auto server = [&](std::size_t at) {
    const auto port = [&](std::size_t index) { return *parse_integer<std::uint16_t>(words[index]); };
    return LabServer{port(at), port(at + 1), port(at + 2)};
  };
  primary_ = server(1);
  secondary_ = server(5);
  const std::string keys = read_file(std::string(words[8]), 1U << 20U).value();
  for (const std::string_view text : split(keys, '\n')) {
    const auto parts = split(text, ' ');
    if (parts.size() != 3) continue;
    keys_[std::string(parts[0])] = {std::string(parts[0]), std::string(parts[1]), Secret(std::string(parts[2]))};
  }
}

}  // namespace ipam::client::dns
