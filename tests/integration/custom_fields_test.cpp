#include "contract/address_plan.h"
#include "contract/custom_field.h"
#include "contract/utilization.h"
#include "integration/api_server.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

class CustomFields : public testing::Test {
 protected:
  ApiServer server_;
  std::string root_ = server_.bearer(model::Group::IpamAdministrators);

  void SetUp() override { server_.house.add_subnet("10.0.0.0/16"); }
  auto get(const std::string& target) { return server_.ask("GET", target, root_); }
  auto post(const std::string& target, const std::string& body) { return server_.ask("POST", target, root_, body); }
  auto patch(const std::string& target, const std::string& body) { return server_.ask("PATCH", target, root_, body); }
  auto erase(const std::string& target) { return server_.ask("DELETE", target, root_); }
  std::string make(const std::string& target, const std::string& body) {
    const auto made = post(target, body);
    EXPECT_EQ(made.status, 201) << made.body;
    return std::string(made.headers.find("Location").value_or(""));
  }
  std::string make_field(const std::string& body) { return make("/api/v1/custom_fields", body); }
  std::map<std::string, std::string> custom_of(const std::string& place) {
    return json::read_value<contract::Address>(json::parse(get(place).body).value()).value().custom_fields;
  }
  void expect_refused(const client::http::Response& response, int status, const std::string& text) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_THAT(response.body, HasSubstr(text));
  }
  // The addresses that a list with this filter answers.
  std::vector<std::string> found(const std::string& filter) {
    const auto answer = get("/api/v1/addresses?" + filter);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto list = json::read<contract::List<contract::Address>>(answer.body);
    std::vector<std::string> addresses;
    if (list.ok()) {
      for (const auto& item : list->items) addresses.push_back(item.address.to_string());
    }
    return addresses;
  }
  std::size_t uses() { return server_.house.rows<model::CustomUse>().size(); }
};

TEST_F(CustomFields, AreSetByNameWhateverItsCaseAndToldByTheirNames) {
  make_field(R"({"name":"Building","values":["Head office","Plant 1"]})");
  make_field(R"({"name":"Cost center","kind":"integer"})");
  const std::string place = make("/api/v1/addresses", R"({"address":"10.0.0.5","custom_fields":{"building":"plant 1","Cost center":"0012"}})");
  EXPECT_THAT(custom_of(place), ElementsAre(Pair("Building", "Plant 1"), Pair("Cost center", "12")));
  EXPECT_EQ(patch(place, R"({"custom_fields":{"Building":null}})").status, 200);
  EXPECT_THAT(custom_of(place), ElementsAre(Pair("Cost center", "12")));
  EXPECT_EQ(patch(place, R"({"custom_fields":{"Cost center":""}})").status, 200);
  EXPECT_THAT(custom_of(place), IsEmpty());
  EXPECT_EQ(uses(), 0U);
}

TEST_F(CustomFields, WrongNamesAndValuesAreRefusedAtTheirPlace) {
  make_field(R"({"name":"Building","values":["Head office"]})");
  make_field(R"({"name":"Since","kind":"date"})");
  make_field(R"({"name":"Wiki","kind":"url"})");
  const auto make_with = [&](const std::string& fields) {
    return post("/api/v1/addresses", R"({"address":"10.0.0.5","custom_fields":)" + fields + "}");
  };
  expect_refused(make_with(R"({"Colour":"red"})"), 400, "/custom_fields/Colour");
  expect_refused(make_with(R"({"Building":"Moon"})"), 400, "there are: Head office");
  expect_refused(make_with(R"({"Since":"yesterday"})"), 400, "is not a date");
  expect_refused(make_with(R"({"Since":"2026-02-30"})"), 400, "is not a date");
  expect_refused(make_with(R"({"Wiki":"javascript:go"})"), 400, "is not a URL");
  expect_refused(make_with(R"({"Building":7})"), 400, "/custom_fields/Building");
  EXPECT_TRUE(server_.house.rows<model::Address>().empty());
}

