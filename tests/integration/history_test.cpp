// The past over HTTP: objects and prefixes as they were, the horizon, and what is refused rather than answered wrongly.
#include "integration/api_server.h"

#include <gmock/gmock.h>

#include <set>

namespace ipam::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class History : public testing::Test {
 protected:
  client::http::Response get(const std::string& target) { return server.ask("GET", "/api/v1/" + target, bearer); }
  // Answers the sequence of the change.
  std::string change(const std::string& method, const std::string& target, const std::string& body = "") {
    const auto response = server.ask(method, "/api/v1/" + target, bearer, body);
    EXPECT_LT(response.status, 300) << method << " " << target << ": " << response.body;
    return std::string(response.headers.find("X-Ipam-Sequence").value_or(""));
  }
  std::string add(const std::string& collection, const std::string& body) {
    const auto response = server.ask("POST", "/api/v1/" + collection, bearer, body);
    EXPECT_EQ(response.status, 201) << response.body;
    const auto location = std::string(response.headers.find("Location").value_or(""));
    return location.substr(location.rfind('/') + 1);
  }
  // With a session of that time.
  void go_to(const std::string& time) {
    server.house.clock.advance(parse_time(time).value() - server.house.clock.now());
    bearer = server.bearer(model::Group::IpamAdministrators);
  }
  std::string now() { return std::to_string(server.house.ledger->sequence()); }
  // The prefixes or addresses of a list of the past, following its cursors.
  std::multiset<std::string> list(const std::string& target, const std::string& field) {
    std::multiset<std::string> found;
    std::string cursor;
    do {
      const auto page = get(target + (cursor.empty() ? "" : "&cursor=" + cursor));
      EXPECT_EQ(page.status, 200) << page.body;
      const auto json = json::parse(page.body).value();
      for (const auto& item : json.at("items").as_array()) found.insert(std::string(item.at(field).as_string()));
      cursor = json.at("next_cursor").is_string() ? std::string(json.at("next_cursor").as_string()) : std::string();
    } while (!cursor.empty());
    return found;
  }

  ApiServer server;
  std::string bearer = server.bearer(model::Group::IpamAdministrators);
};

TEST_F(History, AnObjectIsAnsweredAsItWasAlsoWhenItIsGone) {
  const std::string before = now();
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"old","vlans":[10,20],"under_percent":5})");
  const std::string made = now();
  const std::string renamed = change("PATCH", "subnets/" + id, R"({"name":"new","vlans":[]})");
  change("DELETE", "subnets/" + id);
  const std::string deleted = now();

  const auto first = get("subnets/" + id + "?as_of=" + made);
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_THAT(first.body, HasSubstr(R"("prefix":"10.0.0.0/24")"));
  EXPECT_THAT(first.body, HasSubstr(R"("name":"old")"));
  EXPECT_THAT(first.body, HasSubstr(R"("vlans":[10,20])"));
  EXPECT_THAT(first.body, HasSubstr(R"("under_percent":5)"));
  EXPECT_EQ(first.headers.find("X-Ipam-As-Of"), made);
  EXPECT_EQ(first.headers.find("X-Ipam-Horizon"), "1");
  EXPECT_EQ(first.headers.find("ETag"), "\"" + made + "\"");
  EXPECT_THAT(get("subnets/" + id + "?as_of=" + renamed).body, HasSubstr(R"("name":"new")"));

  const auto early = get("subnets/" + id + "?as_of=" + before);
  EXPECT_EQ(early.status, 404);
  EXPECT_THAT(early.body, HasSubstr("there was no subnet with id " + id + " yet"));
  const auto late = get("subnets/" + id + "?as_of=" + deleted);
  EXPECT_EQ(late.status, 404);
  EXPECT_THAT(late.body, HasSubstr("subnet 10.0.0.0/24 was gone"));
  EXPECT_THAT(late.body, HasSubstr("change " + deleted + " deleted it"));
}

