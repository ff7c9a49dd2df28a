#include "driver/windows_dns/windows_dns_driver.h"

#include "driver/windows_dns/zone_health.h"
#include "driver/windows_dns/zone_walk.h"
#include "wire/dnsp/name_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver::windows_dns {
namespace {

using wire::dns::Name;
using wire::dns::SerialOrder;

bool has_records(const wire::dnsp::Zone& zone) {
  return zone.type == static_cast<std::uint8_t>(wire::dnsp::ZoneType::Primary) ||
         zone.type == static_cast<std::uint8_t>(wire::dnsp::ZoneType::Secondary);
}

}  // namespace

Result<std::unique_ptr<Driver>> WindowsDnsDriver::create(const Endpoint& endpoint, const Limits& limits, const Clock& clock, io::Resolver& resolver,
                                                         io::WorkerPool& blocking) {
  Access access = IPAM_TRY(parse_url(endpoint.url));
  auto credential = IPAM_TRY(make_credential(endpoint, access));
  DnsService service(client::dcerpc::Services{resolver, blocking}, std::move(access), endpoint.url, std::move(credential), limits);
  return std::unique_ptr<Driver>(new WindowsDnsDriver(endpoint.server_name, limits, clock, std::move(service)));
}

Error WindowsDnsDriver::named(Error error) const {
  if (!error.message.starts_with(server_name_ + ": ")) error.message = fmt::format("{}: {}", server_name_, error.message);
  return error;
}

io::Task<Result<ProbeReport>> WindowsDnsDriver::probe(io::Deadline deadline) {
  auto server = co_await service_.server_info(deadline);
  if (!server.ok()) co_return named(std::move(server).error());
  ProbeReport report;
  report.version = wire::dnsp::version_text(server->version);
  auto zones = co_await service_.zones(deadline);
  if (!zones.ok()) co_return named(std::move(zones).error());
  report.capabilities.emplace_back("zones");
  const auto with_records = std::find_if(zones->begin(), zones->end(), has_records);
  if (with_records == zones->end()) {
    report.findings.emplace_back("the server tells no zone with records; is the account allowed to read its zones (Read in the security of each)?");
    co_return report;
  }
  const auto soa = co_await service_.soa(*with_records->name, deadline);
  if (soa.ok()) {
    report.capabilities.insert(report.capabilities.begin(), "records");
  } else if (soa.error().code == ErrorCode::PermissionDenied || soa.error().code == ErrorCode::NotFound) {
    report.findings.push_back(fmt::format("the records of zone {} could not be read: {}", *with_records->name, soa.error().message));
  } else {
    co_return named(soa.error());
  }
  co_return report;
}

// A zone that could not be judged, which costs no other one anything.
ObservedZone WindowsDnsDriver::unread(const wire::dnsp::Zone& zone, const std::optional<wire::dns::Soa>& soa, const Error& why,
                                      std::vector<std::string>* findings) const {
  findings->push_back(fmt::format("zone {} could not be judged: {}", *zone.name, why.message));
  ObservedZone observed = judge(zone, soa, std::nullopt, clock_.now());
  observed.health = model::ZoneHealth::Unknown;
  observed.problem.clear();
  return observed;
}

io::Task<Result<ObservedZone>> WindowsDnsDriver::observe(wire::dnsp::Zone zone, std::vector<std::string>* findings, io::Deadline deadline) {
  const std::string name = *zone.name;
  std::optional<wire::dns::Soa> soa;
  std::optional<wire::dnsp::ZoneInfo> info;
  if (has_records(zone)) {
    auto told = co_await service_.soa(name, deadline);
    // A zone that is not loaded, or was removed since it was listed, tells none.
    if (!told.ok() && told.error().code == ErrorCode::PermissionDenied) co_return unread(zone, soa, told.error(), findings);
    const bool expected = !told.ok() && (told.error().code == ErrorCode::NotFound || told.error().code == ErrorCode::FailedPrecondition);
    if (!told.ok() && !expected) co_return std::move(told).error();
    if (told.ok()) soa = std::move(told).value();
  }
  if (zone.type == static_cast<std::uint8_t>(wire::dnsp::ZoneType::Secondary)) {
    auto told = co_await service_.zone_info(name, deadline);
    const bool tells_none = !told.ok() && (told.error().code == ErrorCode::NotFound || told.error().code == ErrorCode::PermissionDenied);
    if (tells_none) co_return unread(zone, soa, told.error(), findings);
    if (!told.ok()) co_return std::move(told).error();
    info = std::move(told).value();
  }
  co_return judge(zone, soa, info, clock_.now());
}

