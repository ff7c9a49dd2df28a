// A control agent in this process that answers what a test scripts, well or badly, over real HTTP on 127.0.0.1: for tests of the driver against
// servers that no real Kea can be made to be. Thread rule: the script runs on the agent's own thread; the counters may be read from any.
#pragma once

#include "io/acceptor.h"
#include "io/io_pool.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace ipam::driver::kea {

struct ScriptedQuestion {
  std::string head;  // request line and header fields
  std::string body;

  bool has_credential(const std::string& user, const std::string& password) const;
  // The value of a text field of the body's JSON: "command", "from".
  std::string field(const std::string& name) const;
  bool is_for_dhcp6() const { return body.find("\"service\":[\"dhcp6\"]") != std::string::npos; }
};

// How an answer is given.
enum class Manner { Whole, HalfOfIt, HangUp, Silence, EndlessBody, EndlessHead };

struct ScriptedAnswer {
  std::string body;
  int status = 200;
  Manner manner = Manner::Whole;
};

using Script = std::function<ScriptedAnswer(const ScriptedQuestion&)>;

class ScriptedAgent {
 public:
  explicit ScriptedAgent(Script script);

  const std::string& url() const { return url_; }
  std::size_t connections() const { return state_.connections; }
  std::size_t questions() const { return state_.questions; }

 private:
  struct State {
    Script script;
    std::atomic<std::size_t> connections = 0;
    std::atomic<std::size_t> questions = 0;
  };
  static io::Task<void> serve(State& state, std::unique_ptr<io::Acceptor> acceptor);
  static io::Task<void> serve_connection(State& state, io::StreamPtr stream);

  State state_;
  std::string url_;
  io::IoPool pool_;  // the last member: with it end its coroutines, which use the state
};

// Answers as the recorded Kea did, to this user only. Pages are those of 25 leases.
enum class GoldenServices { Dhcp4, Both };
Script golden_script(std::string user, std::string password, GoldenServices services = GoldenServices::Dhcp4);

}  // namespace ipam::driver::kea
