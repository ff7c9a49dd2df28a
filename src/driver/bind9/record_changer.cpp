#include "driver/bind9/record_changer.h"

#include "base/strings.h"
#include "driver/bind9/access.h"
#include "driver/bind9/record_text.h"
#include "driver/change_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver::bind9 {
namespace {

using wire::dns::Message;
using wire::dns::Rcode;
using wire::dns::RecordType;
using wire::dns::ResourceRecord;
using wire::dns::Update;

constexpr Duration kPatienceForASerial = std::chrono::seconds(2);

bool is_prerequisite_rcode(Rcode rcode) {
  return rcode == Rcode::YxDomain || rcode == Rcode::YxRrset || rcode == Rcode::NxRrset || rcode == Rcode::NxDomain;
}

// REFUSED of an update, in words that say what to do.
Error refusal(const Message& answer, const ZoneChanges& zone) {
  const std::string doing = fmt::format("the update of zone {}", model_name(zone.zone));
  if (answer.rcode() == Rcode::Refused) {
    return {ErrorCode::PermissionDenied,
            fmt::format("{}: the server answers REFUSED: our key may not change it, or the zone takes no updates; name the key in allow-update or "
                        "update-policy of the zone",
                        doing)};
  }
  if (answer.rcode() == Rcode::NotAuth) {
    return {ErrorCode::NotFound,
            fmt::format("{}: the server answers NOTAUTH: it is not the zone's primary, or has no such zone; change it on its primary", doing)};
  }
  return wire::dns::rcode_error(answer.rcode(), doing, answer.extended_error());
}

std::string listing(const std::vector<ResourceRecord>& records) {
  std::string text;
  for (const ResourceRecord& record : records) text += (text.empty() ? "" : ", ") + record.rdata_text();
  return text.empty() ? "nothing" : shorten(text, 300);
}

bool same_set(const std::vector<ResourceRecord>& a, const std::vector<ResourceRecord>& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const ResourceRecord& record) {
           return std::any_of(b.begin(), b.end(), [&](const ResourceRecord& other) { return same_data(record, other); });
         });
}

}  // namespace

Error RecordChanger::named(Error error) const { return located(std::move(error), server_name_); }

io::Task<Result<RecordChanger::Holds>> RecordChanger::ask_whether(const ZoneChanges* zone, Side side, io::Deadline deadline) {
  Update check = check_of(*zone, side);
  IPAM_CO_TRY(const Message answer, co_await client_.update(std::move(check), deadline.at_most(limits_.request_timeout)));
  if (answer.rcode() == Rcode::NoError) co_return Holds::Yes;
  if (is_prerequisite_rcode(answer.rcode())) co_return Holds::No;
  co_return refusal(answer, *zone);
}

io::Task<Result<std::vector<ResourceRecord>>> RecordChanger::read(const RecordSet* set, io::Deadline deadline) {
  const wire::dns::Name name = set->name;
  IPAM_CO_TRY(const Message answer,
              co_await client_.query(name, set->type, wire::dns::Recursion::NotDesired, deadline.at_most(limits_.request_timeout)));
  if (answer.rcode() != Rcode::NoError && answer.rcode() != Rcode::NxDomain) {
    co_return wire::dns::rcode_error(answer.rcode(), fmt::format("the question for {} {}", model_name(set->name), to_string(set->type)),
                                     answer.extended_error());
  }
  std::vector<ResourceRecord> records;
  for (const ResourceRecord& record : answer.answers) {
    if (record.owner == set->name && (record.type == set->type || record.type == RecordType::Cname)) records.push_back(record);
  }
  co_return records;
}

// Which set is not as it should be, for a person.
io::Task<Error> RecordChanger::conflict(const ZoneChanges* zone, io::Deadline deadline) {
  for (const RecordSet& set : zone->sets) {
    const auto found = co_await read(&set, deadline);
    if (!found.ok() || same_set(*found, set.before)) continue;
    co_return Error(ErrorCode::Conflict, fmt::format("{} {} holds {} where the change expects {}; read the zone again", model_name(set.name),
                                                     to_string(set.type), listing(*found), listing(set.before)));
  }
  co_return Error(ErrorCode::Conflict, fmt::format("zone {} holds something else than the change expects; read it again", model_name(zone->zone)));
}

