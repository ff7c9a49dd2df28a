#include "service/collection/scope_ranges.h"

#include "model/rules.h"
#include "service/collection/dhcp_view.h"
#include "service/planning/placement.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::DhcpPool;
using model::DhcpScope;
using model::Id;
using model::Range;
using store::Comparison;

constexpr std::size_t kScopesAStep = 40;

// What its product is to the plan.
model::ManagedBy manager_of(model::Product product) {
  switch (product) {
    case model::Product::Kea:
    case model::Product::Bind9: return model::ManagedBy::NonMsDhcp;
    case model::Product::WindowsDns: break;  // it has no DHCP scopes
  }
  return model::ManagedBy::Other;
}

Result<std::vector<Range>> ranges_of(Transaction& transaction, Id<DhcpScope> scope) {
  return transaction.list<Range>(
      {{"scope_id", Comparison::Equal, store::to_value(scope)}}, [&](const Range& range) { return range.scope_id == scope; }, store::kEveryRow);
}

// The stretches that the pools cover, ascending: pools that touch or overlap are one. Delegated prefixes are no addresses.
Result<std::vector<ip::Range>> stretches_of(Transaction& transaction, Id<DhcpScope> scope) {
  std::vector<DhcpPool> pools = IPAM_TRY(transaction.list<DhcpPool>(
      {{"scope_id", Comparison::Equal, store::to_value(scope)}},
      [&](const DhcpPool& pool) { return pool.scope_id == scope && !pool.delegated_length; }, store::kEveryRow));
  std::vector<ip::Range> stretches;
  for (const ip::Range& next : pool_union(pools)) {
    if (!stretches.empty() && stretches.back().last().number() + 1 == next.first().number()) {
      stretches.back() = IPAM_TRY(ip::Range::create(stretches.back().first(), next.last()));
    } else {
      stretches.push_back(next);
    }
  }
  return stretches;
}

// The subnet of the scope, or a larger one around it; made when there is none. Errors: why the plan has no place for it.
Result<void> ensure_subnet(Transaction& transaction, const DhcpScope& scope) {
  const occupancy::SpaceIndex& space = *IPAM_TRY(transaction.space(scope.space_id));
  if (space.longest_match(scope.prefix, occupancy::EqualPrefix::Counts, occupancy::PrefixKind::Subnet)) return {};
  model::Subnet subnet;
  subnet.space_id = scope.space_id;
  subnet.prefix = scope.prefix;
  subnet.name = scope.name;
  IPAM_TRY(model::check(subnet));
  IPAM_TRY(place(transaction, subnet));
  IPAM_TRY(transaction.create(std::move(subnet)));
  return {};
}

bool is_about_the_place(const Error& error) {
  return error.code == ErrorCode::Conflict || error.code == ErrorCode::AlreadyExists || error.code == ErrorCode::InvalidArgument ||
         error.code == ErrorCode::FailedPrecondition;
}

Result<void> make_range(Transaction& transaction, Range range, const DhcpScope& scope) {
  IPAM_TRY(ensure_subnet(transaction, scope));
  IPAM_TRY(model::check(range));
  IPAM_TRY(place(transaction, range));
  IPAM_TRY(transaction.create(std::move(range)));
  return {};
}

Result<void> merge_one(Transaction& transaction, const model::ManagedServer& server, const DhcpScope& scope, ScopeRangeCounts& counts) {
  std::vector<Range> stored = IPAM_TRY(ranges_of(transaction, scope.id));
  std::vector<ip::Range> wanted = IPAM_TRY(stretches_of(transaction, scope.id));
  for (Range& old : stored) {
    const auto same =
        std::find_if(wanted.begin(), wanted.end(), [&](const ip::Range& each) { return each.first() == old.first && each.last() == old.last; });
    if (same == wanted.end()) {
      IPAM_TRY(transaction.erase(old.id));
      ++counts.changes;
      continue;
    }
    wanted.erase(same);
    const std::uint64_t revision = old.revision;
    old.name = scope.name;
    old.managed_by = manager_of(server.product);
    old.service_instance = server.name;
    if (IPAM_TRY(transaction.update(std::move(old))).revision != revision) ++counts.changes;
  }
  for (const ip::Range& stretch : wanted) {
    Range range;
    range.space_id = scope.space_id;
    range.first = stretch.first();
    range.last = stretch.last();
    range.name = scope.name;
    range.managed_by = manager_of(server.product);
    range.service_instance = server.name;
    range.scope_id = scope.id;
    const auto made = make_range(transaction, std::move(range), scope);
    if (made.ok()) {
      ++counts.changes;
    } else if (is_about_the_place(made.error())) {
      counts.findings.push_back(fmt::format("scope {} is not in the plan as a range: {}", scope.prefix.to_string(), made.error().message));
    } else {
      return made.error();
    }
  }
  return {};
}

Result<std::vector<DhcpScope>> scopes_of(store::Store& store, Id<model::ManagedServer> server) {
  const auto reader = IPAM_TRY(store.open_reader());
  std::vector<DhcpScope> scopes;
  IPAM_TRY(store::for_each<DhcpScope>(*reader, {.where = {{"server_id", Comparison::Equal, store::to_value(server)}}},
                                      [&](DhcpScope scope) -> Result<bool> {
                                        scopes.push_back(std::move(scope));
                                        return true;
                                      }));
  return scopes;
}

}  // namespace

io::Task<Result<ScopeRangeCounts>> merge_scope_ranges(store::Store& store, ledger::Ledger& ledger, io::WorkerPool& database,
                                                      model::ManagedServer server, model::ChangeContext context) {
  const auto read = [&store, id = server.id] { return scopes_of(store, id); };
  IPAM_CO_TRY(const std::vector<DhcpScope> scopes, co_await database.run(read));
  ScopeRangeCounts counts;
  for (std::size_t first = 0; first < scopes.size(); first += kScopesAStep) {
    const std::size_t last = std::min(first + kScopesAStep, scopes.size());
    const std::vector<DhcpScope> part(scopes.begin() + static_cast<std::ptrdiff_t>(first), scopes.begin() + static_cast<std::ptrdiff_t>(last));
    std::function<Result<ScopeRangeCounts>(Transaction&)> step = [server, part](Transaction& transaction) -> Result<ScopeRangeCounts> {
      ScopeRangeCounts done;
      for (const DhcpScope& scope : part) {
        if (!IPAM_TRY(transaction.find(scope.id))) continue;  // it went meanwhile
        IPAM_TRY(merge_one(transaction, server, scope, done));
      }
      return done;
    };
    IPAM_CO_TRY(auto written, co_await ledger.write<ScopeRangeCounts>(context, ledger::Priority::Bulk, step));
    counts.changes += written.value.changes;
    counts.findings.insert(counts.findings.end(), written.value.findings.begin(), written.value.findings.end());
  }
  co_return counts;
}

Result<void> erase_scope_ranges(Transaction& transaction, Id<DhcpScope> scope) {
  for (const Range& range : IPAM_TRY(ranges_of(transaction, scope))) IPAM_TRY(transaction.erase(range.id));
  return {};
}

}  // namespace ipam::service
