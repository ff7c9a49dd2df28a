#include "service/discovery/discovery.h"

#include "base/log.h"
#include "base/strings.h"
#include "io/sleep.h"
#include "io/task_group.h"
#include "ip/loopback.h"
#include "model/discovery_rules.h"
#include "service/discovery/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::service {
namespace {

using model::DiscoveredServer;
using model::DiscoveryTarget;
using model::EndpointKind;

constexpr std::size_t kMaxQuestions = 200'000;  // of one pass
constexpr std::size_t kMaxNameAddresses = 16;   // of one host name
constexpr std::size_t kLookUpsAtOnce = 8;
constexpr std::size_t kRowsAtOnce = 500;
constexpr std::size_t kToldFailures = 3;

// The rows as the pass sees them, as far as nobody was there first: a target that was deleted meanwhile takes its rows along, and one that was
// accepted meanwhile stays managed.
Result<void> put_rows(ledger::Transaction& transaction, const std::vector<DiscoveryMerge::Change>& changes) {
  for (const DiscoveryMerge::Change& change : changes) {
    DiscoveredServer row = change.row;
    if (!IPAM_TRY(transaction.find(row.target_id))) continue;
    const auto stored =
        IPAM_TRY(store::find_where<DiscoveredServer>(transaction.committed(), {{"address", store::Comparison::Equal, store::to_value(row.address)},
                                                                               {"port", store::Comparison::Equal, store::to_value(row.port)},
                                                                               {"product", store::Comparison::Equal, store::to_value(row.product)}}));
    if (stored.has_value() != static_cast<bool>(row.id)) continue;
    // Ids are of one sequence, whatever has them.
    if (!stored) row.id.value = IPAM_TRY(transaction.new_id<DiscoveryTarget>()).value;
    if (stored && stored->server_id != change.server_before) {
      row.server_id = stored->server_id;
      row.state = stored->state;
    }
    transaction.put_row(row);
  }
  return {};
}

bool may_be_local(const std::string& name) { return name == "localhost" || name.ends_with(".localhost"); }

}  // namespace

struct Discovery::Target {
  DiscoveryTarget target;
  std::vector<ip::Address> hosts;
  std::vector<std::size_t> probes;  // positions in the pass
  std::string failure;              // why it cannot be looked at
  bool left_over = false;           // the pass is full
};

struct Discovery::Pass {
  std::vector<Target> targets;
  std::vector<Probe> probes;
  std::vector<ProbeResult> results;
  std::map<Probe, std::size_t> positions;
  std::set<ip::Address> hosts;
  std::size_t next = 0;
  io::Deadline::TimePoint next_start{};

  void plan();
  bool is_complete(const Target& target) const;
  std::size_t count(Outcome outcome) const;
  std::vector<Finding> findings() const;
  std::string failures() const;

 private:
  void plan(Target& target);
};

void Discovery::Pass::plan() {
  for (Target& target : targets) {
    if (target.failure.empty()) plan(target);
  }
  results.resize(probes.size());
}

// Every question once, though several targets may want it.
void Discovery::Pass::plan(Target& target) {
  const std::array<std::pair<EndpointKind, const std::string*>, 3> kinds{{{EndpointKind::ControlAgent, &target.target.kea_ports},
                                                                          {EndpointKind::Dns, &target.target.dns_ports},
                                                                          {EndpointKind::StatisticsChannel, &target.target.statistics_ports}}};
  std::vector<Probe> wanted;
  for (const ip::Address& host : target.hosts) {
    for (const auto& [kind, ports] : kinds) {
      for (const std::uint16_t port : model::read_ports(*ports).value()) wanted.push_back({host, port, kind});
    }
  }
  if (probes.size() + wanted.size() > kMaxQuestions) {
    target.left_over = true;
    return;
  }
  hosts.insert(target.hosts.begin(), target.hosts.end());
  for (const Probe& probe : wanted) {
    const auto [place, fresh] = positions.try_emplace(probe, probes.size());
    if (fresh) probes.push_back(probe);
    target.probes.push_back(place->second);
  }
}

