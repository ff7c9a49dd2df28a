// Route: one way into the server: method, path, who may come, and what is done. The list of all routes is made without a socket, so that tests can
// walk it; router() and admission() put it into the HTTP server.
//
// A handler gets a Call (who, why, the request) and answers a Reply or an Error; bodies are read and written by json/codec.h from contract structs.
// Whether the caller may do what is asked is decided in the service floor, not here; here is only decided who the caller is.
// Thread rule: routes are immutable after the start; handlers run on I/O executors.
#pragma once

#include "contract/common.h"
#include "http_server/server.h"
#include "json/codec.h"
#include "ledger/exchange.h"
#include "service/access/access_service.h"
#include "service/idempotency/answer_keeper.h"

#include <atomic>
#include <functional>

namespace ipam::api {

// A body that is taken as it comes (http_server/body_sink.h).
class Upload : public http_server::BodySink {
 public:
  // What tells this body from others: for an Idempotency-Key, whose request has no body in memory.
  virtual std::string fingerprint() const = 0;
};

struct Call {
  service::Principal principal;
  Secret bearer;
  std::string peer;                                                                             // the client's address
  std::shared_ptr<http_server::CallerNote> note = std::make_shared<http_server::CallerNote>();  // shared with the server, for what a handler learns
  model::ChangeContext change;  // request id, reason, reference, on-behalf-of as the headers say; the actor is set by the service
  wire::http1::Request request;
  std::vector<std::pair<std::string, std::string>> parameters;  // of the path, decoded
  std::shared_ptr<ledger::Exchange> exchange = {};              // of a dry run, or of a request with a key; `change` carries it to the ledger
  std::shared_ptr<Upload> upload = {};                          // of a route that takes one; shared with the connection
  std::shared_ptr<void> place = {};                             // among those that the route serves at once

  const wire::http1::Query& query() const { return request.query; }
  // A path parameter that is an object's id. Errors: NotFound: what is no id names nothing.
  template <class T>
  Result<model::Id<T>> id() const {
    const auto id = contract::ObjectId::parse(path("id"));
    if (!id.ok()) return Error(ErrorCode::NotFound, id.error().message);
    return model::Id<T>{id->value};
  }
  std::string path(std::string_view name) const;
  // The bearer of a route for anyone that shows more to who is signed in. Errors: Unauthenticated.
  Result<Secret> read_bearer() const;
  // If-Match as the revision the caller has seen. Errors: InvalidArgument.
  Result<std::optional<std::uint64_t>> expected_revision() const;

  template <class T>
  Result<T> body() const {
    return json::read<T>(request.body);
  }
};

struct Reply {
  int status = 200;
  std::string body;
  std::vector<wire::http1::Field> headers;
  std::shared_ptr<http_server::BodySource> source = {};  // instead of `body`: one that is made while it is sent; shared with nobody

  template <class T>
  static Reply json(const T& value, int status = 200) {
    return {status, json::write(value), {}};
  }
  static Reply empty(int status = 204) { return {status, {}, {}}; }
  Reply& with(std::string name, std::string value) {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
  Reply& with_revision(std::uint64_t revision) { return with("ETag", "\"" + std::to_string(revision) + "\""); }
  Reply& with_sequence(std::uint64_t sequence) { return with("X-Ipam-Sequence", std::to_string(sequence)); }
};

enum class Caller { Anyone, SignedIn };

// Whether ?dry_run=true is offered at a write. ByLedger: all that the handler changes, it changes by works of the ledger with the call's context,
// each seeing nothing of the others; so running it is safe. ByHandler: the handler looks at the context's exchange itself, because it changes more
// than the database. Refused: what cannot be tried without being done (a sign-in), or nobody has thought about it.
enum class DryRun { Refused, ByLedger, ByHandler };

// Whether a POST takes an Idempotency-Key. Refused: its answer holds a secret, which is kept nowhere.
enum class RequestKey { Offered, Refused };

struct RouteOptions {
  Caller caller = Caller::SignedIn;
  DryRun dry_run = DryRun::Refused;
  RequestKey key = RequestKey::Offered;
  std::uint64_t body_bytes = std::uint64_t{256} * 1024;
  std::size_t at_once = 0;  // requests that are served together, for a route that takes much memory; 0: any number
};

// A write that goes through the ledger alone.
inline constexpr RouteOptions kLedgerWrite{.dry_run = DryRun::ByLedger};

using CallHandler = std::function<io::Task<Result<Reply>>(Call)>;
// Of a GET whose answer is made while it is sent: text/event-stream.
using StreamHandler = std::function<io::Task<Result<std::unique_ptr<http_server::BodySource>>>(Call)>;

// Begins to take the body of a call that was admitted; the request's target is not in the call yet.
using OpenUpload = std::function<Result<std::shared_ptr<Upload>>(const Call&, const wire::http1::Query&)>;

struct Route {
  std::string method;
  std::string path;
  RouteOptions options;
  CallHandler handler;                                                                               // or
  StreamHandler stream;                                                                              // one of the two
  OpenUpload open_upload = {};                                                                       // of a handler whose body is an upload
  std::shared_ptr<std::atomic<std::size_t>> served = std::make_shared<std::atomic<std::size_t>>(0);  // shared with the places of calls
};

class Routes {
 public:
  void add(std::string method, std::string path, CallHandler handler, const RouteOptions& options = {});
  void add(std::string method, std::string path, CallHandler handler, Caller caller);
  void add_stream(std::string path, StreamHandler handler);
  // The body of any media type goes to what `open` makes, which the call then has.
  void add_upload(std::string method, std::string path, OpenUpload open, CallHandler handler, const RouteOptions& options);
  // Who keeps the answers to requests with an Idempotency-Key; without one such requests are refused.
  void keep_answers_by(service::AnswerKeeper& keeper) { keeper_ = &keeper; }
  const std::vector<Route>& all() const { return routes_; }
  const Route* find(std::string_view method, std::string_view path) const;
  // Both refer to these routes, which must stay where they are while the server lives. `admission` tells who calls, before a body is read, and lets a
  // read with At-Least wait until this server has seen that change.
  http_server::Router router() const;
  std::function<io::Task<Result<void>>(http_server::RequestContext&)> admission(service::AccessService& access, ledger::Ledger& ledger) const;

 private:
  static io::Task<Result<void>> admit(const Routes* routes, service::AccessService* access, ledger::Ledger* ledger,
                                      http_server::RequestContext* context);

  std::vector<Route> routes_;
  service::AnswerKeeper* keeper_ = nullptr;
};

}  // namespace ipam::api
