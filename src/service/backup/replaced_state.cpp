#include "service/backup/replaced_state.h"

#include "base/log.h"
#include "service/planning/placement.h"
#include "store/security_tables.h"

#include <fmt/format.h>

#include <set>

namespace ipam::service {
namespace {

using ledger::Transaction;
using model::JournalRecord;
using store::Comparison;

// Rows written with one commit.
constexpr std::size_t kChunk = 1'000;
// How far above the backup a journal goes on whose replaced database cannot be read: further than it can have come meanwhile.
constexpr std::uint64_t kBlindGap = std::uint64_t{1} << 32U;

model::LostRecord lost(const JournalRecord& record, model::Id<model::Restoration> restoration) {
  return {restoration, record.sequence,    record.at,        record.actor,       record.request_id, record.reason, record.change_reference,
          record.kind, record.object_type, record.object_id, record.object_name, record.differences};
}

// Calls `write` with the rows of T in portions.
template <store::Stored T>
Result<void> in_chunks(store::Reader& reader, store::Query query, const std::function<bool(const T&)>& wanted,
                       const std::function<Result<void>(const std::vector<T>&)>& write) {
  std::vector<T> chunk;
  const auto flush = [&]() -> Result<void> {
    if (chunk.empty()) return {};
    IPAM_TRY(write(chunk));
    chunk.clear();
    return {};
  };
  IPAM_TRY(store::for_each<T>(reader, std::move(query), [&](T row) -> Result<bool> {
    if (!wanted(row)) return true;
    chunk.push_back(std::move(row));
    if (chunk.size() == kChunk) IPAM_TRY(flush());
    return true;
  }));
  return flush();
}

template <store::Stored T>
Result<std::vector<T>> all_rows(store::Reader& reader) {
  std::vector<T> rows;
  IPAM_TRY(store::for_each<T>(reader, {}, [&](T row) -> Result<bool> {
    rows.push_back(std::move(row));
    return true;
  }));
  return rows;
}

template <class T>
std::set<std::uint64_t> ids_of(const std::vector<T>& objects) {
  std::set<std::uint64_t> ids;
  for (const T& object : objects) ids.insert(object.id.value);
  return ids;
}

// The newest record of this journal up to here.
Result<std::optional<JournalRecord>> record_up_to(store::Reader& reader, std::uint64_t sequence) {
  auto page = IPAM_TRY(store::list<JournalRecord>(
      reader, {.where = {{"sequence", Comparison::LessOrEqual, store::to_value(sequence)}}, .sort = {{"sequence", true}}, .limit = 1, .after = {}}));
  if (page.items.empty()) return std::optional<JournalRecord>{};
  return std::optional<JournalRecord>(std::move(page.items.front()));
}

// The first id that this database has not given.
Result<std::uint64_t> next_id(store::Reader& reader) {
  const auto counter = IPAM_TRY(store::find_where<store::Counter>(reader, {{"name", Comparison::Equal, std::string("id_block")}}));
  return counter ? static_cast<std::uint64_t>(counter->value) * ledger::Batch::kIdBlock : 0;
}

}  // namespace

Result<void> ReplacedState::commit(const ledger::Work& work) {
  IPAM_TRY(ledger_.commit_and_wait(context_, ledger::Priority::Bulk, work));
  return {};
}

bool ReplacedState::is_held(std::uint64_t space, const ip::Address& address) const {
  const auto now = index_.snapshot(space);
  return now && now->is_held(address);
}

// By halves: up to where they part, all records are the same; after that none is.
Result<std::uint64_t> ReplacedState::common_sequence(store::Reader& replaced) {
  const auto mine = IPAM_TRY(restored_.open_reader());
  std::uint64_t common = 0;
  std::uint64_t low = 0, high = restoration_.backup_sequence;  // up to `low` all are the same, above `high` none is
  while (low < high) {
    const std::uint64_t middle = low + (high - low + 1) / 2;
    const auto record = IPAM_TRY(record_up_to(*mine, middle));
    if (!record || record->sequence <= common) {  // a gap
      low = middle;
      continue;
    }
    const auto other = IPAM_TRY(store::find_where<JournalRecord>(replaced, {{"sequence", Comparison::Equal, store::to_value(record->sequence)}}));
    if (other && other->chain == record->chain) {
      common = record->sequence;
      low = middle;
    } else {
      high = record->sequence - 1;
    }
  }
  return common;
}

Result<ReplacedState::End> ReplacedState::end_of_replaced() {
  const auto reader = IPAM_TRY(replaced_->open_reader());
  restoration_.common_sequence = IPAM_TRY(common_sequence(*reader));
  restoration_.replaced_sequence = IPAM_TRY(ledger::read_position(*reader)).sequence;
  return End{restoration_.replaced_sequence, IPAM_TRY(next_id(*reader))};
}

Result<void> ReplacedState::begin() {
  const auto mine = IPAM_TRY(restored_.open_reader());
  End end{restoration_.backup_sequence + kBlindGap, IPAM_TRY(next_id(*mine)) + kBlindGap};
  if (replaced_ != nullptr) {
    const auto known = end_of_replaced();
    if (known.ok()) {
      end = *known;
    } else {
      tell_problem(known.error());
      restoration_.common_sequence = restoration_.replaced_sequence = 0;
    }
  }
  return commit([&](Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.go_on_above(end.sequence, end.id));
    model::Restoration fresh = restoration_;
    fresh.id = {};
    fresh.revision = 0;
    restoration_ = IPAM_TRY(transaction.create(std::move(fresh)));
    return {};
  });
}

