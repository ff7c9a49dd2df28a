#include "store/workload_suite.h"

namespace ipam::store {
namespace {

constexpr std::uint64_t kSpace = 1;
// An address lives for so many write sets, so that the store also frees and reuses pages.
constexpr std::uint64_t kLifetime = 8;

std::uint64_t address_count(std::uint64_t number) { return number % 16 == 0 ? 40 : 1 + number % 4; }

// Filling of a length that varies from row to row, different for each.
std::string filling(std::uint64_t number, std::uint64_t index) {
  return fmt::format("{}.{}", number, index) + std::string((number * 70 + index * 30) % 400, static_cast<char>('a' + number % 26));
}

model::AddressSpace space(std::uint64_t number) {
  model::AddressSpace row;
  row.id.value = kSpace;
  row.revision = number;
  row.name = "durable";
  row.description = filling(number, 1'000);
  return row;
}

std::vector<model::Address> addresses(std::uint64_t number) {
  std::vector<model::Address> rows(address_count(number));
  for (std::uint64_t i = 0; i < rows.size(); ++i) {
    rows[i].id.value = number * 100 + i;
    rows[i].revision = number;
    rows[i].space_id.value = kSpace;
    // Spread over the unique index, as real allocations are.
    rows[i].address = ip::Address::v4(static_cast<std::uint32_t>((number * 100 + i) * 2'654'435'761U));
    rows[i].description = filling(number, i);
  }
  return rows;
}

model::JournalRecord record(std::uint64_t number) {
  model::JournalRecord row;
  row.sequence = number;
  row.object_type = "address_space";
  row.object_id = kSpace;
  row.differences = filling(number, 2'000);
  row.chain = Bytes(32, static_cast<std::uint8_t>(number));
  return row;
}

template <Stored T>
Result<std::vector<T>> all_where(Reader& reader, std::vector<Condition> where) {
  std::vector<T> rows;
  IPAM_TRY(for_each<T>(reader, {.where = std::move(where)}, [&](T row) -> Result<bool> {
    rows.push_back(std::move(row));
    return true;
  }));
  return rows;
}

Error broken(std::uint64_t number, std::string_view what) {
  return Error(ErrorCode::Internal, fmt::format("write set {} is not whole: {}", number, what));
}

Condition at(const std::string& column, Comparison comparison, std::uint64_t number) {
  return {column, comparison, static_cast<std::int64_t>(number)};
}

Result<void> check_addresses(Reader& reader, std::uint64_t number, std::uint64_t last) {
  const auto found = IPAM_TRY(
      all_where<model::Address>(reader, {at("id", Comparison::GreaterOrEqual, number * 100), at("id", Comparison::Less, (number + 1) * 100)}));
  const bool lives = number <= last && number + kLifetime > last;
  const auto expected = lives ? addresses(number) : std::vector<model::Address>{};
  if (found != expected) return broken(number, fmt::format("{} of {} addresses, or different ones", found.size(), expected.size()));
  return {};
}

}  // namespace

WriteSet numbered_write_set(std::uint64_t number) {
  WriteSet writes;
  if (number == 1) {
    writes.insert(space(1));
  } else {
    writes.update(space(number), number - 1);
  }
  for (const model::Address& address : addresses(number)) writes.insert(address);
  writes.insert(record(number));
  if (number > kLifetime) {
    const std::uint64_t old = number - kLifetime;
    for (const model::Address& address : addresses(old)) writes.erase<model::Address>({to_value(address.id)}, old);
  }
  writes.put(Counter{"last", static_cast<std::int64_t>(number)});
  writes.put(Counter{fmt::format("of_{}", number % 5), static_cast<std::int64_t>(number)});
  return writes;
}

Result<std::uint64_t> whole_write_sets(Reader& reader, std::uint64_t from) {
  const auto counter = IPAM_TRY(find_where<Counter>(reader, {{"name", Comparison::Equal, std::string("last")}}));
  const std::uint64_t last = counter ? static_cast<std::uint64_t>(counter->value) : 0;
  const auto spaces = IPAM_TRY(all_where<model::AddressSpace>(reader, {}));
  if (spaces != (last == 0 ? std::vector<model::AddressSpace>{} : std::vector{space(last)})) return broken(last, "the space differs");
  const auto records = IPAM_TRY(all_where<model::JournalRecord>(reader, {at("sequence", Comparison::GreaterOrEqual, from)}));
  for (std::uint64_t i = 0; i < records.size(); ++i) {
    if (records[i] != record(from + i)) return broken(from + i, "its journal record differs");
  }
  if (IPAM_TRY(count(reader, table<model::JournalRecord>(), {})) != last) return broken(last, "there are more or fewer journal records");
  for (std::uint64_t number = last; number > 0 && number + 5 > last; --number) {
    const auto of = IPAM_TRY(find_where<Counter>(reader, {{"name", Comparison::Equal, fmt::format("of_{}", number % 5)}}));
    if (!of || of->value != static_cast<std::int64_t>(number)) return broken(number, "its counter differs");
  }
  for (std::uint64_t number = from; number <= last + 1; ++number) IPAM_TRY(check_addresses(reader, number, last));
  if (IPAM_TRY(count(reader, table<model::Address>(), {at("id", Comparison::GreaterOrEqual, (last + 2) * 100)})) != 0) {
    return broken(last + 1, "some of its addresses are there");
  }
  return last;
}

}  // namespace ipam::store
