// Streaming: one request whose answer is taken as it comes, such as an event stream. A connection of its own, which is not kept.
//
// The answer's header and, when its status is not 2xx, its body (at most request.response_limit) are the response; the body of another answer goes to
// `take`, in pieces as they arrive, none kept. `take` ends the stream by answering false. Errors: those of Client::send; Unavailable when the stream
// breaks; DeadlineExceeded when nothing comes for `silence`. Thread rule: one executor.
#pragma once

#include "client/http/client.h"

#include <functional>

namespace ipam::client::http {

struct StreamOptions {
  std::shared_ptr<const io::TlsClientContext> tls = nullptr;  // needed for https only
  Duration connect_timeout = std::chrono::seconds(30);        // until the answer's header is there
  Duration silence = std::chrono::seconds(60);                // between two pieces
};

using TakePiece = std::function<Result<bool>(std::string_view piece)>;

io::Task<Result<Response>> stream(io::Resolver& resolver, StreamOptions options, Request request, TakePiece take);

}  // namespace ipam::client::http