void ReplacedState::tell_problem(const Error& error) {
  log::warning("IPAM-5205 a part of the replaced database cannot be taken over", {{"error", error.describe()}});
  if (!restoration_.problem.empty()) restoration_.problem += "; ";
  restoration_.problem += error.message;
}

// What cannot be read of the one database does not keep the other from working.
void ReplacedState::run(Part part) {
  if (replaced_ == nullptr) return;
  const auto done = [&]() -> Result<void> {
    const auto reader = IPAM_TRY(replaced_->open_reader());
    return (this->*part)(*reader);
  }();
  if (!done.ok()) tell_problem(done.error());
}

Result<model::Restoration> ReplacedState::take_over(model::Restoration restoration) {
  restoration_ = std::move(restoration);
  IPAM_TRY(begin());
  // Where its journal ends and parts from the backup's must be known: else all of it would be told as lost.
  if (restoration_.replaced_sequence > 0) run(&ReplacedState::keep_records);
  run(&ReplacedState::keep_plan);
  run(&ReplacedState::keep_reservations);
  run(&ReplacedState::keep_leases);
  IPAM_TRY(end_sessions());
  run(&ReplacedState::keep_users);
  run(&ReplacedState::keep_sign_ins);
  run(&ReplacedState::keep_answers);
  const model::Restoration counted = restoration_;
  IPAM_TRY(commit([&](Transaction& transaction) -> Result<void> {
    restoration_ = IPAM_TRY(transaction.update(counted));
    return {};
  }));
  return restoration_;
}

Result<void> ReplacedState::keep_records(store::Reader& replaced) {
  store::Query query{.where = {{"sequence", Comparison::Greater, store::to_value(restoration_.common_sequence)}},
                     .sort = {{"sequence"}},
                     .limit = store::kEveryRow,
                     .after = {}};
  const auto every = [](const JournalRecord&) { return true; };
  return in_chunks<JournalRecord>(replaced, std::move(query), every, [&](const std::vector<JournalRecord>& records) -> Result<void> {
    IPAM_TRY(commit([&](Transaction& transaction) -> Result<void> {
      for (const JournalRecord& record : records) transaction.insert_row(lost(record, restoration_.id));
      return {};
    }));
    restoration_.lost_records += records.size();
    return {};
  });
}

