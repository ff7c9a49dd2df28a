#include "client/kerberos/samba_lab_suite.h"

#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>

namespace ipam::client::kerberos {
namespace {

constexpr int kStartMilliseconds = 180'000;

}  // namespace

SambaLab::SambaLab(std::vector<std::string> arguments) {
  try {
    start(std::move(arguments));
  } catch (...) {
    stop();
    throw;
  }
}

SambaLab::~SambaLab() { stop(); }

void SambaLab::start(std::vector<std::string> arguments) {
  std::array<int, 2> to_child{};
  std::array<int, 2> from_child{};
  if (pipe2(to_child.data(), O_CLOEXEC) != 0 || pipe2(from_child.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for the lab");
  input_ = to_child[1];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
  std::string program = "python3";
  std::string script = IPAM_SOURCE_FOLDER "/tests/lab/samba_lab.py";
  std::vector<char*> argv{program.data(), script.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int spawned = posix_spawnp(&child_, "python3", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to_child[0]);
  close(from_child[1]);
  if (spawned == 0) {
    std::array<char, 4096> buffer{};
    pollfd ready{.fd = from_child[0], .events = POLLIN, .revents = 0};
    while (line_.find('\n') == std::string::npos && poll(&ready, 1, kStartMilliseconds) == 1) {
      const ssize_t count = read(from_child[0], buffer.data(), buffer.size());
      if (count <= 0) break;
      line_.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }
  close(from_child[0]);
  if (line_.empty()) throw std::runtime_error("tests/lab/samba_lab.py did not start; its message stands above");
}

void SambaLab::stop() {
  if (input_ >= 0) close(std::exchange(input_, -1));
  if (child_ > 0) waitpid(std::exchange(child_, -1), nullptr, 0);
}

// The lab's texts hold nothing that JSON would escape.
std::string SambaLab::truth(const std::string& key) const {
  const std::string begin = fmt::format("\"{}\": \"", key);
  const std::size_t at = line_.find(begin);
  if (at == std::string::npos) throw std::runtime_error("tests/lab/samba_lab.py does not tell its " + key);
  const std::size_t from = at + begin.size();
  return line_.substr(from, line_.find('"', from) - from);
}

Bytes SambaLab::reader_keytab() const {
  const std::string content = read_file(truth("reader_keytab"), 1U << 20U).value();
  return {content.begin(), content.end()};
}

std::vector<std::string> SambaLab::run(const std::string& command) const {
  const std::string folder = truth("folder");
  const std::string whole = fmt::format(
      "unshare --mount sh -c 'mount --bind {0}/hosts /etc/hosts && mount --bind {0}/resolv.conf /etc/resolv.conf && KRB5_CONFIG={0}/krb5.conf exec "
      "{1}'",
      folder, command);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(whole.c_str(), "r"), pclose);
  if (!pipe) throw std::runtime_error("no command can be run in the lab");
  std::vector<std::string> lines;
  std::array<char, 4096> line{};
  while (fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    std::string text = line.data();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    lines.push_back(std::move(text));
  }
  return lines;
}

}  // namespace ipam::client::kerberos
