// Undoing changes of the address plan and of custom fields over HTTP: what becomes of the objects, and why an undo is refused.
#include "contract/history.h"
#include "integration/api_server.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using wire::http1::Field;

class Undo : public testing::Test {
 protected:
  client::http::Response ask(const std::string& method, const std::string& target, const std::string& body = "",
                             const std::vector<Field>& fields = {}) {
    return server.ask(method, "/api/v1/" + target, bearer, body, fields);
  }
  // Answers the sequence of the change.
  std::string change(const std::string& method, const std::string& target, const std::string& body = "") {
    const auto response = ask(method, target, body);
    EXPECT_LT(response.status, 300) << method << " " << target << ": " << response.body;
    return std::string(response.headers.find("X-Ipam-Sequence").value_or(""));
  }
  std::string add(const std::string& collection, const std::string& body) {
    const auto response = ask("POST", collection, body);
    EXPECT_EQ(response.status, 201) << response.body;
    const auto location = std::string(response.headers.find("Location").value_or(""));
    return location.substr(location.rfind('/') + 1);
  }
  std::string now() { return std::to_string(server.house.ledger->sequence()); }
  client::http::Response undo(const std::string& sequence, const std::string& query = "", const std::vector<Field>& fields = {}) {
    return ask("POST", "journal/" + sequence + ":undo" + query, "", fields);
  }
  // What was undone, as "12 deleted subnet 10.0.0.0/24".
  std::vector<std::string> undone(const client::http::Response& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    std::vector<std::string> texts;
    for (const auto& each : json::read<contract::UndoAnswer>(response.body).value_or(contract::UndoAnswer{}).undone) {
      texts.push_back(fmt::format("{} {} {} {}", each.sequence, json::detail::snake(boost::describe::enum_to_string(each.kind, "")), each.object_type,
                                  each.object_name));
    }
    return texts;
  }
  // Nothing changed, and the error says so.
  void expect_refused(const std::string& sequence, const std::string& why, const std::string& query = "") {
    const std::string before = server.house.journal_text();
    const auto response = undo(sequence, query);
    EXPECT_EQ(response.status, 412) << response.body;
    EXPECT_THAT(response.body, HasSubstr(why));
    EXPECT_EQ(server.house.journal_text(), before);
  }
  model::JournalRecord last_record() { return server.house.rows<model::JournalRecord>().back(); }
  std::vector<std::string> prefixes() {
    std::vector<std::string> all;
    for (const auto& subnet : server.house.rows<model::Subnet>()) all.push_back(subnet.prefix.to_string());
    return all;
  }
  void TearDown() override {
    EXPECT_EQ(server.house.index_defect(), "");
    EXPECT_TRUE(server.house.verify_journal().ok());
  }

  ApiServer server;
  std::string bearer = server.bearer(model::Group::IpamAdministrators);
};

TEST_F(Undo, WhatWasMadeIsDeletedAndWhatWasDeletedIsMadeAgain) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"web","vlans":[7]})");
  const std::string made = now();
  const auto first = server.house.rows<model::Subnet>().front();
  EXPECT_THAT(undone(undo(made)), ElementsAre(made + " deleted subnet 10.0.0.0/24"));
  EXPECT_TRUE(server.house.rows<model::Subnet>().empty());
  const std::string deleted = now();
  EXPECT_THAT(undone(undo(deleted)), ElementsAre(deleted + " created subnet 10.0.0.0/24"));
  auto again = server.house.rows<model::Subnet>().front();
  EXPECT_EQ(again.id.to_string(), id);
  again.revision = first.revision;
  EXPECT_EQ(again, first);
}

TEST_F(Undo, ExactlyTheFieldsThatAChangeChangedGetTheirValuesBack) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"old","owner":"a"})");
  const std::string change_of_name = change("PATCH", "subnets/" + id, R"({"name":"new","vlans":[9]})");
  change("PATCH", "subnets/" + id, R"({"owner":"b"})");
  EXPECT_THAT(undone(undo(change_of_name)), ElementsAre(change_of_name + " updated subnet 10.0.0.0/24"));
  const auto subnet = server.house.rows<model::Subnet>().front();
  EXPECT_EQ(subnet.name, "old");
  EXPECT_TRUE(subnet.vlans.empty());
  EXPECT_EQ(subnet.owner, "b");
}

