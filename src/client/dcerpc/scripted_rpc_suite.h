// ScriptedRpc: a server of DCE/RPC that answers each PDU as a test says, however wrong. Thread rule: the loop's executor.
#pragma once

#include "client/dcerpc/pdu_stream.h"
#include "io/acceptor.h"
#include "io/blocking.h"
#include "io/task_group.h"
#include "wire/dcerpc/bind.h"

#include <functional>

namespace ipam::client::dcerpc {

// The octets that answer a PDU; nothing closes the connection.
using RpcScript = std::function<Bytes(const Bytes& pdu)>;

class ScriptedRpc {
 public:
  ScriptedRpc(io::BlockingLoop& loop, RpcScript script);
  ~ScriptedRpc();
  std::uint16_t port() const { return acceptor_->local().port; }

 private:
  static io::Task<void> serve(io::Acceptor* acceptor, const RpcScript* script, io::Deadline deadline);

  io::BlockingLoop& loop_;
  std::unique_ptr<io::Acceptor> acceptor_;
  RpcScript script_;
  io::TaskGroup group_;
};

// TamperingProxy: stands between a client and a real server and changes the server's PDUs as a test says. Thread rule: the loop's executor.
class TamperingProxy {
 public:
  using Change = std::function<void(Bytes& pdu)>;
  TamperingProxy(io::BlockingLoop& loop, io::Resolver& resolver, std::string address, std::uint16_t port, Change change);
  ~TamperingProxy();
  std::uint16_t port() const { return acceptor_->local().port; }

 private:
  static io::Task<void> serve(TamperingProxy* proxy, io::Deadline deadline);

  io::BlockingLoop& loop_;
  io::Resolver& resolver_;
  std::string address_;
  std::uint16_t server_port_;
  Change change_;
  std::unique_ptr<io::Acceptor> acceptor_;
  io::TaskGroup group_;
};

// A bind_ack that accepts one interface, with this token when it is not empty.
Bytes bind_ack(std::uint8_t flags, ByteView token, wire::dcerpc::ContextAnswer answer = {.transfer_syntax = wire::dcerpc::kNdr});

}  // namespace ipam::client::dcerpc
