#include "api/convert.h"
#include "api/list_query.h"
#include "contract/change.h"
#include "contract/custom_field.h"
#include "contract/discovery.h"
#include "contract/utilization.h"
#include "integration/api_server.h"
#include "model/address_category.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// convert_enum is a cast: right as long as both lists are the same.
template <class Model, class Contract>
void expect_same() {
  const auto& ours = model::enum_names<Model>();
  const auto& theirs = model::enum_names<Contract>();
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_EQ(ours[i].name, theirs[i].name);
    EXPECT_EQ(static_cast<int>(ours[i].value), static_cast<int>(theirs[i].value)) << ours[i].name;
  }
}

TEST(ApiEnumerators, OfModelAndContractAreTheSame) {
  expect_same<model::AddressSpaceKind, contract::AddressSpaceKind>();
  expect_same<model::ManagedBy, contract::ManagedBy>();
  expect_same<model::AddressState, contract::AddressState>();
  expect_same<model::Assignment, contract::Assignment>();
  expect_same<model::AddressCategory, contract::AddressCategory>();
  expect_same<model::MeasuredKind, contract::MeasuredKind>();
  expect_same<model::CustomFieldKind, contract::CustomFieldKind>();
  expect_same<model::Product, contract::Product>();
  expect_same<model::TlsTrust, contract::TlsTrust>();
  expect_same<model::ServerAvailability, contract::Availability>();
  expect_same<model::CredentialKind, contract::CredentialKind>();
  expect_same<model::AccessKind, contract::AccessKind>();
  expect_same<model::Manageability, contract::Manageability>();
  expect_same<model::ReservationIdentifier, contract::ReservationIdentifier>();
  expect_same<model::LeaseState, contract::LeaseState>();
  expect_same<model::Group, contract::Group>();
  expect_same<model::TaskResult, contract::TaskResult>();
  expect_same<model::ChangeKind, contract::ChangeKind>();
  expect_same<model::DiscoveryState, contract::DiscoveryState>();
  expect_same<model::EndpointKind, contract::EndpointKind>();
  expect_same<model::DirectoryProtection, contract::DirectoryProtection>();
  expect_same<model::DomainServerState, contract::DomainServerState>();
  expect_same<model::Manageability, contract::Manageability>();
}

class Api : public testing::Test {
 protected:
  ApiServer server_;
  std::string root_ = server_.bearer(model::Group::IpamAdministrators);

  void SetUp() override { server_.house.add_subnet("10.0.0.0/24"); }
  auto get(const std::string& target) { return server_.ask("GET", target, root_); }
  auto post(const std::string& target, const std::string& body, const std::vector<wire::http1::Field>& fields = {}) {
    return server_.ask("POST", target, root_, body, fields);
  }
  // "status pointer-or-nothing".
  void expect_refused(const client::http::Response& response, int status, const std::string& text) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_THAT(response.body, HasSubstr(text));
  }
};

TEST_F(Api, AMisspeltFilterIsRefusedAndNotPassedOver) {
  expect_refused(get("/api/v1/subnets?nmae=x"), 400, "/nmae");
  expect_refused(get("/api/v1/subnets?name__like=x"), 400, "is not an operator");
  expect_refused(get("/api/v1/subnets?prefix__contains=10"), 400, "is not an operator");
  expect_refused(get("/api/v1/subnets?prefix=10.0.0.1/24"), 400, "/prefix");
  expect_refused(get("/api/v1/subnets?space=nowhere"), 400, "/space");
}

TEST_F(Api, TheLimitOfAListHasBounds) {
  for (const char* limit : {"0", "1001", "-1", "ten", ""}) expect_refused(get("/api/v1/subnets?limit=" + std::string(limit)), 400, "/limit");
  EXPECT_EQ(get("/api/v1/subnets?limit=1000").status, 200);
}