TEST_F(Undo, TheNewRecordSaysWhatItUndoesAndWhy) {
  add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const std::string made = now();
  const auto response = undo(made, "", {{"X-Change-Reason", "made by mistake"}, {"X-Change-Reference", "CHG7"}});
  EXPECT_EQ(response.headers.find("X-Ipam-Sequence"), now());
  EXPECT_EQ(last_record().reason, "undo of " + made + ": made by mistake");
  EXPECT_EQ(last_record().change_reference, "CHG7");
  EXPECT_EQ(last_record().actor, ApiServer::user_name(model::Group::IpamAdministrators));
}

TEST_F(Undo, AnUndoCanBeUndone) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"one"})");
  const std::string renamed = change("PATCH", "subnets/" + id, R"({"name":"two"})");
  undone(undo(renamed));
  EXPECT_EQ(server.house.rows<model::Subnet>().front().name, "one");
  undone(undo(now()));
  EXPECT_EQ(server.house.rows<model::Subnet>().front().name, "two");
  // The object holds again what the change left: it can be undone once more.
  undone(undo(renamed));
  EXPECT_EQ(server.house.rows<model::Subnet>().front().name, "one");
}

TEST_F(Undo, ALaterChangeOfTheSameFieldIsInTheWay) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"one"})");
  const std::string made = now();
  const std::string second = change("PATCH", "subnets/" + id, R"({"name":"two"})");
  const std::string third = change("PATCH", "subnets/" + id, R"({"name":"three"})");
  expect_refused(second, "its field name was changed since, by change " + third + " (user-ipam_administrators); undo that first");
  expect_refused(made, "its field name was changed since, by change " + third);
}

TEST_F(Undo, AnObjectThatIsGoneOrThereAgainIsInTheWay) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const std::string renamed = change("PATCH", "subnets/" + id, R"({"name":"x"})");
  change("DELETE", "subnets/" + id);
  const std::string deleted = now();
  expect_refused(renamed, "change " + renamed + " of subnet 10.0.0.0/24 cannot be undone: it is gone, by change " + deleted);
  undone(undo(deleted));
  expect_refused(deleted, "it is there again");
}

TEST_F(Undo, WhatLiesBelowIsInTheWay) {
  add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const std::string made = now();
  const std::string range = add("ranges", R"({"first":"10.0.0.10","last":"10.0.0.20"})");
  const std::string address = add("addresses", R"({"address":"10.0.0.1","name":"app1"})");
  expect_refused(made, "subnet 10.0.0.0/24 holds range 10.0.0.10-10.0.0.20");
  change("DELETE", "ranges/" + range);
  expect_refused(made, "subnet 10.0.0.0/24 holds address 10.0.0.1 (app1)");
  change("DELETE", "addresses/" + address + "?force=true");
  undone(undo(made));
}

TEST_F(Undo, ASpaceThatIsTakenByNowIsInTheWay) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const std::string address = add("addresses", R"({"address":"10.0.0.1"})");
  change("DELETE", "addresses/" + address + "?force=true");
  const std::string address_deleted = now();
  change("DELETE", "subnets/" + id);
  const std::string deleted = now();
  expect_refused(address_deleted, "10.0.0.1 lies in no subnet of its address space");
  add("subnets", R"({"prefix":"10.0.0.0/16"})");
  add("addresses", R"({"address":"10.0.0.1","name":"other"})");
  expect_refused(deleted, "10.0.0.0/24 overlaps subnet 10.0.0.0/16");
  expect_refused(address_deleted, "10.0.0.1 is given already, to other");
}

TEST_F(Undo, AnAddressSpaceComesBackAndItsNameMustBeFree) {
  const std::string id = add("address_spaces", R"({"name":"Lab"})");
  const std::string made = now();
  const std::string subnet = add("subnets", R"({"space":"Lab","prefix":"10.0.0.0/24"})");
  expect_refused(made, "address space Lab is not empty");
  change("DELETE", "subnets/" + subnet);
  const std::string subnet_deleted = now();
  change("DELETE", "address_spaces/" + id);
  const std::string deleted = now();
  expect_refused(subnet_deleted, "its address space is gone");
  const std::string other = add("address_spaces", R"({"name":"Lab"})");
  expect_refused(deleted, "there is an address space named Lab already");
  change("PATCH", "address_spaces/" + other, R"({"name":"Other"})");
  undone(undo(deleted));
  EXPECT_EQ(ask("GET", "address_spaces/" + id).status, 200);
  undone(undo(subnet_deleted));
  EXPECT_EQ(ask("GET", "subnets?space=Lab&prefix=10.0.0.0/24").status, 200);
  // Also of one that is not empty.
  const std::string renamed = change("PATCH", "address_spaces/" + id, R"({"name":"Laboratory"})");
  undone(undo(renamed));
  EXPECT_EQ(ask("GET", "subnets?space=Lab&prefix=10.0.0.0/24").status, 200);
}

