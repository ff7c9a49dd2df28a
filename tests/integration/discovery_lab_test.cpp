// Discovery of a real Kea and a real BIND on loopback (tests/lab), without a credential of theirs.
#include "client/dns/bind_lab_suite.h"
#include "client/http/url.h"
#include "driver/kea/kea_lab_suite.h"
#include "integration/house.h"
#include "service/discovery/discovery.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using model::EndpointKind;
using testing::HasSubstr;

TEST(DiscoveryOfRealServers, FindsKeaAndBothEndpointsOfBindAndTakesKeaOver) {
  driver::kea::KeaLab kea({"--leases", "0"});
  client::dns::BindLab bind({"--primary-only"});
  House house;
  io::Resolver resolver;
  service::Discovery discovery(*house.store, *house.ledger, resolver, house.clock);
  const auto kea_port = client::http::Url::parse(kea.endpoint().url).value().port;
  model::DiscoveryTarget target;
  target.name = "127.0.0.1";
  // Each kind is looked for at the others' ports too: who answers there is somebody else.
  target.kea_ports = fmt::format("{},{}", kea_port, bind.primary().statistics_port);
  target.dns_ports = std::to_string(bind.primary().port);
  target.statistics_ports = fmt::format("{},{}", bind.primary().statistics_port, kea_port);
  ASSERT_TRUE(house.run(house.discovery->create_target(administrator(), target, {})).ok());
  const auto sentence = house.run(discovery.run("task/ServerDiscovery", io::Deadline::after(std::chrono::seconds(60))));
  ASSERT_TRUE(sentence.ok()) << sentence.error().describe();
  EXPECT_THAT(*sentence, HasSubstr("5 questions: 3 servers found (3 new, 0 managed), 0 gone, 2 other answers"));
  std::map<EndpointKind, model::DiscoveredServer> found;
  for (const auto& server : house.rows<model::DiscoveredServer>()) found[server.endpoint] = server;
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[EndpointKind::ControlAgent].product, model::Product::Kea);
  EXPECT_EQ(found[EndpointKind::ControlAgent].port, kea_port);
  EXPECT_THAT(found[EndpointKind::ControlAgent].evidence, HasSubstr("HTTP 401"));
  EXPECT_EQ(found[EndpointKind::Dns].product, model::Product::Bind9);
  EXPECT_EQ(found[EndpointKind::Dns].version, "9.18-lab");
  EXPECT_EQ(found[EndpointKind::StatisticsChannel].product, model::Product::Bind9);
  EXPECT_THAT(found[EndpointKind::StatisticsChannel].version, testing::StartsWith("9."));

  // A BIND that was found by DNS is taken over by its statistics channel, which was found beside it.
  service::Acceptance acceptance{.name = "ns1", .space_id = house.default_space().id};
  ASSERT_TRUE(house.run(house.discovery->accept(administrator(), found[EndpointKind::Dns].id, acceptance, {})).ok());
  const auto servers = house.rows<model::ManagedServer>();
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].url, fmt::format("http://127.0.0.1:{}/", bind.primary().statistics_port));
  const auto second = house.run(discovery.run("task/ServerDiscovery", io::Deadline::after(std::chrono::seconds(60))));
  ASSERT_TRUE(second.ok());
  EXPECT_THAT(*second, HasSubstr("3 servers found (0 new, 2 managed)"));
}

}  // namespace
}  // namespace ipam::test