TEST_F(History, TheLogOfAnObjectIsWholeAlsoWhenItIsGone) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"old"})");
  add("subnets", R"({"prefix":"10.0.1.0/24"})");
  change("PATCH", "subnets/" + id, R"({"name":"new","vlans":[7]})");
  change("DELETE", "subnets/" + id);
  const auto log = json::parse(get("journal?object_type=subnet&object_id=" + id).body).value();
  std::vector<std::string> kinds;
  for (const auto& each : log.at("items").as_array()) kinds.emplace_back(each.at("kind").as_string());
  EXPECT_EQ(kinds, (std::vector<std::string>{"created", "updated", "deleted"}));
  const auto& fields = log.at("items").at(1).at("differences").at("fields");
  EXPECT_EQ(fields, json::parse(R"({"name":{"before":"old","after":"new"},"vlans":{"before":[],"after":[7]}})").value());
  EXPECT_EQ(log.at("items").at(2).at("differences").at("fields").at("name").at("before"), "new");
}

TEST_F(History, WhatIsNotKnownOfThePastIsNull) {
  const std::string subnet = add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const std::string address = add("addresses", R"({"address":"10.0.0.1"})");
  const std::string space = server.house.default_space().id.to_string();
  const std::string then = now();
  EXPECT_THAT(get("subnets/" + subnet).body, HasSubstr(R"("utilization":{)"));
  const auto past = get("subnets/" + subnet + "?as_of=" + then);
  EXPECT_THAT(past.body, HasSubstr(R"("utilization":null)"));
  EXPECT_THAT(past.body, Not(HasSubstr(R"("utilization":{)")));
  EXPECT_THAT(get("addresses/" + address + "?as_of=" + then).body, HasSubstr(R"("subnet_id":null)"));
  const auto past_space = get("address_spaces/" + space + "?as_of=" + then);
  EXPECT_THAT(past_space.body, HasSubstr(R"("used_ipv4":null)"));
  EXPECT_THAT(past_space.body, HasSubstr(R"("subnets":null)"));
  EXPECT_THAT(past_space.body, HasSubstr(R"("name":"Default")"));
}

TEST_F(History, AMomentIsAnInstantADateOrASequence) {
  go_to("2026-11-23T12:00:00Z");
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"noon"})");
  go_to("2026-11-25T12:00:00Z");
  change("PATCH", "subnets/" + id, R"({"name":"later"})");
  const std::string path = "subnets/" + id + "?as_of=";
  EXPECT_THAT(get(path + "2026-11-23T12:00:00Z").body, HasSubstr("noon"));
  EXPECT_THAT(get(path + "2026-11-24").body, HasSubstr("noon"));
  EXPECT_THAT(get(path + "2026-11-25T11:59:59.999999Z").body, HasSubstr("noon"));
  EXPECT_THAT(get(path + "2026-11-25T13:00:00%2B01:00").body, HasSubstr("later"));
  EXPECT_EQ(get(path + "2026-11-23T11:59:59Z").status, 404);
}

TEST_F(History, TheFutureWhatIsBeforeTheHorizonAndNonsenseAreRefused) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const auto refused = [&](const std::string& as_of) {
    const auto response = get("subnets/" + id + "?as_of=" + as_of);
    EXPECT_EQ(response.status, 400) << as_of;
    EXPECT_THAT(response.body, HasSubstr(R"("pointer":"/as_of")"));
    return response.body;
  };
  EXPECT_THAT(refused("999999"), HasSubstr("is in the future: the newest record has sequence " + now()));
  EXPECT_THAT(refused("2031-01-01"), HasSubstr("is in the future"));
  EXPECT_THAT(refused("0"), HasSubstr("before the horizon: the journal begins with sequence 1, at 2026-11-23T08:00:00Z"));
  EXPECT_THAT(refused("2020-01-01T00:00:00Z"), HasSubstr("before the horizon"));
  refused("yesterday");
  refused("");
  EXPECT_EQ(get("subnets?as_of=yesterday").status, 400);
  EXPECT_EQ(get("address_spaces?as_of=1").status, 400);
}

TEST_F(History, OfWhatARestoreHasLostNothingIsTold) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const std::uint64_t last = server.house.ledger->sequence();
  go_to("2026-11-24T00:00:00Z");
  const auto above = server.house.write([&](ledger::Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.go_on_above(last + 10, 0));
    model::Subnet subnet = IPAM_TRY(transaction.get(model::Id<model::Subnet>{parse_integer<std::uint64_t>(id).value()}));
    subnet.name = "after the restore";
    IPAM_TRY(transaction.update(subnet));
    return {};
  });
  ASSERT_TRUE(above.ok()) << above.error().describe();
  const std::string path = "subnets/" + id + "?as_of=";
  EXPECT_THAT(get(path + std::to_string(last + 5)).body, HasSubstr("was lost with a restore"));
  EXPECT_THAT(get(path + "2026-11-23T20:00:00Z").body, HasSubstr("what was in between is lost"));
  EXPECT_EQ(get(path + std::to_string(last)).status, 200);
  EXPECT_THAT(get(path + "2026-11-24T00:00:00Z").body, HasSubstr("after the restore"));
}

