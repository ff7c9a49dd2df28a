#include "service/zones/zone_merge.h"

#include "service/zones/record_merge.h"
#include "service/zones/zone_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::DnsZone;
using model::Id;
using model::ZoneHealth;
using model::ZoneStatus;
using store::Comparison;

constexpr std::size_t kZonesAStep = 100;
// Of a zone whose SOA has not been read: what most zones say.
constexpr std::uint32_t kUsualRefresh = 3'600;

using ZoneKey = std::pair<std::string, std::string>;  // view, name

Result<std::map<ZoneKey, DnsZone>> read_zones(store::Store& store, Id<model::ManagedServer> server) {
  const auto reader = IPAM_TRY(store.open_reader());
  std::map<ZoneKey, DnsZone> zones;
  IPAM_TRY(
      store::for_each<DnsZone>(*reader, {.where = {{"server_id", Comparison::Equal, store::to_value(server)}}}, [&](DnsZone zone) -> Result<bool> {
        ZoneKey key{zone.view, zone.name};
        zones.emplace(std::move(key), std::move(zone));
        return true;
      }));
  return zones;
}

// A zone as observed, what is stored of it, and the zone on other servers.
struct PlacedZone {
  driver::ObservedZone observed;
  DnsZone zone;  // without id: new
  ZoneStatus status;
  std::vector<OtherServer> others;
};

Result<std::string> server_name(store::Reader& reader, std::map<std::uint64_t, std::string>& names, Id<model::ManagedServer> id) {
  const auto [entry, fresh] = names.try_emplace(id.value);
  if (fresh) {
    if (const auto server = IPAM_TRY(store::find(reader, id))) entry->second = server->name;
  }
  return entry->second;
}

Result<std::vector<PlacedZone>> place(store::Store& store, const model::ManagedServer& server, const std::map<ZoneKey, DnsZone>& known,
                                      std::vector<driver::ObservedZone> part) {
  const auto reader = IPAM_TRY(store.open_reader());
  std::map<std::uint64_t, std::string> names;
  std::vector<PlacedZone> placed;
  for (driver::ObservedZone& observed : part) {
    PlacedZone entry;
    if (const auto stored = known.find({observed.view, observed.name}); stored != known.end()) {
      entry.zone = stored->second;
      entry.status = IPAM_TRY(read_zone_status(*reader, entry.zone.id));
    }
    IPAM_TRY(store::for_each<DnsZone>(*reader, {.where = {{"name", Comparison::Equal, observed.name}}}, [&](DnsZone other) -> Result<bool> {
      if (other.server_id != server.id && other.space_id == server.space_id && other.view == observed.view) {
        entry.others.push_back({IPAM_TRY(server_name(*reader, names, other.server_id)), IPAM_TRY(read_zone_status(*reader, other.id))});
      }
      return true;
    }));
    entry.zone.server_id = server.id;
    entry.zone.space_id = server.space_id;
    entry.zone.name = observed.name;
    entry.zone.view = observed.view;
    entry.zone.kind = observed.kind;
    entry.observed = std::move(observed);
    placed.push_back(std::move(entry));
  }
  return placed;
}

Result<std::vector<MergedZone>> write_part(Transaction& transaction, const model::ManagedServer& server, const std::vector<PlacedZone>& part) {
  IPAM_TRY(transaction.get(server.id));  // it may have been removed meanwhile
  std::vector<MergedZone> merged;
  for (const PlacedZone& placed : part) {
    MergedZone entry;
    entry.zone = placed.zone.id ? IPAM_TRY(transaction.update(placed.zone)) : IPAM_TRY(transaction.create(placed.zone));
    entry.status = judge_zone(placed.observed, placed.status, placed.others, transaction.now());
    entry.status.id = entry.zone.id;
    transaction.put_row(entry.status);
    merged.push_back(std::move(entry));
  }
  return merged;
}

