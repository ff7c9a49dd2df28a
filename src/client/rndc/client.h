// Client: commands to the control channel of one BIND server.
//
//   Client client(resolver, clock, {.host = "192.0.2.1", .key = key});
//   auto text = co_await client.run("zonestatus example.com", deadline);
//
// Each command is a connection of its own, in which a first exchange gets the nonce. Errors name the server: those of io/connect.h; Unauthenticated
// (it closes the connection in answer to our signature: another key, or clocks more than five minutes apart), NotFound (no such zone),
// PermissionDenied, FailedPrecondition (it refuses, in its own words), Unsupported (it does not know the command), Malformed, DeadlineExceeded,
// Cancelled. Thread rule: one executor; the client outlives its calls.
#pragma once

#include "io/connect.h"
#include "wire/rndc/rndc.h"

namespace ipam::client::rndc {

struct ClientOptions {
  std::string host;
  std::uint16_t port = 953;
  wire::rndc::Key key;
};

class Client {
 public:
  Client(io::Resolver& resolver, const Clock& clock, ClientOptions options);

  // What the command tells.
  io::Task<Result<std::string>> run(std::string command, io::Deadline deadline);

 private:
  io::Task<Result<wire::rndc::Reply>> exchange(io::Stream* stream, wire::rndc::Command command, io::Deadline deadline);

  io::Resolver& resolver_;
  const Clock& clock_;
  ClientOptions options_;
  std::string name_;
};

}  // namespace ipam::client::rndc