TEST_F(History, WhatItReferredToIsCalledAsItWasCalledThen) {
  const std::string space = add("address_spaces", R"({"name":"Lab"})");
  const std::string field = add("custom_fields", R"({"name":"Building","kind":"choice","values":["North","South"]})");
  const std::string id = add("subnets", R"({"space":"Lab","prefix":"10.0.0.0/24","custom_fields":{"Building":"South"}})");
  const std::string then = now();
  change("PATCH", "custom_fields/" + field, R"({"name":"House"})");
  change("DELETE", "subnets/" + id);
  change("PATCH", "address_spaces/" + space, R"({"name":"Laboratory"})");
  const auto past = get("subnets/" + id + "?as_of=" + then).body;
  EXPECT_THAT(past, HasSubstr(R"("space":"Lab")"));
  EXPECT_THAT(past, HasSubstr(R"("custom_fields":{"Building":"South"})"));
  change("DELETE", "address_spaces/" + space);
  EXPECT_THAT(get("subnets/" + id + "?as_of=" + then).body, HasSubstr(R"("space":"Lab")"));
  EXPECT_EQ(list("subnets?as_of=" + then + "&space=" + space, "prefix"), (std::multiset<std::string>{"10.0.0.0/24"}));
  EXPECT_EQ(get("subnets?as_of=" + then + "&space=" + field).status, 400);
}

TEST_F(History, APrefixIsListedWithWhatLayInItThen) {
  add("subnets", R"({"prefix":"10.1.0.0/24"})");
  const std::string gone = add("subnets", R"({"prefix":"10.1.1.0/24"})");
  const std::string grown = add("subnets", R"({"prefix":"10.1.2.0/24"})");
  add("subnets", R"({"prefix":"10.2.0.0/24"})");
  const std::string range = add("ranges", R"({"first":"10.1.0.10","last":"10.1.0.20"})");
  for (int i = 1; i <= 5; ++i) add("addresses", fmt::format(R"({{"address":"10.1.0.{}"}})", i));
  const std::string block = add("blocks", R"({"prefix":"10.1.0.0/16"})");
  const std::string then = now();
  change("DELETE", "subnets/" + gone);
  change("POST", "subnets/" + grown + ":resize", R"({"prefix":"10.1.2.0/23"})");
  change("PATCH", "ranges/" + range, R"({"name":"printers"})");
  change("DELETE", "ranges/" + range);
  change("DELETE", "blocks/" + block);
  change("POST", "addresses:batch", R"({"operations":[{"operation":"create","body":{"address":"10.1.0.6"}}]})");
  add("subnets", R"({"prefix":"10.1.9.0/24"})");
  const std::string within = "?within=10.1.0.0/16&limit=1&as_of=";
  using Texts = std::multiset<std::string>;
  EXPECT_EQ(list("subnets" + within + then, "prefix"), (Texts{"10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24"}));
  EXPECT_EQ(list("ranges" + within + then, "first"), (Texts{"10.1.0.10"}));
  EXPECT_EQ(list("blocks" + within + then + "&space=Default", "prefix"), (Texts{"10.1.0.0/16"}));
  EXPECT_EQ(list("addresses" + within + then, "address"), (Texts{"10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5"}));
  EXPECT_EQ(list("subnets?as_of=" + then, "prefix"), (Texts{"10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24", "10.2.0.0/24"}));
  const auto page = get("subnets?limit=2&as_of=" + then);
  EXPECT_EQ(page.headers.find("X-Ipam-As-Of"), then);
  EXPECT_THAT(page.body, HasSubstr(R"("utilization":null)"));
}