TEST_F(CustomFields, ARenamedFieldAndAValueKeepTheirUse) {
  const std::string field = make_field(R"({"name":"Building","values":["Plant 1"]})");
  const std::string place = make("/api/v1/addresses", R"({"address":"10.0.0.5","custom_fields":{"Building":"Plant 1"}})");
  EXPECT_EQ(patch(field, R"({"name":"House"})").status, 200);
  const auto values = json::read<contract::List<contract::CustomFieldValue>>(get("/api/v1/custom_field_values?field=House").body).value();
  ASSERT_EQ(values.items.size(), 1U);
  EXPECT_EQ(patch("/api/v1/custom_field_values/" + values.items[0].id.to_string(), R"({"text":"Plant A"})").status, 200);
  EXPECT_THAT(custom_of(place), ElementsAre(Pair("House", "Plant A")));
}

TEST_F(CustomFields, AFieldOrValueInUseStaysAndTheUserIsNamed) {
  const std::string field = make_field(R"({"name":"Building","values":["Plant 1"]})");
  const std::string place = make("/api/v1/addresses", R"({"address":"10.0.0.5","custom_fields":{"Building":"Plant 1"}})");
  const auto values = json::read<contract::List<contract::CustomFieldValue>>(get("/api/v1/custom_field_values?field=Building").body).value();
  expect_refused(erase(field), 412, "address 10.0.0.5");
  expect_refused(erase("/api/v1/custom_field_values/" + values.items.at(0).id.to_string()), 412, "address 10.0.0.5");
  EXPECT_EQ(erase(place).status, 204);
  EXPECT_EQ(uses(), 0U);
  EXPECT_EQ(erase(field).status, 204);
  EXPECT_TRUE(server_.house.rows<model::CustomFieldValue>().empty());
}

TEST_F(CustomFields, NamesAreUniqueWhateverTheirCase) {
  make_field(R"({"name":"Building","values":["Plant"]})");
  expect_refused(post("/api/v1/custom_fields", R"({"name":"BUILDING"})"), 409, "Building already");
  expect_refused(post("/api/v1/custom_field_values", R"({"field":"Building","text":"plant"})"), 409, "Plant already");
  expect_refused(post("/api/v1/custom_fields", R"({"name":"x"})"), 400, "/name");
  expect_refused(post("/api/v1/custom_fields", R"({"name":"Level","kind":"integer","values":["1"]})"), 400, "/values");
  // A field with a value twice is not made at all.
  expect_refused(post("/api/v1/custom_fields", R"({"name":"Floor","values":["1","1"]})"), 409, "1 already");
  EXPECT_EQ(server_.house.rows<model::CustomField>().size(), 1U);
}

TEST_F(CustomFields, ThereAreAtMost128ThatWereAdded) {
  for (std::size_t i = 0; i < model::kMaxCustomFields; ++i) {
    model::CustomField field;
    field.name = fmt::format("field {}", i);
    server_.house.put(field);
  }
  expect_refused(post("/api/v1/custom_fields", R"({"name":"one more"})"), 412, "128");
}

TEST_F(CustomFields, BuiltInOnesAreThereOnceAndKeepTheirNames) {
  auto& fields = server_.house.planning->fields();
  ASSERT_TRUE(fields.create_built_in().ok());
  const std::size_t rows = server_.house.rows<model::CustomField>().size() + server_.house.rows<model::CustomFieldValue>().size();
  ASSERT_TRUE(fields.create_built_in().ok());
  EXPECT_EQ(server_.house.rows<model::CustomField>().size() + server_.house.rows<model::CustomFieldValue>().size(), rows);
  const auto rir = json::read<contract::List<contract::CustomField>>(get("/api/v1/custom_fields?name=RIR").body).value().items.at(0);
  EXPECT_THAT(rir.values, ElementsAre("AFRINIC", "APNIC", "ARIN", "LACNIC", "RIPE"));
  const std::string place = "/api/v1/custom_fields/" + rir.id.to_string();
  expect_refused(patch(place, R"({"name":"Registry"})"), 400, "keeps its name");
  expect_refused(erase(place), 412, "built in");
  EXPECT_EQ(post("/api/v1/custom_field_values", R"({"field":"RIR","text":"JPNIC"})").status, 201);
  const auto arin = json::read<contract::List<contract::CustomFieldValue>>(get("/api/v1/custom_field_values?field=RIR&text=ARIN").body).value();
  expect_refused(erase("/api/v1/custom_field_values/" + arin.items.at(0).id.to_string()), 412, "built in");
}

