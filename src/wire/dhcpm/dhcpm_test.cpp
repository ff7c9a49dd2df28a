#include "wire/dhcpm/operations.h"

#include "base/file.h"

#include <gmock/gmock.h>

namespace ipam::wire::dhcpm {
namespace {

using ::testing::HasSubstr;

Bytes golden(const std::string& file) {
  const std::string content = read_file(IPAM_SOURCE_FOLDER "/tests/golden/dhcpm/" + file, 1U << 20U).value();
  return {content.begin(), content.end()};
}

// Read whole: what is written of it is as long as what was read.
template <class T>
T read_golden(const std::string& file) {
  const Bytes bytes = golden(file);
  const auto value = ndr::read<T>(bytes);
  EXPECT_TRUE(value.ok()) << file << ": " << value.error().describe();
  if (!value.ok()) return T{};
  EXPECT_EQ(ndr::write(*value).size(), bytes.size()) << file;
  return *value;
}

constexpr std::uint32_t address(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return static_cast<std::uint32_t>(a) << 24 | static_cast<std::uint32_t>(b) << 16 | static_cast<std::uint32_t>(c) << 8 | d;
}

TEST(Dhcpm, ReadsVersionAndScopes) {
  EXPECT_EQ(read_golden<VersionResponse>("version"), (VersionResponse{10, 0, 0}));
  const auto subnets = read_golden<EnumSubnetsResponse>("subnets");
  EXPECT_EQ(subnets, (EnumSubnetsResponse{7, AddressArray{{address(10, 1, 0, 0), address(10, 2, 0, 0)}}, 2, 5, kMoreData}));
  const auto subnet = read_golden<SubnetResponse>("subnet");
  const SubnetInfo truth{address(10, 1, 0, 0), address(255, 255, 255, 0), "HQ", "Z\u00fcrich", {address(10, 0, 0, 2), "DHCP1", "dhcp1.contoso.test"},
                         SubnetState::Disabled};
  EXPECT_EQ(subnet, (SubnetResponse{truth, 0}));
  EXPECT_EQ(read_golden<SubnetResponse>("no-subnet"), (SubnetResponse{std::nullopt, kSubnetNotPresent}));
}

TEST(Dhcpm, ReadsRangesExclusionsAndReservations) {
  const auto ranges = read_golden<EnumElementsResponse>("ranges");
  ASSERT_EQ(ranges.list.value().elements.size(), 2U);
  const Range range{address(10, 1, 0, 110), address(10, 1, 0, 199), 1, 0xFFFFFFFF};
  EXPECT_EQ(ranges.list->elements[1], (Element{ElementType::RangesForBoth, std::optional<Range>(range)}));
  const auto reservations = read_golden<EnumElementsResponse>("reservations");
  ASSERT_EQ(reservations.list.value().elements.size(), 2U);
  const Reservation reservation{address(10, 1, 0, 51), BinaryData{{0, 0, 1, 10, 1, 0xAA, 0xBB, 0xCC, 0, 0, 1}}, 3};
  EXPECT_EQ(reservations.list->elements[1], (Element{ElementType::Reservations, std::optional<Reservation>(reservation)}));
  const auto exclusions = read_golden<EnumElementsResponse>("exclusions");
  const Exclusion exclusion{address(10, 1, 0, 10), address(10, 1, 0, 99)};
  EXPECT_EQ(exclusions.list.value().elements.at(0), (Element{ElementType::Exclusions, std::optional<Exclusion>(exclusion)}));
}

TEST(Dhcpm, ReadsLeases) {
  const auto clients = read_golden<EnumClientsResponse>("clients");
  EXPECT_EQ(clients.resume, 99U);
  EXPECT_EQ(clients.result, kMoreData);
  ASSERT_EQ(clients.list.value().clients.size(), 3U);
  const Client& first = clients.list->clients[0].value();
  EXPECT_EQ(first.address, address(10, 1, 0, 10));
  EXPECT_EQ(first.hardware_address.octets, (Bytes{0xAA, 0xBB, 0xCC, 0, 0, 0}));
  EXPECT_EQ(first.name, "pc10.contoso.test");
  EXPECT_EQ(format_time(first.expires.time().value()), "2025-08-18T14:13:20Z");
  EXPECT_EQ(clients.list->clients[1]->name, std::nullopt);
  EXPECT_TRUE(clients.list->clients[1]->expires.is_endless());
  EXPECT_EQ(clients.list->clients[2]->name, "m\u00fcller");
  EXPECT_EQ(clients.list->clients[2]->state, 2);
}

TEST(Dhcpm, ReadsCounters) {
  const auto response = read_golden<CountersResponse>("counters");
  const Counters& counters = response.counters.value();
  EXPECT_EQ(counters.discovers, 1U);
  EXPECT_EQ(counters.releases, 7U);
  EXPECT_EQ(counters.quarantine[0], 8U);
  EXPECT_EQ(counters.scopes_with_delayed_offers, 16U);
  ASSERT_EQ(counters.scopes.size(), 2U);
  EXPECT_EQ(counters.scopes[1], (ScopeCounters{address(10, 2, 0, 0), 3, 200, 1}));
}

TEST(Dhcpm, TimesAreSince1601) {
  EXPECT_FALSE(FileTime{}.time().has_value());
  EXPECT_FALSE((FileTime{0xFFFFFFFF, 0x7FFFFFFF}).time().has_value());
  EXPECT_EQ(format_time((FileTime{0xD53E8000, 0x019DB1DE}).time().value()), "1970-01-01T00:00:00Z");
}

TEST(Dhcpm, RequestsReadAsWhatWasWritten) {
  const EnumElementsRequest elements{"dhcp1", address(10, 1, 0, 0), ElementType::Reservations, 5, 1000};
  EXPECT_EQ(ndr::read<EnumElementsRequest>(ndr::write(elements)).value(), elements);
  const EnumClientsRequest clients{"dhcp1", 0, 1, 2};
  EXPECT_EQ(ndr::read<EnumClientsRequest>(ndr::write(clients)).value(), clients);
  // The server's name, its padding, then numbers.
  EXPECT_EQ(to_hex(ndr::write(SubnetRequest{"a", address(10, 1, 0, 0)})), "00000200020000000000000002000000610000000000010a");
}

TEST(Dhcpm, EveryResultIsAnErrorThatNamesIt) {
  EXPECT_EQ(result_error(5).code, ErrorCode::PermissionDenied);
  EXPECT_THAT(result_error(5).message, HasSubstr("DHCP Users"));
  EXPECT_EQ(result_error(kSubnetNotPresent).code, ErrorCode::NotFound);
  EXPECT_EQ(result_error(20099).message, "the DHCP service refuses (Win32 error 20099)");
}

}  // namespace
}  // namespace ipam::wire::dhcpm