TEST_F(History, AListOfThePastTakesNoOtherFiltersAndNoForeignCursor) {
  add("subnets", R"({"prefix":"10.1.0.0/24"})");
  add("subnets", R"({"prefix":"10.1.1.0/24"})");
  const std::string then = now();
  add("subnets", R"({"prefix":"10.1.2.0/24"})");
  EXPECT_THAT(get("subnets?name=x&as_of=" + then).body, HasSubstr("does not go with as_of"));
  EXPECT_EQ(get("subnets?sort=prefix&as_of=" + then).status, 400);
  EXPECT_EQ(get("subnets?limit=0&as_of=" + then).status, 400);
  EXPECT_EQ(get("subnets?within=ten&as_of=" + then).status, 400);
  EXPECT_EQ(get("subnets?space=Nowhere&as_of=" + then).status, 400);
  const auto cursor = [&](const std::string& target) {
    const auto json = json::parse(get(target).body).value();
    return std::string(json.at("next_cursor").as_string());
  };
  EXPECT_EQ(get("subnets?as_of=" + then + "&cursor=" + cursor("subnets?limit=1")).status, 400);
  EXPECT_THAT(get("subnets?as_of=" + now() + "&cursor=" + cursor("subnets?limit=1&as_of=" + then)).body, HasSubstr("of another moment"));
}

TEST_F(History, WhatTheJournalDoesNotExplainIsRefused) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","name":"first"})");
  const std::string then = now();
  change("PATCH", "subnets/" + id, R"({"name":"second"})");
  model::Subnet subnet = server.house.rows<model::Subnet>().front();
  // Past the ledger, as a person with a database tool would do it.
  subnet.name = "forged";
  store::WriteSet writes;
  writes.put(subnet);
  model::Address address{.id = {4'000'000'000}, .revision = 2, .space_id = subnet.space_id, .address = test::address("10.0.0.7")};
  writes.insert(address);
  ASSERT_TRUE(server.house.store->commit(writes).ok());
  const auto forged = get("subnets/" + id + "?as_of=" + then);
  EXPECT_EQ(forged.status, 412);
  EXPECT_THAT(forged.body, HasSubstr("the journal does not explain subnet " + id));
  EXPECT_THAT(forged.body, HasSubstr("field name"));
  EXPECT_EQ(get("subnets?as_of=" + then).status, 412);
  EXPECT_EQ(get("addresses/4000000000?as_of=" + then).status, 412);
  EXPECT_EQ(get("addresses?as_of=" + then).status, 412);
}

TEST_F(History, WhoeverMayReadAnObjectMayReadItsPast) {
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24"})");
  const auto reader = server.bearer(model::Group::IpamUsers);
  EXPECT_EQ(server.ask("GET", "/api/v1/subnets/" + id + "?as_of=" + now(), reader).status, 200);
  EXPECT_EQ(server.ask("GET", "/api/v1/subnets?as_of=" + now(), reader).status, 200);
  EXPECT_EQ(server.ask("GET", "/api/v1/subnets?as_of=" + now()).status, 401);
}

TEST_F(History, ARecordOfAnEarlierVersionIsRead) {
  // Subnets had one VLAN.
  const std::string id = add("subnets", R"({"prefix":"10.0.0.0/24","vlans":[10]})");
  const std::string made = now();
  change("PATCH", "subnets/" + id, R"({"name":"x"})");
  model::JournalRecord record =
      server.house
          .rows<model::JournalRecord>({{"sequence", store::Comparison::Equal, store::to_value(std::uint64_t{server.house.ledger->sequence()})}})
          .front();
  record.differences = R"({"v":1,"fields":{"name":{"before":"","after":"x"},"vlan":{"before":null,"after":10}}})";
  store::WriteSet writes;
  writes.put(record);
  ASSERT_TRUE(server.house.store->commit(writes).ok());
  EXPECT_THAT(get("subnets/" + id + "?as_of=" + made).body, HasSubstr(R"("vlans":[])"));
  record.differences = R"({"v":1,"fields":{"colour":{"before":null,"after":10}}})";
  writes = {};
  writes.put(record);
  ASSERT_TRUE(server.house.store->commit(writes).ok());
  const auto unknown = get("subnets/" + id + "?as_of=" + made);
  EXPECT_EQ(unknown.status, 412);
  EXPECT_THAT(unknown.body, HasSubstr("a field 'colour' that this version does not know"));
}

}  // namespace
}  // namespace ipam::test
