// ScriptedServer: a DNS server over TCP that answers each request as a test says, however wrong. Thread rule: the loop's executor.
#pragma once

#include "io/acceptor.h"
#include "io/blocking.h"
#include "io/task_group.h"
#include "wire/dns/message.h"

#include <functional>
#include <memory>
#include <vector>

namespace ipam::client::dns {

// The messages that answer a request; the connection closes after them.
using Script = std::function<std::vector<Bytes>(const Bytes& request)>;

class ScriptedServer {
 public:
  ScriptedServer(io::BlockingLoop& loop, Script script);
  ~ScriptedServer();
  std::uint16_t port() const { return acceptor_->local().port; }

 private:
  static io::Task<void> serve(io::Acceptor* acceptor, const Script* script, io::Deadline deadline);

  io::BlockingLoop& loop_;
  std::unique_ptr<io::Acceptor> acceptor_;
  Script script_;
  io::TaskGroup group_;
};

// The beginning of an answer to the request: its id and question.
wire::dns::Message answer_to(const Bytes& request);

}  // namespace ipam::client::dns