io::Task<Result<Plan>> RecordChanger::plan(std::vector<Change> changes, io::Deadline deadline) {
  auto zones = by_zone(changes);
  if (!zones.ok()) co_return named(std::move(zones).error());
  const auto something = check_is_something(changes);
  if (!something.ok()) co_return named(something.error());
  Plan plan;
  for (const ZoneChanges& zone : *zones) {
    for (const RecordSet& set : zone.sets) {
      // Beside an alias nothing else can stand: the server would pass the change over without a word (RFC 2136 section 3.4.2.2).
      if (set.type == RecordType::Cname || set.after.empty()) continue;
      const auto found = co_await read(&set, deadline);
      if (!found.ok()) co_return named(found.error());
      const auto alias = std::find_if(found->begin(), found->end(), [](const ResourceRecord& record) { return record.type == RecordType::Cname; });
      if (alias != found->end()) {
        co_return named(
            Error(ErrorCode::Conflict, fmt::format("{} is an alias of {}: no other records can stand there; remove the CNAME record first",
                                                   model_name(set.name), alias->rdata_text())));
      }
    }
    auto holds = co_await ask_whether(&zone, Side::Before, deadline);
    if (!holds.ok()) co_return named(std::move(holds).error());
    if (*holds == Holds::No) {
      Error error = co_await conflict(&zone, deadline);
      co_return named(std::move(error));
    }
    PlannedStep step;
    std::vector<std::string> sentences;
    for (const std::size_t index : zone.indexes) sentences.push_back(describe(changes[index]));
    step.what = fmt::format("update zone {}: {}", model_name(zone.zone), fmt::join(sentences, "; "));
    step.request = update_text(update_of(zone, Direction::Forward));
    for (const RecordSet& set : zone.sets) {
      for (const ResourceRecord& record : set.before) {
        const bool stays = std::any_of(set.after.begin(), set.after.end(), [&](const ResourceRecord& other) { return same_data(record, other); });
        if (!stays) plan.losses.push_back(record.to_string());
      }
      if (!set.before.empty() && !set.after.empty() && set.before.front().ttl != set.after.front().ttl) {
        plan.warnings.push_back(fmt::format("the time to live of {} {} becomes {} s instead of {} s, for all its records", model_name(set.name),
                                            to_string(set.type), set.after.front().ttl, set.before.front().ttl));
      }
    }
    plan.steps.push_back(std::move(step));
  }
  if (!client_.options().key) {
    plan.warnings.push_back("the update is not signed: the server takes it by our address alone; give the DNS access a TSIG key");
  }
  if (zones->size() > 1) {
    plan.warnings.push_back(
        fmt::format("{} zones are changed one after the other; when a later one fails, the earlier ones are taken back", zones->size()));
  }
  plan.state = co_await state_of(&*zones, deadline);
  plan.fingerprint = fingerprint_of(*zones);
  plan.changes = std::move(changes);
  co_return plan;
}

io::Task<RecordChanger::Fate> RecordChanger::send(const ZoneChanges* zone, Direction direction, io::Deadline deadline) {
  Update update = update_of(*zone, direction);
  auto answer = co_await client_.update(std::move(update), deadline.at_most(limits_.request_timeout));
  if (!answer.ok()) {
    Error lost = std::move(answer).error();
    const Side wanted = direction == Direction::Forward ? Side::After : Side::Before;
    co_return co_await settle(zone, wanted, std::move(lost), deadline);
  }
  Fate fate;
  if (answer->rcode() == Rcode::NoError) co_return fate;
  fate.kind = Fate::Kind::NotMade;
  fate.why = refusal(*answer, *zone);
  if (is_prerequisite_rcode(answer->rcode())) {
    fate.why = Error(ErrorCode::Stale,
                     fmt::format("zone {} was changed since the plan was made ({}); plan again", model_name(zone->zone), to_string(answer->rcode())));
  }
  co_return fate;
}

io::Task<RecordChanger::Fate> RecordChanger::settle(const ZoneChanges* zone, Side wanted, Error lost, io::Deadline deadline) {
  Fate fate;
  const auto there = co_await ask_whether(zone, wanted, deadline);
  if (there.ok() && *there == Holds::Yes) co_return fate;
  const Side other = wanted == Side::After ? Side::Before : Side::After;
  const auto before = co_await ask_whether(zone, other, deadline);
  const bool unchanged = before.ok() && *before == Holds::Yes;
  // With a key that the server does not take nothing was done.
  const bool not_let_in = !before.ok() && before.error().code == ErrorCode::Unauthenticated && lost.code == ErrorCode::Unauthenticated;
  fate.kind = unchanged || not_let_in ? Fate::Kind::NotMade : Fate::Kind::Unknown;
  if (unchanged) lost.message = fmt::format("the change was not made: {}", lost.message);
  if (fate.kind == Fate::Kind::Unknown) {
    lost.message =
        fmt::format("it is not known whether the change of zone {} was made: {}; read the zone again", model_name(zone->zone), lost.message);
  }
  fate.why = std::move(lost);
  co_return fate;
}

