#include "service/discovery/probes.h"

#include "client/dns/client.h"
#include "client/http/client.h"

namespace ipam::service {
namespace {

ProbeResult judged(std::optional<Recognition> recognition) {
  if (!recognition) return {Outcome::Other, {}};
  return {Outcome::Recognized, *std::move(recognition)};
}

ProbeResult failed(const Error& error) {
  switch (error.code) {
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded: return {Outcome::Silent, {}};
    case ErrorCode::Cancelled:
    case ErrorCode::Overloaded:
    case ErrorCode::Internal: return {Outcome::Undone, {}};
    default: return {Outcome::Other, {}};
  }
}

}  // namespace

io::Task<ProbeResult> Prober::ask(Probe probe, io::Deadline deadline) {
  const io::Deadline own = deadline.at_most(options_.deadline);
  ProbeResult result;
  if (probe.endpoint == model::EndpointKind::Dns) {
    result = co_await ask_dns(probe, own);
  } else {
    result = co_await ask_http(probe, own);
  }
  // Silence for less than its own time proves nothing.
  if (result.outcome == Outcome::Silent && deadline.verdict()) result.outcome = Outcome::Undone;
  co_return result;
}

io::Task<ProbeResult> Prober::ask_http(Probe probe, io::Deadline deadline) {
  const bool agent = probe.endpoint == model::EndpointKind::ControlAgent;
  client::http::Request request;
  request.url.https = false;
  request.url.host = probe.address.to_string();
  request.url.port = probe.port;
  request.url.target = agent ? "/" : "/json/v1/status";
  request.response_limit = options_.answer_bytes;
  if (agent) {
    request.method = "POST";
    request.headers.set("Content-Type", "application/json");
    request.body = R"({"command":"version-get"})";
  }
  client::http::Client client(resolver_, {});
  const auto response = co_await client.send(std::move(request), deadline);
  client.close_idle();
  if (!response.ok()) co_return failed(response.error());
  co_return judged(agent ? recognize_control_agent(response->status, response->body)
                         : recognize_statistics_channel(response->status, response->body));
}

io::Task<ProbeResult> Prober::ask_dns(Probe probe, io::Deadline deadline) {
  client::dns::ClientOptions options;
  options.host = probe.address.to_string();
  options.port = probe.port;
  options.attempt = options_.dns_attempt;
  client::dns::Client client(resolver_, clock_, std::move(options));
  const auto answer = co_await client.ask(version_question(), deadline);
  if (!answer.ok()) co_return failed(answer.error());
  co_return judged(recognize_name_server(*answer));
}

}  // namespace ipam::service
