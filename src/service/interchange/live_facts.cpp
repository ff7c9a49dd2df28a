#include "service/interchange/live_facts.h"

#include "base/strings.h"
#include "model/dns.h"
#include "service/planning/claims.h"

#include <fmt/format.h>

#include <set>

namespace ipam::service::interchange {
namespace {

using model::Id;
using store::Comparison;
using store::Condition;

Condition is_shown() { return {"removed", Comparison::Equal, store::to_value(model::DnsRecord::kNotRemoved)}; }
Condition is_host() { return {"type", Comparison::In, {}, {std::string("A"), std::string("AAAA")}}; }
Condition is_no_prefix() { return {"delegated_length IS NULL", Comparison::Holds, {}}; }

bool is_same_name(std::string_view one, std::string_view other) {
  const auto bare = [](std::string_view name) { return name.ends_with('.') ? name.substr(0, name.size() - 1) : name; };
  const std::string_view left = bare(one), right = bare(other);
  if (equals_ignoring_case(left, right)) return true;
  const auto left_dot = left.find('.'), right_dot = right.find('.');
  if (left_dot != std::string_view::npos && right_dot != std::string_view::npos) return false;
  return equals_ignoring_case(left.substr(0, left_dot), right.substr(0, right_dot));
}

template <class T>
Result<void> add_addresses(store::Reader& reader, std::vector<Condition> where, std::size_t limit, std::set<ip::Address>& found) {
  store::Query query{.where = std::move(where), .sort = {{"address"}}, .limit = limit};
  for (const T& row : IPAM_TRY(store::list<T>(reader, query)).items) {
    if constexpr (std::is_same_v<T, model::DnsRecord>) {
      if (row.address) found.insert(*row.address);
    } else {
      found.insert(row.address);
    }
  }
  return {};
}

}  // namespace

Result<std::vector<LiveFact>> LiveFacts::of(Id<model::AddressSpace> space, const ip::Address& address) {
  const auto reader = IPAM_TRY(store_.open_reader());
  std::vector<LiveFact> facts;
  for (Claim& claim : IPAM_TRY(claims_on(*reader, space, address))) {
    if (claim.kind == ClaimKind::Record) continue;
    LiveFact fact{claim.kind == ClaimKind::Lease ? "lease" : "reservation", claim.hardware_address, std::move(claim.name)};
    if (claim.server_id) fact.source += " of " + IPAM_TRY(servers_.of(*reader, *claim.server_id));
    facts.push_back(std::move(fact));
  }
  const Condition here{"address", Comparison::Equal, store::to_value(address)};
  std::set<std::string> names;
  IPAM_TRY(store::for_each<model::DnsRecord>(*reader, {.where = {here, is_shown(), is_host()}}, [&](const model::DnsRecord& record) -> Result<bool> {
    names.insert(record.name);
    return true;
  }));
  for (const std::string& name : names) facts.push_back({"DNS", {}, name});
  return facts;
}

Result<std::vector<ip::Address>> LiveFacts::addresses(Id<model::AddressSpace> space, const ip::Address& first, const ip::Address& last,
                                                      const std::optional<ip::Address>& after, std::size_t limit) {
  const auto reader = IPAM_TRY(store_.open_reader());
  const std::vector<Condition> here{{"address", after ? Comparison::Greater : Comparison::GreaterOrEqual, store::to_value(after.value_or(first))},
                                    {"address", Comparison::LessOrEqual, store::to_value(last)}};
  const auto with = [&](std::vector<Condition> more) {
    more.insert(more.end(), here.begin(), here.end());
    return more;
  };
  const Condition in_space{"space_id", Comparison::Equal, store::to_value(space)};
  std::set<ip::Address> found;
  IPAM_TRY(add_addresses<model::Lease>(*reader, with({in_space, is_live_lease()}), limit, found));
  IPAM_TRY(add_addresses<model::DhcpReservation>(*reader, with({in_space, is_no_prefix()}), limit, found));
  IPAM_TRY(add_addresses<model::DnsRecord>(*reader, with({is_shown(), is_host(), {"address", Comparison::IsNotNull, {}}}), limit, found));
  std::vector<ip::Address> all(found.begin(), found.end());
  if (all.size() > limit) all.resize(limit);
  return all;
}

std::string disagreement(const model::Address& record, const std::vector<LiveFact>& facts) {
  std::vector<std::string> texts;
  for (const LiveFact& fact : facts) {
    if (fact.hardware_address && record.hardware_address && *fact.hardware_address != *record.hardware_address) {
      texts.push_back(fmt::format("{}: {}", fact.source, fact.hardware_address->to_string()));
    } else if (!fact.name.empty() && !record.name.empty() && !is_same_name(fact.name, record.name)) {
      texts.push_back(fmt::format("{}: {}", fact.source, fact.name));
    }
  }
  return join(texts, "; ");
}

std::string to_text(const std::vector<LiveFact>& facts) {
  std::vector<std::string> texts;
  for (const LiveFact& fact : facts) {
    texts.push_back(fmt::format("{}:{}{}{}{}", fact.source, fact.hardware_address ? " " : "",
                                fact.hardware_address ? fact.hardware_address->to_string() : std::string(), fact.name.empty() ? "" : " ", fact.name));
  }
  return join(texts, "; ");
}

}  // namespace ipam::service::interchange
