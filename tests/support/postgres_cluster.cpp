#include "support/postgres_cluster.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace ipam::test {
namespace {

const std::filesystem::path kPrograms = "/usr/lib/postgresql/15/bin";
constexpr auto kPatience = std::chrono::seconds(60);

struct Account {
  uid_t user;
  gid_t group;
};

// Whom the server's files and processes belong to: PostgreSQL refuses to run as root.
Account account() {
  if (geteuid() != 0) return {geteuid(), getegid()};
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = getpwnam(name)) return {entry->pw_uid, entry->pw_gid};
  }
  throw std::runtime_error("there is no account 'postgres' or 'nobody' for the database");
}

std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const bool bound =
      bind(probe, reinterpret_cast<sockaddr*>(&address), length) == 0 && getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  close(probe);
  if (!bound) throw std::runtime_error("no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

// In the child: no return.
[[noreturn]] void become(const Account& who, const std::vector<std::string>& arguments, const std::string& log, pid_t parent) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(who.group) != 0 || setuid(who.user) != 0)) _exit(126);
  // After the change of the user, which resets it.
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent) _exit(125);
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  dup2(output, 1);
  dup2(output, 2);
  setsid();
  execv(pointers[0], pointers.data());
  _exit(127);
}

std::string tail_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  return text.size() > 2'000 ? text.substr(text.size() - 2'000) : text;
}

}  // namespace

PostgresCluster::PostgresCluster() {
  if (!std::filesystem::exists(kPrograms / "initdb")) throw std::runtime_error("not installed: PostgreSQL 15; apt-get install postgresql-15");
  const Account who = account();
  std::filesystem::permissions(folder(), std::filesystem::perms(0755));
  if (geteuid() == 0 && chown(folder().c_str(), who.user, who.group) != 0) throw std::runtime_error("the database's folder cannot be given away");
  const std::string data = folder() / "data";
  const pid_t made = spawn({kPrograms / "initdb", "-D", data, "-U", "ipam", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"});
  int status = 0;
  waitpid(made, &status, 0);
  if (status != 0) throw std::runtime_error("initdb failed:\n" + tail_of(folder() / "log"));
  port_ = free_port();
  std::ofstream(data + "/postgresql.conf", std::ios::app) << fmt::format(
      "listen_addresses = '127.0.0.1'\nunix_socket_directories = '{}'\nmax_connections = 100\nshared_buffers = 64MB\nmax_wal_size = 256MB\n"
      "logging_collector = off\nautovacuum_naptime = 10s\n",
      folder().string());
  start();
}

PostgresCluster::~PostgresCluster() {
  if (server_ != 0) {
    signal_all(SIGCONT);
    stop(SIGQUIT);
  }
}

std::string PostgresCluster::url(const std::string& database) const {
  return fmt::format("postgresql://ipam@/{}?host={}&port={}", database, folder().string(), port_);
}

std::string PostgresCluster::tcp_url(const std::string& database, const std::string& user) const {
  return fmt::format("postgresql://{}@127.0.0.1:{}/{}", user, port_, database);
}

pid_t PostgresCluster::spawn(const std::vector<std::string>& arguments) const {
  const Account who = account();
  const std::string log = folder() / "log";
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) become(who, arguments, log, parent);
  return child;
}

void PostgresCluster::start() {
  const std::string pid_file = folder() / "data/postmaster.pid";
  server_ = spawn({kPrograms / "postgres", "-D", folder() / "data", "-p", std::to_string(port_)});
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until) {
    if (waitpid(server_, nullptr, WNOHANG) == server_) {
      server_ = 0;
      throw std::runtime_error("the database does not start:\n" + tail_of(folder() / "log"));
    }
    // The last line of the file is "ready" once it takes connections.
    std::ifstream stream(pid_file);
    std::string line, last, first;
    for (bool begun = false; std::getline(stream, line); begun = true) {
      if (!begun) first = line;
      last = line;
    }
    if (first == std::to_string(server_) && last.starts_with("ready")) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  throw std::runtime_error("the database does not start in time:\n" + tail_of(folder() / "log"));
}

void PostgresCluster::stop(int signal) {
  if (server_ == 0) return;
  kill(server_, signal);
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (waitpid(server_, nullptr, WNOHANG) != server_) {
    if (std::chrono::steady_clock::now() > until) kill(server_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  server_ = 0;
}

void PostgresCluster::stop_immediately() { stop(SIGQUIT); }
void PostgresCluster::stop_fast() { stop(SIGINT); }

void PostgresCluster::signal_all(int signal) const {
  // The server's sessions are children of its first process.
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", server_));
  for (pid_t child = 0; children >> child;) kill(child, signal);
  kill(server_, signal);
}

void PostgresCluster::pause() { signal_all(SIGSTOP); }
void PostgresCluster::resume() { signal_all(SIGCONT); }

void PostgresCluster::write_access_rules(const std::string& lines) { std::ofstream(folder() / "data/pg_hba.conf", std::ios::trunc) << lines; }

void PostgresCluster::reload() { kill(server_, SIGHUP); }

PostgresCluster& shared_postgres_cluster() {
  static PostgresCluster cluster;
  return cluster;
}

}  // namespace ipam::test