template <class T>
Result<void> ReplacedState::keep_placed(store::Reader& replaced, std::uint64_t& kept, const std::function<bool(const T&)>& is_there) {
  const auto missing = [&](const T& object) { return !is_there(object); };
  return in_chunks<T>(replaced, {}, missing, [&](const std::vector<T>& objects) -> Result<void> {
    std::uint64_t placed = 0;
    IPAM_TRY(commit([&](Transaction& transaction) -> Result<void> {
      placed = 0;
      for (T object : objects) {
        const auto put = transaction.attempt([&]() -> Result<void> {
          IPAM_TRY(place(transaction, object));
          IPAM_TRY(transaction.create(object));
          return {};
        });
        if (put.ok()) {
          ++placed;
        } else {
          log::warning("IPAM-5206 what was handed out after the backup has no place in it",
                       {{"object", display_name(object)}, {"why", put.error().message}});
        }
      }
      return {};
    }));
    kept += placed;
    restoration_.not_kept += objects.size() - placed;
    return {};
  });
}

Result<void> ReplacedState::keep_plan(store::Reader& replaced) {
  std::uint64_t spaces = 0;
  const auto space_is_there = [&](const model::AddressSpace& space) { return index_.snapshot(space.id.value).has_value(); };
  IPAM_TRY(keep_placed<model::AddressSpace>(replaced, spaces, space_is_there));
  const auto prefix_is_there = [&](const auto& object, occupancy::PrefixKind kind) {
    const auto space = index_.snapshot(object.space_id.value);
    return space && space->find(object.prefix, kind).has_value();
  };
  const auto block_is_there = [&](const model::Block& block) { return prefix_is_there(block, occupancy::PrefixKind::Block); };
  IPAM_TRY(keep_placed<model::Block>(replaced, restoration_.kept_blocks, block_is_there));
  const auto subnet_is_there = [&](const model::Subnet& subnet) { return prefix_is_there(subnet, occupancy::PrefixKind::Subnet); };
  IPAM_TRY(keep_placed<model::Subnet>(replaced, restoration_.kept_subnets, subnet_is_there));
  const auto address_is_there = [&](const model::Address& address) {
    const auto space = index_.snapshot(address.space_id.value);
    return space && space->holders(address.address).of(occupancy::Holder::Static) > 0;
  };
  return keep_placed<model::Address>(replaced, restoration_.kept_addresses, address_is_there);
}

Result<void> ReplacedState::keep_reservations(store::Reader& replaced) {
  const auto mine = IPAM_TRY(restored_.open_reader());
  const auto scopes = ids_of(IPAM_TRY(all_rows<model::DhcpScope>(*mine)));
  const auto wanted = [&](const model::DhcpReservation& reservation) {
    return scopes.contains(reservation.scope_id.value) && !is_held(reservation.space_id.value, reservation.address);
  };
  return in_chunks<model::DhcpReservation>(replaced, {}, wanted, [&](const std::vector<model::DhcpReservation>& reservations) -> Result<void> {
    IPAM_TRY(commit([&](Transaction& transaction) -> Result<void> {
      for (const model::DhcpReservation& reservation : reservations) IPAM_TRY(transaction.create(reservation));
      return {};
    }));
    restoration_.kept_reservations += reservations.size();
    return {};
  });
}

Result<void> ReplacedState::keep_leases(store::Reader& replaced) {
  const auto mine = IPAM_TRY(restored_.open_reader());
  const auto servers = ids_of(IPAM_TRY(all_rows<model::ManagedServer>(*mine)));
  const auto wanted = [&](const model::Lease& lease) {
    return occupies(lease.state) && servers.contains(lease.server_id.value) && index_.snapshot(lease.space_id.value) &&
           !is_held(lease.space_id.value, lease.address);
  };
  return in_chunks<model::Lease>(replaced, {}, wanted, [&](const std::vector<model::Lease>& leases) -> Result<void> {
    IPAM_TRY(commit([&](Transaction& transaction) -> Result<void> {
      for (const model::Lease& lease : leases) transaction.put_lease(std::nullopt, lease);
      return {};
    }));
    restoration_.kept_leases += leases.size();
    return {};
  });
}

