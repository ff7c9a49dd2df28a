#include "client/dns/scripted_server_suite.h"

#include "client/dns/tcp_messages.h"

namespace ipam::client::dns {

using std::chrono::seconds;

ScriptedServer::ScriptedServer(io::BlockingLoop& loop, Script script)
    : loop_(loop), acceptor_(io::Acceptor::listen(loop.executor(), "127.0.0.1", 0).value()), script_(std::move(script)), group_(loop.executor(), 1) {
  group_.start(serve(acceptor_.get(), &script_, group_.deadline(seconds(60))));
}

ScriptedServer::~ScriptedServer() {
  group_.cancel();
  (void)loop_.run(group_.wait());
}

io::Task<void> ScriptedServer::serve(io::Acceptor* acceptor, const Script* script, io::Deadline deadline) {
  while (!deadline.verdict()) {
    auto stream = co_await acceptor->accept(co_await io::current_executor(), deadline);
    if (!stream.ok()) co_return;
    TcpMessages messages(std::move(stream).value());
    const auto request = co_await messages.next(deadline);
    if (!request.ok()) continue;
    const Bytes copy(request->begin(), request->end());
    for (Bytes& answer : (*script)(copy)) {
      const auto sent = co_await messages.send(std::move(answer), deadline);
      if (!sent.ok()) break;
    }
  }
}

wire::dns::Message answer_to(const Bytes& request) {
  auto cursor = wire::dns::MessageCursor::create(request).value();
  wire::dns::Message answer;
  answer.header = cursor.header();
  answer.header.response = true;
  answer.header.authoritative = true;
  answer.questions = cursor.questions();
  return answer;
}

}  // namespace ipam::client::dns
