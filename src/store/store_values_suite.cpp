// The contract, part one: every field of every stored type comes back as it was written.
#include "store/change_feed.h"
#include "store/database_property.h"
#include "store/import_tables.h"
#include "store/search_tables.h"
#include "store/security_tables.h"
#include "store/store_contract_suite.h"
#include "store/tracking_tables.h"
#include "store/upkeep_tables.h"

#include "support/rapidcheck.h"

namespace ipam::store {
namespace {

// The stored types, referred-to before referring: with every id of a row set to one number, each reference finds its object.
using StoredTypes = boost::mp11::mp_append<
    model::ObjectTypes,
    boost::mp11::mp_list<model::JournalRecord, model::Lease, model::ScopeUtilization, model::DiscoveredServer, model::DomainServer,
                         model::DomainStatus, model::ServerStatus, model::ZoneStatus, model::DnsRecord, model::Session, model::SessionUse,
                         model::Lockout, model::Refusal, model::TaskState, model::TaskOutcome, model::KeptAnswer, model::AllocationCursor,
                         model::Operation, model::OperationPart, model::CustomUse, model::UtilizationSample, model::Import, model::ImportRow,
                         model::SavedSearch, model::ExpiryNotice, model::ImportProfile, model::LeaseInterval, model::TrackingQuery, Counter, DatabaseProperty, FeedEntry, TaskLease>>;

// How the fields of an edge row are filled. Each kind is used once in a database, so that no unique key is taken twice.
struct Edge {
  std::uint64_t id = 0;
  bool high = false;      // numbers and times at their upper end, otherwise their lower; enums likewise
  bool optional = false;  // optional fields are there
  std::string text;
  Bytes blob;
  ip::Prefix prefix;
  ip::HardwareAddress hardware_address;
  ip::ClientId client_id;
};

template <class F>
void fill(F& field, const Edge& edge) {
  if constexpr (detail::IsOptional<F>::value) {
    field.reset();
    if (edge.optional) fill(field.emplace(), edge);
  } else if constexpr (detail::IsId<F>::value) {
    field.value = edge.id;
  } else if constexpr (std::is_same_v<F, std::uint64_t>) {
    field = edge.id;  // revisions, sequences, counts
  } else if constexpr (std::is_integral_v<F>) {
    field = edge.high ? std::numeric_limits<F>::max() : std::numeric_limits<F>::min();
  } else if constexpr (model::DescribedEnum<F>) {
    field = edge.high ? model::enum_names<F>().back().value : model::enum_names<F>().front().value;
  } else if constexpr (std::is_same_v<F, Time>) {
    field = edge.high ? Time::max() : Time::min();
  } else if constexpr (std::is_same_v<F, std::string>) {
    field = edge.text;
  } else if constexpr (std::is_same_v<F, Bytes>) {
    field = edge.blob;
  } else if constexpr (std::is_same_v<F, ip::Prefix>) {
    field = edge.prefix;
  } else if constexpr (std::is_same_v<F, ip::Address>) {
    field = edge.high ? edge.prefix.last() : edge.prefix.first();
  } else if constexpr (std::is_same_v<F, ip::HardwareAddress>) {
    field = edge.hardware_address;
  } else if constexpr (std::is_same_v<F, ip::Range>) {
    field = edge.prefix;
  } else if constexpr (std::is_same_v<F, model::CustomValues>) {
    field.clear();
    if (edge.optional) field = {{std::to_string(edge.id), edge.text}, {"8", "b"}};
  } else if constexpr (json::detail::IsVector<F>::value) {
    field.clear();
    if (!edge.optional) return;
    for (int i = 0; i < 2; ++i) fill(field.emplace_back(), edge);
  } else if constexpr (model::DescribedStruct<F>) {
    boost::mp11::mp_for_each<boost::describe::describe_members<F, boost::describe::mod_public>>(
        [&](auto member) { fill(field.*member.pointer, edge); });
  } else {
    field = edge.client_id;
  }
}

template <Stored T>
T edge_row(const Edge& edge) {
  T row{};
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) { fill(row.*member.pointer, edge); });
  return row;
}

