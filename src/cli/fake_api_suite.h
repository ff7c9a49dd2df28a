// An IPAM server and a process for tests of commands: answers by route, without sockets; streams, terminal and time in memory.
// Thread rule: one thread.
#pragma once

#include "cli/cli.h"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ipam::cli {

class FakeHost final : public Host {
 public:
  std::optional<std::string> variable(const std::string& name) const override;
  Terminals terminals() const override { return shown; }
  void write_output(std::string_view text) override { output += text; }
  void write_error(std::string_view text) override { error += text; }
  bool flush() override { return true; }
  std::optional<std::string> read_line() override;
  Result<Secret> read_secret(const std::string& prompt) override;
  Time now() const override { return time; }
  void pause(Duration duration) override { time += duration; }

  std::map<std::string, std::string> variables{{"LANG", "en_US.UTF-8"}};
  Terminals shown{false, false, false, 80};
  std::deque<std::string> lines;    // what a person or a pipe types
  std::deque<std::string> secrets;  // what is typed without echo
  std::string output, error;
  Time time = parse_time("2026-11-23T06:00:00Z").value();
};

// What arrived, with the access that the connection was opened with.
struct SeenCall {
  Call call;
  std::string url, fingerprint, ca_file, token;
};

class FakeServer final : public Connector {
 public:
  using Handler = std::function<Result<Reply>(const Call&)>;

  Result<std::unique_ptr<Connection>> open(const ServerAccess& access) override;
  Result<std::string> fingerprint(const std::string& url) override;

  // "GET /api/v1/subnets": the path exactly, without the query.
  void on(const std::string& route, Handler handler) { handlers_[route] = std::move(handler); }
  void answer(const std::string& route, int status, std::string body);
  Result<Reply> receive(const Call& call, const ServerAccess& access);

  std::vector<SeenCall> calls;
  std::string certificate = "aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99";

 private:
  std::map<std::string, Handler> handlers_;
};

// Runs `ipam …` signed in by IPAM_TOKEN, unless the test takes that away.
struct FakeRun {
  FakeRun();
  int operator()(const std::vector<std::string>& arguments) { return run(arguments, host, server); }

  FakeHost host;
  FakeServer server;
};

}  // namespace ipam::cli
