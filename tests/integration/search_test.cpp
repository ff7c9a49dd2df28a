// Over HTTP: queries and words in lists, and the search box.
#include "contract/search.h"
#include "contract/address_plan.h"
#include "integration/api_server.h"
#include "wire/http1/query.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Search : public testing::Test {
 protected:
  ApiServer server_;
  std::string root_ = server_.bearer(model::Group::IpamAdministrators);

  void SetUp() override {
    server_.house.add_subnet("10.0.0.0/28");
    server_.house.add_subnet("10.0.1.0/24");
    server_.house.add_subnet("10.0.2.0/24");
    make("/api/v1/custom_fields", R"({"name":"Cost center","kind":"integer"})");
    make("/api/v1/custom_fields", R"({"name":"Building","values":["Head office","Plant 1"]})");
    patch_subnet("10.0.1.0/24", R"({"name":"Web servers","vlans":[20,230],"vsid":7,"custom_fields":{"Building":"Plant 1","Cost center":"4711"}})");
    patch_subnet("10.0.2.0/24", R"({"name":"50% off_","custom_fields":{"Building":"Head office","Cost center":"99"}})");
    for (int i = 1; i <= 13; ++i) make("/api/v1/addresses", fmt::format(R"({{"address":"10.0.0.{}","name":"desk{}"}})", i, i));
    make(
        "/api/v1/addresses",
        R"({"address":"10.0.1.5","name":"app7.corp.example","hardware_address":"00:1b:63:84:45:e6","owner":"ann","expires_at":"2030-01-01T00:00:00Z"})");
  }
  void make(const std::string& path, const std::string& body) {
    const auto made = server_.ask("POST", path, root_, body);
    EXPECT_EQ(made.status, 201) << made.body;
  }
  void patch_subnet(const std::string& prefix, const std::string& body) {
    const auto subnet = subnets("prefix=" + prefix).front();
    const auto done = server_.ask("PATCH", "/api/v1/subnets/" + subnet.id.to_string(), root_, body);
    EXPECT_EQ(done.status, 200) << done.body;
  }
  std::vector<contract::Subnet> subnets(const std::string& query) {
    const auto answer = server_.ask("GET", "/api/v1/subnets?" + query, root_);
    EXPECT_EQ(answer.status, 200) << answer.body;
    auto list = json::read<contract::List<contract::Subnet>>(answer.body);
    return list.ok() ? list->items : std::vector<contract::Subnet>{};
  }
  static std::string encoded(std::string_view text) {
    std::string query;
    for (const char c : text) query += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return query;
  }
  std::vector<std::string> names(std::string_view kind, std::string_view parameter, std::string_view text) {
    const auto answer = server_.ask("GET", fmt::format("/api/v1/{}?{}={}", kind, parameter, encoded(text)), root_);
    EXPECT_EQ(answer.status, 200) << text << ": " << answer.body;
    std::vector<std::string> found;
    const auto list = json::parse(answer.body);
    if (!list.ok() || answer.status != 200) return found;
    for (const auto& item : list->at("items").as_array()) {
      const auto* prefix = item.as_object().if_contains(kind == "addresses" ? "address" : "prefix");
      found.emplace_back(std::string(prefix->as_string()));
    }
    return found;
  }
  auto where(std::string_view query) { return names("subnets", "query", query); }
  auto addresses_where(std::string_view query) { return names("addresses", "query", query); }
  std::string refused(std::string_view kind, std::string_view parameter, std::string_view text) {
    const auto answer = server_.ask("GET", fmt::format("/api/v1/{}?{}={}", kind, parameter, encoded(text)), root_);
    EXPECT_EQ(answer.status, 400) << text << ": " << answer.body;
    return answer.body;
  }
  contract::SearchAnswer box(std::string_view text) {
    const auto answer = server_.ask("GET", "/api/v1/search?q=" + encoded(text), root_);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::read<contract::SearchAnswer>(answer.body).value_or(contract::SearchAnswer{});
  }
  static std::vector<std::string> told(const std::vector<contract::SearchHit>& hits) {
    std::vector<std::string> texts;
    for (const auto& hit : hits) texts.push_back(hit.kind + " " + hit.name);
    return texts;
  }
};

