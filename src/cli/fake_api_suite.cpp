#include "cli/fake_api_suite.h"

namespace ipam::cli {
namespace {

class FakeConnection final : public Connection {
 public:
  FakeConnection(FakeServer& server, ServerAccess access) : server_(server), access_(std::move(access)) {}
  Result<Reply> send(Call call) override { return server_.receive(call, access_); }
  Result<Reply> stream(Call call, const std::function<Result<bool>(std::string_view)>& take) override {
    auto reply = IPAM_TRY(server_.receive(call, access_));
    if (reply.status > 299) return reply;
    // In pieces, as a network gives it.
    for (std::string_view rest = reply.body; !rest.empty(); rest.remove_prefix(std::min<std::size_t>(rest.size(), 7))) {
      if (!IPAM_TRY(take(rest.substr(0, 7)))) break;
    }
    return Reply{reply.status, {}};
  }

 private:
  FakeServer& server_;
  ServerAccess access_;
};

}  // namespace

std::optional<std::string> FakeHost::variable(const std::string& name) const {
  const auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> FakeHost::read_line() {
  if (lines.empty()) return std::nullopt;
  std::string line = std::move(lines.front());
  lines.pop_front();
  return line;
}

Result<Secret> FakeHost::read_secret(const std::string& prompt) {
  error += prompt;
  if (secrets.empty()) return Error(ErrorCode::Cancelled, "nothing was typed");
  Secret secret(std::move(secrets.front()));
  secrets.pop_front();
  return secret;
}

Result<std::unique_ptr<Connection>> FakeServer::open(const ServerAccess& access) {
  return std::unique_ptr<Connection>(std::make_unique<FakeConnection>(*this, access));
}

Result<std::string> FakeServer::fingerprint(const std::string&) { return certificate; }

void FakeServer::answer(const std::string& route, int status, std::string body) {
  on(route, [status, body = std::move(body)](const Call&) -> Result<Reply> { return Reply{status, body}; });
}

Result<Reply> FakeServer::receive(const Call& call, const ServerAccess& access) {
  calls.push_back({call, access.url, access.fingerprint, access.ca_file, access.token.reveal()});
  const auto handler = handlers_.find(call.method + ' ' + call.target.substr(0, call.target.find('?')));
  if (handler == handlers_.end()) {
    return Reply{
        404,
        R"({"type":"about:blank","title":"Not found","status":404,"code":"not_found","detail":"there is no such object","errors":[],"request_id":"r404"})"};
  }
  return handler->second(call);
}

FakeRun::FakeRun() { host.variables["IPAM_TOKEN"] = "token"; }

}  // namespace ipam::cli
