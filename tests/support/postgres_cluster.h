// PostgresCluster: a PostgreSQL server of its own for tests, in a temporary folder, on 127.0.0.1 and a socket in that folder. It is as durable as a
// real one (fsync on), belongs to an unprivileged user (PostgreSQL refuses root), and goes with this object, or with the test's process. Its
// superuser is "ipam"; everybody who reaches it is trusted, unless a test says otherwise by pg_hba.
//
// Thread rule: one thread, the test's main one (the server ends with the thread that started it).
#pragma once

#include "support/temporary_folder.h"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ipam::test {

class PostgresCluster {
 public:
  // Throws when PostgreSQL 15 is not installed or does not start.
  PostgresCluster();
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  // By the socket, or by TCP.
  std::string url(const std::string& database = "postgres") const;
  std::string tcp_url(const std::string& database = "postgres", const std::string& user = "ipam") const;
  std::uint16_t port() const { return port_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  void start();
  // As a crash: what was not durable is lost, and the next start recovers.
  void stop_immediately();
  // Sessions are ended, everything is flushed.
  void stop_fast();
  // The server's process stops answering, and goes on.
  void pause();
  void resume();
  // Replaces pg_hba.conf; read by reload().
  void write_access_rules(const std::string& lines);
  void reload();

 private:
  pid_t spawn(const std::vector<std::string>& arguments) const;
  void stop(int signal);
  // All processes of the server.
  void signal_all(int signal) const;

  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  pid_t server_ = 0;
};

// The cluster that the tests of one program share; made at the first use, stopped at the program's end.
PostgresCluster& shared_postgres_cluster();

}  // namespace ipam::test
