// Connection: one TCP connection to one interface of a Windows server (or of Samba), over which operations are called: DCE/RPC with Kerberos at level
// 6, so that parameters are sealed and headers signed. Nothing below level 6 is offered or taken.
//
//   auto connection = co_await Connection::open(services, target, kDnsServer, credential, deadline);
//   auto answer = co_await (*connection)->call(operation, ndr::write(request), limit, deadline);
//
// Without a port, the server's endpoint mapper is asked for it first; what it says is not authenticated, what answers there is. Errors begin with the
// server's host and port (of the endpoint mapper: with the address that was asked): those of io/connect.h and of client/kerberos, of faults
// (wire/dcerpc/call.h), Unavailable (closed, or nobody serves the interface), Unsupported, FailedPrecondition (the server does not sign headers),
// Malformed, DeadlineExceeded, Cancelled. After an error that is no fault the connection is of no further use. Thread rule: one executor, one call
// after the other; the services outlive it.
#pragma once

#include "client/dcerpc/pdu_stream.h"
#include "client/kerberos/initiator.h"
#include "io/worker_pool.h"
#include "wire/dcerpc/bind.h"
#include "wire/dcerpc/call.h"
#include "wire/dcerpc/endpoint_map.h"

namespace ipam::client::dcerpc {

// What every connection needs: name look-ups, and threads on which signing in may block.
struct Services {
  io::Resolver& resolver;
  io::WorkerPool& blocking;
};

struct Target {
  std::string host;     // as the domain knows it: "dc1.contoso.test"
  std::string address;  // to connect to, where the host's name does not lead there; empty: the host
  std::uint16_t mapper_port = wire::dcerpc::kEndpointMapperPort;
  std::uint16_t port = 0;        // of the interface; 0: the endpoint mapper tells
  std::string service = "host";  // of the principal that the server has keys of

  const std::string& where() const { return address.empty() ? host : address; }
};

class Connection {
 public:
  static io::Task<Result<std::unique_ptr<Connection>>> open(Services services, Target target, wire::dcerpc::SyntaxId interface_id,
                                                            std::shared_ptr<kerberos::Credential> credential, io::Deadline deadline);

  // The parameters of the answer, at most `limit` octets.
  io::Task<Result<Bytes>> call(std::uint16_t operation, Bytes parameters, std::size_t limit, io::Deadline deadline);

  // "dc1.contoso.test:49153"
  const std::string& name() const { return name_; }

 private:
  Connection(Services services, std::string name, io::StreamPtr stream, std::shared_ptr<kerberos::Initiator> initiator)
      : services_(services), name_(std::move(name)), pdus_(std::move(stream)), initiator_(std::move(initiator)) {}

  io::Task<Result<void>> bind(wire::dcerpc::SyntaxId interface_id, io::Deadline deadline);
  io::Task<Result<Bytes>> first_token(io::Deadline deadline);
  io::Task<Result<Bytes>> next_token(Bytes token, io::Deadline deadline);
  io::Task<Result<void>> send_request(std::uint16_t operation, Bytes parameters, io::Deadline deadline);
  Result<Bytes> sealed_fragment(const wire::dcerpc::Header& header, const wire::dcerpc::RequestHead& head, ByteView parameters);
  // The parameters within an answer's PDU, which are opened in place.
  Result<ByteView> open_fragment(Bytes& bytes, const wire::dcerpc::Pdu& pdu);
  Error named(Error error) const;

  Services services_;
  std::string name_;
  PduStream pdus_;
  std::shared_ptr<kerberos::Initiator> initiator_;  // shared with a job that may outlive the call which waits for it
  std::uint32_t call_id_ = 0;
  std::size_t fragment_size_ = wire::dcerpc::kFragmentSize;
};

// The TCP port of an interface, as the endpoint mapper tells it. Errors as above.
io::Task<Result<std::uint16_t>> map_port(io::Resolver* resolver, Target target, wire::dcerpc::SyntaxId interface_id, io::Deadline deadline);

}  // namespace ipam::client::dcerpc