TEST_F(Search, AQueryAsksForFieldsOfEveryKind) {
  EXPECT_THAT(where("name = \"Web servers\""), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(where("name ~ \"WEB*\""), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(where("name ~ \"50% off_\""), ElementsAre("10.0.2.0/24"));
  EXPECT_THAT(where("name ~ \"%\""), ElementsAre("10.0.2.0/24"));
  EXPECT_THAT(where("vlan = 20"), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(where("vlan in (2, 230)"), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(where("vlan = 2"), IsEmpty());
  EXPECT_THAT(where("vlan is empty"), ElementsAre("10.0.0.0/28", "10.0.2.0/24"));
  EXPECT_THAT(where("vsid = 7"), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(where("within 10.0.1.0/24 or within 10.0.0.0/24"), ElementsAre("10.0.0.0/28", "10.0.1.0/24"));
  EXPECT_THAT(where("prefix = 10.0.2.0/24"), ElementsAre("10.0.2.0/24"));
  EXPECT_THAT(where("space = Default and category = private and vsid is not empty"), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(addresses_where("mac = 001b.6384.45e6"), ElementsAre("10.0.1.5"));
  EXPECT_THAT(addresses_where("address > 10.0.0.11 and address <= 10.0.0.13"), ElementsAre("10.0.0.12", "10.0.0.13"));
  EXPECT_THAT(addresses_where("expires_at = 2030-01-01"), ElementsAre("10.0.1.5"));
  EXPECT_THAT(addresses_where("expires_at < now+1d"), IsEmpty());
  EXPECT_THAT(addresses_where("owner = ann and state = in_use and name !~ desk"), ElementsAre("10.0.1.5"));
}

TEST_F(Search, WhatIsEmptyIsNotEqualToAnything) {
  EXPECT_THAT(where("vsid != 7"), ElementsAre("10.0.0.0/28", "10.0.2.0/24"));
  EXPECT_THAT(where("not vsid > 3"), ElementsAre("10.0.0.0/28", "10.0.2.0/24"));
  EXPECT_THAT(where("not (vsid = 7 or name ~ off)"), ElementsAre("10.0.0.0/28"));
  EXPECT_THAT(addresses_where("mac != 00:1b:63:84:45:e6 and address = 10.0.0.1"), ElementsAre("10.0.0.1"));
  EXPECT_THAT(where("building != \"Plant 1\""), ElementsAre("10.0.0.0/28", "10.0.2.0/24"));
}

TEST_F(Search, CustomFieldsAreFieldsOfQueries) {
  EXPECT_THAT(where("building = \"plant 1\""), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(where("building ~ \"*office\""), ElementsAre("10.0.2.0/24"));
  EXPECT_THAT(where("cost_center > 100"), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(where("\"cost center\" <= 99"), ElementsAre("10.0.2.0/24"));
  EXPECT_THAT(where("\"Cost center\" is empty"), ElementsAre("10.0.0.0/28"));
  EXPECT_THAT(where("building in (\"Plant 1\", \"Head office\") and not cost_center = 99"), ElementsAre("10.0.1.0/24"));
}

TEST_F(Search, UtilizationIsAskedOfTheIndex) {
  EXPECT_THAT(where("utilization > 80"), ElementsAre("10.0.0.0/28"));
  EXPECT_THAT(where("utilization < 80%"), ElementsAre("10.0.1.0/24", "10.0.2.0/24"));
  EXPECT_THAT(where("status = over"), ElementsAre("10.0.0.0/28"));
  EXPECT_THAT(where("free = 1"), ElementsAre("10.0.0.0/28"));
  EXPECT_THAT(where("used = 1 and building = \"Plant 1\""), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(where("utilization > 80 or building = \"Head office\""), ElementsAre("10.0.0.0/28", "10.0.2.0/24"));
  EXPECT_THAT(where("not (utilization > 80 or building = \"Head office\")"), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(where("not utilization > 80 and (used = 0 or vlan = 20)"), ElementsAre("10.0.1.0/24", "10.0.2.0/24"));
  EXPECT_THAT(where("utilization > 80 and utilization < 20"), IsEmpty());
}

TEST_F(Search, PagesOfAQueryAboutUtilizationGoOnWhereTheyEnded) {
  const std::string query = "query=" + encoded("utilization < 80 or utilization >= 80");
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto answer = server_.ask("GET", "/api/v1/subnets?limit=1&" + query + cursor, root_);
    const auto list = json::read<contract::List<contract::Subnet>>(answer.body).value();
    for (const auto& subnet : list.items) seen.push_back(subnet.prefix.to_string());
    cursor = list.next_cursor ? "&cursor=" + encoded(*list.next_cursor) : "";
  } while (!cursor.empty() && seen.size() < 10);
  EXPECT_THAT(seen, ElementsAre("10.0.0.0/28", "10.0.1.0/24", "10.0.2.0/24"));
  EXPECT_THAT(refused("subnets", "count=exact&query", "utilization > 80"), HasSubstr("/count"));
  const auto counted = server_.ask("GET", "/api/v1/subnets?count=exact&query=" + encoded("vsid = 7"), root_);
  EXPECT_THAT(counted.body, HasSubstr("\"total\":1"));
}

TEST_F(Search, TheFullestComeFirstPageByPage) {
  for (int i = 1; i <= 3; ++i) make("/api/v1/addresses", fmt::format(R"({{"address":"10.0.2.{}"}})", i));
  server_.house.add_subnet("10.0.3.0/24");
  server_.house.add_subnet("10.0.4.0/24");
  const auto walk = [&](std::string query) {
    std::vector<std::string> prefixes;
    std::string cursor;
    do {
      const auto answer = server_.ask("GET", "/api/v1/subnets?" + query + (cursor.empty() ? "" : "&cursor=" + encoded(cursor)), root_);
      EXPECT_EQ(answer.status, 200) << answer.body;
      const auto list = json::read<contract::List<contract::Subnet>>(answer.body);
      if (!list.ok()) return prefixes;
      for (const auto& item : list->items) prefixes.push_back(item.prefix.to_string());
      cursor = list->next_cursor.value_or("");
    } while (!cursor.empty());
    return prefixes;
  };
  const auto fullest_first = ElementsAre("10.0.0.0/28", "10.0.2.0/24", "10.0.1.0/24", "10.0.3.0/24", "10.0.4.0/24");
  EXPECT_THAT(walk("sort=-utilization"), fullest_first);
  EXPECT_THAT(walk("sort=-utilization&limit=1"), fullest_first);
  EXPECT_THAT(walk("sort=-utilization&limit=2"), fullest_first);
  EXPECT_THAT(walk("sort=utilization,-prefix&limit=2"), ElementsAre("10.0.4.0/24", "10.0.3.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.0.0/28"));
  EXPECT_THAT(walk("sort=-utilization&limit=1&query=" + encoded("utilization > 1")), ElementsAre("10.0.0.0/28", "10.0.2.0/24"));
  EXPECT_THAT(walk("sort=-utilization&within=10.0.2.0/23"), ElementsAre("10.0.2.0/24", "10.0.3.0/24"));
  EXPECT_THAT(refused("subnets", "sort", "prefix,utilization"), HasSubstr("utilization comes first"));
  EXPECT_THAT(refused("addresses", "sort", "utilization"), HasSubstr("cannot sort by 'utilization'"));
  const auto stored = json::read<contract::List<contract::Subnet>>(server_.ask("GET", "/api/v1/subnets?limit=1", root_).body).value();
  const auto foreign = server_.ask("GET", "/api/v1/subnets?sort=-utilization&cursor=" + encoded(stored.next_cursor.value_or("")), root_);
  EXPECT_EQ(foreign.status, 400) << foreign.body;
}

TEST_F(Search, AddressesAreSortedByTheirExpiryWhereTheyHaveOne) {
  make("/api/v1/addresses", R"({"address":"10.0.2.9","expires_at":"2029-01-01T00:00:00Z"})");
  EXPECT_THAT(refused("addresses", "sort", "expires_at"), HasSubstr("expires_at__isnull=false"));
  const auto answer = server_.ask("GET", "/api/v1/addresses?sort=expires_at&expires_at__isnull=false", root_);
  const auto list = json::read<contract::List<contract::Address>>(answer.body);
  ASSERT_TRUE(list.ok()) << answer.body;
  ASSERT_EQ(list->items.size(), 2U);
  EXPECT_EQ(list->items[0].address.to_string(), "10.0.2.9");
}

TEST_F(Search, WhatIsNotUnderstoodIsToldWithItsColumn) {
  EXPECT_THAT(refused("subnets", "query", "utilization >"), HasSubstr("column 14: expected a value after '>', found the end"));
  EXPECT_THAT(refused("subnets", "query", "name = x and colour = red"), HasSubstr("column 14: there is no field 'colour'; there are "));
  EXPECT_THAT(refused("subnets", "query", "vsid = seven"), HasSubstr("column 8: expected a whole number"));
  EXPECT_THAT(refused("ranges", "query", "managed_by = me"), HasSubstr("expected one of ipam, ms_dhcp"));
  EXPECT_THAT(refused("addresses", "query", "utilization > 80"), HasSubstr("there is no field 'utilization'"));
  EXPECT_THAT(refused("subnets", "query", "building = Moon"), HasSubstr("there are: Head office, Plant 1"));
  EXPECT_THAT(refused("subnets", "query", "name within 10.0.0.0/8"), HasSubstr("cannot be used with 'within'"));
  EXPECT_THAT(refused("subnets", "query", "space = Mars"), HasSubstr("column 9"));
  EXPECT_THAT(refused("address_spaces", "query", "within 10.0.0.0/8"), HasSubstr("does not lie in a prefix"));
  EXPECT_THAT(refused("subnets", "q", " "), HasSubstr("nothing to search for"));
  EXPECT_THAT(refused("subnets", "q", "\xff"), HasSubstr("UTF-8"));
}

TEST_F(Search, WordsAreFoundWhereverTheyStand) {
  EXPECT_THAT(names("subnets", "q", "web"), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(names("subnets", "q", "plant SERV"), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(names("subnets", "q", "plant office"), IsEmpty());
  EXPECT_THAT(names("subnets", "q", "4711"), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(names("subnets", "q", "10.0.1."), ElementsAre("10.0.1.0/24"));
  EXPECT_THAT(names("addresses", "q", "00-1B-63-84-45-E6"), ElementsAre("10.0.1.5"));
  EXPECT_THAT(names("addresses", "q", "10.0.1.0/24 ann"), ElementsAre("10.0.1.5"));
}

TEST_F(Search, TheBoxFindsAnAddressAndWhatItLiesIn) {
  make("/api/v1/blocks", R"({"prefix":"10.0.0.0/8","name":"all"})");
  make("/api/v1/ranges", R"({"first":"10.0.1.1","last":"10.0.1.9"})");
  const auto found = box("10.0.1.5");
  EXPECT_EQ(found.understood_as, contract::SearchMeaning::Address);
  EXPECT_THAT(told(found.items), ElementsAre("address 10.0.1.5"));
  EXPECT_EQ(found.items.front().detail, "app7.corp.example, 00:1b:63:84:45:e6, ann");
  EXPECT_THAT(told(found.parents), ElementsAre("range 10.0.1.1-10.0.1.9", "subnet 10.0.1.0/24", "block 10.0.0.0/8"));
  const auto none = box("10.0.9.1");
  EXPECT_THAT(none.items, IsEmpty());
  EXPECT_THAT(told(none.parents), ElementsAre("block 10.0.0.0/8"));
}

TEST_F(Search, TheSamePrefixIsFoundInEverySpace) {
  make("/api/v1/address_spaces", R"({"name":"Lab"})");
  make("/api/v1/subnets", R"({"prefix":"10.0.1.0/24","space":"Lab"})");
  const auto found = box("10.0.1.0/24");
  EXPECT_EQ(found.understood_as, contract::SearchMeaning::Prefix);
  std::vector<std::string> spaces;
  for (const auto& hit : found.items) {
    if (hit.kind == "subnet") spaces.push_back(hit.space);
  }
  EXPECT_THAT(spaces, UnorderedElementsAre("Default", "Lab"));
}

TEST_F(Search, TheBoxUnderstandsMacsWordsAndQueries) {
  EXPECT_THAT(told(box("001b638445e6").items), ElementsAre("address 10.0.1.5"));
  EXPECT_EQ(box("001b638445e6").understood_as, contract::SearchMeaning::HardwareAddress);
  EXPECT_THAT(told(box("APP7").items), ElementsAre("address 10.0.1.5"));
  EXPECT_THAT(told(box("app7.corp.example").items), ElementsAre("address 10.0.1.5"));
  EXPECT_THAT(told(box("plant").items), ElementsAre("subnet 10.0.1.0/24"));
  const auto queried = box("utilization > 80 and not building = \"Plant 1\"");
  EXPECT_EQ(queried.understood_as, contract::SearchMeaning::Query);
  EXPECT_THAT(told(queried.items), ElementsAre("subnet 10.0.0.0/28"));
  EXPECT_THAT(refused("search", "q", "colour = red"), HasSubstr("there is no field 'colour'"));
  EXPECT_THAT(refused("search", "q", ""), HasSubstr("nothing to search for"));
  const auto many = box("desk");
  EXPECT_EQ(many.items.size(), 10U);
  EXPECT_THAT(many.more_of, ElementsAre("address"));
}

TEST_F(Search, WhatAPersonMayNotReadIsNotFound) {
  EXPECT_EQ(server_.ask("GET", "/api/v1/search?q=web", "").status, 401);
  EXPECT_THAT(refused("search", "colour", "x"), HasSubstr("is not a parameter"));
}

TEST_F(Search, ExportsTakeQueriesToo) {
  const auto csv = server_.ask("GET", "/api/v1/exports/subnets?query=" + encoded("utilization > 80"), root_);
  EXPECT_THAT(csv.body, HasSubstr("10.0.0.0/28"));
  EXPECT_THAT(csv.body, testing::Not(HasSubstr("10.0.1.0/24")));
}

TEST_F(Search, SavedSearchesAreOnesOwnOrEveryones) {
  const std::string other = server_.bearer(model::Group::IpamUsers);
  const std::string path = "/api/v1/saved_searches";
  const auto made = server_.ask("POST", path, root_, R"({"name":"Full","kind":"subnet","query":"utilization > 80","columns":["prefix","Building"]})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string place(made.headers.find("Location").value_or(""));
  EXPECT_THAT(made.body, HasSubstr(R"("own":true)"));
  EXPECT_EQ(server_.ask("GET", place, other).status, 404);
  EXPECT_THAT(server_.ask("GET", path, other).body, testing::Not(HasSubstr("Full")));
  EXPECT_EQ(server_.ask("PATCH", place, root_, R"({"sharing":"everyone","words":null})").status, 200);
  EXPECT_THAT(server_.ask("GET", path + "?count=exact", other).body, HasSubstr(R"("total":1)"));
  EXPECT_EQ(server_.ask("PATCH", place, other, R"({"name":"Mine"})").status, 403);
  EXPECT_EQ(server_.ask("DELETE", place, other).status, 403);
  EXPECT_EQ(server_.ask("POST", path, root_, R"({"name":"Full","kind":"range"})").status, 409);
  EXPECT_EQ(server_.ask("POST", path, other, R"({"name":"Full","kind":"range"})").status, 201);
  const auto wrong = server_.ask("PATCH", place, root_, R"({"query":"utilization >"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, HasSubstr("column 14"));
  EXPECT_EQ(server_.ask("POST", path, root_, R"({"name":"","kind":"range"})").status, 400);
  EXPECT_EQ(server_.ask("DELETE", place, root_).status, 204);
  EXPECT_EQ(server_.ask("GET", place, root_).status, 404);
}

}  // namespace
}  // namespace ipam::test
