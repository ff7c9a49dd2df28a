#include "service/planning/overlap.h"

#include "json/codec.h"

#include <algorithm>
#include <set>

namespace ipam::service {
namespace {

using model::Range;
using occupancy::RangeEntry;
using store::Comparison;

// The parts that a range shares with nobody, ascending and apart from each other.
std::vector<ip::Range> left_out(const Range& one, const Range& other) {
  std::vector<ip::Range> parts = one.exclusions;
  parts.insert(parts.end(), other.exclusions.begin(), other.exclusions.end());
  std::sort(parts.begin(), parts.end(), [](const ip::Range& a, const ip::Range& b) { return a.first() < b.first(); });
  return parts;
}

// As Kea writes the parameter "high-availability".
struct Peer {
  std::string name;
  std::string url;
  auto operator<=>(const Peer&) const = default;
};

std::string text_of(const boost::json::object& object, std::string_view name) {
  const boost::json::value* text = object.if_contains(name);
  return text != nullptr && text->is_string() ? std::string(text->get_string()) : std::string();
}

std::set<std::set<Peer>> relationships_of(std::string_view text) {
  std::set<std::set<Peer>> all;
  const auto parsed = json::parse(text);
  if (!parsed.ok() || !parsed->is_array()) return all;
  for (const boost::json::value& relationship : parsed->get_array()) {
    const auto* fields = relationship.if_object();
    const auto* peers = fields == nullptr ? nullptr : fields->if_contains("peers");
    if (peers == nullptr || !peers->is_array()) continue;
    std::set<Peer> named;
    for (const boost::json::value& peer : peers->get_array()) {
      if (peer.is_object()) named.insert({text_of(peer.get_object(), "name"), text_of(peer.get_object(), "url")});
    }
    if (named.size() > 1) all.insert(std::move(named));
  }
  return all;
}

}  // namespace

bool are_of_one_service(const Range& one, const Range& other) {
  return one.managed_by == other.managed_by && (one.managed_by == model::ManagedBy::Ipam || one.service_instance == other.service_instance);
}

bool share_addresses(const Range& one, const Range& other) {
  const ip::Address first = std::max(one.first, other.first);
  const ip::Address last = std::min(one.last, other.last);
  if (one.first.family() != other.first.family() || last < first) return false;
  ip::U128 next = first.number();
  for (const ip::Range& part : left_out(one, other)) {
    if (part.first().number() > next) return true;
    if (part.last().number() < next) continue;
    if (part.last() >= last) return false;
    next = part.last().number() + 1;
  }
  return true;
}

bool are_partners(std::string_view one, std::string_view other) {
  const auto relationships = relationships_of(one);
  const auto others = relationships_of(other);
  return std::any_of(relationships.begin(), relationships.end(), [&](const auto& peers) { return others.contains(peers); });
}

Result<std::optional<Range>> find_rival(ledger::Transaction& transaction, const occupancy::SpaceIndex& space, const Range& range) {
  const ip::Range extent = IPAM_TRY(ip::Range::create(range.first, range.last));
  for (const RangeEntry& entry : space.ranges_overlapping(extent)) {
    if (entry.id == range.id.value) continue;
    // The index knows ranges and DHCP pools alike; only the plan's own ranges are asked for here.
    auto found = IPAM_TRY(transaction.find(model::Id<Range>{entry.id}));
    if (found && are_of_one_service(*found, range) && share_addresses(*found, range)) return found;
  }
  return std::optional<Range>{};
}

Result<RangeOverlap> OverlapReader::read(const Range& range) {
  RangeOverlap answer;
  const ip::Range extent = IPAM_TRY(ip::Range::create(range.first, range.last));
  const auto around =
      index_.with(range.space_id.value, [&](const occupancy::SpaceIndex& now) { return now.ranges_overlapping(extent, 4 * kMaxOverlaps); });
  if (!around.ok()) return answer;  // the space went meanwhile
  store::Condition among{"id", Comparison::In, {}};
  for (const RangeEntry& entry : *around) {
    if (entry.id != range.id.value) among.values.emplace_back(static_cast<std::int64_t>(entry.id));
  }
  if (among.values.empty()) return answer;
  const auto reader = IPAM_TRY(store_.open_reader());
  store::Query query{.where = {among}, .sort = {{"first"}}, .limit = kMaxOverlaps};
  bool only_partners = true;
  for (Range& other : IPAM_TRY(store::list<Range>(*reader, query)).items) {
    if (!share_addresses(range, other)) continue;
    only_partners = only_partners && IPAM_TRY(partners(*reader, range, other));
    if (other.id.value < range.id.value) answer.use_for_utilization = false;
    answer.with.push_back(std::move(other));
  }
  if (!answer.with.empty()) answer.overlap = only_partners ? Overlap::FailoverPartners : Overlap::Overlapping;
  return answer;
}

Result<bool> OverlapReader::partners(store::Reader& reader, const Range& one, const Range& other) {
  if (!one.scope_id || !other.scope_id) return false;
  return are_partners(IPAM_TRY(partners_of(reader, one)), IPAM_TRY(partners_of(reader, other)));
}

Result<std::string> OverlapReader::partners_of(store::Reader& reader, const Range& range) {
  const auto known = by_scope_.find(range.scope_id->value);
  if (known != by_scope_.end()) return known->second;
  std::string text;
  if (const auto scope = IPAM_TRY(store::find(reader, *range.scope_id))) {
    const auto server = IPAM_TRY(store::find_where<model::DhcpServer>(reader, {{"server_id", Comparison::Equal, store::to_value(scope->server_id)}}));
    if (server) text = server->high_availability;
  }
  by_scope_.emplace(range.scope_id->value, text);
  return text;
}

}  // namespace ipam::service