io::Task<std::string> RecordChanger::take_back(const std::vector<ZoneChanges>* zones, std::size_t done, io::Deadline deadline) {
  std::string standing;
  while (done-- > 0) {
    const Fate back = co_await send(&(*zones)[done], Direction::Back, deadline);
    if (back.kind == Fate::Kind::Made) continue;
    standing += fmt::format("; and the change of zone {} could not be taken back: {}", model_name((*zones)[done].zone), back.why.message);
  }
  co_return standing;
}

io::Task<std::string> RecordChanger::read_back(std::vector<ZoneChanges>* zones, std::vector<Change>* changes, io::Deadline deadline) {
  for (ZoneChanges& zone : *zones) {
    const auto holds = co_await ask_whether(&zone, Side::After, deadline);
    if (!holds.ok())
      co_return fmt::format("the server took the update of zone {} but cannot be asked: {}", model_name(zone.zone), holds.error().message);
    if (*holds == Holds::No) {
      co_return fmt::format(
          "the server took the update of zone {} but holds something else now: somebody changed it at the same time, or a policy of "
          "the server did; read the zone again",
          model_name(zone.zone));
    }
    for (std::size_t i = 0; i < zone.sets.size(); ++i) {
      RecordSet& set = zone.sets[i];
      auto& after = std::get<RecordSetChange>((*changes)[zone.indexes[i]]).after;
      const auto found = co_await read(&set, deadline);
      // Another view may have answered; the zone itself was asked before.
      if (!set.after.empty() && found.ok() && same_set(*found, set.after)) {
        after.clear();
        for (const ResourceRecord& record : *found) after.push_back(observed(record));
      }
      set.before = set.after;
    }
  }
  co_return std::string();
}

io::Task<std::string> RecordChanger::state_of(const std::vector<ZoneChanges>* zones, io::Deadline deadline) {
  std::string text;
  for (const ZoneChanges& zone : *zones) {
    const wire::dns::Name name = zone.zone;
    const auto answer = co_await client_.query(name, RecordType::Soa, wire::dns::Recursion::NotDesired, deadline.at_most(kPatienceForASerial));
    if (!answer.ok() || answer->answers.empty()) continue;
    const auto soa = wire::dns::soa_in(answer->answers.front().rdata);
    if (soa) text += fmt::format("{}zone {} has serial {}", text.empty() ? "" : "; ", model_name(zone.zone), soa->serial);
  }
  co_return text;
}

io::Task<Result<Applied>> RecordChanger::apply(Plan plan, io::Deadline deadline) {
  auto zones = by_zone(plan.changes);
  if (!zones.ok()) co_return named(std::move(zones).error());
  if (fingerprint_of(*zones) != plan.fingerprint) {
    co_return named(Error(ErrorCode::Stale, "the plan is of another state than its changes say; nothing was done: plan again"));
  }
  Applied applied;
  applied.changes = std::move(plan.changes);
  for (std::size_t i = 0; i < zones->size() && applied.outcome == Applied::Outcome::Made; ++i) {
    Fate fate = co_await send(&(*zones)[i], Direction::Forward, deadline);
    if (fate.kind == Fate::Kind::Made) continue;
    const std::string standing = co_await take_back(&*zones, i, deadline);
    if (fate.kind == Fate::Kind::NotMade && standing.empty()) co_return named(std::move(fate.why));
    applied.outcome = Applied::Outcome::Unknown;
    applied.problem = named(std::move(fate.why)).message + standing;
  }
  if (applied.outcome == Applied::Outcome::Unknown) co_return applied;
  std::vector<Change> seen = applied.changes;
  std::string problem = co_await read_back(&*zones, &seen, deadline);
  if (!problem.empty()) {
    applied.outcome = Applied::Outcome::Unknown;
    applied.problem = named(Error(ErrorCode::Conflict, std::move(problem))).message;
    co_return applied;
  }
  applied.changes = std::move(seen);
  applied.state = co_await state_of(&*zones, deadline);
  applied.fingerprint = fingerprint_of(*zones);
  co_return applied;
}

}  // namespace ipam::driver::bind9