TEST_F(Undo, OnlyChangesOfTheAddressPlanAreUndone) {
  const std::string user =
      std::to_string(server.house.rows<model::JournalRecord>({{"object_type", store::Comparison::Equal, std::string("user")}}).back().sequence);
  expect_refused(user,
                 "change " + user + " of user user-ipam_administrators cannot be undone: only changes of the address plan and of custom fields can");
  server.house.add_scope("10.9.0.0/24");
  expect_refused(now(), "has an undo of its own (ipam change undo)");
  EXPECT_EQ(undo("999999").status, 404);
  EXPECT_EQ(undo("first").status, 404);
}

TEST_F(Undo, ACustomFieldComesBackWithItsValues) {
  const std::string field = add("custom_fields", R"({"name":"Building","values":["North","South"]})");
  const std::string renamed = change("PATCH", "custom_fields/" + field, R"({"name":"House"})");
  EXPECT_THAT(undone(undo(renamed)), ElementsAre(HasSubstr("updated custom_field Building")));
  const std::string erased = change("DELETE", "custom_fields/" + field);
  undone(undo(erased, "?whole_request=true"));
  const auto subnet = ask("POST", "subnets", R"({"prefix":"10.7.0.0/24","custom_fields":{"Building":"South"}})");
  EXPECT_EQ(subnet.status, 201) << subnet.body;
  EXPECT_THAT(ask("GET", "custom_fields/" + field).body, HasSubstr(R"("values":["North","South"])"));
}

TEST_F(Undo, ACustomFieldThatIsUsedStays) {
  const auto made = ask("POST", "custom_fields", R"({"name":"Rack"})");
  const std::string sequence(made.headers.find("X-Ipam-Sequence").value_or(""));
  const std::string subnet = add("subnets", R"({"prefix":"10.7.0.0/24","custom_fields":{"Rack":"R1"}})");
  expect_refused(sequence, "field Rack is used, by subnet 10.7.0.0/24");
  change("DELETE", "subnets/" + subnet);
  undone(undo(sequence));
  EXPECT_EQ(ask("POST", "subnets", R"({"prefix":"10.7.0.0/24","custom_fields":{"Rack":"R1"}})").status, 400);
}

TEST_F(Undo, LogicalGroupsAreUndoneToo) {
  add("custom_fields", R"({"name":"Rack","values":["A1"]})");
  const std::string group = add("logical_groups", R"({"name":"Racks","kind":"address","fields":["Rack"]})");
  const std::string erased = change("DELETE", "logical_groups/" + group);
  undone(undo(erased));
  EXPECT_THAT(ask("GET", "logical_groups/" + group).body, HasSubstr(R"("fields":["Rack"])"));
  ASSERT_TRUE(server.house.planning->fields().create_built_in().ok());
  std::string built_in;
  for (const auto& record : server.house.rows<model::JournalRecord>({{"object_type", store::Comparison::Equal, std::string("logical_group")}})) {
    if (record.actor == "server/first start") built_in = std::to_string(record.sequence);
  }
  expect_refused(built_in, "it is built in");
}

TEST_F(Undo, ARangeThatIsADhcpScopeIsItsServers) {
  const auto subnet = server.house.add_subnet("10.9.0.0/24");
  const auto scope = server.house.add_scope("10.9.0.0/24");
  auto range = server.house.put(model::Range{.space_id = subnet.space_id,
                                             .subnet_id = subnet.id,
                                             .first = address("10.9.0.1"),
                                             .last = address("10.9.0.254"),
                                             .managed_by = model::ManagedBy::NonMsDhcp,
                                             .scope_id = scope.id});
  const std::string made = now();
  expect_refused(made, "is a DHCP scope of server");
  const std::string described = change("PATCH", "ranges/" + range.id.to_string(), R"({"description":"desks"})");
  undone(undo(described));
  ASSERT_TRUE(server.house
                  .write([&](ledger::Transaction& transaction) -> Result<void> {
                    model::Range renamed = IPAM_TRY(transaction.get(range.id));
                    renamed.name = "by the server";
                    IPAM_TRY(transaction.update(renamed));
                    return {};
                  })
                  .ok());
  expect_refused(now(), "only its description and owner can be changed here");
  ASSERT_TRUE(server.house.write([&](ledger::Transaction& transaction) { return transaction.erase(range.id); }).ok());
  expect_refused(now(), "comes from there with the next collection");
}

