#include "service/interchange/import_profiles.h"

#include "base/strings.h"
#include "service/interchange/import_service.h"
#include "service/interchange/layout.h"
#include "store/import_tables.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using model::Id;
using model::ImportProfile;
using store::Comparison;

constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxDescription = 4'096;

Result<void> check(const ImportProfile& profile) {
  if (profile.name.empty() || profile.name.size() > kMaxName || !is_clean_text(profile.name)) {
    return Error::field("/name", fmt::format("must be text of 1 to {} bytes", kMaxName));
  }
  if (interchange::is_layout(profile.name))
    return Error::field("/name", fmt::format("{} are built in; take another name", interchange::layout_names()));
  if (profile.columns.empty() || profile.columns.size() > ImportProfiles::kMaxColumns) {
    return Error::field("/map", fmt::format("must name 1 to {} columns", ImportProfiles::kMaxColumns));
  }
  for (const auto& [given, meant] : profile.columns) {
    if (given.empty() || given.size() > kMaxName || meant.size() > kMaxName || !is_clean_text(given) || !is_clean_text(meant)) {
      return Error::field("/map", fmt::format("'{}' is no name of a column", shorten(given, 40)));
    }
  }
  if (profile.description.size() > kMaxDescription || !is_clean_text(profile.description)) {
    return Error::field("/description", fmt::format("must be text of at most {} bytes", kMaxDescription));
  }
  return {};
}

}  // namespace

Result<std::map<std::string, std::string>> read_column_map(std::string_view text) {
  std::map<std::string, std::string> columns;
  for (const std::string_view part : split(text, ';')) {
    if (trim(part).empty()) continue;
    const auto sign = part.rfind('=');
    const std::string_view given = trim(part.substr(0, sign));
    if (sign == std::string_view::npos || given.empty()) {
      return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not written as COLUMN=NAME", shorten(trim(part), 40)));
    }
    columns[std::string(given)] = std::string(trim(part.substr(sign + 1)));
  }
  return columns;
}

Result<store::Page<ImportProfile>> ImportProfiles::list(const Principal& principal, store::Query query) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<ImportProfile>(*reader, query);
}

Result<std::uint64_t> ImportProfiles::count(const Principal& principal, std::vector<store::Condition> where) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<ImportProfile>(), where);
}

Result<ImportProfile> ImportProfiles::get(const Principal& principal, Id<ImportProfile> id) {
  auto page = IPAM_TRY(list(principal, {.where = {{"id", Comparison::Equal, store::to_value(id)}}, .limit = 1}));
  if (page.items.empty()) return Error(ErrorCode::NotFound, "there is no import profile with id " + id.to_string());
  return std::move(page.items.front());
}

Result<std::optional<ImportProfile>> ImportProfiles::find(const Principal& principal, std::string_view name) {
  auto page = IPAM_TRY(list(principal, {.where = {{"name", Comparison::Equal, std::string(name)}}, .limit = 1}));
  return page.items.empty() ? std::optional<ImportProfile>{} : std::optional(std::move(page.items.front()));
}

Result<ImportProfile> ImportProfiles::create(const Principal& principal, ImportProfile wanted) {
  IPAM_TRY(ImportService::authorize_import(principal, wanted.kind));
  IPAM_TRY(check(wanted));
  if (IPAM_TRY(count(principal, {})) >= kMaxProfiles) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("there are {} import profiles; delete one first", kMaxProfiles));
  }
  if (IPAM_TRY(find(principal, wanted.name)))
    return Error(ErrorCode::AlreadyExists, fmt::format("there is an import profile {} already", wanted.name));
  wanted.id = {};
  wanted.user_name = principal.user_name;
  IPAM_TRY(put(wanted));
  return wanted;
}

Result<ImportProfile> ImportProfiles::update(const Principal& principal, Id<ImportProfile> id, const std::function<void(ImportProfile&)>& change) {
  ImportProfile changed = IPAM_TRY(get(principal, id));
  IPAM_TRY(ImportService::authorize_import(principal, changed.kind));
  change(changed);
  IPAM_TRY(check(changed));
  const auto same = IPAM_TRY(find(principal, changed.name));
  if (same && same->id != id) return Error(ErrorCode::AlreadyExists, fmt::format("there is an import profile {} already", changed.name));
  changed.user_name = principal.user_name;
  IPAM_TRY(put(changed));
  return changed;
}

Result<void> ImportProfiles::put(ImportProfile& profile) {
  profile.changed_at = clock_.now();
  IPAM_TRY(ledger_.commit_and_wait({}, ledger::Priority::Interactive, [&](ledger::Transaction& transaction) -> Result<void> {
    if (!profile.id) profile.id = IPAM_TRY(transaction.new_id<ImportProfile>());
    transaction.put_row(profile);
    return {};
  }));
  return {};
}

Result<void> ImportProfiles::erase(const Principal& principal, Id<ImportProfile> id) {
  const ImportProfile profile = IPAM_TRY(get(principal, id));
  IPAM_TRY(ImportService::authorize_import(principal, profile.kind));
  IPAM_TRY(ledger_.commit_and_wait({}, ledger::Priority::Interactive, [&](ledger::Transaction& transaction) -> Result<void> {
    transaction.erase_row<ImportProfile>({store::to_value(id)});
    return {};
  }));
  return {};
}

}  // namespace ipam::service
