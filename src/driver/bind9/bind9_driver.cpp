#include "driver/bind9/bind9_driver.h"

#include "base/strings.h"
#include "driver/bind9/record_text.h"
#include "driver/bind9/transfer_adapter.h"
#include "driver/bind9/zone_collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ipam::driver::bind9 {
namespace {

using model::ServerAvailability;
using wire::dns::Name;
using wire::dns::RecordType;
using wire::dns::Transfer;
using wire::dns::TransferKind;

ServerAvailability availability_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::Cancelled: return ServerAvailability::Unreachable;
    case ErrorCode::Unauthenticated:
    case ErrorCode::PermissionDenied: return ServerAvailability::AccessDenied;
    default: return ServerAvailability::Faulty;
  }
}

AccessReport reachable(model::AccessKind kind) { return {.kind = kind, .availability = ServerAvailability::Reachable, .problem = ""}; }
AccessReport failing(model::AccessKind kind, const Error& error) { return {kind, availability_of(error), error.message}; }

// Takes nothing: for a probe, whose transfer has nothing to tell.
class NoSink final : public client::dns::TransferSink {
 public:
  io::Task<Result<void>> accept(TransferKind, std::uint32_t, std::vector<client::dns::RecordChange>) override {
    co_return Error(ErrorCode::Cancelled, "the probe has seen enough");
  }
};

}  // namespace

Result<std::unique_ptr<Driver>> Bind9Driver::create(const Endpoint& endpoint, const Limits& limits, const Clock& clock, io::Resolver& resolver) {
  auto driver = std::unique_ptr<Bind9Driver>(new Bind9Driver(endpoint, limits));
  driver->channel_ = IPAM_TRY(StatisticsChannel::create(endpoint, limits, resolver));
  if (const AccessEndpoint* access = endpoint.find(model::AccessKind::Dns)) {
    driver->dns_ = std::make_unique<client::dns::Client>(resolver, clock, IPAM_TRY(dns_options(*access, limits)));
    driver->changer_ = std::make_unique<RecordChanger>(endpoint.server_name, *driver->dns_, limits);
  }
  if (const AccessEndpoint* access = endpoint.find(model::AccessKind::Rndc)) {
    driver->control_ = std::make_unique<client::rndc::Client>(resolver, clock, IPAM_TRY(rndc_options(*access)));
  }
  return std::unique_ptr<Driver>(std::move(driver));
}

io::Task<Result<ServerStatus>> Bind9Driver::status(io::Deadline deadline) {
  auto json = co_await channel_->get("/json/v1/status", deadline);
  if (!json.ok()) co_return named(std::move(json).error());
  auto read = read_status(*json);
  if (!read.ok()) co_return named(std::move(read).error());
  co_return read;
}

io::Task<Result<ListedZones>> Bind9Driver::list_zones(io::Deadline deadline) {
  auto json = co_await channel_->get("/json/v1/zones", deadline);
  if (!json.ok()) co_return named(std::move(json).error());
  auto read = read_zones(*json, limits_);
  if (!read.ok()) co_return named(std::move(read).error());
  // BIND lists its own zones too, so an empty list is no server without zones.
  if (!read->told) {
    co_return named(Error(ErrorCode::FailedPrecondition,
                          "the statistics channel tells no zones; set \"zone-statistics full;\" in the server's options, then: rndc reconfig"));
  }
  co_return read;
}

io::Task<Result<ProbeReport>> Bind9Driver::probe(io::Deadline deadline) {
  IPAM_CO_TRY(const ServerStatus server, co_await status(deadline));
  ProbeReport report;
  report.version = server.version;
  auto listed = co_await list_zones(deadline);
  if (listed.ok()) {
    report.capabilities.push_back("zones");
    if (!listed->counted) {
      report.findings.push_back(
          "the statistics channel counts nothing for each zone; set \"zone-statistics full;\" in the server's options, then: rndc reconfig");
    }
  } else if (listed.error().code == ErrorCode::FailedPrecondition) {
    report.findings.push_back(listed.error().message);
  } else {
    co_return std::move(listed).error();
  }
  if (dns_ == nullptr) {
    report.findings.push_back("no records are read and none changed: give the server a DNS access (dns://host:53) with a TSIG key");
  } else {
    const ListedZones none;
    const ListedZones* zones = listed.ok() ? &*listed : &none;
    co_await probe_dns(zones, &report, deadline);
  }
  if (control_ != nullptr) co_await probe_control(&report, deadline);
  IPAM_CO_CHECK(deadline.check(server_name_));
  std::sort(report.capabilities.begin(), report.capabilities.end());
  co_return report;
}

