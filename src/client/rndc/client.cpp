#include "client/rndc/client.h"

#include "base/strings.h"
#include "crypto/random.h"

#include <fmt/format.h>

namespace ipam::client::rndc {
namespace {

using wire::rndc::Command;
using wire::rndc::Reply;

// isc_result_t, which is stable over BIND 9's versions in these.
constexpr std::uint32_t kNotFound = 23;
constexpr std::uint32_t kUnknownCommand = 40;
constexpr std::uint32_t kNoPermission = 6;

io::Task<Result<Bytes>> read_exactly(io::Stream* stream, std::size_t count, io::Deadline deadline) {
  Bytes bytes(count);
  std::size_t read = 0;
  while (read < count) {
    auto some = co_await stream->read_some(std::span(bytes).subspan(read), deadline);
    if (!some.ok()) co_return std::move(some).error();
    if (*some == 0) co_return Error(ErrorCode::Unauthenticated, "");
    read += *some;
  }
  co_return bytes;
}

Error refusal(const std::string& command, const Reply& reply) {
  const std::string said = shorten(reply.error.empty() ? reply.text : reply.error, 300);
  const std::string verb = command.substr(0, command.find(' '));
  const ErrorCode code = reply.result == kNotFound         ? ErrorCode::NotFound
                         : reply.result == kUnknownCommand ? ErrorCode::Unsupported
                         : reply.result == kNoPermission   ? ErrorCode::PermissionDenied
                                                           : ErrorCode::FailedPrecondition;
  return {code, fmt::format("the control command {} is refused: {}", verb, said.empty() ? fmt::format("result {}", reply.result) : said)};
}

}  // namespace

Client::Client(io::Resolver& resolver, const Clock& clock, ClientOptions options)
    : resolver_(resolver), clock_(clock), options_(std::move(options)), name_(io::host_and_port(options_.host, options_.port)) {}

io::Task<Result<Reply>> Client::exchange(io::Stream* stream, Command command, io::Deadline deadline) {
  command.sent = clock_.now();
  IPAM_CO_TRY(const Bytes message, wire::rndc::encode(command, options_.key));
  IPAM_CO_CHECK(co_await stream->write(message, deadline));
  IPAM_CO_TRY(const Bytes prefix, co_await read_exactly(stream, 4, deadline));
  const std::size_t length =
      static_cast<std::size_t>(prefix[0]) << 24U | static_cast<std::size_t>(prefix[1]) << 16U | static_cast<std::size_t>(prefix[2]) << 8U | prefix[3];
  if (length > wire::rndc::kMaxReply)
    co_return Error(ErrorCode::Malformed, "the reply on the control channel is longer than 4 MiB; is this the right port?");
  IPAM_CO_TRY(const Bytes bytes, co_await read_exactly(stream, length, deadline));
  IPAM_CO_TRY(Reply reply, wire::rndc::decode(bytes, options_.key));
  if (reply.serial != command.serial) co_return Error(ErrorCode::Malformed, "the reply on the control channel belongs to another command");
  co_return reply;
}

io::Task<Result<std::string>> Client::run(std::string text, io::Deadline deadline) {
  auto stream = co_await io::connect_tcp(resolver_, options_.host, options_.port, deadline);
  if (!stream.ok()) co_return std::move(stream).error();
  const Bytes random = crypto::random_bytes(3);
  Command command;
  command.text = "null";
  command.serial = static_cast<std::uint32_t>(random[0] << 16 | random[1] << 8 | random[2]);
  auto reply = co_await exchange(stream->get(), command, deadline);
  if (reply.ok()) {
    command.text = text;
    command.nonce = reply->nonce;
    ++command.serial;
    reply = co_await exchange(stream->get(), command, deadline);
  }
  Error error;
  if (!reply.ok()) {
    error = std::move(reply).error();
    if (error.code == ErrorCode::Unauthenticated && error.message.empty()) {
      error.message =
          "the server closed the control connection in answer to our command: the control key is another one there, or the clocks are more than "
          "five minutes apart, or our address is not in \"allow\" of its controls clause";
    }
  } else if (reply->result != 0) {
    error = refusal(text, *reply);
  } else {
    co_return std::move(reply->text);
  }
  if (!error.message.starts_with(options_.host)) error.message = fmt::format("{}: {}", name_, error.message);
  co_return error;
}

}  // namespace ipam::client::rndc
