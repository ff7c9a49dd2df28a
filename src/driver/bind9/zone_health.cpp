#include "driver/bind9/zone_health.h"

#include "driver/bind9/record_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver::bind9 {
namespace {

using model::ZoneHealth;
using model::ZoneKind;
using std::chrono::seconds;

// BIND's defaults of min-refresh-time and min-retry-time: a zone's shorter times are not held to.
constexpr std::uint32_t kLeastRefresh = 300;
constexpr std::uint32_t kLeastRetry = 500;

bool is_copy(ZoneKind kind) { return kind == ZoneKind::Secondary || kind == ZoneKind::Mirror; }
bool has_data(ZoneKind kind) { return kind == ZoneKind::Primary || is_copy(kind); }

// A copy is good until `expire` seconds after its primary confirmed it; so that was `expire` seconds before the time at which it expires.
bool is_overdue(const ListedZone& zone, const wire::dns::Soa& soa, Time now) {
  const Time confirmed = *zone.expires_at - seconds(soa.expire);
  return now > confirmed + seconds(std::max(soa.refresh, kLeastRefresh)) + seconds(std::max(soa.retry, kLeastRetry));
}

void set(ObservedZone& zone, ZoneHealth health, std::string problem) {
  zone.health = health;
  zone.problem = std::move(problem);
}

void judge_unloaded(ObservedZone& zone, bool copy) {
  if (copy && zone.expires_at && zone.loaded_at) {
    return set(zone, ZoneHealth::Expired,
               fmt::format("its copy expired at {} because no primary answered; mend the way to its primaries, then: rndc refresh {}",
                           format_time(*zone.expires_at), zone.name));
  }
  if (copy) {
    return set(
        zone, ZoneHealth::NeverLoaded,
        fmt::format("it was never transferred: its primaries do not answer or refuse the transfer; see the log, correct \"primaries\", then: rndc "
                    "retransfer {}",
                    zone.name));
  }
  set(zone, ZoneHealth::NeverLoaded,
      fmt::format("its file was not loaded: see the log, check the file with named-checkzone, then: rndc reload {}", zone.name));
}

}  // namespace

ObservedZone judge(const ListedZone& listed, const std::optional<SoaAnswer>& answer, Time now) {
  ObservedZone zone;
  zone.name = model_name(listed.name);
  zone.view = listed.view;
  zone.kind = listed.kind;
  zone.serial = listed.serial;
  zone.loaded_at = listed.loaded_at;
  zone.refresh_at = listed.refresh_at;
  zone.expires_at = listed.expires_at;
  if (!has_data(listed.kind)) return zone;
  const bool copy = is_copy(listed.kind);
  if (!listed.serial) {
    judge_unloaded(zone, copy);
  } else if (copy && listed.expires_at && *listed.expires_at <= now) {
    judge_unloaded(zone, copy);
  } else if (answer && answer->rcode == wire::dns::Rcode::Refused) {
    set(zone, ZoneHealth::NotServed,
        "the server refuses questions for it from our address; allow them in allow-query, or in match-clients of its view");
  } else if (answer && answer->rcode != wire::dns::Rcode::NoError) {
    set(zone, ZoneHealth::NotServed, fmt::format("the server answers {} to questions for it; see its log", wire::dns::to_string(answer->rcode)));
  } else if (copy && listed.expires_at && answer && answer->soa && is_overdue(listed, *answer->soa, now)) {
    const Time confirmed = *listed.expires_at - seconds(answer->soa->expire);
    set(zone, ZoneHealth::PrimaryUnreachable,
        fmt::format("no primary has confirmed it since {}; it expires at {}; mend the way to its primaries, then: rndc refresh {}",
                    format_time(confirmed), format_time(*listed.expires_at), zone.name));
  } else if (answer && !answer->soa) {
    set(zone, ZoneHealth::NotServed, "the server answers without the zone's SOA record: our address reaches another view");
  } else if (answer || !copy) {
    zone.health = ZoneHealth::Ok;
  }
  return zone;
}

}  // namespace ipam::driver::bind9