TEST_F(CustomFields, ListsAreFilteredByThem) {
  make_field(R"({"name":"Building","values":["Head office","Plant 1"]})");
  make_field(R"({"name":"Rack"})");
  make("/api/v1/addresses", R"({"address":"10.0.0.5","custom_fields":{"Building":"Plant 1","Rack":"R12_a"}})");
  make("/api/v1/addresses", R"({"address":"10.0.0.6","custom_fields":{"Building":"Head office","Rack":"R120"}})");
  make("/api/v1/addresses", R"({"address":"10.0.0.7"})");
  EXPECT_THAT(found("custom.Building=plant%201"), ElementsAre("10.0.0.5"));
  EXPECT_THAT(found("custom.Building__ne=Plant%201"), ElementsAre("10.0.0.6", "10.0.0.7"));
  EXPECT_THAT(found("custom.Building__isnull=true"), ElementsAre("10.0.0.7"));
  EXPECT_THAT(found("custom.Building__isnull=false&custom.Rack__contains=r12"), ElementsAre("10.0.0.5", "10.0.0.6"));
  EXPECT_THAT(found("custom.Rack__contains=2_"), ElementsAre("10.0.0.5"));
  expect_refused(get("/api/v1/addresses?custom.Floor=1"), 400, "/custom.Floor");
  expect_refused(get("/api/v1/addresses?custom.Building=Moon"), 400, "Head office");
  expect_refused(get("/api/v1/addresses?custom.Rack__like=x"), 400, "is not an operator");
  expect_refused(get("/api/v1/users?custom.Rack=x"), 400, "is not a parameter");
}

TEST_F(CustomFields, AnAssociationConfinesOneChoiceByTheOtherAndSetsIt) {
  make_field(R"({"name":"Network","values":["Production","Lab"]})");
  make_field(R"({"name":"Site","values":["Berlin","Bonn","Kiel"]})");
  const std::string association = make("/api/v1/custom_field_associations", R"({"first_field":"Network","second_field":"Site",
      "pairs":[["Production","Berlin"],["Production","Bonn"],["Lab","Kiel"]]})");
  const std::string lab = make("/api/v1/addresses", R"({"address":"10.0.0.5","custom_fields":{"Network":"Lab"}})");
  EXPECT_THAT(custom_of(lab), ElementsAre(Pair("Network", "Lab"), Pair("Site", "Kiel")));
  const std::string production = make("/api/v1/addresses", R"({"address":"10.0.0.6","custom_fields":{"Network":"Production"}})");
  EXPECT_THAT(custom_of(production), ElementsAre(Pair("Network", "Production")));
  expect_refused(patch(production, R"({"custom_fields":{"Site":"Kiel"}})"), 400, "does not belong");
  EXPECT_EQ(patch(production, R"({"custom_fields":{"Site":"Bonn"}})").status, 200);
  expect_refused(post("/api/v1/custom_field_associations", R"({"first_field":"Site","second_field":"Network","pairs":[]})"), 409,
                 "associated already");
  expect_refused(post("/api/v1/custom_field_associations", R"({"first_field":"Site","second_field":"Site","pairs":[]})"), 400, "another field");
  expect_refused(patch(association, R"({"pairs":[["Production","Moon"]]})"), 400, "/pairs/0");
  EXPECT_EQ(erase(association).status, 204);
  EXPECT_EQ(patch(production, R"({"custom_fields":{"Site":"Kiel"}})").status, 200);
}

TEST_F(CustomFields, EveryPlannedObjectHasThem) {
  make_field(R"({"name":"Rack"})");
  const std::string custom = R"("custom_fields":{"Rack":"R1"}})";
  make("/api/v1/address_spaces", R"({"name":"Lab",)" + custom);
  make("/api/v1/blocks", R"({"prefix":"10.0.0.0/8",)" + custom);
  make("/api/v1/subnets", R"({"prefix":"10.1.0.0/24",)" + custom);
  make("/api/v1/ranges", R"({"first":"10.1.0.10","last":"10.1.0.20",)" + custom);
  make("/api/v1/addresses", R"({"address":"10.1.0.5",)" + custom);
  EXPECT_EQ(post("/api/v1/addresses:allocate", R"({"from":"10.1.0.0/24",)" + custom).status, 201);
  EXPECT_EQ(uses(), 6U);
  for (const char* list : {"address_spaces", "blocks", "subnets", "ranges", "addresses"}) {
    EXPECT_THAT(get(std::string("/api/v1/") + list + "?custom.Rack=R1").body, HasSubstr(R"("custom_fields":{"Rack":"R1"})")) << list;
  }
}