// Asks for the SOA record of a zone, and whether that zone may be transferred.
io::Task<void> Bind9Driver::probe_dns(const ListedZones* listed, ProbeReport* report, io::Deadline deadline) {
  const auto usable = [](const ListedZone& zone) {
    return zone.serial && (zone.kind == model::ZoneKind::Primary || zone.kind == model::ZoneKind::Secondary);
  };
  const auto zone = std::find_if(listed->zones.begin(), listed->zones.end(), usable);
  const Name name = zone == listed->zones.end() ? Name() : zone->name;
  const auto answer = co_await dns_->query(name, RecordType::Soa, wire::dns::Recursion::NotDesired, deadline.at_most(limits_.request_timeout));
  if (!answer.ok()) {
    report->accesses.push_back(failing(model::AccessKind::Dns, answer.error()));
    co_return;
  }
  report->accesses.push_back(reachable(model::AccessKind::Dns));
  if (dns_->options().key) {
    report->capabilities.push_back("record-changes");
  } else {
    report->findings.push_back(
        "questions, transfers and updates are not signed; make a key (tsig-keygen), allow it in allow-transfer and allow-update, and "
        "give it to the DNS access");
  }
  if (zone != listed->zones.end()) co_await probe_transfer(&*zone, report, deadline);
}

// An IXFR from the serial that the zone has is answered by one record, or refused.
io::Task<void> Bind9Driver::probe_transfer(const ListedZone* zone, ProbeReport* report, io::Deadline deadline) {
  NoSink sink;
  Transfer question = Transfer::incremental(zone->name, *zone->serial);
  client::dns::TransferLimits limits;
  limits.silence = limits_.request_timeout;
  const auto outcome = co_await dns_->transfer(std::move(question), sink, limits, deadline.at_most(limits_.request_timeout));
  if (!outcome.ok() && outcome.error().code == ErrorCode::PermissionDenied) {
    report->findings.push_back(
        fmt::format("zone {} may not be transferred to us, and so maybe others; add our key to \"allow-transfer\" of the zones or of the "
                    "server's options, then: rndc reconfig",
                    model_name(zone->name)));
  } else if (outcome.ok() || outcome.error().code == ErrorCode::Cancelled || outcome.error().code == ErrorCode::Stale) {
    report->capabilities.push_back("records");
  } else {
    report->findings.push_back(fmt::format("zone {} could not be transferred: {}", model_name(zone->name), outcome.error().message));
  }
}

io::Task<void> Bind9Driver::probe_control(ProbeReport* report, io::Deadline deadline) {
  const auto told = co_await control_->run("status", deadline.at_most(limits_.request_timeout));
  if (!told.ok()) {
    report->accesses.push_back(failing(model::AccessKind::Rndc, told.error()));
    co_return;
  }
  report->accesses.push_back(reachable(model::AccessKind::Rndc));
  report->capabilities.push_back("control");
}

io::Task<Result<ObservedZones>> Bind9Driver::collect_zones(io::Deadline deadline) {
  IPAM_CO_TRY(const ServerStatus server, co_await status(deadline));
  IPAM_CO_TRY(ListedZones listed, co_await list_zones(deadline));
  auto zones = co_await judge_zones(std::move(listed), dns_.get(), server.now, limits_.request_timeout, deadline);
  if (!zones.ok()) co_return named(std::move(zones).error());
  // What the server itself says of a zone that is not well, where it may be asked.
  if (control_ != nullptr) {
    constexpr std::size_t kMostAsked = 20;
    std::size_t asked = 0;
    for (ObservedZone& zone : zones->zones) {
      if (zone.problem.empty() || asked++ >= kMostAsked) continue;
      std::string command = fmt::format("zonestatus {} IN {}", zone.name, zone.view);
      const auto told = co_await control_->run(std::move(command), deadline.at_most(limits_.request_timeout));
      if (!told.ok() && told.error().code == ErrorCode::FailedPrecondition) zone.problem += "; " + told.error().message;
    }
  }
  co_return zones;
}

io::Task<Result<ZoneTransfer>> Bind9Driver::transfer_zone(ZoneRequest request, RecordSink& sink, io::Deadline deadline) {
  if (dns_ == nullptr) {
    co_return named(Error(ErrorCode::Unsupported, "records are read by DNS: give the server a DNS access (dns://host:53) with a TSIG key"));
  }
  auto zone = Name::parse(request.name);
  if (!zone.ok()) co_return named(std::move(zone).error());
  client::dns::TransferLimits limits;
  limits.records = limits_.records;
  limits.silence = limits_.request_timeout;
  TransferAdapter adapter(sink);
  Transfer question = request.known_serial ? Transfer::incremental(*zone, *request.known_serial) : Transfer::full(*zone);
  auto outcome = co_await dns_->transfer(std::move(question), adapter, limits, deadline);
  if (!outcome.ok()) {
    // What the sink says is the caller's own.
    if (adapter.sink_failed()) co_return std::move(outcome).error();
    co_return named(std::move(outcome).error());
  }
  IPAM_CO_CHECK(co_await adapter.finish());
  ZoneTransfer transfer;
  transfer.up_to_date = outcome->kind == TransferKind::UpToDate;
  transfer.serial = outcome->soa.serial;
  transfer.added = adapter.added();
  transfer.removed = adapter.removed();
  transfer.route = outcome->kind == TransferKind::Full ? "AXFR" : "IXFR";
  if (const auto& key = dns_->options().key) transfer.route += " signed by " + model_name(key->name);
  co_return transfer;
}

}  // namespace ipam::driver::bind9
