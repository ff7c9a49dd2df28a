#include "store/database_property.h"

namespace ipam::store {

Result<std::optional<std::string>> find_property(Store& store, const std::string& name) {
  const auto reader = IPAM_TRY(store.open_reader());
  auto found = IPAM_TRY(find_where<DatabaseProperty>(*reader, {{"name", Comparison::Equal, name}}));
  if (!found) return std::optional<std::string>{};
  return std::optional<std::string>(std::move(found->value));
}

Result<std::string> get_or_set_property(Store& store, const std::string& name, const std::string& value) {
  if (auto found = IPAM_TRY(find_property(store, name))) return *std::move(found);
  WriteSet writes;
  writes.insert(DatabaseProperty{name, value});
  auto written = store.commit(writes);
  if (written.ok()) return value;
  if (written.error().code != ErrorCode::AlreadyExists) return std::move(written).error();
  auto found = IPAM_TRY(find_property(store, name));
  if (!found) return Error(ErrorCode::Unavailable, "the database changes what it is tied to; try again");
  return *std::move(found);
}

}  // namespace ipam::store
