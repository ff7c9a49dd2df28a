#include "client/sftp/sshd_suite.h"

#include "base/bytes.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace ipam::client::sftp {
namespace {

constexpr const char* kProgram = "/usr/sbin/sshd";
constexpr auto kPatience = std::chrono::seconds(30);

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  const bool bound =
      bind(probe, reinterpret_cast<sockaddr*>(&address), length) == 0 && getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  close(probe);
  if (!bound) throw std::runtime_error("no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool answers = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return answers;
}

void make_key(const std::filesystem::path& path) {
  const std::string command = fmt::format("ssh-keygen -q -t ed25519 -N '' -C '' -f '{}'", path.string());
  if (std::system(command.c_str()) != 0) throw std::runtime_error("ssh-keygen is not there; apt-get install openssh-client");
}

pid_t spawn(const std::string& settings, const std::string& log) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(125);
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(output, 1);
  dup2(output, 2);
  execl(kProgram, kProgram, "-D", "-e", "-f", settings.c_str(), nullptr);
  _exit(127);
}

}  // namespace

Sshd::Sshd() {
  if (access(kProgram, X_OK) != 0) throw std::runtime_error("sshd is not there; apt-get install openssh-server");
  if (geteuid() == 0) mkdir("/run/sshd", 0755);  // as Debian's unit does: root's sshd wants it
  const passwd* account = getpwuid(geteuid());
  user_ = account == nullptr ? "root" : account->pw_name;
  make_key(folder() / "host_key");
  make_key(folder() / "user_key");
  private_key_ = contents(folder() / "user_key");
  std::filesystem::copy_file(folder() / "user_key.pub", folder() / "authorized_keys");
  // "ssh-ed25519 BASE64": the fingerprint is of the decoded bytes.
  const std::string shown = folder() / "fingerprint";
  const std::string command =
      fmt::format("cut -d' ' -f2 '{}' | base64 -d | sha256sum | cut -d' ' -f1 > '{}'", (folder() / "host_key.pub").string(), shown);
  if (std::system(command.c_str()) != 0) throw std::runtime_error("the host key's fingerprint cannot be made");
  fingerprint_ = contents(shown).substr(0, 64);
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = free_port();
    std::ofstream(folder() / "sshd_config") << fmt::format(
        "ListenAddress 127.0.0.1\nPort {}\nHostKey {}/host_key\nPidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n"
        "AuthorizedKeysFile {}/authorized_keys\nPasswordAuthentication yes\nKbdInteractiveAuthentication no\nSubsystem sftp internal-sftp\n",
        port_, folder().string(), folder().string());
    server_ = spawn(folder() / "sshd_config", folder() / "log");
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
      if (listens(port_)) return;
      if (waitpid(server_, nullptr, WNOHANG) == server_) break;  // another program was faster with the port, or it refuses its settings
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  server_ = -1;
  throw std::runtime_error("sshd does not start: " + contents(folder() / "log"));
}

Sshd::~Sshd() {
  if (server_ <= 0) return;
  kill(server_, SIGTERM);
  waitpid(server_, nullptr, 0);
}

SessionOptions Sshd::options() const {
  return {.host = "127.0.0.1",
          .port = port_,
          .user_name = user_,
          .sign_in = SignIn::PrivateKey,
          .secret = Secret(private_key_),
          .host_key_fingerprint = fingerprint_};
}

}  // namespace ipam::client::sftp
