// RequestParser, ResponseParser: bytes of HTTP/1.1 (RFC 9112) to messages, in pieces of any size.
//
//   while (parser.state() != ParserState::Done) {
//     const std::size_t used = IPAM_TRY(parser.feed(bytes));  // stops after the header, so that a limit can be chosen, and after the message
//     …
//   }
//
// Strict, because what two programs read differently is how requests are smuggled: a bare LF, a folded line, a space before the colon, two lengths, a
// length with a transfer coding, any coding but "chunked" alone, two Host fields or none are refused. A parser serves one message; what it did not
// use belongs to the next. Errors: Malformed, Unsupported; `refusal_status` is the status that says it to a client (400, 413, 431, 501, 505).
// Thread rule: one thread.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "wire/http1/message.h"

#include <memory>

namespace ipam::wire::http1 {

enum class ParserState { Header, Body, Done };

class MessageParser {
 public:
  virtual ~MessageParser();
  MessageParser(const MessageParser&) = delete;
  MessageParser& operator=(const MessageParser&) = delete;

  // How many of the bytes belong to this message and were taken: all of them unless the header or the message ended. After an error: do not go on.
  Result<std::size_t> feed(ByteView bytes);
  // The connection ended: completes a response without a length. Errors: Malformed when the message was not complete.
  Result<void> end();
  // Replaces the limit on the body once the header is known. Errors: Malformed when the announced length is over it (413).
  Result<void> set_body_limit(std::uint64_t bytes);

  ParserState state() const;
  // Whether a byte of the message has come.
  bool started() const;
  // After the header: whether the connection can carry another message after this one.
  bool keep_alive() const;
  int refusal_status() const;

 protected:
  struct Core;
  explicit MessageParser(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

class RequestParser final : public MessageParser {
 public:
  explicit RequestParser(const Limits& limits);
  ~RequestParser() override;

  // Complete but for the body once the header is read.
  Request& request();
  // The client waits for "100 Continue" before it sends the body.
  bool expects_continue() const;
};

class ResponseParser final : public MessageParser {
 public:
  // The answer to HEAD has no body, whatever its fields say.
  enum class AnswerTo { Head, Other };
  ResponseParser(const Limits& limits, AnswerTo request);
  ~ResponseParser() override;

  Response& response();
};

}  // namespace ipam::wire::http1
