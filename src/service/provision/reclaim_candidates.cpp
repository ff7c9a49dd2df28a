#include "service/provision/reclaim_candidates.h"

#include "model/dhcp.h"
#include "model/dns.h"
#include "model/journal.h"
#include "service/planning/claims.h"
#include "service/planning/server_names.h"
#include "service/zones/zone_rows.h"

#include <fmt/format.h>

#include <set>

namespace ipam::service {
namespace {

using model::Address;
using model::AddressState;
using store::Comparison;
using store::Condition;

constexpr std::size_t kRecordsToldOf = 8;

// Who was last seen to lease it, and long ago; nobody has a live lease.
constexpr std::string_view kLeaseEnded =
    "EXISTS (SELECT 1 FROM lease l WHERE l.space_id = address.space_id AND l.address = address.address AND l.expires_at < ?)"
    " AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.space_id = address.space_id AND l.address = address.address AND l.expires_at >= ?)";

Condition is_candidate(Time now, Time unused_since) {
  return {
      fmt::format("state NOT IN ('held', 'cooling') AND (state = 'inactive' OR (expires_at IS NOT NULL AND expires_at <= ?) OR ({}))", kLeaseEnded),
      Comparison::Holds,
      {},
      {store::to_value(now), store::to_value(unused_since), store::to_value(unused_since)}};
}

std::string days_before(Time then, Time now) {
  const auto days = (now - then) / std::chrono::hours(24);
  return days == 0 ? "today" : days == 1 ? "a day ago" : fmt::format("{} days ago", days);
}

class EvidenceReader {
 public:
  EvidenceReader(store::Reader& reader, Time now) : reader_(reader), now_(now) {}

  Result<ReclaimCandidate> read(Address address, Time unused_since) {
    ReclaimCandidate candidate;
    candidate.address = std::move(address);
    read_record(candidate);
    IPAM_TRY(read_journal(candidate));
    IPAM_TRY(read_leases(candidate, unused_since));
    IPAM_TRY(read_reservations(candidate));
    IPAM_TRY(read_records(candidate));
    return candidate;
  }

 private:
  static std::vector<Condition> here(const Address& address) {
    return {{"space_id", Comparison::Equal, store::to_value(address.space_id)}, {"address", Comparison::Equal, store::to_value(address.address)}};
  }

  void read_record(ReclaimCandidate& candidate) const {
    const Address& address = candidate.address;
    if (address.expires_at && *address.expires_at <= now_) {
      candidate.reasons.push_back(ReclaimReason::Expired);
      candidate.evidence.push_back({EvidenceSource::Record, "was given until then, " + days_before(*address.expires_at, now_), *address.expires_at});
    }
    if (address.state == AddressState::Inactive) {
      candidate.reasons.push_back(ReclaimReason::Inactive);
      candidate.evidence.push_back({EvidenceSource::Record, "is marked inactive", std::nullopt});
    }
  }

  Result<void> read_journal(ReclaimCandidate& candidate) {
    const auto changed =
        IPAM_TRY(store::find_where<model::JournalRecord>(reader_, {{"sequence", Comparison::Equal, store::to_value(candidate.address.revision)}}));
    if (!changed) return {};
    const bool is_old = changed->at + std::chrono::hours(24 * 365) < now_;
    candidate.evidence.push_back(
        {EvidenceSource::Journal, fmt::format("was last changed by {}, {}", changed->actor, days_before(changed->at, now_)), changed->at, is_old});
    return {};
  }

  Result<void> read_leases(ReclaimCandidate& candidate, Time unused_since) {
    std::optional<model::Lease> last;
    IPAM_TRY(store::for_each<model::Lease>(reader_, {.where = here(candidate.address)}, [&](model::Lease lease) -> Result<bool> {
      if (!lease.delegated_length && (!last || last->expires_at < lease.expires_at)) last = std::move(lease);
      return true;
    }));
    if (!last) {
      candidate.evidence.push_back({EvidenceSource::Lease, "no DHCP server that is read has a lease of it", std::nullopt});
      return {};
    }
    const std::string who = last->hardware_address ? last->hardware_address->to_string() : last->hostname;
    const std::string server = IPAM_TRY(servers_.of(reader_, last->server_id));
    if (model::occupies(last->state) && last->expires_at > now_) {
      candidate.evidence.push_back({EvidenceSource::Lease, fmt::format("is leased to {} by {} until then", who, server), last->expires_at, false});
      return {};
    }
    if (last->expires_at < unused_since) candidate.reasons.push_back(ReclaimReason::LeaseEnded);
    candidate.evidence.push_back({EvidenceSource::Lease,
                                  fmt::format("the last lease, to {} by {}, ended {}", who, server, days_before(last->expires_at, now_)),
                                  last->expires_at});
    return {};
  }

  Result<void> read_reservations(ReclaimCandidate& candidate) {
    const Address& address = candidate.address;
    for (const model::DhcpReservation& reservation : IPAM_TRY(reservations_on(reader_, address.space_id, address.address))) {
      std::string server;
      if (const auto scope = IPAM_TRY(store::find(reader_, reservation.scope_id))) server = IPAM_TRY(servers_.of(reader_, scope->server_id));
      candidate.evidence.push_back(
          {EvidenceSource::Reservation, fmt::format("{} keeps it for {}", server, to_hex(reservation.identifier, ':')), std::nullopt, false});
    }
    return {};
  }

  Result<void> read_records(ReclaimCandidate& candidate) {
    store::Query query{.where = {{"address", Comparison::Equal, store::to_value(candidate.address.address)}, is_shown()}, .limit = kRecordsToldOf};
    const auto records = IPAM_TRY(store::list<model::DnsRecord>(reader_, query)).items;
    // A secondary has what its primary has.
    std::set<std::string> texts;
    for (const model::DnsRecord& record : records) texts.insert(fmt::format("DNS has {} {} {}", record.name, record.type, record.data));
    for (const std::string& text : texts) candidate.evidence.push_back({EvidenceSource::Dns, text, std::nullopt, false});
    if (records.empty())
      candidate.evidence.push_back({EvidenceSource::Dns, "no A, AAAA or PTR record of the zones that are read leads to it", std::nullopt});
    return {};
  }

  store::Reader& reader_;
  const Time now_;
  ServerNames servers_;
};

}  // namespace

Result<store::Page<ReclaimCandidate>> list_reclaim_candidates(store::Store& store, const Principal& principal, const ReclaimQuestion& question,
                                                              Time now) {
  for (const Operation each : {Operation::ReadAddressPlan, Operation::ReadDhcp, Operation::ReadDns}) IPAM_TRY(authorize(principal, each));
  const Time unused_since = now - question.unused_for;
  store::Query query{.where = question.where, .sort = {{"space_id"}, {"address"}}, .limit = question.limit, .after = question.after};
  query.where.push_back(is_candidate(now, unused_since));
  const auto reader = IPAM_TRY(store.open_reader());
  auto found = IPAM_TRY(store::list<Address>(*reader, query));
  EvidenceReader evidence(*reader, now);
  store::Page<ReclaimCandidate> page;
  page.next_cursor = found.next_cursor;
  for (Address& address : found.items) page.items.push_back(IPAM_TRY(evidence.read(std::move(address), unused_since)));
  return page;
}

}  // namespace ipam::service
