#include "service/search/saved_searches.h"

#include "model/rules.h"

#include <fmt/format.h>

namespace ipam::service {

using model::Id;
using model::ListedKind;
using model::SavedSearch;
using store::Comparison;

namespace {

constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxColumns = 64;

// What the caller may see.
store::Condition visible(const Principal& principal) {
  return {"(user_id = ? OR sharing = 'everyone')", Comparison::Holds, {}, {store::to_value(principal.user_id)}};
}

Error unknown(Id<SavedSearch> id) { return {ErrorCode::NotFound, "there is no saved search with id " + id.to_string()}; }

}  // namespace

Result<store::Page<SavedSearch>> SavedSearches::list(const Principal& principal, store::Query query) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  query.where.push_back(visible(principal));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<SavedSearch>(*reader, query);
}

Result<std::uint64_t> SavedSearches::count(const Principal& principal, std::vector<store::Condition> where) {
  where.push_back(visible(principal));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<SavedSearch>(), where);
}

Result<SavedSearch> SavedSearches::get(const Principal& principal, Id<SavedSearch> id) {
  auto page = IPAM_TRY(list(principal, {.where = {{"id", Comparison::Equal, store::to_value(id)}}, .limit = 1}));
  if (page.items.empty()) return unknown(id);
  return std::move(page.items.front());
}

Result<SavedSearch> SavedSearches::get_own(const Principal& principal, Id<SavedSearch> id) {
  SavedSearch known = IPAM_TRY(get(principal, id));
  if (known.user_id == principal.user_id) return known;
  return Error(ErrorCode::PermissionDenied,
               fmt::format("saved search {} is {}'s, who alone may change it; save one of your own", known.name, known.user_name));
}

Result<void> SavedSearches::check(const Principal& principal, const SavedSearch& wanted) {
  if (wanted.name.empty() || wanted.name.size() > kMaxName || !is_clean_text(wanted.name)) {
    return Error::field("/name", fmt::format("must be text of 1 to {} bytes", kMaxName));
  }
  if (wanted.columns.size() > kMaxColumns) return Error::field("/columns", fmt::format("takes at most {}", kMaxColumns));
  for (const std::string& column : wanted.columns) {
    if (column.empty() || column.size() > kMaxName || !is_clean_text(column)) return Error::field("/columns", "has a name that is none");
  }
  if (wanted.sort.size() > kMaxName || !is_clean_text(wanted.sort))
    return Error::field("/sort", fmt::format("must be text of at most {} bytes", kMaxName));
  // What is asked for is tried, so that nobody keeps a question that has no answer.
  const auto try_out = [&]<class T>(T) -> Result<void> {
    Wanted texts;
    if (!wanted.query.empty()) texts.query = wanted.query;
    if (!wanted.words.empty()) texts.words = wanted.words;
    IPAM_TRY(search_.list<T>(principal, {.limit = 1}, texts));
    return {};
  };
  switch (wanted.kind) {
    case ListedKind::AddressSpace: return try_out(model::AddressSpace{});
    case ListedKind::Block: return try_out(model::Block{});
    case ListedKind::Subnet: return try_out(model::Subnet{});
    case ListedKind::Range: return try_out(model::Range{});
    case ListedKind::Address: break;
  }
  return try_out(model::Address{});
}

Result<SavedSearch> SavedSearches::create(const Principal& principal, SavedSearch wanted) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  IPAM_TRY(check(principal, wanted));
  const auto reader = IPAM_TRY(store_.open_reader());
  const store::Condition own{"user_id", Comparison::Equal, store::to_value(principal.user_id)};
  if (IPAM_TRY(store::count(*reader, store::table<SavedSearch>(), {own})) >= kMaxOfUser) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("you have {} saved searches; delete one first", kMaxOfUser));
  }
  wanted.id = {};
  wanted.user_id = principal.user_id;
  wanted.user_name = principal.user_name;
  wanted.changed_at = clock_.now();
  if (IPAM_TRY(store::find_where<SavedSearch>(*reader, {own, {"name", Comparison::Equal, wanted.name}}))) {
    return Error(ErrorCode::AlreadyExists, fmt::format("you have a saved search {} already", wanted.name));
  }
  IPAM_TRY(ledger_.commit_and_wait({}, ledger::Priority::Interactive, [&](ledger::Transaction& transaction) -> Result<void> {
    if (!wanted.id) wanted.id = IPAM_TRY(transaction.new_id<SavedSearch>());
    transaction.put_row(wanted);
    return {};
  }));
  return wanted;
}

Result<SavedSearch> SavedSearches::update(const Principal& principal, Id<SavedSearch> id, const std::function<void(SavedSearch&)>& change) {
  SavedSearch changed = IPAM_TRY(get_own(principal, id));
  change(changed);
  IPAM_TRY(check(principal, changed));
  const auto reader = IPAM_TRY(store_.open_reader());
  const auto same = IPAM_TRY(store::find_where<SavedSearch>(
      *reader, {{"user_id", Comparison::Equal, store::to_value(principal.user_id)}, {"name", Comparison::Equal, changed.name}}));
  if (same && same->id != id) return Error(ErrorCode::AlreadyExists, fmt::format("you have a saved search {} already", changed.name));
  changed.changed_at = clock_.now();
  IPAM_TRY(put(changed));
  return changed;
}

Result<void> SavedSearches::put(const SavedSearch& search) {
  IPAM_TRY(ledger_.commit_and_wait({}, ledger::Priority::Interactive, [&](ledger::Transaction& transaction) -> Result<void> {
    transaction.put_row(search);
    return {};
  }));
  return {};
}

Result<void> SavedSearches::erase(const Principal& principal, Id<SavedSearch> id) {
  IPAM_TRY(get_own(principal, id));
  IPAM_TRY(ledger_.commit_and_wait({}, ledger::Priority::Interactive, [&](ledger::Transaction& transaction) -> Result<void> {
    transaction.erase_row<SavedSearch>({store::to_value(id)});
    return {};
  }));
  return {};
}

}  // namespace ipam::service