TEST_F(Undo, CustomFieldsAreTakenBackEachByItself) {
  add("custom_fields", R"({"name":"Building","kind":"text"})");
  const std::string floor_id = add("custom_fields", R"({"name":"Floor","kind":"text"})");
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","custom_fields":{"Building":"North"}})");
  const std::string moved = change("PATCH", "subnets/" + id, R"({"custom_fields":{"Building":"South"}})");
  const std::string floor = change("PATCH", "subnets/" + id, R"({"custom_fields":{"Floor":"3"}})");
  undone(undo(moved));
  EXPECT_THAT(ask("GET", "subnets/" + id).body, HasSubstr(R"("custom_fields":{"Building":"North","Floor":"3"})"));
  const std::string again = change("PATCH", "subnets/" + id, R"({"custom_fields":{"Floor":"4"}})");
  expect_refused(floor, "its field custom was changed since, by change " + again);
  const std::string emptied = change("PATCH", "subnets/" + id, R"({"custom_fields":{"Floor":null}})");
  change("DELETE", "custom_fields/" + floor_id);
  expect_refused(emptied, "cannot be undone");
}

TEST_F(Undo, TheDefaultAddressSpaceKeepsItsName) {
  const auto space = server.house.default_space();
  const std::string described = change("PATCH", "address_spaces/" + space.id.to_string(), R"({"description":"ours"})");
  undone(undo(described));
  EXPECT_EQ(server.house.rows<model::AddressSpace>().front().description, space.description);
  expect_refused(std::to_string(space.revision), "the default address space cannot be removed");
}

TEST_F(Undo, ADryRunTellsWhatWouldBeAndChangesNothing) {
  add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const std::string made = now();
  const auto told = undo(made, "?dry_run=true");
  EXPECT_EQ(told.status, 200);
  EXPECT_THAT(told.body, HasSubstr(R"("dry_run":true)"));
  EXPECT_THAT(told.body, HasSubstr(R"("kind":"deleted")"));
  EXPECT_THAT(told.body, HasSubstr("undo of " + made));
  EXPECT_EQ(now(), made);
}

TEST_F(Undo, TheSameKeyUndoesOnce) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"one"})");
  const std::string renamed = change("PATCH", "subnets/" + id, R"({"name":"two"})");
  const auto first = undo(renamed, "", {{"Idempotency-Key", "k"}});
  const std::string after = now();
  const auto again = undo(renamed, "", {{"Idempotency-Key", "k"}});
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(now(), after);
}

TEST_F(Undo, ARequestIsUndoneAsAWhole) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"whole"})");
  add("ranges", R"({"first":"10.0.0.140","last":"10.0.0.150"})");
  add("addresses", R"({"address":"10.0.0.200"})");
  const auto ranges = server.house.rows<model::Range>();
  const std::string split = change("POST", "subnets/" + id + ":split", R"({"length":25})");
  EXPECT_EQ(prefixes().size(), 2U);
  // One step of it alone would leave things without a subnet.
  expect_refused(std::to_string(std::stoull(split) - 1), "holds range 10.0.0.140-10.0.0.150");
  EXPECT_EQ(undone(undo(split, "?whole_request=true")).size(), 3U);
  EXPECT_THAT(prefixes(), ElementsAre("10.0.0.0/24"));
  EXPECT_EQ(server.house.rows<model::Range>().front().subnet_id, ranges.front().subnet_id);
  EXPECT_THAT(last_record().reason, HasSubstr("undo of 3 changes, " + std::to_string(std::stoull(split) - 2) + " to " + split + ", of request "));
  // And the undo of that as a whole.
  EXPECT_EQ(undone(undo(now(), "?whole_request=true")).size(), 3U);
  EXPECT_THAT(prefixes(), ElementsAre("10.0.0.0/25", "10.0.0.128/25"));
  EXPECT_EQ(ask("POST", "journal/" + split + ":undo?whole_request=perhaps").status, 400);
}

