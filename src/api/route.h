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
#include "service/access/access_service.h"

#include <functional>

namespace ipam::api {

struct Call {
  service::Principal principal;
  Secret bearer;
  model::ChangeContext change;  // request id, reason, reference, on-behalf-of as the headers say; the actor is set by the service
  wire::http1::Request request;
  std::vector<std::pair<std::string, std::string>> parameters;  // of the path, decoded

  const wire::http1::Query& query() const { return request.query; }
  // A path parameter that is an object's id. Errors: NotFound: what is no id names nothing.
  template <class T>
  Result<model::Id<T>> id() const {
    const auto id = contract::ObjectId::parse(path("id"));
    if (!id.ok()) return Error(ErrorCode::NotFound, id.error().message);
    return model::Id<T>{id->value};
  }
  std::string path(std::string_view name) const;
  // If-Match as the revision the caller has seen. Errors: InvalidArgument.
  Result<std::optional<std::uint64_t>> expected_revision() const;

  template <class T>
  Result<T> body() const {
    IPAM_TRY(check_content_type());
    return json::read<T>(request.body);
  }

 private:
  Result<void> check_content_type() const;
};

struct Reply {
  int status = 200;
  std::string body;
  std::vector<wire::http1::Field> headers;

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

using CallHandler = std::function<io::Task<Result<Reply>>(Call)>;

struct Route {
  std::string method;
  std::string path;
  Caller caller = Caller::SignedIn;
  CallHandler handler;
};

class Routes {
 public:
  void add(std::string method, std::string path, CallHandler handler, Caller caller = Caller::SignedIn);
  const std::vector<Route>& all() const { return routes_; }
  const Route* find(std::string_view method, std::string_view path) const;
  // Both refer to these routes, which must stay where they are while the server lives. `admission` tells who calls, before a body is read, and lets a
  // read with At-Least wait until this server has seen that change.
  http_server::Router router() const;
  std::function<io::Task<Result<void>>(http_server::RequestContext&)> admission(service::AccessService& access, ledger::Ledger& ledger) const;

 private:
  static constexpr std::uint64_t kBodyBytes = 256 * 1024;

  static io::Task<Result<void>> admit(const Routes* routes, service::AccessService* access, ledger::Ledger* ledger,
                                      http_server::RequestContext* context);

  std::vector<Route> routes_;
};

}  // namespace ipam::api
