#include "driver/windows_dns/zone_health.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::driver::windows_dns {
namespace {

using model::ZoneHealth;
using model::ZoneKind;
using wire::dnsp::ZoneInfo;
using wire::dnsp::ZoneType;

ZoneKind kind_of(std::uint8_t type) {
  switch (static_cast<ZoneType>(type)) {
    case ZoneType::Primary: return ZoneKind::Primary;
    case ZoneType::Secondary: return ZoneKind::Secondary;
    case ZoneType::Stub: return ZoneKind::Stub;
    case ZoneType::Forwarder: return ZoneKind::Forward;
    case ZoneType::Cache:
    case ZoneType::SecondaryCache: break;
  }
  return ZoneKind::Other;
}

Time at(std::uint32_t seconds) { return Time(std::chrono::seconds(seconds)); }

std::string masters_of(const ZoneInfo& info) {
  const auto texts = wire::dnsp::texts_of(info.masters);
  return texts.empty() ? "its primaries" : join(texts, ", ");
}

void judge_secondary(ObservedZone& zone, const std::optional<wire::dns::Soa>& soa, const ZoneInfo& info, bool shut_down, Time now) {
  if (info.last_successful_transfer != 0) zone.loaded_at = at(info.last_successful_transfer);
  if (shut_down || !soa) {
    zone.health = info.last_successful_transfer == 0 ? ZoneHealth::NeverLoaded : ZoneHealth::Expired;
    zone.problem = fmt::format("{} from {}; let them allow zone transfers to this server and be reached by it, then: dnscmd /ZoneRefresh {}",
                               zone.health == ZoneHealth::NeverLoaded ? "the copy never came" : "the copy is too old to answer from; none comes",
                               masters_of(info), zone.name);
    return;
  }
  if (info.last_successful_soa_check == 0) return;
  const Time confirmed = at(info.last_successful_soa_check);
  zone.refresh_at = confirmed + std::chrono::seconds(soa->refresh);
  zone.expires_at = confirmed + std::chrono::seconds(soa->expire);
  if (now > *zone.refresh_at + std::chrono::seconds(soa->retry)) {
    zone.health = ZoneHealth::PrimaryUnreachable;
    zone.problem =
        fmt::format("the copy was confirmed last at {}, which is longer ago than refresh and retry together; {} must be reached by this server",
                    format_time(confirmed), masters_of(info));
  }
}

}  // namespace

ObservedZone judge(const wire::dnsp::Zone& zone, const std::optional<wire::dns::Soa>& soa, const std::optional<ZoneInfo>& info, Time now) {
  ObservedZone observed;
  observed.name = zone.name.value_or("");
  observed.view = "_default";
  observed.kind = kind_of(zone.type);
  if (soa) observed.serial = soa->serial;
  const bool shut_down = (zone.flags & wire::dnsp::kShutdown) != 0;
  const bool has_data = observed.kind == ZoneKind::Primary || observed.kind == ZoneKind::Secondary;
  if (!has_data) return observed;
  observed.health = ZoneHealth::Ok;
  if ((zone.flags & wire::dnsp::kPaused) != 0) {
    observed.health = ZoneHealth::NotServed;
    observed.problem = fmt::format("the zone is paused and not answered for; to go on: dnscmd /ZoneResume {}", observed.name);
  } else if (observed.kind == ZoneKind::Secondary && info) {
    judge_secondary(observed, soa, *info, shut_down, now);
  } else if (shut_down || !soa) {
    observed.health = ZoneHealth::NeverLoaded;
    observed.problem =
        fmt::format("the server could not load the zone; its event log \"DNS Server\" says why; then: dnscmd /ZoneReload {}", observed.name);
  }
  if (observed.health == ZoneHealth::NeverLoaded || observed.health == ZoneHealth::Expired) observed.serial.reset();
  return observed;
}

}  // namespace ipam::driver::windows_dns
