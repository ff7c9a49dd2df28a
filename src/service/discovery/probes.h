// Prober: puts the one question of discovery to an address and port. Thread rule: one executor a pass; the prober outlives its probes.
#pragma once

#include "base/clock.h"
#include "io/resolver.h"
#include "service/discovery/answers.h"

namespace ipam::service {

struct Probe {
  ip::Address address;
  std::uint16_t port = 0;
  model::EndpointKind endpoint = model::EndpointKind::ControlAgent;

  auto operator<=>(const Probe&) const = default;
};

// Undone: the question was not put to its end, so nothing is known. Silent: nobody answers. Other: somebody else does.
enum class Outcome { Undone, Silent, Other, Recognized };

struct ProbeResult {
  Outcome outcome = Outcome::Undone;
  Recognition recognition;  // when it is Recognized
};

struct ProbeOptions {
  Duration deadline = std::chrono::seconds(3);     // of one question
  Duration dns_attempt = std::chrono::seconds(1);  // until a question over UDP is asked again
  std::size_t answer_bytes = 64 * 1024;
};

class Prober {
 public:
  Prober(io::Resolver& resolver, const Clock& clock, const ProbeOptions& options) : resolver_(resolver), clock_(clock), options_(options) {}

  // Fails by no means: what goes wrong is an outcome.
  io::Task<ProbeResult> ask(Probe probe, io::Deadline deadline);

 private:
  io::Task<ProbeResult> ask_http(Probe probe, io::Deadline deadline);
  io::Task<ProbeResult> ask_dns(Probe probe, io::Deadline deadline);

  io::Resolver& resolver_;  // sees numeric addresses only, which it answers without a look-up
  const Clock& clock_;
  const ProbeOptions options_;
};

}  // namespace ipam::service
