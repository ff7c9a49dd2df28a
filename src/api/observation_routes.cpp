#include "api/api.h"
#include "api/observed.h"
#include "contract/readiness.h"

namespace ipam::api {
namespace {

// Whether the process answers at all: for whoever restarts it when it does not. What it stands on may be broken.
io::Task<Result<Reply>> health(Services* services, Call /*call*/) {
  co_return Reply::json(contract::Health{"ok", services->version, services->ledger.sequence()});
}

Result<Reply> readiness(Services& services) {
  contract::Readiness answer{"ready", services.version, {}};
  for (const HealthCheck& check : services.observed.checks()) {
    const auto found = check.look();
    answer.checks.push_back({check.name, found.ok(), found.ok() ? *found : found.error().message});
    if (!found.ok()) answer.status = "not ready";
  }
  return Reply::json(answer, answer.status == "ready" ? 200 : 503);
}

io::Task<Result<Reply>> ready(Services* services, Call /*call*/) {
  const auto look = [services] { return readiness(*services); };
  const io::Deadline soon = io::Deadline::after(std::chrono::seconds(5));
  auto answer = co_await services->database.run(look, soon);
  if (answer.ok()) co_return answer;
  const contract::Readiness busy{"not ready", services->version, {{"database", false, answer.error().message}}};
  co_return Reply::json(busy, 503);
}

// A scraper's address, or a bearer of anybody.
Result<void> may_read(Services& services, const Call& call) {
  if (services.observed.may_read_metrics(call.peer)) return {};
  const auto bearer = IPAM_TRY(call.read_bearer());
  const auto principal = IPAM_TRY(services.access.authenticate(bearer));
  call.note->name = principal.user_name;
  return {};  // figures are for everybody who is signed in
}

io::Task<Result<Reply>> metrics_page(Services* services, Call call) {
  IPAM_CO_CHECK(may_read(*services, call));
  const auto make = [services] { return services->observed.page(*services); };
  IPAM_CO_TRY(std::string page, co_await services->database.run(make));
  Reply reply;
  reply.body = std::move(page);
  co_return reply.with("Content-Type", std::string(metrics::TextWriter::kContentType));
}

}  // namespace

void add_observation_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add(
      "GET", "/healthz", [all](Call call) { return health(all, std::move(call)); }, Caller::Anyone);
  routes.add(
      "GET", "/readyz", [all](Call call) { return ready(all, std::move(call)); }, Caller::Anyone);
  routes.add(
      "GET", "/metrics", [all](Call call) { return metrics_page(all, std::move(call)); }, Caller::Anyone);
}

}  // namespace ipam::api
