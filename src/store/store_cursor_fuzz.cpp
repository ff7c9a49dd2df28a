// A cursor is a caller's text: whatever is read must be exactly what this server would write, and must never reach the SQL text.
#include "store/query.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipam::store;
  const std::string_view cursor = ipam::as_text({data, size});
  const auto cells = read_cursor(cursor);
  if (!cells.ok()) return 0;
  if (write_cursor(*cells) != cursor) std::abort();
  Query query{.sort = {{"name"}, {"prefix", true}}};
  query.after = {std::string("a"), ipam::Bytes{4}, std::int64_t{1}};
  const auto expected = select_sql(table<ipam::model::Subnet>(), query);
  query.after = *cells;
  const auto text = select_sql(table<ipam::model::Subnet>(), query);
  if (text.ok() && (text->sql != expected->sql || text->parameters != *cells)) std::abort();
  return 0;
}