TEST_F(Api, AListIsSortedByItsFieldsOnly) {
  expect_refused(get("/api/v1/subnets?sort=revision"), 400, "/sort");
  expect_refused(get("/api/v1/subnets?sort=id,name,prefix,owner,id"), 400, "/sort");
  EXPECT_EQ(get("/api/v1/subnets?sort=-prefix,name").status, 200);
}

TEST_F(Api, PagesFollowEachOtherWithoutGapOrRepetition) {
  for (int i = 1; i < 8; ++i) EXPECT_EQ(post("/api/v1/addresses", fmt::format(R"({{"address":"10.0.0.{}","name":"same"}})", i)).status, 201);
  std::string seen, cursor;
  for (int page = 0; page < 10; ++page) {
    const auto response = get("/api/v1/addresses?sort=name&limit=3&name=same" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(response.status, 200) << response.body;
    const auto list = json::read<contract::List<contract::Address>>(response.body).value();
    for (const auto& item : list.items) seen += item.address.to_string() + " ";
    if (!list.next_cursor) break;
    cursor = *list.next_cursor;
  }
  EXPECT_EQ(seen, "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7 ");
}

TEST_F(Api, ACursorOfAnotherListOrOrderIsRefused) {
  server_.house.add_subnet("10.0.1.0/24");
  const auto first = json::read<contract::List<contract::Subnet>>(get("/api/v1/subnets?sort=prefix&limit=1").body).value();
  ASSERT_TRUE(first.next_cursor.has_value());
  EXPECT_EQ(get("/api/v1/subnets?sort=prefix&limit=1&cursor=" + *first.next_cursor).status, 200);
  EXPECT_EQ(get("/api/v1/addresses?limit=1&cursor=" + *first.next_cursor).status, 400);
  EXPECT_EQ(get("/api/v1/subnets?limit=1&cursor=" + *first.next_cursor).status, 400);
  EXPECT_EQ(get("/api/v1/subnets?cursor=made-up").status, 400);
}

TEST_F(Api, FiltersByOperatorAndPlaceAnswerWhatTheySay) {
  server_.house.add_subnet("10.0.1.0/24");
  server_.house.add_subnet("192.168.0.0/24");
  const auto count = [&](const std::string& filter) {
    const auto list = json::read<contract::List<contract::Subnet>>(get("/api/v1/subnets?count=exact&" + filter).body);
    return list.ok() ? list->total.value_or(99) : 99;
  };
  EXPECT_EQ(count("within=10.0.0.0/8"), 2U);
  EXPECT_EQ(count("within=10.0.1.0/24"), 1U);
  EXPECT_EQ(count("prefix__gte=10.0.1.0/24"), 2U);
  EXPECT_EQ(count("prefix__ne=10.0.1.0/24"), 2U);
  EXPECT_EQ(count("vsid__isnull=true"), 3U);
  EXPECT_EQ(count("vsid__isnull=false"), 0U);
}

TEST_F(Api, ABadBodyIsRefusedWithThePlaceOfTheFault) {
  expect_refused(post("/api/v1/subnets", "{"), 400, "\"status\":400");
  expect_refused(post("/api/v1/subnets", ""), 400, "\"status\":400");
  expect_refused(post("/api/v1/subnets", R"({"prefix":"10.1.0.0/24","colour":"red"})"), 400, "colour");
  expect_refused(post("/api/v1/subnets", R"({"prefix":"10.1.0.1/24"})"), 400, "10.1.0.0/24");
  expect_refused(post("/api/v1/subnets", R"({"prefix":17})"), 400, "/prefix");
  expect_refused(post("/api/v1/subnets", "{}"), 400, "prefix");
  expect_refused(post("/api/v1/subnets", R"({"prefix":"10.1.0.0/24","vlans":[5000]})"), 400, "/vlans");
  expect_refused(post("/api/v1/addresses:allocate", R"({"from":"10.0.0.0/24","count":-1})"), 400, "count");
}

TEST_F(Api, AnAddressOutsideTheRangeItIsMeantForIsRefused) {
  const auto made = post("/api/v1/ranges", R"({"first":"10.0.0.10","last":"10.0.0.20"})");
  const auto range = json::read<contract::Range>(made.body).value();
  const auto body = [&](const char* address) { return fmt::format(R"({{"address":"{}","range_id":"{}"}})", address, range.id.value); };
  expect_refused(post("/api/v1/addresses", body("10.0.0.21")), 400, "lies outside range");
  EXPECT_EQ(post("/api/v1/addresses", body("10.0.0.20")).status, 201);
}

TEST_F(Api, ABodyThatIsTooLongOrNoJsonIsRefused) {
  expect_refused(post("/api/v1/subnets", std::string(300 * 1024, ' ')), 413, "");
  expect_refused(post("/api/v1/subnets", R"({"prefix":"10.1.0.0/24"})", {{"Content-Type", "text/plain"}}), 415, "application/json");
}

TEST_F(Api, AnObjectIsChangedByTheETagItWasReadWith) {
  const auto made = post("/api/v1/subnets", R"({"prefix":"10.1.0.0/24","name":"floor 1"})", {{"X-Change-Reason", "move"}});
  ASSERT_EQ(made.status, 201);
  const std::string place(made.headers.find("Location").value()), tag(made.headers.find("ETag").value());
  EXPECT_EQ(server_.ask("PATCH", place, root_, R"({"name":"floor 2"})", {{"If-Match", tag}}).status, 200);
  EXPECT_EQ(server_.ask("PATCH", place, root_, R"({"name":"floor 3"})", {{"If-Match", tag}}).status, 412);
  EXPECT_EQ(server_.ask("DELETE", place, root_, "", {{"If-Match", tag}}).status, 412);
  EXPECT_EQ(server_.ask("DELETE", place, root_, "", {{"If-Match", "2"}}).status, 400);
  EXPECT_THAT(get(place).body, HasSubstr("floor 2"));
  EXPECT_EQ(server_.ask("DELETE", place, root_).status, 204);
  EXPECT_EQ(get(place).status, 404);
  EXPECT_THAT(get("/api/v1/journal").body, HasSubstr("\"reason\":\"move\""));
}

TEST_F(Api, NoAnswerHoldsASecret) {
  const std::string secret = "the-servers-own-password";
  const auto server = post("/api/v1/servers", R"({"name":"kea1","product":"kea","url":"http://kea1/","user_name":"u","password":")" + secret + "\"}");
  ASSERT_EQ(server.status, 201) << server.body;
  ASSERT_EQ(post("/api/v1/credentials", R"({"name":"spare","user_name":"u","secret":")" + secret + "\"}").status, 201);
  EXPECT_THAT(server.body, Not(HasSubstr(secret)));
  for (const char* target : {"/api/v1/servers", "/api/v1/credentials", "/api/v1/journal?limit=1000", "/api/v1/users", "/api/v1/tokens"}) {
    const auto answer = get(target);
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.body, Not(HasSubstr(secret)));
    EXPECT_THAT(answer.body, Not(HasSubstr("argon2")));
    EXPECT_THAT(answer.body, Not(HasSubstr("\"v1.")));
  }
}

