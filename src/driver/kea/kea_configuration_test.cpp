#include "driver/kea/kea_configuration.h"

#include "driver/kea/kea_golden_suite.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <boost/json.hpp>

namespace ipam::driver::kea {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ip::Address address(std::string_view text) { return ip::Address::parse(text).value(); }

// A configuration with this inside of "Dhcp4".
Result<ObservedConfiguration> read(std::string_view inside, const Limits& limits = {}) {
  return read_configuration(Service::Dhcp4, fmt::format(R"([{{"result":0,"arguments":{{"Dhcp4":{{{}}}}}}}])", inside), limits);
}

std::string message_of(std::string_view inside, const Limits& limits = {}) {
  const auto configuration = read(inside, limits);
  if (configuration.ok()) return "(it was read)";
  EXPECT_EQ(configuration.error().code, ErrorCode::Malformed);
  return configuration.error().message;
}

TEST(KeaConfiguration, ReadsTheSubnetsInsideAndOutsideOfSharedNetworksInTheirOrder) {
  const auto configuration = read_configuration(Service::Dhcp4, golden("config-get"), {}).value();
  ASSERT_EQ(configuration.scopes.size(), 4U);
  std::vector<std::string> summary;
  for (const auto& scope : configuration.scopes) {
    summary.push_back(fmt::format("{} {} '{}' '{}' {}", scope.key, scope.prefix.to_string(), scope.name, scope.shared_network, scope.lease_seconds));
  }
  EXPECT_THAT(summary, ElementsAre("1 10.64.0.0/21 'Head office clients' '' 7200", "2 10.64.8.0/26 'Printers' '' 3600",
                                   "7 10.65.0.0/22 'Guest wireless' 'campus' 3600", "12 10.65.4.0/28 'Cameras' 'campus' 86400"));
}

TEST(KeaConfiguration, ReadsPoolsInBothNotations) {
  const auto configuration = read_configuration(Service::Dhcp4, golden("config-get"), {}).value();
  EXPECT_THAT(configuration.scopes[1].pools,
              ElementsAre(ObservedPool{address("10.64.8.8"), address("10.64.8.23")}, ObservedPool{address("10.64.8.32"), address("10.64.8.47")}));
}

TEST(KeaConfiguration, ReadsReservationsByEveryIdentifier) {
  const auto configuration = read_configuration(Service::Dhcp4, golden("config-get"), {}).value();
  using model::ReservationIdentifier;
  const auto bytes = [](std::string_view hex) { return from_hex(hex).value(); };
  EXPECT_THAT(configuration.scopes[0].reservations,
              ElementsAre(ObservedReservation{address("10.64.0.10"), ReservationIdentifier::HardwareAddress, bytes("0200000000a2"), "file-server"},
                          ObservedReservation{address("10.64.0.11"), ReservationIdentifier::Duid, bytes("000300010200000000a3"), ""},
                          ObservedReservation{address("10.64.0.60"), ReservationIdentifier::HardwareAddress, bytes("0200000000a1"), "front-desk"}));
  EXPECT_THAT(configuration.scopes[1].reservations,
              ElementsAre(ObservedReservation{address("10.64.8.5"), ReservationIdentifier::CircuitId, bytes("4769312f302f31"), "plotter"},
                          ObservedReservation{address("10.64.8.6"), ReservationIdentifier::FlexId, bytes("0a0b0c"), ""},
                          ObservedReservation{address("10.64.8.40"), ReservationIdentifier::ClientId, bytes("010200000000b1"), "printer-1"}));
}

TEST(KeaConfiguration, KeepsTheOptionsAsTheServerWritesThem) {
  const auto configuration = read_configuration(Service::Dhcp4, golden("config-get"), {}).value();
  EXPECT_THAT(configuration.scopes[0].options, HasSubstr(R"("data":"10.64.0.2, 10.64.0.3","name":"domain-name-servers")"));
  EXPECT_EQ(configuration.scopes[1].options, "[]");
}

TEST(KeaConfiguration, ReadsVersion6WithDelegatedPrefixes) {
  const auto configuration = read_configuration(Service::Dhcp6, golden("dhcp6.config-get"), {}).value();
  ASSERT_EQ(configuration.scopes.size(), 2U);
  const ObservedScope& office = configuration.scopes[0];
  EXPECT_EQ(office.key, "6:1");
  EXPECT_EQ(office.prefix.to_string(), "2001:db8:1::/64");
  EXPECT_EQ(office.lease_seconds, 7200U);
  EXPECT_EQ(configuration.scopes[1].key, "6:12");
  EXPECT_EQ(configuration.scopes[1].shared_network, "campus");
  EXPECT_THAT(office.pools,
              ElementsAre(ObservedPool{address("2001:db8:1::1000"), address("2001:db8:1::1fff"), std::nullopt},
                          ObservedPool{address("2001:db8:1::8:0"), address("2001:db8:1::8:ffff"), std::nullopt},
                          ObservedPool{address("2001:db8:8000::"), address("2001:db8:80ff:ffff:ffff:ffff:ffff:ffff"), std::uint8_t{56}}));
  std::vector<std::string> kept;
  for (const auto& reservation : office.reservations) {
    kept.push_back(fmt::format("{}{} {} {}", reservation.address.to_string(),
                               reservation.delegated_length ? fmt::format("/{}", *reservation.delegated_length) : "",
                               to_hex(reservation.identifier, ':'), reservation.hostname));
  }
  EXPECT_THAT(kept, ElementsAre("2001:db8:1::1f10 00:03:00:01:02:00:00:00:06:a1 branch-router",
                                "2001:db8:1::1f11 00:03:00:01:02:00:00:00:06:a1 branch-router", "2001:db8:1::1f12 02:00:00:00:06:a2 ",
                                "2001:db8:80ff::/56 00:03:00:01:02:00:00:00:06:a1 branch-router"));
  EXPECT_THAT(office.reservations[0].options, HasSubstr(R"("data":"2001:db8::123","name":"sntp-servers")"));
  EXPECT_EQ(office.reservations[2].options, "");
}

TEST(KeaConfiguration, ReadsTheOptionsOfEveryLevelAndSaysWhereTheyStand) {
  const auto configuration = read_configuration(Service::Dhcp6, golden("dhcp6.config-get"), {}).value();
  EXPECT_THAT(configuration.server.options, HasSubstr(R"("data":"lab.example","name":"domain-search")"));
  EXPECT_THAT(configuration.server.option_definitions, HasSubstr(R"("code":4242)"));
  EXPECT_THAT(configuration.server.client_classes, HasSubstr(R"("name":"routers")"));
  EXPECT_THAT(configuration.server.lease_database, HasSubstr("memfile /"));
  EXPECT_EQ(configuration.server.high_availability, "");
  EXPECT_THAT(configuration.scopes[0].options, HasSubstr(R"("data":"2001:db8::53","name":"dns-servers","space":"dhcp6"})"));
  EXPECT_THAT(configuration.scopes[0].options, HasSubstr(R"("pool":"2001:db8:1::1000/116"})"));
  EXPECT_THAT(configuration.scopes[1].options, HasSubstr(R"("data":"2001:db8::55","name":"dns-servers","space":"dhcp6","shared-network":"campus"})"));
}

TEST(KeaConfiguration, TellsHighAvailabilityAndLeaseDatabaseWithoutTheirSecrets) {
  const auto configuration = read(R"("lease-database":{"type":"postgresql","name":"kea","host":"db1","port":5433,"user":"k","password":"hide"},
    "hooks-libraries":[{"library":"/x/libdhcp_ha.so","parameters":{"high-availability":[{"mode":"hot-standby","peers":
      [{"name":"a","url":"http://u:hide@h:1/","basic-auth-password":"hide"}]}]}}],"client-classes":[{"name":"c","user-context":{"password":"hide"}}])")
                                 .value();
  EXPECT_EQ(configuration.server.lease_database, "postgresql kea@db1:5433");
  EXPECT_THAT(configuration.server.high_availability, HasSubstr("hot-standby"));
  EXPECT_THAT(configuration.server.high_availability + configuration.server.client_classes + configuration.document, Not(HasSubstr("hide")));
}

TEST(KeaConfiguration, JoinsBothServicesOfOneServer) {
  const auto version4 = read_configuration(Service::Dhcp4, golden("config-get"), {}).value();
  const auto version6 = read_configuration(Service::Dhcp6, golden("dhcp6.config-get"), {}).value();
  const auto both = join_configurations(version4, version6, {}).value();
  std::vector<std::string> keys;
  for (const auto& scope : both.scopes) keys.push_back(scope.key);
  EXPECT_THAT(keys, ElementsAre("1", "2", "7", "12", "6:1", "6:12"));
  EXPECT_TRUE(boost::json::parse(both.document).as_object().contains("Dhcp4"));
  EXPECT_TRUE(boost::json::parse(both.document).as_object().contains("Dhcp6"));
  EXPECT_EQ(boost::json::parse(both.server.options).as_array().size(), 2U);
  EXPECT_THAT(both.server.lease_database, HasSubstr("; DHCPv6: memfile /"));
  EXPECT_EQ(join_configurations(version4, version6, {.scopes = 5}).error().code, ErrorCode::Malformed);
}

TEST(KeaConfiguration, IsNotFloodedByTheOptionsOfASharedNetwork) {
  std::string subnets;
  for (int id = 1; id <= 100; ++id) subnets += fmt::format(R"({}{{"id":{},"subnet":"10.0.{}.0/24"}})", id == 1 ? "" : ",", id, id);
  const std::string network =
      fmt::format(R"("shared-networks":[{{"name":"a","option-data":[{{"data":"{}"}}],"subnet4":[{}]}}])", std::string(1000, 'x'), subnets);
  EXPECT_THAT(message_of(network, {.response_bytes = 50'000}), HasSubstr("bytes of options"));
}

TEST(KeaConfiguration, TellsOfGlobalReservations) {
  const auto configuration = read_configuration(Service::Dhcp4, golden("config-get"), {}).value();
  EXPECT_THAT(configuration.findings, ElementsAre(HasSubstr("1 global reservations are not collected")));
}

TEST(KeaConfiguration, HoldsNoSecretAnywhere) {
  ASSERT_THAT(golden("config-get"), HasSubstr("golden-database-password"));
  const auto configuration = read_configuration(Service::Dhcp4, golden("config-get"), {}).value();
  EXPECT_THAT(configuration.document, Not(HasSubstr("golden-database-password")));
  EXPECT_THAT(configuration.document, HasSubstr("\"password\":\"(removed)\""));
}

TEST(KeaConfiguration, InheritsTheLifetimeFromTheNetworkThenFromTheServer) {
  const auto configuration = read(R"("valid-lifetime":100,"subnet4":[{"id":1,"subnet":"10.0.0.0/24"}],
    "shared-networks":[{"name":"a","valid-lifetime":200,"subnet4":[{"id":2,"subnet":"10.0.1.0/24"},{"id":3,"subnet":"10.0.2.0/24","valid-lifetime":300}]},
                       {"name":"b","subnet4":[{"id":4,"subnet":"10.0.3.0/24"}]}])")
                                 .value();
  std::vector<std::uint32_t> lifetimes;
  for (const auto& scope : configuration.scopes) lifetimes.push_back(scope.lease_seconds);
  EXPECT_THAT(lifetimes, ElementsAre(100, 200, 300, 100));
}

TEST(KeaConfiguration, ReadsASingleObjectAsDirectServersAnswer) {
  EXPECT_TRUE(read_configuration(Service::Dhcp4, R"({"result":0,"arguments":{"Dhcp4":{"subnet4":[]},"hash":"AB"}})", {}).ok());
}

TEST(KeaConfiguration, PassesOverWhatIsNotInsideOfTheSubnetAndSaysSo) {
  const auto configuration = read(R"("subnet4":[{"id":5,"subnet":"10.0.0.0/24","pools":[{"pool":"10.0.1.0/25"},{"pool":"10.0.0.9-10.0.0.9"}],
    "reservations":[{"ip-address":"10.9.0.1","hw-address":"020000000001"},{"hostname":"only-a-name","hw-address":"020000000002"}]}])")
                                 .value();
  EXPECT_THAT(configuration.scopes.at(0).pools, ElementsAre(ObservedPool{address("10.0.0.9"), address("10.0.0.9")}));
  EXPECT_THAT(configuration.scopes.at(0).reservations, IsEmpty());
  EXPECT_THAT(configuration.findings,
              ElementsAre(HasSubstr("scope 5: the pool 10.0.1.0-10.0.1.127"), HasSubstr("scope 5: the reservation of 10.9.0.1"),
                          HasSubstr("scope 5: 1 reservations keep no address")));
}

TEST(KeaConfiguration, ReadsASubnetWithHostBitsAsItsPrefix) {
  const auto configuration = read(R"("subnet4":[{"id":5,"subnet":"10.0.0.7/24"}])").value();
  EXPECT_EQ(configuration.scopes.at(0).prefix.to_string(), "10.0.0.0/24");
  EXPECT_THAT(configuration.findings, ElementsAre(HasSubstr("host bits")));
}

TEST(KeaConfiguration, PassesOverASubnetOfTheOtherFamily) {
  const auto configuration = read(R"("subnet4":[{"id":5,"subnet":"2001:db8::/64"}])").value();
  EXPECT_THAT(configuration.scopes, IsEmpty());
  EXPECT_THAT(configuration.findings, ElementsAre(HasSubstr("scope 5: 2001:db8::/64 is no subnet of DHCPv4")));
}

TEST(KeaConfiguration, ShortensAFloodOfFindings) {
  std::string subnets;
  for (int id = 1; id <= 500; ++id) subnets += fmt::format(R"({}{{"id":{},"subnet":"2001:db8::/64"}})", id == 1 ? "" : ",", id);
  const auto configuration = read(fmt::format(R"("subnet4":[{}])", subnets)).value();
  EXPECT_EQ(configuration.findings.size(), 101U);
  EXPECT_EQ(configuration.findings.back(), "and 400 more like these");
}

TEST(KeaConfiguration, RefusesWrongTypesAndValuesAndNamesScopeAndField) {
  EXPECT_THAT(message_of(R"("subnet4":7)"), HasSubstr(R"("subnet4" must be an array)"));
  EXPECT_THAT(message_of(R"("subnet4":[{"subnet":"10.0.0.0/24"}])"), HasSubstr(R"("id" is missing)"));
  EXPECT_THAT(message_of(R"("subnet4":[{"id":-1,"subnet":"10.0.0.0/24"}])"), HasSubstr(R"("id" must be a whole number)"));
  EXPECT_THAT(message_of(R"("subnet4":[{"id":4294967295,"subnet":"10.0.0.0/24"}])"), HasSubstr(R"("id" must be a whole number)"));
  EXPECT_THAT(message_of(R"("subnet4":[{"id":3,"subnet":"10.0.0.0"}])"), HasSubstr(R"(scope 3: field "subnet" is no prefix)"));
  EXPECT_THAT(message_of(R"("subnet4":[{"id":3,"subnet":"10.0.0.0/33"}])"), HasSubstr(R"(scope 3: field "subnet" is no prefix)"));
  EXPECT_THAT(message_of(R"("subnet4":[{"id":3,"subnet":"10.0.0.0/24","valid-lifetime":"x"}])"), HasSubstr(R"(scope 3: field "valid-lifetime")"));
  EXPECT_THAT(message_of(R"("subnet4":[{"id":3,"subnet":"10.0.0.0/24","pools":[{"pool":"10.0.0.9-10.0.0.1"}]}])"),
              HasSubstr(R"(scope 3: field "pool")"));
  EXPECT_THAT(message_of(R"("subnet4":[{"id":3,"subnet":"10.0.0.0/24","reservations":[{"ip-address":"10.0.0.9","hw-address":"zz"}]}])"),
              HasSubstr(R"(scope 3: the reservation of 10.0.0.9: field "hw-address")"));
  EXPECT_THAT(
      message_of(R"("subnet4":[{"id":3,"subnet":"10.0.0.0/24","reservations":[{"ip-address":"10.0.0.9","hw-address":"0201","duid":"0102"}]}])"),
      HasSubstr("more than one identifier"));
  EXPECT_THAT(message_of(R"("subnet4":[{"id":3,"subnet":"10.0.0.0/24"},{"id":3,"subnet":"10.0.1.0/24"}])"),
              HasSubstr("scope 3 stands in the configuration twice"));
}

TEST(KeaConfiguration, IsBounded) {
  EXPECT_THAT(message_of(R"("subnet4":[{"id":1,"subnet":"10.0.0.0/24"},{"id":2,"subnet":"10.0.1.0/24"}])", {.scopes = 1}),
              HasSubstr("more than 1 subnets"));
  EXPECT_THAT(
      message_of(R"("subnet4":[{"id":1,"subnet":"10.0.0.0/24","reservations":[{"hw-address":"01"},{"hw-address":"02"}]}])", {.reservations = 1}),
      HasSubstr("more than 1 reservations"));
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_THAT(message_of(R"("subnet4":)" + deep), HasSubstr("no JSON"));
}

TEST(KeaConfiguration, RefusesTheAnswerOfAnotherServer) {
  const auto configuration = read_configuration(Service::Dhcp4, golden("agent.config-get"), {});
  ASSERT_FALSE(configuration.ok());
  EXPECT_THAT(configuration.error().message, HasSubstr("not that of a Kea DHCPv4 server"));
}

}  // namespace
}  // namespace ipam::driver::kea