TEST_F(CustomFields, ServersHaveThemToo) {
  const std::string rack = make_field(R"({"name":"Rack","values":["R1","R2"]})");
  const std::string server = make("/api/v1/servers", R"({"name":"kea1","product":"kea","url":"http://kea1/","custom_fields":{"rack":"r1"}})");
  make("/api/v1/servers", R"({"name":"kea2","product":"kea","url":"http://kea2/"})");
  EXPECT_THAT(get("/api/v1/servers?custom.Rack=R1").body, AllOf(HasSubstr("kea1"), Not(HasSubstr("kea2"))));
  EXPECT_THAT(patch(server, R"({"description":"Ground floor"})").body, HasSubstr(R"("custom_fields":{"Rack":"R1"})"));
  EXPECT_THAT(patch(server, R"({"custom_fields":{"Rack":"R2"}})").body, HasSubstr(R"("custom_fields":{"Rack":"R2"})"));
  expect_refused(patch(server, R"({"custom_fields":{"Rack":"R9"}})"), 400, "/custom_fields/Rack");
  expect_refused(post("/api/v1/servers", R"({"name":"kea3","product":"kea","url":"http://kea3/","custom_fields":{"Shelf":"1"}})"), 400,
                 "/custom_fields/Shelf");
  expect_refused(erase(rack), 412, "managed server kea1");
}

TEST_F(CustomFields, AChangeOfThemIsInTheJournal) {
  make_field(R"({"name":"Rack"})");
  const std::string place = make("/api/v1/addresses", R"({"address":"10.0.0.5","custom_fields":{"Rack":"R1"}})");
  EXPECT_EQ(patch(place, R"({"custom_fields":{"Rack":"R2"}})").status, 200);
  EXPECT_THAT(get("/api/v1/journal?sort=-sequence&limit=1").body, HasSubstr(R"("custom":{"before":{)"));
}

TEST_F(CustomFields, WhoPlansNoAddressSpaceMayReadThemOnly) {
  const std::string reader = server_.bearer(model::Group::IpamMsmAdministrators);
  EXPECT_EQ(server_.ask("GET", "/api/v1/custom_fields", reader).status, 200);
  expect_refused(server_.ask("POST", "/api/v1/custom_fields", reader, R"({"name":"Rack"})"), 403, "change_custom_fields");
}

class LogicalGroups : public CustomFields {
 protected:
  struct Node {
    std::string value;
    std::uint64_t objects;
    std::string used;
    bool operator==(const Node&) const = default;
    friend void PrintTo(const Node& node, std::ostream* out) { *out << node.value << ' ' << node.objects << ' ' << node.used; }
  };
  std::vector<Node> nodes(const std::string& group, const std::string& way = "") {
    const auto answer = get(group + "/nodes" + way);
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<Node> found;
    const auto list = json::read<contract::List<contract::GroupNode>>(answer.body);
    if (!list.ok()) return found;
    for (const auto& node : list->items) {
      found.push_back({node.value, node.objects, node.utilization ? ip::to_decimal(node.utilization->used) : std::string("-")});
    }
    return found;
  }
};

TEST_F(LogicalGroups, AreTreesOfSummedUtilization) {
  make_field(R"({"name":"Continent","values":["Asia","Europe"]})");
  make_field(R"({"name":"City","values":["Berlin","Bonn","Osaka"]})");
  const std::string group = make("/api/v1/logical_groups", R"({"name":"Places","kind":"subnet","fields":["Continent","City"]})");
  make("/api/v1/subnets", R"({"prefix":"10.1.0.0/24","custom_fields":{"Continent":"Europe","City":"Berlin"}})");
  make("/api/v1/subnets", R"({"prefix":"10.1.1.0/24","custom_fields":{"Continent":"Europe","City":"Bonn"}})");
  make("/api/v1/subnets", R"({"prefix":"10.1.2.0/24","custom_fields":{"Continent":"Europe"}})");
  make("/api/v1/subnets", R"({"prefix":"10.1.3.0/24","custom_fields":{"Continent":"Asia","City":"Osaka"}})");
  for (const char* address : {"10.1.0.1", "10.1.1.1", "10.1.1.2", "10.1.2.9", "10.1.3.3"}) {
    make("/api/v1/addresses", fmt::format(R"({{"address":"{}"}})", address));
  }
  EXPECT_THAT(nodes(group), ElementsAre(Node{"", 1, "0"}, Node{"Asia", 1, "1"}, Node{"Europe", 3, "4"}));
  EXPECT_THAT(nodes(group, "?node=europe"), ElementsAre(Node{"", 1, "1"}, Node{"Berlin", 1, "1"}, Node{"Bonn", 1, "2"}));
  EXPECT_THAT(nodes(group, "?node="), ElementsAre(Node{"", 1, "0"}));
  expect_refused(get(group + "/nodes?node=Mars"), 400, "'Mars' is no value of the group's field 1");
  expect_refused(get(group + "/nodes?node=Europe&node=Bonn"), 400, "/node");
  expect_refused(get(group + "/nodes?colour=red"), 400, "/colour");
  // Over time: what was measured of the subnets below a node, summed.
  server_.house.run(server_.house.sampler->run(io::Deadline::after(std::chrono::seconds(60)))).value();
  server_.house.clock.advance(std::chrono::minutes(30));
  const auto trend = get(group + "/trend?node=Europe&period=1h&buckets=2");
  ASSERT_EQ(trend.status, 200) << trend.body;
  const auto told = json::read<contract::GroupTrend>(trend.body).value();
  EXPECT_EQ(told.objects, 3U);
  ASSERT_EQ(told.periods.size(), 2U);
  EXPECT_FALSE(told.periods[0].used.has_value());
  EXPECT_EQ(told.periods[1].used, 4.0);
  EXPECT_EQ(told.periods[1].capacity, 3 * 254.0);
  expect_refused(get(group + "/trend?colour=red"), 400, "/colour");
  expect_refused(get(group + "/trend?node=Mars"), 400, "'Mars' is no value of the group's field 1");
}

TEST_F(LogicalGroups, CountAddressesToo) {
  make_field(R"({"name":"Rack","values":["A1","B2"]})");
  make_field(R"({"name":"Room","values":["One"]})");
  const std::string group = make("/api/v1/logical_groups", R"({"name":"Racks","kind":"address","fields":["Rack"]})");
  make("/api/v1/addresses", R"({"address":"10.0.0.1","custom_fields":{"Rack":"A1"}})");
  make("/api/v1/addresses", R"({"address":"10.0.0.2","custom_fields":{"Rack":"A1"}})");
  EXPECT_THAT(nodes(group), ElementsAre(Node{"A1", 2, "-"}));
  EXPECT_EQ(patch(group, R"({"name":"By rack","fields":["Rack","Room"]})").status, 200);
  EXPECT_THAT(get(group).body, HasSubstr(R"("fields":["Rack","Room"])"));
  expect_refused(patch(group, R"({"fields":["Nothing"]})"), 400, "/fields/0");
  expect_refused(erase("/api/v1/custom_fields/" + std::string("1")), 404, "");
  EXPECT_EQ(erase(group).status, 204);
}

TEST_F(LogicalGroups, OfServers) {
  make_field(R"({"name":"Rack","values":["A1","B2"]})");
  const std::string group = make("/api/v1/logical_groups", R"({"name":"By rack","kind":"managed_server","fields":["Rack"]})");
  make("/api/v1/servers", R"({"name":"kea1","product":"kea","url":"http://kea1/","custom_fields":{"Rack":"A1"}})");
  make("/api/v1/servers", R"({"name":"kea2","product":"kea","url":"http://kea2/"})");
  EXPECT_THAT(nodes(group), ElementsAre(Node{"", 1, "-"}, Node{"A1", 1, "-"}));
}

TEST_F(LogicalGroups, OfChoiceFieldsAlone) {
  make_field(R"({"name":"Since","kind":"date"})");
  expect_refused(post("/api/v1/logical_groups", R"({"name":"By date","kind":"range","fields":["Since"]})"), 400, "/fields");
}

}  // namespace
}  // namespace ipam::test
