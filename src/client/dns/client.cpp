#include "client/dns/client.h"

#include "client/dns/tcp_messages.h"
#include "crypto/random.h"
#include "io/udp_socket.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::client::dns {
namespace {

using namespace wire::dns;

constexpr std::size_t kUdpBuffer = 4096;

// Whether the answer is one to this question, as far as the header and the question say. A server that could not read the question may leave it out.
bool answers(const Message& answer, const Message& question, std::uint16_t id) {
  if (!answer.header.response || answer.header.id != id || answer.header.opcode != question.header.opcode) return false;
  return answer.questions == question.questions || (answer.questions.empty() && answer.header.rcode != 0);
}

// Records on their way to the sink: handed on in chunks, and not before a signature has covered them.
class Outgoing {
 public:
  explicit Outgoing(TransferSink& sink) : sink_(sink) {}

  void add(TransferStep step, const ResourceRecord& record) {
    pending_.push_back({step, record});
    ++total_;
  }
  std::uint64_t total() const { return total_; }

  enum class What { FullChunks, All };
  io::Task<Result<void>> hand_on(const Transfer& transfer, What what) {
    std::size_t at = 0;
    while (pending_.size() - at >= TransferSink::kChunk || (what == What::All && at < pending_.size())) {
      const auto begin = pending_.begin() + static_cast<std::ptrdiff_t>(at);
      const std::size_t count = std::min(TransferSink::kChunk, pending_.size() - at);
      std::vector<RecordChange> chunk(std::make_move_iterator(begin), std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count)));
      at += count;
      IPAM_CO_CHECK(co_await sink_.accept(transfer.kind(), transfer.soa().serial, std::move(chunk)));
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(at));
    co_return Result<void>();
  }

 private:
  TransferSink& sink_;
  std::vector<RecordChange> pending_;
  std::uint64_t total_ = 0;
};

// All records of one message of a transfer.
Result<void> take_records(MessageCursor& cursor, Transfer& transfer, Outgoing& outgoing, std::uint64_t limit) {
  ResourceRecord record;
  while (IPAM_TRY(cursor.next(record))) {
    if (cursor.section() != Section::Answer) continue;
    const TransferStep step = IPAM_TRY(transfer.accept(record));
    if (auto first = transfer.take_held_back()) outgoing.add(TransferStep::Add, *first);
    if (step != TransferStep::Nothing) outgoing.add(step, record);
    if (outgoing.total() > limit) {
      return Error(ErrorCode::Malformed, fmt::format("the zone has more than {} records, which is more than is read from one zone", limit));
    }
  }
  return transfer.end_message();
}

// The server's own silence is how it fails; the caller's deadline is not.
Error silent_server(Error error, const io::Deadline& deadline, Duration silence) {
  if (error.code != ErrorCode::DeadlineExceeded || deadline.verdict()) return error;
  return {ErrorCode::Unavailable, fmt::format("the server sent nothing for {} in the middle of a transfer", format_duration(silence))};
}

}  // namespace

Client::Client(io::Resolver& resolver, const Clock& clock, ClientOptions options)
    : resolver_(resolver), clock_(clock), options_(std::move(options)), name_(io::host_and_port(options_.host, options_.port)) {}

Error Client::named(Error error) const {
  if (!error.message.starts_with(options_.host)) error.message = fmt::format("{}: {}", name_, error.message);
  return error;
}

Result<Client::Prepared> Client::prepare(Message& question) const {
  const Bytes random = crypto::random_bytes(2);
  Prepared prepared;
  prepared.id = question.header.id = static_cast<std::uint16_t>(random[0] << 8 | random[1]);
  prepared.message = IPAM_TRY(serialize(question));
  if (options_.key) prepared.mac = IPAM_TRY(sign(prepared.message, *options_.key, clock_.now()));
  return prepared;
}

Result<Message> Client::read_answer(ByteView bytes, const Message& question, const Prepared& prepared) const {
  Message answer = IPAM_TRY(parse_message(bytes));
  if (!answers(answer, question, prepared.id)) return Error(ErrorCode::Malformed, "the message is no answer to our question");
  if (options_.key) {
    TsigVerifier verifier(*options_.key, prepared.mac);
    IPAM_TRY(verifier.verify(bytes, clock_.now()));
  }
  return answer;
}

io::Task<Result<Message>> Client::query(Name name, RecordType type, Recursion recursion, io::Deadline deadline) {
  Message question = make_query(name, type, recursion);
  co_return co_await ask(std::move(question), deadline);
}

io::Task<Result<Message>> Client::ask(Message question, io::Deadline deadline) {
  auto answer = co_await ask_over_udp(question, deadline);
  // RFC 6891 section 7: a server that does not know EDNS.
  if (answer.ok() && answer->header.rcode == static_cast<std::uint8_t>(Rcode::FormErr) && question.edns && !answer->edns) {
    question.edns.reset();
    answer = co_await ask_over_udp(question, deadline);
  }
  if (answer.ok() && answer->header.truncated) co_return co_await ask_once(std::move(question), deadline);
  if (!answer.ok()) co_return named(std::move(answer).error());
  co_return answer;
}

