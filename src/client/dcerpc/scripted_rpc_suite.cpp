#include "client/dcerpc/scripted_rpc_suite.h"

namespace ipam::client::dcerpc {

using std::chrono::seconds;
namespace rpc = wire::dcerpc;

ScriptedRpc::ScriptedRpc(io::BlockingLoop& loop, RpcScript script)
    : loop_(loop), acceptor_(io::Acceptor::listen(loop.executor(), "127.0.0.1", 0).value()), script_(std::move(script)), group_(loop.executor(), 1) {
  group_.start(serve(acceptor_.get(), &script_, group_.deadline(seconds(60))));
}

ScriptedRpc::~ScriptedRpc() {
  group_.cancel();
  (void)loop_.run(group_.wait());
}

io::Task<void> ScriptedRpc::serve(io::Acceptor* acceptor, const RpcScript* script, io::Deadline deadline) {
  while (!deadline.verdict()) {
    auto stream = co_await acceptor->accept(co_await io::current_executor(), deadline);
    if (!stream.ok()) co_return;
    PduStream pdus(std::move(stream).value());
    while (true) {
      const auto pdu = co_await pdus.next(deadline);
      if (!pdu.ok()) break;
      Bytes answer = (*script)(*pdu);
      if (answer.empty()) break;
      const auto sent = co_await pdus.send(std::move(answer), deadline);
      if (!sent.ok()) break;
    }
  }
}

TamperingProxy::TamperingProxy(io::BlockingLoop& loop, io::Resolver& resolver, std::string address, std::uint16_t port, Change change)
    : loop_(loop),
      resolver_(resolver),
      address_(std::move(address)),
      server_port_(port),
      change_(std::move(change)),
      acceptor_(io::Acceptor::listen(loop.executor(), "127.0.0.1", 0).value()),
      group_(loop.executor(), 1) {
  group_.start(serve(this, group_.deadline(seconds(60))));
}

TamperingProxy::~TamperingProxy() {
  group_.cancel();
  (void)loop_.run(group_.wait());
}

// A question and its answer at a time; there is none to auth3.
io::Task<void> TamperingProxy::serve(TamperingProxy* proxy, io::Deadline deadline) {
  auto client = co_await proxy->acceptor_->accept(co_await io::current_executor(), deadline);
  if (!client.ok()) co_return;
  auto server = co_await io::connect_tcp(proxy->resolver_, proxy->address_, proxy->server_port_, deadline);
  if (!server.ok()) co_return;
  PduStream asks(std::move(client).value()), answers(std::move(server).value());
  while (true) {
    auto question = co_await asks.next(deadline);
    if (!question.ok()) co_return;
    const bool answered = (*question)[2] != static_cast<std::uint8_t>(rpc::PduType::Auth3);
    const auto sent = co_await answers.send(std::move(question).value(), deadline);
    if (!sent.ok()) co_return;
    if (!answered) continue;
    auto answer = co_await answers.next(deadline);
    if (!answer.ok()) co_return;
    proxy->change_(*answer);
    const auto told = co_await asks.send(std::move(answer).value(), deadline);
    if (!told.ok()) co_return;
  }
}

Bytes bind_ack(std::uint8_t flags, ByteView token, rpc::ContextAnswer answer) {
  rpc::Header header;
  header.type = rpc::PduType::BindAck;
  header.flags = flags;
  header.call_id = 1;
  rpc::BindAck ack;
  ack.answers.list.push_back(answer);
  const Bytes body = wire::ndr::write(ack);
  if (token.empty()) return rpc::write_pdu(header, body);
  return rpc::write_pdu(header, body, rpc::Trailer{rpc::AuthType::Kerberos, rpc::AuthLevel::Privacy, 0, 1}, token);
}

}  // namespace ipam::client::dcerpc