std::vector<Edge> edges() {
  const auto prefix = [](const char* text) { return ip::Prefix::parse(text).value(); };
  Bytes every_byte(256);
  for (std::size_t i = 0; i < every_byte.size(); ++i) every_byte[i] = static_cast<std::uint8_t>(i);
  const auto mac = ip::HardwareAddress::parse("00:00:5e:00:53:ff").value();
  const auto longest_mac = ip::HardwareAddress::from_bytes(Bytes(20, 0xFF)).value();
  const auto duid = ip::ClientId::parse("00").value();
  const auto longest_duid = ip::ClientId::from_bytes(Bytes(255, 0)).value();
  const std::string utf8 = "Zürich – 東京 🌐 '\"\\%_$1;\t\n";
  return {
      {.id = 0, .text = "", .blob = {}, .prefix = prefix("0.0.0.0/0")},
      {.id = 2, .high = true, .optional = true, .text = utf8, .blob = {0}, .prefix = prefix("::/0"), .hardware_address = mac, .client_id = duid},
      {.id = std::numeric_limits<std::int64_t>::max(),
       .high = true,
       .text = std::string(60'000, 'x'),  // in an index too: PostgreSQL keeps 2 704 bytes of a key there, after compression
       .blob = every_byte,
       .prefix = prefix("255.255.255.255/32")},
      {.id = std::numeric_limits<std::uint64_t>::max(),
       .optional = true,
       .text = "a",
       .blob = Bytes(60'000, 0xFF),
       .prefix = prefix("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"),
       .hardware_address = longest_mac,
       .client_id = longest_duid},
      // Optional fields that are there, but empty.
      {.id = 4, .optional = true, .text = "b", .blob = {7}, .prefix = prefix("10.0.0.0/8")},
  };
}

template <class F>
void for_each_stored_type(const F& use) {
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, StoredTypes>>(use);
}

TEST_P(StoreValues, TablesHaveTheColumnsOfTheirFields) {
  const auto snapshot = reader();
  for_each_stored_type([&](auto type) {
    using T = typename decltype(type)::type;
    const auto page = list<T>(*snapshot, {});
    ASSERT_TRUE(page.ok()) << table<T>().name << ": " << page.error().describe();
    EXPECT_TRUE(page->items.empty());
  });
}

TEST_P(StoreValues, EveryFieldComesBackAtItsEdges) {
  WriteSet writes;
  for (const Edge& edge : edges()) for_each_stored_type([&](auto type) { writes.insert(edge_row<typename decltype(type)::type>(edge)); });
  const auto committed = store().commit(writes);
  ASSERT_TRUE(committed.ok()) << committed.error().describe();
  reopen();
  for_each_stored_type([&](auto type) {
    using T = typename decltype(type)::type;
    std::vector<std::vector<Value>> expected;
    for (const Edge& edge : edges()) expected.push_back(to_cells(edge_row<T>(edge)));
    std::sort(expected.begin(), expected.end());
    auto found = rows<T>();
    std::sort(found.begin(), found.end());
    EXPECT_TRUE(found == expected) << table<T>().name;
  });
}

TEST_P(StoreValues, AnOptionalFieldThatIsEmptyIsNotAnAbsentOne) {
  model::Lease with_nothing, with_empty;
  with_nothing.address = ip::Address::v4(1);
  with_empty.address = ip::Address::v4(2);
  with_empty.hardware_address.emplace();
  with_empty.client_id.emplace();
  WriteSet writes;
  writes.put(with_nothing);
  writes.put(with_empty);
  ASSERT_TRUE(store().commit(writes).ok());
  const auto snapshot = reader();
  const auto page = list<model::Lease>(*snapshot, {});
  ASSERT_TRUE(page.ok()) << page.error().describe();
  EXPECT_EQ(page->items, (std::vector<model::Lease>{with_nothing, with_empty}));
}

ip::Address any_address() {
  const auto family = *rc::gen::element(ip::Family::V4, ip::Family::V6);
  // Few distinct high halves, so that neighbors share long beginnings.
  const auto number = ip::make_u128(*rc::gen::element<std::uint64_t>(0, 1, 0x20010DB800000000U, ~0ULL), *rc::gen::arbitrary<std::uint64_t>());
  return {family, number};
}

RC_GTEST_PROP(StoredOrder, OfKeysIsTheOrderOfAddresses, ()) {
  const ip::Address a = any_address(), b = any_address();
  RC_ASSERT((a < b) == (a.key() < b.key()));
  RC_ASSERT((a == b) == (a.key() == b.key()));
}

TEST_P(StoreValues, OrderAddressesAndPrefixesAsTheirValues) {
  const bool holds = rc::check([&] {
    const auto count = *rc::gen::inRange<std::size_t>(2, 40);
    std::vector<ip::Address> addresses;
    std::vector<ip::Prefix> prefixes;
    WriteSet writes;
    const std::vector<std::vector<Value>> old_leases = rows<model::Lease>(), old_blocks = rows<model::Block>();
    for (const auto& row : old_leases) writes.erase<model::Lease>({row[0], row[1]});
    for (const auto& row : old_blocks) writes.erase<model::Block>({row[0]}, static_cast<std::uint64_t>(std::get<std::int64_t>(row[1])));
    model::AddressSpace space;
    space.id.value = 1;
    writes.put(space);
    for (std::size_t i = 0; i < count; ++i) {
      const ip::Address address = any_address();
      const ip::Prefix prefix = ip::Prefix::containing(address, *rc::gen::inRange(0, ip::bit_count(address.family()) + 1));
      if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
        addresses.push_back(address);
        model::Lease lease;
        lease.address = address;
        writes.insert(lease);
      }
      if (std::find(prefixes.begin(), prefixes.end(), prefix) == prefixes.end()) {
        prefixes.push_back(prefix);
        model::Block block;
        block.id.value = i + 1;
        block.space_id = space.id;
        block.prefix = prefix;
        writes.insert(block);
      }
    }
    RC_ASSERT(store().commit(writes).ok());
    std::sort(addresses.begin(), addresses.end());
    std::sort(prefixes.begin(), prefixes.end());
    const auto snapshot = reader();
    const auto found_leases = list<model::Lease>(*snapshot, {.sort = {{"address"}}, .limit = 100}).value();
    const auto found_blocks = list<model::Block>(*snapshot, {.sort = {{"prefix", true}}, .limit = 100}).value();
    RC_ASSERT(found_leases.items.size() == addresses.size());
    RC_ASSERT(found_blocks.items.size() == prefixes.size());
    for (std::size_t i = 0; i < addresses.size(); ++i) RC_ASSERT(found_leases.items[i].address == addresses[i]);
    for (std::size_t i = 0; i < prefixes.size(); ++i) RC_ASSERT(found_blocks.items[i].prefix == prefixes[prefixes.size() - 1 - i]);
  });
  EXPECT_TRUE(holds);
}

}  // namespace

// Test programs that link this without an engine of their own run none of it.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreValues);

std::string StoreValues::name(const testing::TestParamInfo<MakeStoreUnderTest>&) { return "Store"; }

}  // namespace ipam::store