io::Task<Result<Message>> Client::ask_over_udp(Message question, io::Deadline deadline) {
  IPAM_CO_TRY(const std::vector<io::Endpoint> endpoints, co_await resolver_.resolve(options_.host, options_.port, deadline));
  const io::Executor executor = co_await io::current_executor();
  Error failure(ErrorCode::Unavailable, "no answer");
  std::vector<std::uint8_t> buffer(kUdpBuffer);
  for (int attempt = 0; attempt < options_.attempts; ++attempt) {
    IPAM_CO_TRY(const Prepared prepared, prepare(question));
    auto socket = io::UdpSocket::open(executor, endpoints[static_cast<std::size_t>(attempt) % endpoints.size()]);
    if (!socket.ok()) {
      failure = std::move(socket).error();
      continue;
    }
    const io::Deadline share = deadline.at_most(options_.attempt);
    auto sent = co_await (*socket)->send(prepared.message, share);
    bool waiting = sent.ok();
    if (!sent.ok()) failure = std::move(sent).error();
    while (waiting) {
      auto count = co_await (*socket)->receive(buffer, share);
      if (!count.ok()) {
        failure = std::move(count).error();
        break;
      }
      const ByteView bytes = ByteView(buffer).first(*count);
      // What does not even have our id is a stray or a guess of somebody else's: the answer may still come.
      if (bytes.size() < kHeaderSize || (bytes[0] << 8 | bytes[1]) != prepared.id) continue;
      co_return read_answer(bytes, question, prepared);
    }
    if (deadline.verdict()) break;
  }
  if (failure.code == ErrorCode::DeadlineExceeded && !deadline.verdict()) {
    failure = Error(ErrorCode::Unavailable,
                    fmt::format("no answer over UDP to {} questions; is it a DNS server, and is the port open?", options_.attempts));
  }
  co_return failure;
}

io::Task<Result<Message>> Client::ask_once(Message question, io::Deadline deadline) {
  auto prepared = prepare(question);
  if (!prepared.ok()) co_return named(std::move(prepared).error());
  auto stream = co_await io::connect_tcp(resolver_, options_.host, options_.port, deadline);
  if (!stream.ok()) co_return named(std::move(stream).error());
  TcpMessages messages(std::move(stream).value());
  auto sent = co_await messages.send(prepared->message, deadline);
  if (!sent.ok()) co_return named(std::move(sent).error());
  auto bytes = co_await messages.next(deadline);
  if (!bytes.ok()) {
    Error error = named(std::move(bytes).error());
    if (question.header.opcode == Opcode::Update) error.message += "; it is not known whether the update took effect";
    co_return error;
  }
  auto answer = read_answer(*bytes, question, *prepared);
  if (!answer.ok()) co_return named(std::move(answer).error());
  co_return answer;
}

io::Task<Result<TransferOutcome>> Client::transfer(Transfer transfer, TransferSink& sink, TransferLimits limits, io::Deadline deadline) {
  Message question = transfer.query();
  auto prepared = prepare(question);
  if (!prepared.ok()) co_return named(std::move(prepared).error());
  auto stream = co_await io::connect_tcp(resolver_, options_.host, options_.port, deadline);
  if (!stream.ok()) co_return named(std::move(stream).error());
  TcpMessages messages(std::move(stream).value());
  auto sent = co_await messages.send(prepared->message, deadline);
  if (!sent.ok()) co_return named(std::move(sent).error());

  std::optional<TsigVerifier> verifier;
  if (options_.key) verifier.emplace(*options_.key, prepared->mac);
  TransferOutcome outcome;
  Outgoing outgoing(sink);
  while (!transfer.complete()) {
    auto bytes = co_await messages.next(deadline.at_most(limits.silence));
    if (!bytes.ok()) co_return named(silent_server(std::move(bytes).error(), deadline, limits.silence));
    ++outcome.messages;
    outcome.bytes += bytes->size();
    if (outcome.bytes > limits.bytes) {
      co_return named(Error(ErrorCode::Malformed, fmt::format("the transfer is longer than {} octets, the most that is taken here", limits.bytes)));
    }
    if (verifier) {
      auto verified = verifier->verify(*bytes, clock_.now());
      if (!verified.ok()) co_return named(std::move(verified).error());
    }
    auto cursor = MessageCursor::create(*bytes);
    if (!cursor.ok()) co_return named(std::move(cursor).error());
    auto ours = transfer.check_message(*cursor, prepared->id);
    if (!ours.ok()) co_return named(std::move(ours).error());
    auto taken = take_records(*cursor, transfer, outgoing, limits.records);
    if (!taken.ok()) co_return named(std::move(taken).error());
    // Records that no signature covers yet stay here: at most 99 messages.
    if (!verifier || verifier->covers_all()) {
      IPAM_CO_CHECK(co_await outgoing.hand_on(transfer, Outgoing::What::FullChunks));
    }
  }
  if (verifier) {
    auto finished = verifier->finish();
    if (!finished.ok()) co_return named(std::move(finished).error());
    outcome.signed_messages = verifier->signed_messages();
  }
  IPAM_CO_CHECK(co_await outgoing.hand_on(transfer, Outgoing::What::All));
  outcome.kind = transfer.kind();
  outcome.soa = transfer.soa();
  outcome.changes = outgoing.total();
  co_return outcome;
}

}  // namespace ipam::client::dns
