#include "store/store.h"

namespace ipam::store {

Result<std::uint64_t> count(Reader& reader, const Table& table, const std::vector<Condition>& where) {
  const SqlText text = IPAM_TRY(count_sql(table, where));
  std::uint64_t rows = 0;
  IPAM_TRY(reader.query(text.sql, text.parameters, [&](const Row& row) -> Result<bool> {
    rows = static_cast<std::uint64_t>(row.integer(0));
    return false;
  }));
  return rows;
}

}  // namespace ipam::store
