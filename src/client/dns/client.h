// Client: asks one DNS server: questions over UDP with the way over TCP for long answers, dynamic updates, and transfers of zones.
//
//   Client client(resolver, clock, {.host = "192.0.2.1", .key = key});
//   auto answer = co_await client.query(name, RecordType::Soa, Recursion::NotDesired, deadline);   // any rcode is an answer
//
// With a key, everything is signed and every answer verified before it is believed (RFC 8945). Errors name the server: those of io/connect.h and of
// wire/dns/tsig.h, Malformed (not DNS, or over a limit), Unavailable (closed in the middle), DeadlineExceeded, Cancelled.
// Thread rule: one executor; the client outlives its calls, which may run at the same time.
#pragma once

#include "io/connect.h"
#include "wire/dns/transfer.h"
#include "wire/dns/tsig.h"
#include "wire/dns/update.h"

namespace ipam::client::dns {

struct ClientOptions {
  std::string host;
  std::uint16_t port = 53;
  std::optional<wire::dns::TsigKey> key = std::nullopt;
  Duration attempt = std::chrono::seconds(2);  // until a question over UDP is asked again
  int attempts = 3;
};

struct RecordChange {
  wire::dns::TransferStep step = wire::dns::TransferStep::Add;
  wire::dns::ResourceRecord record;
};

// Takes the records of a transfer as they come in. What it gets was covered by a verified signature when there is a key, but belongs to a whole zone
// or difference only once the transfer has succeeded.
class TransferSink {
 public:
  static constexpr std::size_t kChunk = 1000;
  virtual ~TransferSink() = default;
  // 1 to kChunk changes on the way to this serial of the zone. An error ends the transfer and is answered by it.
  virtual io::Task<Result<void>> accept(wire::dns::TransferKind kind, std::uint32_t serial, std::vector<RecordChange> chunk) = 0;
};

struct TransferLimits {
  std::uint64_t records = 20'000'000;
  std::uint64_t bytes = std::uint64_t{16} << 30;
  Duration silence = std::chrono::seconds(30);  // at most, before each message
};

struct TransferOutcome {
  wire::dns::TransferKind kind = wire::dns::TransferKind::Undecided;
  wire::dns::Soa soa;  // of the zone as it is after the transfer
  std::uint64_t changes = 0;
  std::uint64_t messages = 0;
  std::uint64_t signed_messages = 0;
  std::uint64_t bytes = 0;
};

class Client {
 public:
  Client(io::Resolver& resolver, const Clock& clock, ClientOptions options);

  io::Task<Result<wire::dns::Message>> query(wire::dns::Name name, wire::dns::RecordType type, wire::dns::Recursion recursion, io::Deadline deadline);
  // Over UDP, then over TCP if the answer does not fit. The id is chosen here.
  io::Task<Result<wire::dns::Message>> ask(wire::dns::Message question, io::Deadline deadline);
  // Over TCP, where nothing is sent twice: for what changes something. A lost answer says that it is not known whether it took effect.
  io::Task<Result<wire::dns::Message>> ask_once(wire::dns::Message question, io::Deadline deadline);
  // Any rcode is an answer.
  io::Task<Result<wire::dns::Message>> update(wire::dns::Update update, io::Deadline deadline) { return ask_once(update.message(), deadline); }

  // AXFR or IXFR, as `transfer` was made, in bounded memory: at most a chunk and the messages since the last signature are held. It succeeds only if
  // the transfer came to its end with every signature right. Errors, beside the above, those of wire/dns/transfer.h.
  io::Task<Result<TransferOutcome>> transfer(wire::dns::Transfer transfer, TransferSink& sink, TransferLimits limits, io::Deadline deadline);

  const ClientOptions& options() const { return options_; }

 private:
  struct Prepared {
    Bytes message;
    Bytes mac;
    std::uint16_t id = 0;
  };
  Result<Prepared> prepare(wire::dns::Message& question) const;
  Result<wire::dns::Message> read_answer(ByteView bytes, const wire::dns::Message& question, const Prepared& prepared) const;
  io::Task<Result<wire::dns::Message>> ask_over_udp(wire::dns::Message question, io::Deadline deadline);
  Error named(Error error) const;

  io::Resolver& resolver_;
  const Clock& clock_;
  ClientOptions options_;
  std::string name_;
};

}  // namespace ipam::client::dns