TEST_F(Api, AWriteOfAUserATokenOrATaskTellsItsSequence) {
  const auto sequence_of = [](const client::http::Response& response) {
    return parse_integer<std::uint64_t>(response.headers.find("X-Ipam-Sequence").value_or("none")).value_or(0);
  };
  std::uint64_t last = server_.house.ledger->sequence();
  // Each of these is one record of the journal.
  const auto expect_next = [&](const client::http::Response& response, int status) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(sequence_of(response), ++last);
  };
  const auto user = post("/api/v1/users", R"({"name":"alice","password":"correct horse"})");
  expect_next(user, 201);
  const std::string place(user.headers.find("Location").value_or(""));
  expect_next(server_.ask("PATCH", place, root_, R"({"description":"of the desk"})"), 200);
  const auto token = post("/api/v1/tokens", R"({"name":"script"})");
  expect_next(token, 201);
  // It has no record of its own.
  const auto task = server_.ask("PATCH", "/api/v1/tasks/server-configuration", root_, R"({"period_seconds":600})");
  EXPECT_EQ(task.status, 200) << task.body;
  EXPECT_EQ(sequence_of(task), last);
  expect_next(server_.ask("DELETE", std::string(token.headers.find("Location").value_or("")), root_), 204);
  expect_next(server_.ask("DELETE", place, root_), 204);
  expect_next(server_.ask("PUT", "/api/v1/me/password", root_,
                          fmt::format(R"({{"current_password":"{}","new_password":"battery staple"}})", ApiServer::kPassword)),
              204);
  EXPECT_EQ(server_.house.ledger->sequence(), last);
}