bool Discovery::Pass::is_complete(const Target& target) const {
  const auto done = [&](std::size_t position) { return results[position].outcome != Outcome::Undone; };
  return target.failure.empty() && !target.left_over && std::all_of(target.probes.begin(), target.probes.end(), done);
}

std::size_t Discovery::Pass::count(Outcome outcome) const {
  const auto same = [&](const ProbeResult& result) { return result.outcome == outcome; };
  return static_cast<std::size_t>(std::count_if(results.begin(), results.end(), same));
}

std::vector<Finding> Discovery::Pass::findings() const {
  std::vector<Finding> findings;
  std::set<std::size_t> told;
  for (const Target& target : targets) {
    for (const std::size_t position : target.probes) {
      const ProbeResult& result = results[position];
      if (result.outcome != Outcome::Recognized || !told.insert(position).second) continue;
      findings.push_back({probes[position], result.recognition, target.target.id});
    }
  }
  return findings;
}

std::string Discovery::Pass::failures() const {
  std::string text;
  std::size_t told = 0, more = 0;
  for (const Target& target : targets) {
    if (target.failure.empty()) continue;
    if (told++ < kToldFailures) {
      text += fmt::format("; not looked at: {} ({})", shorten(target.target.name, 80), target.failure);
    } else {
      ++more;
    }
  }
  if (more > 0) text += fmt::format(", and {} more", more);
  return text;
}

// Begins with the target that the last pass had no time for.
Result<std::vector<Discovery::Target>> Discovery::read_targets() {
  const auto reader = IPAM_TRY(store_.open_reader());
  std::vector<Target> targets;
  IPAM_TRY(store::for_each<DiscoveryTarget>(*reader, {.sort = {{"id"}}}, [&](DiscoveryTarget target) -> Result<bool> {
    if (target.enabled) targets.push_back({.target = std::move(target)});
    return true;
  }));
  const auto first = std::find_if(targets.begin(), targets.end(), [&](const Target& each) { return each.target.id.value >= next_first_.load(); });
  std::rotate(targets.begin(), first, targets.end());
  return targets;
}

io::Task<void> Discovery::locate(Target* target, io::Deadline deadline) {
  const auto place = model::read_place(target->target.name);
  if (!place.ok()) {
    target->failure = place.error().fields.empty() ? place.error().message : place.error().fields.front().message;
    co_return;
  }
  if (const auto* prefix = std::get_if<ip::Prefix>(&*place)) {
    target->hosts = model::hosts_of(*prefix);
    co_return;
  }
  const std::string& name = std::get<std::string>(*place);
  const auto endpoints = co_await resolver_.resolve(name, 1, deadline.at_most(options_.name_deadline));
  if (!endpoints.ok()) {
    target->failure = endpoints.error().message;
    co_return;
  }
  // A name is somebody else's to point anywhere: never at this machine itself, nor at what is no host.
  for (const io::Endpoint& endpoint : *endpoints) {
    const auto parsed = ip::Address::parse(endpoint.address);
    if (!parsed.ok() || target->hosts.size() == kMaxNameAddresses) continue;
    const ip::Address address = parsed->unmapped();
    const bool askable = model::is_askable(address) && (!ip::is_loopback(address) || may_be_local(name));
    if (askable && std::find(target->hosts.begin(), target->hosts.end(), address) == target->hosts.end()) target->hosts.push_back(address);
  }
  if (target->hosts.empty()) target->failure = "its addresses are of this machine itself or of no host; name the address if it is meant";
}

io::Task<void> Discovery::work(Pass* pass, io::Deadline deadline) {
  while (pass->next < pass->probes.size() && !deadline.verdict()) {
    const std::size_t position = pass->next++;
    const auto now = std::chrono::steady_clock::now();
    const auto start = std::max(pass->next_start, now);
    pass->next_start = start + options_.pause;
    if (start > now) {
      const auto slept = co_await io::sleep_for(std::chrono::duration_cast<Duration>(start - now), deadline);
      if (!slept.ok()) co_return;
    }
    pass->results[position] = co_await prober_.ask(pass->probes[position], deadline);
  }
}