Result<void> ReplacedState::end_sessions() {
  const auto mine = IPAM_TRY(restored_.open_reader());
  const auto sessions = IPAM_TRY(all_rows<model::Session>(*mine));
  const auto uses = IPAM_TRY(all_rows<model::SessionUse>(*mine));
  return commit([&](Transaction& transaction) -> Result<void> {
    for (const model::Session& session : sessions) transaction.erase_row<model::Session>({session.hash});
    for (const model::SessionUse& use : uses) transaction.erase_row<model::SessionUse>({use.hash});
    return {};
  });
}

Result<void> ReplacedState::keep_users(store::Reader& replaced) {
  const auto theirs = IPAM_TRY(all_rows<model::User>(replaced));
  const auto their_ids = ids_of(theirs);
  return commit([&](Transaction& transaction) -> Result<void> {
    for (const model::User& user : theirs) {
      auto mine = IPAM_TRY(transaction.find(user.id));
      if (mine) {
        mine->name = user.name;
        mine->password_hash = user.password_hash;
        mine->enabled = user.enabled;
        mine->access_group = user.access_group;
        IPAM_TRY(transaction.update(*std::move(mine)));
        continue;
      }
      const auto same_name = [&](const model::User& other) { return other.name == user.name; };
      // One of this name was removed and made anew meanwhile: the newer one counts.
      if (auto older = IPAM_TRY(transaction.find_where<model::User>({{"name", Comparison::Equal, user.name}}, same_name))) {
        older->name += fmt::format("-{}", older->id.value);
        older->enabled = false;
        IPAM_TRY(transaction.update(*std::move(older)));
      }
      IPAM_TRY(transaction.create(user));
    }
    const auto removed = [&](const model::User& user) { return user.enabled && !their_ids.contains(user.id.value); };
    for (model::User& user : IPAM_TRY(transaction.list<model::User>({}, removed, store::kEveryRow))) {
      user.enabled = false;
      IPAM_TRY(transaction.update(std::move(user)));
    }
    return {};
  });
}

Result<void> ReplacedState::keep_sign_ins(store::Reader& replaced) {
  const auto tokens = IPAM_TRY(all_rows<model::Token>(replaced));
  const auto sessions = IPAM_TRY(all_rows<model::Session>(replaced));
  const auto uses = IPAM_TRY(all_rows<model::SessionUse>(replaced));
  const auto their_ids = ids_of(tokens);
  return commit([&](Transaction& transaction) -> Result<void> {
    const auto revoked = [&](const model::Token& token) { return !their_ids.contains(token.id.value); };
    for (const model::Token& token : IPAM_TRY(transaction.list<model::Token>({}, revoked, store::kEveryRow))) IPAM_TRY(transaction.erase(token.id));
    for (const model::Token& token : tokens) {
      if (!IPAM_TRY(transaction.find(token.id))) IPAM_TRY(transaction.create(token));
    }
    for (const model::Session& session : sessions) transaction.put_row(session);
    for (const model::SessionUse& use : uses) transaction.put_row(use);
    return {};
  });
}

Result<void> ReplacedState::keep_answers(store::Reader& replaced) {
  const auto every = [](const model::KeptAnswer&) { return true; };
  return in_chunks<model::KeptAnswer>(replaced, {}, every, [&](const std::vector<model::KeptAnswer>& answers) -> Result<void> {
    return commit([&](Transaction& transaction) -> Result<void> {
      for (const model::KeptAnswer& answer : answers) transaction.put_row(answer);
      return {};
    });
  });
}

}  // namespace ipam::service
