// Spreadsheets, exports of other systems and comparisons, over HTTP.
#include "contract/exchange.h"
#include "contract/import_profile.h"
#include "integration/api_server.h"
#include "store/import_tables.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class ImportMapping : public testing::Test {
 protected:
  ApiServer server_;
  House& house_ = server_.house;
  std::string root_ = server_.bearer(model::Group::IpamAdministrators);

  client::http::Response send(const std::string& query, const std::string& file) {
    auto response = server_.ask("POST", "/api/v1/imports?" + query, root_, file, {{"Content-Type", "text/csv"}});
    house_.run_until([&] { return house_.operations->running() == 0; });
    return response;
  }
  contract::Import import(const std::string& query, const std::string& file) {
    const auto response = send(query, file);
    std::string text = response.body;
    if (query.find("dry_run=true") != std::string::npos) text = json::read<contract::DryRunAnswer>(text).value().result.text;
    const auto begun = json::read<contract::Import>(text);
    EXPECT_TRUE(begun.ok()) << response.status << " " << response.body;
    if (!begun.ok()) return {};
    return json::read<contract::Import>(server_.ask("GET", "/api/v1/imports/" + begun->id.to_string(), root_).body).value();
  }
  std::string results(const contract::Import& import) {
    return server_.ask("GET", "/api/v1/imports/" + import.id.to_string() + "/results", root_).body;
  }
  std::string errors(const contract::Import& import) {
    return server_.ask("GET", "/api/v1/imports/" + import.id.to_string() + "/errors", root_).body;
  }
  model::Address only_address() {
    const auto all = house_.rows<model::Address>();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? model::Address{} : all.front();
  }
  void add_address(const std::string& text, const std::string& name) {
    model::Address object;
    object.space_id = house_.default_space().id;
    object.address = address(text);
    object.name = name;
    ASSERT_TRUE(house_.run(house_.planning->create<model::Address>(administrator(), object, {})).ok());
  }
};

TEST_F(ImportMapping, ColumnsOfAnySpreadsheetAreMapped) {
  house_.add_subnet("10.0.0.0/24");
  const auto done = import("kind=address&map=Host%3DDevice%20Name%3BIP%3DIP%20Address%3BRemarks%3D%3Bmac%20addr%3DMAC%20Address",
                           "IP,Host,MAC Addr,Remarks,Rack\n10.0.0.5,app7,02-00-00-00-00-07,old,R1\n");
  EXPECT_EQ(done.created, 1U) << errors(done);
  EXPECT_EQ(only_address().name, "app7");
  EXPECT_EQ(only_address().hardware_address->to_string(), "02:00:00:00:00:07");
  EXPECT_THAT(done.columns_without_place, ElementsAre("Rack"));
}