TEST_F(Api, TheReservationsOfAServerAreThoseOfItsScopesHoweverManyItHas) {
  House& house = server_.house;
  const auto mine = house.add_scope("10.1.0.0/24"), other = house.add_scope("10.2.0.0/24");
  const auto reserve = [&](const model::DhcpScope& scope, const std::string& text, std::uint8_t client) {
    house.put(model::DhcpReservation{.scope_id = scope.id, .space_id = scope.space_id, .address = address(text), .identifier = Bytes(6, client)});
  };
  reserve(mine, "10.1.0.5", 1);
  reserve(other, "10.2.0.5", 2);
  reserve(mine, "10.1.0.6", 3);
  // More than a query takes values.
  store::WriteSet many;
  for (std::uint64_t i = 0; i < 40'000; ++i) {
    model::DhcpScope scope = mine;
    scope.id.value = 1'000'000 + i;
    scope.key = "more " + std::to_string(i);
    many.insert(scope);
  }
  ASSERT_TRUE(house.store->commit(many).ok());
  const auto list = [&](const std::string& query) {
    const auto answer = get("/api/v1/dhcp_reservations?count=exact&server=" + mine.server_id.to_string() + query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::read<contract::List<contract::DhcpReservation>>(answer.body).value();
  };
  const auto all = list("");
  ASSERT_EQ(all.items.size(), 2U);
  EXPECT_EQ(all.total, 2U);
  EXPECT_EQ(all.items[0].address, address("10.1.0.5"));
  EXPECT_EQ(all.items[1].address, address("10.1.0.6"));
  EXPECT_EQ(all.items[1].server_id.value, mine.server_id.value);
  const auto first = list("&limit=1");
  ASSERT_TRUE(first.next_cursor);
  EXPECT_EQ(list("&limit=1&cursor=" + *first.next_cursor).items.at(0).address, address("10.1.0.6"));
  EXPECT_TRUE(list("&within=10.2.0.0/24").items.empty());
}

TEST_F(Api, AReservationOfADelegatedPrefixIsRefusedInWordsThatSaySo) {
  const auto refused = [&](const char* method, const std::string& target, const std::string& body) {
    const auto answer = server_.ask(method, target, root_, body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr("a reservation of a delegated prefix cannot be made here, only one of an address"));
    return json::read<contract::Problem>(answer.body).value().errors.at(0).pointer;
  };
  const std::string client = R"(,"identifier_type":"duid","identifier":"000300010200000006a1"})";
  const std::string path = "/api/v1/dhcp_reservations";
  EXPECT_EQ(refused("POST", path, R"({"address":"2001:db8:80fe::/56")" + client), "/address");
  EXPECT_EQ(refused("POST", path, R"({"address":"2001:db8:80fe::","delegated_length":56)" + client), "/delegated_length");
  EXPECT_EQ(refused("PATCH", path + "/1", R"({"address":"2001:db8:80fe::/56"})"), "/address");
  // What is no prefix either is refused as before.
  const auto wrong = post(path, R"({"address":"a/b")" + client);
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, Not(HasSubstr("delegated")));
}

}  // namespace
}  // namespace ipam::test