TEST_F(Undo, AMergeAndACascadeComeBackWithTheirContents) {
  const std::string low = add("subnets", R"({"prefix":"10.0.0.0/25","name":"low"})");
  const std::string high = add("subnets", R"({"prefix":"10.0.0.128/25","name":"high"})");
  add("ranges", R"({"first":"10.0.0.140","last":"10.0.0.150"})");
  add("addresses", R"({"address":"10.0.0.200"})");
  const auto before = server.house.rows<model::Range>();
  const std::string merged = change("POST", "subnets:merge", fmt::format(R"({{"subnets":["{}","{}"]}})", low, high));
  undone(undo(merged, "?whole_request=true"));
  EXPECT_THAT(prefixes(), ElementsAre("10.0.0.0/25", "10.0.0.128/25"));
  EXPECT_EQ(server.house.rows<model::Range>().front().subnet_id, before.front().subnet_id);
  const std::string gone = change("DELETE", "subnets/" + high + "?cascade=true");
  EXPECT_EQ(undone(undo(gone, "?whole_request=true")).size(), 3U);
  EXPECT_EQ(server.house.rows<model::Address>().size(), 1U);
}

TEST_F(Undo, AResizeIsNotUndoneWhereAHostWouldGetASubnetsOwnAddress) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const std::string grown = change("POST", "subnets/" + id + ":resize", R"({"prefix":"10.0.0.0/23"})");
  const std::string host = add("addresses", R"({"address":"10.0.0.255","name":"app1"})");
  expect_refused(grown, "10.0.0.255 (app1) would be the network or broadcast address of 10.0.0.0/24");
  change("DELETE", "addresses/" + host + "?force=true");
  add("addresses", R"({"address":"10.0.1.9"})");
  expect_refused(grown, "subnet 10.0.0.0/23 holds address 10.0.1.9");
}

TEST_F(Undo, OfARequestEverythingIsUndoneOrNothing) {
  const auto batch = ask(
      "POST", "subnets:batch",
      R"({"atomic":true,"operations":[{"operation":"create","body":{"prefix":"10.0.0.0/24"}},{"operation":"create","body":{"prefix":"10.0.1.0/24"}}]})");
  EXPECT_EQ(batch.status, 200) << batch.body;
  const std::string last = now();
  add("addresses", R"({"address":"10.0.0.1"})");
  expect_refused(last,
                 "change " + std::to_string(std::stoull(last) - 1) + " of subnet 10.0.0.0/24 cannot be undone: subnet 10.0.0.0/24 holds address",
                 "?whole_request=true");
  EXPECT_EQ(prefixes().size(), 2U);
  undone(undo(last));
  EXPECT_THAT(prefixes(), ElementsAre("10.0.0.0/24"));
}

TEST_F(Undo, AChangeWithoutARequestIsUndoneAlone) {
  server.house.add_subnet("10.0.0.0/24");
  expect_refused(now(), "belongs to no request; undo it alone", "?whole_request=true");
  undone(undo(now()));
}

TEST_F(Undo, ItNeedsTheRightsOfTheChange) {
  add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const std::string subnet = now();
  add("addresses", R"({"address":"10.0.0.1"})");
  const std::string address = now();
  const auto status = [&](model::Group group, const std::string& sequence) {
    return server.ask("POST", "/api/v1/journal/" + sequence + ":undo", server.bearer(group)).status;
  };
  EXPECT_EQ(status(model::Group::IpamUsers, address), 403);
  EXPECT_EQ(status(model::Group::IpamIpAuditAdministrators, address), 403);
  EXPECT_EQ(status(model::Group::IpamMsmAdministrators, subnet), 403);
  EXPECT_EQ(status(model::Group::IpamMsmAdministrators, address), 200);
  EXPECT_EQ(status(model::Group::IpamAsmAdministrators, subnet), 200);
}

TEST_F(Undo, AReleaseIsTakenBackWhileTheAddressCoolsDown) {
  add("subnets", R"({"prefix":"10.0.0.0/24","cooldown_seconds":3600})");
  const std::string id = add("addresses", R"({"address":"10.0.0.1","name":"app1"})");
  const std::string released = change("DELETE", "addresses/" + id);
  EXPECT_EQ(server.house.rows<model::Address>().front().state, model::AddressState::Cooling);
  undone(undo(released));
  const auto kept = server.house.rows<model::Address>().front();
  EXPECT_EQ(kept.state, model::AddressState::InUse);
  EXPECT_FALSE(kept.held_until);
}

}  // namespace
}  // namespace ipam::test