TEST_F(ImportMapping, AMappingIsKeptAsAProfile) {
  house_.add_subnet("10.0.0.0/24");
  const auto made = server_.ask("POST", "/api/v1/import_profiles", root_,
                                R"({"name":"Old sheet","kind":"address","map":{"IP":"IP Address","Host":"Device Name"},"description":"of 2019"})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(server_.ask("POST", "/api/v1/import_profiles", root_, R"({"name":"Old sheet","kind":"address","map":{"a":"b"}})").status, 409);
  EXPECT_EQ(server_.ask("POST", "/api/v1/import_profiles", root_, R"({"name":"NetBox","kind":"address","map":{"a":"b"}})").status, 400);
  EXPECT_EQ(server_.ask("POST", "/api/v1/import_profiles", root_, R"({"name":"x","kind":"address","map":{}})").status, 400);
  EXPECT_EQ(import("kind=address&profile=Old%20sheet", "IP,Host\n10.0.0.5,app7\n").created, 1U);
  EXPECT_EQ(only_address().name, "app7");
  // What is said beside the profile goes before it.
  EXPECT_EQ(import("kind=address&profile=Old%20sheet&map=Host%3DOwner", "IP,Host\n10.0.0.5,alice\n").updated, 1U);
  EXPECT_EQ(only_address().owner, "alice");
  EXPECT_THAT(send("kind=address&profile=none", "IP\n10.0.0.9\n").body, HasSubstr("built in are netbox, phpipam"));
  EXPECT_EQ(send("kind=address&map=Host", "IP\n10.0.0.9\n").status, 400);
  const auto profile = json::read<contract::ImportProfile>(made.body).value();
  const std::string path = "/api/v1/import_profiles/" + profile.id.to_string();
  EXPECT_EQ(server_.ask("PATCH", path, root_, R"({"map":{"Address":"IP Address"}})").status, 200);
  EXPECT_THAT(server_.ask("GET", path, root_).body, HasSubstr(R"("map":{"Address":"IP Address"})"));
  EXPECT_EQ(server_.ask("DELETE", path, root_).status, 204);
  EXPECT_EQ(server_.ask("GET", path, root_).status, 404);
}

TEST_F(ImportMapping, ExportsOfNetBoxAreRead) {
  const std::string prefixes =
      "ID,Prefix,Status,Children,VRF,Utilization,Tenant,Site,VLAN,Role,Pool,Description,Tags\n"
      "1,10.0.0.0/8,Container,2,Global,0.0,—,—,—,—,False,Private,\n"
      "2,10.1.2.0/24,Active,0,Global,12.5,—,—,Web servers (230),—,False,Frontends,\n";
  const auto blocks = import("kind=block&profile=netbox", prefixes);
  EXPECT_EQ(blocks.created, 1U) << errors(blocks);
  EXPECT_EQ(blocks.rows, 1U);
  const auto subnets = import("kind=subnet&profile=NetBox", prefixes);
  EXPECT_EQ(subnets.created, 1U) << errors(subnets);
  const auto subnet = house_.rows<model::Subnet>().at(0);
  EXPECT_EQ(subnet.prefix.to_string(), "10.1.2.0/24");
  EXPECT_EQ(subnet.vlans, std::vector<std::uint16_t>{230});
  EXPECT_EQ(subnet.description, "Frontends");
  EXPECT_THAT(subnets.columns_without_place, testing::IsSupersetOf({"Children", "Pool", "Tags"}));
  const auto ranges = import("kind=range&profile=netbox",
                             "ID,Start address,End address,Size,VRF,Status,Role,Tenant,Description\n"
                             "1,10.1.2.10/24,10.1.2.19/24,10,Global,Active,—,—,Printers\n");
  EXPECT_EQ(ranges.created, 1U) << errors(ranges);
  EXPECT_EQ(display_name(house_.rows<model::Range>().at(0)), "10.1.2.10-10.1.2.19");
  const auto addresses = import("kind=address&profile=netbox",
                                "ID,IP Address,VRF,Status,Role,Tenant,Assigned,DNS Name,Description,Tags\n"
                                "1,10.1.2.5/24,Global,Deprecated,—,—,False,app7.corp.example,old one,\n");
  EXPECT_EQ(addresses.created, 1U) << errors(addresses);
  EXPECT_EQ(only_address().state, model::AddressState::Inactive);
  EXPECT_EQ(only_address().name, "app7.corp.example");
}

TEST_F(ImportMapping, ExportsOfPhpIpamAreRead) {
  const auto subnets = import("kind=subnet&profile=phpipam",
                              "Section,Subnet,Description,VLAN,VLAN Domain,VRF,Master Subnet,Requests,Host check,Discover\n"
                              "Customers,Headquarters (folder),Headquarters,NA,,,/,0,0,0\n"
                              "Customers,10.1.2.0/24,Frontends,230,default,,/,0,1,0\n");
  EXPECT_EQ(subnets.created, 1U) << errors(subnets);
  EXPECT_EQ(subnets.failed, 0U);
  const auto addresses = import("kind=address&profile=phpipam",
                                "Section,IP Address,Hostname,Description,VRF,Subnet,MAC,Owner,Device,Note,Tag,Gateway\n"
                                "Customers,10.1.2.5,app7,Frontend,default,10.1.2.0/24,02:00:00:00:00:07,alice,sw1,,Offline,No\n");
  EXPECT_EQ(addresses.created, 1U) << errors(addresses);
  EXPECT_EQ(only_address().name, "app7");
  EXPECT_EQ(only_address().owner, "alice");
  EXPECT_EQ(only_address().state, model::AddressState::Inactive);
  EXPECT_EQ(send("kind=range&profile=phpipam", "a\nb\n").status, 400);
}

class Reconcile : public ImportMapping {
 protected:
  static constexpr const char* kCompare = "kind=address&mode=synchronize&within=10.0.0.0/24&live=true";
  static constexpr const char* kSheet = "IP Address,Device Name,MAC Address\n10.0.0.1,new1,\n10.0.0.2,changed2,\n10.0.0.3,same3,02:00:00:00:00:03\n";

  void SetUp() override {
    house_.add_subnet("10.0.0.0/24");
    add_address("10.0.0.2", "was2");
    add_address("10.0.0.4", "missing4");
    ASSERT_EQ(import("kind=address", "IP Address,Device Name,MAC Address\n10.0.0.3,same3,02:00:00:00:00:03\n").created, 1U);
    add_lease("10.0.0.3", "02:00:00:00:00:33", "same3");
    add_lease("10.0.0.9", "02:00:00:00:00:09", "seen9");
  }
  void add_lease(const std::string& text, const std::string& mac, const std::string& name) {
    model::Lease lease;
    lease.server_id = {77};
    lease.space_id = house_.default_space().id;
    lease.address = address(text);
    lease.hardware_address = ip::HardwareAddress::parse(mac).value();
    lease.hostname = name;
    lease.expires_at = house_.clock.now() + std::chrono::hours(1);
    ASSERT_TRUE(house_
                    .write([&](ledger::Transaction& transaction) -> Result<void> {
                      transaction.put_lease(std::nullopt, lease);
                      return {};
                    })
                    .ok());
  }
  std::vector<std::string> addresses() {
    std::vector<std::string> texts;
    for (const model::Address& each : house_.rows<model::Address>()) texts.push_back(each.address.to_string() + " " + each.name);
    return texts;
  }
};

TEST_F(Reconcile, TellsWhatEachSideHasAlone) {
  const auto before = addresses();
  const auto done = import(std::string(kCompare) + "&dry_run=true", kSheet);
  EXPECT_EQ(done.state, contract::OperationState::Succeeded) << done.message;
  const std::string told = results(done);
  EXPECT_THAT(told, HasSubstr("created,10.0.0.1,"));
  EXPECT_THAT(told, HasSubstr("updated,10.0.0.2,Device Name: was2 → changed2"));
  EXPECT_THAT(told, HasSubstr("conflict,10.0.0.3,lease of a server that is no longer managed: 02:00:00:00:00:33"));
  EXPECT_THAT(told, HasSubstr("removed,10.0.0.4,"));
  EXPECT_THAT(told, HasSubstr("seen,10.0.0.9,lease of a server that is no longer managed: 02:00:00:00:00:09 seen9"));
  EXPECT_EQ(addresses(), before);
}

TEST_F(Reconcile, TakesOverWhatIsAccepted) {
  EXPECT_EQ(import(std::string(kCompare) + "&take=created", kSheet).created, 1U);
  EXPECT_THAT(addresses(), UnorderedElementsAre("10.0.0.1 new1", "10.0.0.2 was2", "10.0.0.3 same3", "10.0.0.4 missing4"));
  EXPECT_EQ(import(std::string(kCompare) + "&take=updated,seen", kSheet).created, 1U);
  EXPECT_THAT(addresses(), UnorderedElementsAre("10.0.0.1 new1", "10.0.0.2 changed2", "10.0.0.3 same3", "10.0.0.4 missing4", "10.0.0.9 seen9"));
  EXPECT_EQ(import(std::string(kCompare) + "&take=removed", kSheet).removed, 2U);
  EXPECT_THAT(addresses(), UnorderedElementsAre("10.0.0.1 new1", "10.0.0.2 changed2", "10.0.0.3 same3"));
  EXPECT_EQ(house_.index_defect(), "");
}

TEST_F(Reconcile, IsRefusedWhereItMeansNothing) {
  EXPECT_EQ(send(std::string(kCompare) + "&take=everything", kSheet).status, 400);
  EXPECT_EQ(send("kind=address&take=created", kSheet).status, 400);
  EXPECT_EQ(send("kind=subnet&mode=synchronize&within=10.0.0.0/8&live=true", "Network\n10.0.0.0/24\n").status, 400);
}

}  // namespace
}  // namespace ipam::test
