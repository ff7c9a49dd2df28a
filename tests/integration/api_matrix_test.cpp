// Every route × everyone: what it answers to whom. A route without a row fails, and so does a row without a route.
#include "integration/api_server.h"

#include <gmock/gmock.h>

#include <set>

namespace ipam::test {
namespace {

using model::Group;

constexpr std::array kGroups{Group::IpamUsers, Group::IpamMsmAdministrators, Group::IpamAsmAdministrators, Group::IpamIpAuditAdministrators,
                             Group::IpamAdministrators};
constexpr std::string_view kLetters = "UMAI*";  // of the groups, in the same order
constexpr std::string_view kEveryone = "UMAI*";

struct Row {
  const char* method;
  const char* path;         // as the route has it
  std::string_view groups;  // who may; "-": anyone, without signing in
  int status;               // what those who may are answered; everyone else 403, nobody 401
  const char* body = "";    // "{n}" is another number each time
};

// Objects with this id do not exist: who may is told so, who may not is not even told that.
const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"GET", "/healthz", "-", 200},
      {"GET", "/readyz", "-", 200},
      {"GET", "/metrics", "-", 200},  // from the machine itself
      {"POST", "/api/v1/sessions", "-", 201, R"({"user_name":"user-ipam_users","password":"correct horse"})"},
      {"DELETE", "/api/v1/sessions/current", kEveryone, 204},
      {"GET", "/api/v1/sessions", kEveryone, 200},
      {"GET", "/api/v1/sessions/{id}", kEveryone, 404},
      {"DELETE", "/api/v1/sessions/{id}", kEveryone, 404},
      {"GET", "/api/v1/lockouts", "*", 200},
      {"GET", "/api/v1/lockouts/{id}", "*", 404},
      {"DELETE", "/api/v1/lockouts/{id}", "*", 404},
      {"GET", "/api/v1/refusals", "I*", 200},
      {"GET", "/api/v1/me", kEveryone, 200},
      {"PUT", "/api/v1/me/password", kEveryone, 400, R"({"current_password":"wrong horse","new_password":"battery staple"})"},
      {"GET", "/api/v1/users", "*", 200},
      {"POST", "/api/v1/users", "*", 201, R"({"name":"u{n}","password":"correct horse"})"},
      {"GET", "/api/v1/users/{id}", "*", 404},
      {"PATCH", "/api/v1/users/{id}", "*", 404, "{}"},
      {"DELETE", "/api/v1/users/{id}", "*", 404},
      {"GET", "/api/v1/tokens", kEveryone, 200},
      {"POST", "/api/v1/tokens", kEveryone, 201, R"({"name":"t{n}"})"},
      {"DELETE", "/api/v1/tokens/{id}", kEveryone, 404},
      {"GET", "/api/v1/search", kEveryone, 400},
      {"GET", "/api/v1/utilization_forecasts", kEveryone, 400},
      {"GET", "/api/v1/reclaim_candidates", kEveryone, 200},
      {"POST", "/api/v1/addresses:reclaim", "MA*", 400, R"({"addresses":[]})"},
      {"GET", "/api/v1/duplicate_addresses", kEveryone, 200},
      {"GET", "/api/v1/ranges/{id}/overlaps", kEveryone, 404},
      {"GET", "/api/v1/quotas", kEveryone, 200},
      {"POST", "/api/v1/quotas", "*", 400, R"({"prefix":"10.0.0.0/8","subject":"nobody","most_addresses":1})"},
      {"GET", "/api/v1/quotas/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/quotas/{id}", "*", 404, "{}"},
      {"DELETE", "/api/v1/quotas/{id}", "*", 404},
      {"GET", "/api/v1/import_profiles", kEveryone, 200},
      {"POST", "/api/v1/import_profiles", "MA*", 201, R"({"name":"p{n}","kind":"address","map":{"Host":"Device Name"}})"},
      {"GET", "/api/v1/import_profiles/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/import_profiles/{id}", "MA*", 404, "{}"},
      {"DELETE", "/api/v1/import_profiles/{id}", "MA*", 404},
      {"GET", "/api/v1/saved_searches", kEveryone, 200},
      {"POST", "/api/v1/saved_searches", kEveryone, 201, R"({"name":"s{n}","kind":"subnet"})"},
      {"GET", "/api/v1/saved_searches/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/saved_searches/{id}", kEveryone, 404, "{}"},
      {"DELETE", "/api/v1/saved_searches/{id}", kEveryone, 404},
      {"GET", "/api/v1/logical_groups", kEveryone, 200},
      {"POST", "/api/v1/logical_groups", "A*", 400, R"({"name":"group","kind":"subnet","fields":["No such field"]})"},
      {"GET", "/api/v1/logical_groups/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/logical_groups/{id}", "A*", 404, "{}"},
      {"DELETE", "/api/v1/logical_groups/{id}", "A*", 404},
      {"GET", "/api/v1/logical_groups/{id}/nodes", kEveryone, 404},
      {"GET", "/api/v1/logical_groups/{id}/trend", kEveryone, 404},
      {"GET", "/api/v1/address_spaces", kEveryone, 200},
      {"POST", "/api/v1/address_spaces", "A*", 201, R"({"name":"s{n}"})"},
      {"GET", "/api/v1/address_spaces/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/address_spaces/{id}", "A*", 404, "{}"},
      {"DELETE", "/api/v1/address_spaces/{id}", "A*", 404},
      {"GET", "/api/v1/blocks", kEveryone, 200},
      {"POST", "/api/v1/blocks", "A*", 201, R"({"prefix":"10.{n}.0.0/16"})"},
      {"GET", "/api/v1/blocks/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/blocks/{id}", "A*", 404, "{}"},
      {"DELETE", "/api/v1/blocks/{id}", "A*", 404},
      {"GET", "/api/v1/subnets", kEveryone, 200},
      {"POST", "/api/v1/subnets", "A*", 201, R"({"prefix":"172.16.{n}.0/24"})"},
      {"GET", "/api/v1/subnets/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/subnets/{id}", "A*", 404, "{}"},
      {"DELETE", "/api/v1/subnets/{id}", "A*", 404},
      {"GET", "/api/v1/ranges", kEveryone, 200},
      {"POST", "/api/v1/ranges", "MA*", 201, R"({"first":"192.168.1.{n}","last":"192.168.1.{n}"})"},
      {"GET", "/api/v1/ranges/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/ranges/{id}", "MA*", 404, "{}"},
      {"DELETE", "/api/v1/ranges/{id}", "MA*", 404},
      {"GET", "/api/v1/addresses", kEveryone, 200},
      {"POST", "/api/v1/addresses", "MA*", 201, R"({"address":"192.168.2.{n}"})"},
      {"GET", "/api/v1/addresses/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/addresses/{id}", "MA*", 404, "{}"},
      {"DELETE", "/api/v1/addresses/{id}", "MA*", 404},
      {"POST", "/api/v1/addresses:allocate", "MA*", 201, R"({"from":"192.168.3.0/24"})"},
      {"POST", "/api/v1/addresses/{id}:confirm", "MA*", 404, "{}"},
      {"POST", "/api/v1/subnets:allocate", "A*", 201, R"({"from":"172.17.0.0/16","length":24})"},
      {"POST", "/api/v1/subnets:plan", "A*", 201, R"({"from":"172.18.0.0/16","subnets":[{"hosts":20},{"length":30}]})"},
      {"POST", "/api/v1/subnets:merge", "A*", 404, R"({"subnets":["999999998","999999999"]})"},
      {"POST", "/api/v1/subnets/{id}:split", "A*", 404, R"({"length":26})"},
      {"POST", "/api/v1/subnets/{id}:resize", "A*", 404, R"({"length":23})"},
      {"POST", "/api/v1/ranges:allocate", "MA*", 201, R"({"from":"192.168.4.0/24","size":4})"},
      {"GET", "/api/v1/servers", kEveryone, 200},
      {"POST", "/api/v1/servers", "M*", 201, R"({"name":"kea{n}","product":"kea","url":"http://kea{n}/","user_name":"u","password":"p"})"},
      {"GET", "/api/v1/servers/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/servers/{id}", "M*", 404, "{}"},
      {"DELETE", "/api/v1/servers/{id}", "M*", 404},
      {"POST", "/api/v1/servers/{id}:verify", "M*", 404},
      {"GET", "/api/v1/server_accesses", kEveryone, 200},
      {"POST", "/api/v1/server_accesses", "M*", 400, R"({"server":"nowhere","kind":"dns","url":"dns://ns1:53"})"},
      {"GET", "/api/v1/server_accesses/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/server_accesses/{id}", "M*", 404, "{}"},
      {"DELETE", "/api/v1/server_accesses/{id}", "M*", 404},
      {"GET", "/api/v1/credentials", "M*", 200},
      {"POST", "/api/v1/credentials", "M*", 201, R"({"name":"c{n}","user_name":"u","secret":"p"})"},
      {"GET", "/api/v1/credentials/{id}", "M*", 404},
      {"PATCH", "/api/v1/credentials/{id}", "M*", 404, "{}"},
      {"DELETE", "/api/v1/credentials/{id}", "M*", 404},
      {"GET", "/api/v1/dhcp_servers", kEveryone, 200},
      {"GET", "/api/v1/dhcp_servers/{id}", kEveryone, 404},
      {"GET", "/api/v1/dhcp_scopes", kEveryone, 200},
      {"GET", "/api/v1/dhcp_scopes/{id}", kEveryone, 404},
      {"GET", "/api/v1/leases", kEveryone, 200},
      {"GET", "/api/v1/dns_zones", kEveryone, 200},
      {"GET", "/api/v1/dns_zones/{id}", kEveryone, 404},
      {"GET", "/api/v1/dns_records", kEveryone, 200},
      {"POST", "/api/v1/dns_records", "M*", 400, R"({"name":"a.no.example","type":"A","data":"10.0.0.1"})"},
      {"PATCH", "/api/v1/dns_records/{id}", "M*", 404, R"({"ttl":60})"},
      {"DELETE", "/api/v1/dns_records/{id}", "M*", 404},
      {"GET", "/api/v1/dhcp_reservations", kEveryone, 200},
      {"GET", "/api/v1/dhcp_reservations/{id}", kEveryone, 404},
      {"POST", "/api/v1/dhcp_reservations", "M*", 400, R"({"address":"10.9.9.9","identifier":"02:00:00:00:00:01"})"},
      {"PATCH", "/api/v1/dhcp_reservations/{id}", "M*", 404, R"({"hostname":"x"})"},
      {"DELETE", "/api/v1/dhcp_reservations/{id}", "M*", 404},
      {"GET", "/api/v1/changes", "MAI*", 200},
      {"GET", "/api/v1/changes/{id}", "MAI*", 404},
      {"POST", "/api/v1/changes/{id}:undo", "MAI*", 404, "{}"},
      {"GET", "/api/v1/dns_records/{id}", kEveryone, 404},
      {"GET", "/api/v1/utilization_history?object_type=subnet&object_id=999999", kEveryone, 404},
      {"GET", "/api/v1/utilization_forecast?object_type=block&object_id=999999", kEveryone, 404},
      {"POST", "/api/v1/utilization_history:purge", "*", 200, R"({"before":"2020-01-01T00:00:00Z"})"},
      {"GET", "/api/v1/who?address=10.0.0.1", "I*", 200},
      {"GET", "/api/v1/lease_intervals", "I*", 200},
      {"GET", "/api/v1/tracking_queries", "I*", 200},
      {"GET", "/api/v1/custom_fields", kEveryone, 200},
      {"POST", "/api/v1/custom_fields", "A*", 201, R"({"name":"field {n}"})"},
      {"GET", "/api/v1/custom_fields/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/custom_fields/{id}", "A*", 404, "{}"},
      {"DELETE", "/api/v1/custom_fields/{id}", "A*", 404},
      {"GET", "/api/v1/custom_field_values", kEveryone, 200},
      {"POST", "/api/v1/custom_field_values", "A*", 400, R"({"field":"none","text":"{n}"})"},
      {"GET", "/api/v1/custom_field_values/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/custom_field_values/{id}", "A*", 404, R"({"text":"x"})"},
      {"DELETE", "/api/v1/custom_field_values/{id}", "A*", 404},
      {"GET", "/api/v1/custom_field_associations", kEveryone, 200},
      {"POST", "/api/v1/custom_field_associations", "A*", 400, R"({"first_field":"none","second_field":"none","pairs":[]})"},
      {"GET", "/api/v1/custom_field_associations/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/custom_field_associations/{id}", "A*", 404, R"({"pairs":[]})"},
      {"DELETE", "/api/v1/custom_field_associations/{id}", "A*", 404},
      {"GET", "/api/v1/discovery_targets", kEveryone, 200},
      {"POST", "/api/v1/discovery_targets", "M*", 201, R"({"name":"10.9.9.{n}"})"},
      {"GET", "/api/v1/discovery_targets/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/discovery_targets/{id}", "M*", 404, "{}"},
      {"DELETE", "/api/v1/discovery_targets/{id}", "M*", 404},
      {"GET", "/api/v1/discovery_domains", kEveryone, 200},
      {"POST", "/api/v1/discovery_domains", "M*", 201, R"({"name":"d{n}.example","controllers":"dc1.d{n}.example"})"},
      {"GET", "/api/v1/discovery_domains/{id}", kEveryone, 404},
      {"PATCH", "/api/v1/discovery_domains/{id}", "M*", 404, "{}"},
      {"DELETE", "/api/v1/discovery_domains/{id}", "M*", 404},
      {"GET", "/api/v1/domain_servers", kEveryone, 200},
      {"GET", "/api/v1/domain_servers/{id}", kEveryone, 404},
      {"GET", "/api/v1/discovered_servers", kEveryone, 200},
      {"GET", "/api/v1/discovered_servers/{id}", kEveryone, 404},
      {"POST", "/api/v1/discovered_servers/{id}:accept", "M*", 404, R"({"name":"found{n}"})"},
      {"GET", "/api/v1/backups", "*", 200},
      {"POST", "/api/v1/backups", "*", 400, R"({"keep":0})"},
      {"GET", "/api/v1/backups/{name}", "*", 404},
      {"DELETE", "/api/v1/backups/{name}", "*", 404},
      {"POST", "/api/v1/backups/{name}:verify", "*", 404},
      {"POST", "/api/v1/backups/{name}:restore", "*", 404},
      {"GET", "/api/v1/imports", kEveryone, 200},
      {"POST", "/api/v1/imports", kEveryone, 400},  // without a kind; who may import what: import_test.cpp
      {"GET", "/api/v1/imports/{id}", kEveryone, 404},
      {"GET", "/api/v1/imports/{id}/errors", kEveryone, 404},
      {"GET", "/api/v1/imports/{id}/results", kEveryone, 404},
      {"POST", "/api/v1/imports/{id}:resume", kEveryone, 404},
      {"GET", "/api/v1/exports/blocks", kEveryone, 200},
      {"GET", "/api/v1/exports/subnets", kEveryone, 200},
      {"GET", "/api/v1/exports/ranges", kEveryone, 200},
      {"GET", "/api/v1/exports/addresses", kEveryone, 200},
      {"GET", "/api/v1/restorations", "MAI*", 200},
      {"GET", "/api/v1/restorations/{id}", "MAI*", 404},
      {"GET", "/api/v1/lost_changes", "MAI*", 200},
      {"GET", "/api/v1/tasks", kEveryone, 200},
      {"GET", "/api/v1/tasks/{name}", kEveryone, 200},
      {"PATCH", "/api/v1/tasks/{name}", "*", 200, R"({"enabled":true})"},
      {"POST", "/api/v1/tasks/{name}:run", "MAI*", 202},
      {"GET", "/api/v1/journal", "MAI*", 200},
      {"POST", "/api/v1/journal/{sequence}:undo", "MA*", 404},
      {"POST", "/api/v1/batch", kEveryone, 200, R"({"operations":[]})"},
      {"POST", "/api/v1/address_spaces:batch", kEveryone, 200, R"({"operations":[]})"},
      {"POST", "/api/v1/blocks:batch", kEveryone, 200, R"({"operations":[]})"},
      {"POST", "/api/v1/subnets:batch", kEveryone, 200, R"({"operations":[]})"},
      {"POST", "/api/v1/ranges:batch", kEveryone, 200, R"({"operations":[]})"},
      {"POST", "/api/v1/addresses:batch", kEveryone, 200, R"({"operations":[]})"},
      {"GET", "/api/v1/server_config", kEveryone, 200},
      {"PATCH", "/api/v1/server_config", "*", 200, R"({"log_level":"error"})"},
      {"GET", "/api/v1/operations", kEveryone, 200},
      {"GET", "/api/v1/operations/{id}", kEveryone, 404},
      {"POST", "/api/v1/operations/{id}:cancel", kEveryone, 404},
      {"POST", "/api/v1/servers/{id}:collect", "M*", 404},
      // One whose parameters are wrong ends; event_stream_test.cpp follows one that goes on.
      {"GET", "/api/v1/events?from=0", kEveryone, 400},
  };
  return table;
}

std::string filled(std::string text, const std::string& place, const std::string& value) {
  for (auto at = text.find(place); at != std::string::npos; at = text.find(place)) text.replace(at, place.size(), value);
  return text;
}

TEST(ApiMatrix, EveryRouteHasARowAndEveryRowARoute) {
  ApiServer server;
  std::set<std::string> routes, listed;
  for (const auto& route : server.routes().all()) routes.insert(route.method + " " + route.path);
  for (const Row& row : rows()) {
    const std::string path = row.path;
    listed.insert(std::string(row.method) + " " + path.substr(0, path.find('?')));
  }
  EXPECT_EQ(routes, listed);
  EXPECT_EQ(listed.size(), rows().size());
}

TEST(ApiMatrix, EveryRouteAnswersEveryoneAsItsRowSays) {
  ApiServer server;
  server.house.add_subnet("192.168.0.0/16");
  server.bearer(Group::IpamUsers);
  int number = 0;
  for (const Row& row : rows()) {
    const std::string target = filled(filled(filled(row.path, "{id}", "999999"), "{sequence}", "999999"), "{name}", "ServerConfiguration");
    const auto status = [&](const std::string& bearer) {
      return server.ask(row.method, target, bearer, filled(row.body, "{n}", std::to_string(++number % 200 + 10))).status;
    };
    const bool anyone = row.groups == "-";
    EXPECT_EQ(status(""), anyone ? row.status : 401) << row.method << " " << row.path << " by nobody";
    EXPECT_EQ(status("made-up"), anyone ? row.status : 401) << row.method << " " << row.path << " with a made-up bearer";
    for (std::size_t i = 0; i < kGroups.size(); ++i) {
      const bool may = anyone || row.groups.find(kLetters[i]) != std::string_view::npos;
      EXPECT_EQ(status(server.bearer(kGroups[i])), may ? row.status : 403) << row.method << " " << row.path << " by " << kLetters[i];
    }
  }
}

}  // namespace
}  // namespace ipam::test
