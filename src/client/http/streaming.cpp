#include "client/http/streaming.h"

#include "base/assert.h"
#include "wire/http1/parser.h"

#include <limits>

namespace ipam::client::http {
namespace {

using wire::http1::ParserState;
using wire::http1::ResponseParser;

constexpr std::size_t kReadSize = 32 * 1024;

std::string text_of(const Request& request) {
  wire::http1::Request message;
  message.method = request.method;
  message.target = request.url.target;
  message.headers = request.headers;
  message.headers.set("Host", request.url.authority());
  message.headers.set("Connection", "close");
  message.body = request.body;
  return wire::http1::serialize(message);
}

Error broken(const std::string& name) { return {ErrorCode::Unavailable, name + ": the stream was cut off"}; }

}  // namespace

io::Task<Result<Response>> stream(io::Resolver& resolver, StreamOptions options, Request request, TakePiece take) {
  const std::string name = io::host_and_port(request.url.host, request.url.port);
  const io::Deadline begin = io::Deadline::after(options.connect_timeout);
  io::StreamPtr connection;
  if (request.url.https) {
    IPAM_ASSERT(options.tls != nullptr, "an https request needs TLS options");
    IPAM_CO_TRY(connection, co_await io::connect_tls(resolver, request.url.host, request.url.port, options.tls, begin));
  } else {
    IPAM_CO_TRY(connection, co_await io::connect_tcp(resolver, request.url.host, request.url.port, begin));
  }
  const std::string text = text_of(request);
  IPAM_CO_CHECK(co_await connection->write(as_bytes(text), begin));
  wire::http1::Limits limits;
  limits.header_bytes = 64 * 1024;
  limits.header_count = 200;
  limits.body_bytes = std::numeric_limits<std::uint64_t>::max();
  ResponseParser parser(limits, ResponseParser::AnswerTo::Other);
  std::vector<std::uint8_t> buffer(kReadSize);
  while (parser.state() != ParserState::Done) {
    const bool has_header = parser.state() != ParserState::Header;
    const io::Deadline deadline = has_header ? io::Deadline::after(options.silence) : begin;
    IPAM_CO_TRY(const std::size_t count, co_await connection->read_some(buffer, deadline));
    if (count == 0 && !parser.end().ok()) co_return broken(name);
    ByteView left = ByteView(buffer).first(count);
    while (!left.empty() && parser.state() != ParserState::Done) {
      const auto used = parser.feed(left);
      if (!used.ok()) co_return Error(ErrorCode::Malformed, name + ": the answer is not HTTP/1.1 as it should be; is this the right port?");
      left = left.subspan(*used);
    }
    if (parser.state() == ParserState::Header) continue;
    Response& response = parser.response();
    const bool good = response.status >= 200 && response.status <= 299;
    if (!good && response.body.size() > request.response_limit) co_return Error(ErrorCode::Malformed, name + ": the answer is too large");
    if (!good || response.body.empty()) continue;
    IPAM_CO_TRY(const bool go_on, take(response.body));
    response.body.clear();
    if (!go_on) break;
  }
  Response answer = std::move(parser.response());
  co_return answer;
}

}  // namespace ipam::client::http