// The newest of the others' serials, if it is newer than `serial`.
const OtherServer* newest_ahead(const std::vector<OtherServer>& others, std::uint32_t serial) {
  const OtherServer* ahead = nullptr;
  for (const OtherServer& other : others) {
    if (!other.status.serial || !model::serial_is_newer(*other.status.serial, ahead != nullptr ? *ahead->status.serial : serial)) continue;
    ahead = &other;
  }
  return ahead;
}

}  // namespace

ZoneStatus judge_zone(const driver::ObservedZone& observed, ZoneStatus before, const std::vector<OtherServer>& others, Time now) {
  ZoneStatus status = std::move(before);
  status.health = observed.health;
  status.problem = observed.problem;
  status.serial = observed.serial;
  status.loaded_at = observed.loaded_at;
  status.refresh_at = observed.refresh_at;
  status.expires_at = observed.expires_at;
  status.checked_at = now;
  const OtherServer* ahead = observed.serial ? newest_ahead(others, *observed.serial) : nullptr;
  if (ahead == nullptr) {
    status.behind_since.reset();
    return status;
  }
  if (!status.behind_since) status.behind_since = now;
  std::optional<std::uint32_t> refresh = ahead->status.refresh_seconds;
  if (!refresh) refresh = status.refresh_seconds;
  const Duration lag = now - *status.behind_since;
  if (lag <= std::chrono::seconds(refresh.value_or(kUsualRefresh)) || status.health != ZoneHealth::Ok) return status;
  status.health = ZoneHealth::SerialBehind;
  status.problem = fmt::format(
      "has had serial {} since {}, while {} has {}; see in the server's log why it does not transfer the zone, and whether it is notified of changes",
      *observed.serial, format_time(std::chrono::floor<std::chrono::seconds>(*status.behind_since)), ahead->server, *ahead->status.serial);
  return status;
}

io::Task<Result<ZoneMerge>> merge_zones(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database, const Clock& clock,
                                        model::ManagedServer server, driver::ObservedZones observed, model::ChangeContext context) {
  ZoneMerge merge;
  const auto read = [&store, id = server.id] { return read_zones(store, id); };
  IPAM_CO_TRY(auto known, co_await database.run(read));
  for (std::size_t first = 0; first < observed.zones.size(); first += kZonesAStep) {
    const std::size_t last = std::min(first + kZonesAStep, observed.zones.size());
    std::vector<driver::ObservedZone> part(observed.zones.begin() + static_cast<std::ptrdiff_t>(first),
                                           observed.zones.begin() + static_cast<std::ptrdiff_t>(last));
    const auto place_part = [&store, &server, &known, part = std::move(part)] { return place(store, server, known, part); };
    IPAM_CO_TRY(std::vector<PlacedZone> placed, co_await database.run(place_part));
    for (const PlacedZone& entry : placed) {
      const auto old = known.find({entry.zone.view, entry.zone.name});
      if (old == known.end() || old->second != entry.zone) ++merge.counts.changes;
      if (old != known.end()) known.erase(old);
    }
    std::function<Result<std::vector<MergedZone>>(Transaction&)> step = [server, placed = std::move(placed)](Transaction& transaction) {
      return write_part(transaction, server, placed);
    };
    IPAM_CO_TRY(auto written, co_await ledger.write<std::vector<MergedZone>>(context, ledger::Priority::Bulk, step));
    for (MergedZone& zone : written.value) {
      const ZoneHealth health = zone.status.health;
      if (health != ZoneHealth::Ok && health != ZoneHealth::Unknown) ++merge.counts.unwell;
      merge.zones.push_back(std::move(zone));
    }
  }
  merge.counts.zones = merge.zones.size();
  // What is left was not observed.
  for (const auto& entry : known) {
    const DnsZone zone = entry.second;
    RecordMerge records(store, ledger, database, clock, zone, context);
    IPAM_CO_CHECK(co_await records.erase_all());
    ledger::Work step = [id = zone.id](Transaction& transaction) -> Result<void> {
      transaction.erase_row<ZoneStatus>({store::to_value(id)});
      return transaction.erase(id);
    };
    IPAM_CO_CHECK(co_await ledger.commit(context, ledger::Priority::Bulk, step));
    ++merge.counts.changes;
  }
  co_return merge;
}

}  // namespace ipam::service