io::Task<Result<std::string>> Discovery::write(Pass* pass, io::Deadline deadline) {
  IPAM_CO_TRY(const auto places, co_await ManagedPlaces::find(store_, resolver_, deadline));
  std::set<std::uint64_t> complete;
  for (const Target& target : pass->targets) {
    if (pass->is_complete(target)) complete.insert(target.target.id.value);
  }
  DiscoveryMerge merge;
  {
    IPAM_CO_TRY(const auto reader, store_.open_reader());
    IPAM_CO_TRY(const auto stored, store::list<DiscoveredServer>(*reader, {.limit = store::kEveryRow - 1}));
    merge = merge_discovery(stored.items, pass->findings(), complete, places, clock_.now(), options_.forget_after);
  }
  for (std::size_t first = 0; first < merge.put.size(); first += kRowsAtOnce) {
    const auto begin = merge.put.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(kRowsAtOnce, merge.put.size() - first));
    ledger::Work put = [rows = std::vector<DiscoveryMerge::Change>(begin, end)](ledger::Transaction& transaction) {
      return put_rows(transaction, rows);
    };
    IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, put));
  }
  ledger::Work forget = [rows = merge.forgotten](ledger::Transaction& transaction) -> Result<void> {
    for (const DiscoveredServer& row : rows) transaction.erase_row<DiscoveredServer>({store::to_value(row.id)});
    return {};
  };
  if (!merge.forgotten.empty()) {
    IPAM_CO_CHECK(co_await ledger_.commit(ledger::Priority::Bulk, forget));
  }
  co_return fmt::format("{}, {}, {}: {} found ({} new, {} managed), {} gone, {} other answers{}", count_of(pass->targets.size(), "target"),
                        count_of(pass->hosts.size(), "address"), count_of(pass->probes.size(), "question"), count_of(merge.found, "server"),
                        merge.fresh, merge.managed, merge.gone, pass->count(Outcome::Other), pass->failures());
}

io::Task<Result<std::string>> Discovery::run(std::string actor, io::Deadline deadline) {
  Pass pass;
  IPAM_CO_TRY(pass.targets, read_targets());
  if (pass.targets.empty()) co_return std::string(kNoTarget);
  const io::Executor executor = co_await io::current_executor();
  {
    io::TaskGroup group(executor, kLookUpsAtOnce);
    for (Target& target : pass.targets) group.start(locate(&target, deadline));
    IPAM_CO_CHECK(co_await group.wait());
  }
  pass.plan();
  {
    io::TaskGroup group(executor, options_.at_once);
    for (std::size_t i = 0; i < std::min(options_.at_once, pass.probes.size()); ++i) group.start(work(&pass, deadline));
    IPAM_CO_CHECK(co_await group.wait());
  }
  const auto is_cut = [&](const Target& target) { return target.failure.empty() && !pass.is_complete(target); };
  const auto cut = std::find_if(pass.targets.begin(), pass.targets.end(), is_cut);
  next_first_ = cut != pass.targets.end() ? cut->target.id.value : 0;
  IPAM_CO_TRY(std::string sentence, co_await write(&pass, deadline));
  log::info("servers were looked for", {{"actor", actor}, {"result", sentence}});
  const auto left = std::count_if(pass.targets.begin(), pass.targets.end(), is_cut);
  if (left > 0) {
    const std::string message =
        fmt::format("{} left over, with which the next pass begins; {}", count_of(static_cast<std::uint64_t>(left), "target"), sentence);
    co_return Error(deadline.verdict().value_or(ErrorCode::DeadlineExceeded), message);
  }
  const bool none = std::all_of(pass.targets.begin(), pass.targets.end(), [](const Target& target) { return !target.failure.empty(); });
  if (none) co_return Error(ErrorCode::Unavailable, sentence);
  co_return sentence;
}

}  // namespace ipam::service