io::Task<Result<ObservedZones>> WindowsDnsDriver::collect_zones(io::Deadline deadline) {
  auto zones = co_await service_.zones(deadline);
  if (!zones.ok()) co_return named(std::move(zones).error());
  ObservedZones observed;
  for (wire::dnsp::Zone& zone : *zones) {
    const auto name = wire::dnsp::parse_name(*zone.name);
    if (!name.ok()) {
      observed.findings.push_back(fmt::format("a zone was passed over: {}", name.error().message));
      continue;
    }
    auto one = co_await observe(std::move(zone), &observed.findings, deadline);
    if (!one.ok()) co_return named(std::move(one).error());
    one->name = model_name(*name);
    observed.zones.push_back(std::move(one).value());
  }
  const auto by_name = [](const ObservedZone& one, const ObservedZone& other) { return one.name < other.name; };
  std::stable_sort(observed.zones.begin(), observed.zones.end(), by_name);
  const auto same = [](const ObservedZone& one, const ObservedZone& other) { return one.name == other.name; };
  const auto end = std::unique(observed.zones.begin(), observed.zones.end(), same);
  if (end != observed.zones.end()) observed.findings.emplace_back("the server tells some zones more than once");
  observed.zones.erase(end, observed.zones.end());
  co_return observed;
}

io::Task<Result<ZoneTransfer>> WindowsDnsDriver::transfer_zone(ZoneRequest request, RecordSink& sink, io::Deadline deadline) {
  auto zone = Name::parse(request.name);
  if (!zone.ok()) co_return named(std::move(zone).error());
  auto soa = co_await service_.soa(zone_text(*zone), deadline);
  if (!soa.ok()) {
    Error error = std::move(soa).error();
    // Samba says of a zone that is not there that its name is not.
    if (error.code == ErrorCode::NotFound) error.message = fmt::format("the server has no zone {}", request.name);
    co_return named(std::move(error));
  }
  if (!*soa) co_return named(Error(ErrorCode::NotFound, fmt::format("the server tells no SOA record of zone {}; it is not loaded", request.name)));
  // The serial of before: what changes while the zone is read makes a newer one, upon which it is read again.
  ZoneTransfer transfer;
  transfer.route = "MS-DNSP EnumRecords2";
  transfer.serial = (*soa)->serial;
  if (request.known_serial) {
    const SerialOrder order = wire::dns::compare_serials(transfer.serial, *request.known_serial);
    transfer.up_to_date = order == SerialOrder::Same;
    if (transfer.up_to_date) co_return transfer;
    if (order != SerialOrder::Newer) {
      co_return named(Error(ErrorCode::Stale, fmt::format("the serial of zone {} went back from {} to {}; read the whole zone", request.name,
                                                          *request.known_serial, transfer.serial)));
    }
  }
  auto begun = co_await sink.begin(RecordSink::Content::Whole, transfer.serial);
  if (!begun.ok()) co_return std::move(begun).error();
  ZoneWalk walk(service_, *zone, transfer.serial, sink, limits_);
  auto walked = co_await walk.run(deadline);
  if (!walked.ok()) {
    // What the sink says is the caller's own.
    if (walk.sink_failed()) co_return std::move(walked).error();
    co_return named(std::move(walked).error());
  }
  transfer.added = walk.records();
  co_return transfer;
}

}  // namespace ipam::driver::windows_dns
