// Router: which handler answers which method and path.
//
// A path template is a list of segments: "/api/v1/blocks/{id}", "/api/v1/addresses:allocate", "/api/v1/blocks/{id}:merge". A literal segment goes
// before a parameter with a verb, and that before a plain parameter. Segments are percent-decoded after the path was split, so an id may hold an
// encoded '/'. HEAD is answered by the GET route; OPTIONS by the server. A handler is an ordinary function that returns a coroutine; the context
// outlives it. Thread rule: built by one thread, then read by any.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "http_server/body_sink.h"
#include "http_server/body_source.h"
#include "io/deadline.h"
#include "io/endpoint.h"
#include "io/task.h"
#include "wire/http1/message.h"

#include <any>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::http_server {

using wire::http1::Headers;
using wire::http1::Request;

// An answer: whole, or with a body that is made while it is sent; then `body` is empty.
struct Response : wire::http1::Response {
  Response() = default;
  Response(int status_in, Headers headers_in, std::string body_in) : wire::http1::Response{status_in, std::move(headers_in), std::move(body_in)} {}
  Response(wire::http1::Response whole) : wire::http1::Response(std::move(whole)) {}  // NOLINT(google-explicit-constructor): a whole answer is one

  std::shared_ptr<BodySource> source;  // shared with nobody: answers are copied before they are sent
};

struct Route;

// What is learnt of the sender on the way, by the admission or a handler.
struct CallerNote {
  std::string name;             // for logs and the audit
  int retry_after_seconds = 0;  // when a refusal with 429 or 409 may be tried again; 0: not known
};

// One request on its way. The handler may move out of it what it needs.
struct RequestContext {
  Request request;
  const Route* route = nullptr;
  std::vector<std::pair<std::string, std::string>> parameters;  // of the path, decoded
  io::Endpoint peer;
  std::string request_id;
  io::Deadline deadline = io::Deadline::never();  // the route's, and ended when the server stops for good: for every wait of the handler
  std::shared_ptr<BodySink> sink = {};            // where the body goes instead of into `request`, if the admission left one; shared with the caller
  std::optional<Error> sink_refused = {};         // what it answered to a piece
  std::any caller;                                // what ServerOptions::admit left here
  std::shared_ptr<CallerNote> note = std::make_shared<CallerNote>();  // shared with what a handler was given of the request
  std::optional<Error> failure = {};                                  // why it was refused, once it was

  // A parameter of the route's own template.
  const std::string& parameter(std::string_view name) const;
};

// An error becomes problem+json by problem.h.
using Handler = std::function<io::Task<Result<Response>>(RequestContext&)>;

struct Route {
  std::string method;
  std::string path;  // template
  Handler handler;
  std::string name = {};  // for metrics and logs; the template when empty
  std::uint64_t body_limit = 1024 * 1024;
  std::vector<std::string> media_types = {};     // that a body may have, lower case; any when empty
  Duration deadline = std::chrono::seconds(30);  // for the handler
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // A template that is malformed or taken is a bug of the program (LogicError).
  void add(Route route);
  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

  struct Match {
    const Route* route = nullptr;  // null: no such path, or not with this method
    std::vector<std::pair<std::string, std::string>> parameters;
    std::vector<std::string> allowed;  // the methods that the path has, when `route` is null: empty for an unknown path
  };
  // `path` is percent-encoded and sure to decode.
  Match match(std::string_view method, std::string_view path) const;

 private:
  struct Node;
  std::vector<std::unique_ptr<Route>> routes_;
  std::unique_ptr<Node> root_;
};

}  // namespace ipam::http_server
