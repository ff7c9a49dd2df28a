#include "driver/kea/kea_lease_database.h"

#include "driver/fake_driver_suite.h"
#include "io/blocking.h"
#include "support/postgres_cluster.h"

#include <gmock/gmock.h>

#include <fstream>

namespace ipam::driver::kea {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

AccessEndpoint access_to(std::string url, std::string user = "cadastre") {
  return {.kind = model::AccessKind::LeaseDatabase, .url = std::move(url), .user_name = std::move(user), .secret = Secret("not-asked-for")};
}

// Kea's own schema in a database of its own.
class KeaLeaseDatabase : public testing::Test {
 protected:
  static constexpr const char* kSchema = "/usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql";

  static std::unique_ptr<client::sql::Connection> connect(const std::string& database) {
    return client::sql::Connection::open({.url = test::shared_postgres_cluster().url(database), .statement_timeout = Duration::zero()}, soon())
        .value();
  }
  void SetUp() override {
    ASSERT_TRUE(std::ifstream(kSchema).good()) << kSchema << " is not there; apt-get install kea-admin";
    ASSERT_TRUE(make_database());
    std::ifstream file(kSchema);
    const std::string schema((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto made = connect("kea")->run(schema, soon());
    ASSERT_TRUE(made.ok()) << made.error().describe();
    write("DO $$ BEGIN CREATE ROLE cadastre LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT SELECT ON lease4, lease6 TO cadastre");
  }
  // Neither may be done in one text with the other.
  static bool make_database() {
    const auto connection = connect("postgres");
    return connection->run("DROP DATABASE IF EXISTS kea", soon()).ok() && connection->run("CREATE DATABASE kea", soon()).ok();
  }
  void write(const std::string& sql) {
    const auto written = connect("kea")->run(sql, soon());
    ASSERT_TRUE(written.ok()) << written.error().describe();
  }
  Result<void> read(Service service, const Limits& limits = {}, const std::string& user = "cadastre") {
    sink_ = {};
    collected_ = {};
    const auto database = LeaseDatabase::create(access_to(url(), user), limits, pool_).value();
    return loop_.run(database->collect(service, sink_, clock_, collected_, soon()));
  }
  static std::string url() { return "postgresql://127.0.0.1:" + std::to_string(test::shared_postgres_cluster().port()) + "/kea"; }

  SystemClock clock_;
  io::BlockingLoop loop_;
  io::WorkerPool pool_{"the test's clients", 2, 100};
  CollectingSink sink_;
  CollectedLeases collected_;
};

TEST_F(KeaLeaseDatabase, ReadsEveryLeaseOnceInTheOrderOfAddressesOverManyPages) {
  write(
      "INSERT INTO lease4 (address, hwaddr, valid_lifetime, expire, subnet_id, hostname, state) "
      "SELECT 4294967295 - n, decode('0200000000' || lpad(to_hex(n % 256), 2, '0'), 'hex'), 3600, now() + interval '1 hour', 7, 'host-' || n, 0 "
      "FROM generate_series(0, 2499) n");
  const auto outcome = read(Service::Dhcp4);
  ASSERT_TRUE(outcome.ok()) << outcome.error().describe();
  ASSERT_THAT(sink_.leases, SizeIs(2500));
  EXPECT_EQ(sink_.leases.front().address.to_string(), "255.255.246.60");
  EXPECT_EQ(sink_.leases.back().address.to_string(), "255.255.255.255");
  EXPECT_EQ(sink_.leases.back().hostname, "host-0");
  EXPECT_EQ(sink_.leases.back().scope_key, "7");
  EXPECT_EQ(sink_.leases.back().state, model::LeaseState::Active);
  EXPECT_EQ(sink_.leases.back().expires_at - sink_.leases.back().starts_at, std::chrono::hours(1));
}

TEST_F(KeaLeaseDatabase, ReadsVersion6InTheOrderOfAddressesAndNotOfTheirText) {
  write(
      "INSERT INTO lease6 (address, duid, valid_lifetime, expire, subnet_id, pref_lifetime, lease_type, iaid, prefix_len, state) VALUES "
      "('2001:db8::10', decode('00030001020000000001', 'hex'), 3600, now() + interval '1 hour', 1, 1800, 0, -1, 128, 0), "
      "('2001:db8::9', decode('000000', 'hex'), 3600, now() + interval '1 hour', 1, 1800, 0, 7, 128, 1), "
      "('2001:db8:8000::', decode('00030001020000000001', 'hex'), 4294967295, now(), 1, 1800, 2, 8, 56, 0)");
  const auto outcome = read(Service::Dhcp6);
  ASSERT_TRUE(outcome.ok()) << outcome.error().describe();
  ASSERT_THAT(sink_.leases, SizeIs(3));
  EXPECT_EQ(sink_.leases[0].address.to_string(), "2001:db8::9");
  EXPECT_EQ(sink_.leases[0].client_id, std::nullopt);
  EXPECT_EQ(sink_.leases[0].state, model::LeaseState::Declined);
  EXPECT_EQ(sink_.leases[1].address.to_string(), "2001:db8::10");
  EXPECT_EQ(sink_.leases[1].iaid, 0xFFFFFFFFU);
  EXPECT_EQ(sink_.leases[1].scope_key, "6:1");
  EXPECT_EQ(sink_.leases[2].delegated_length, 56);
  EXPECT_EQ(sink_.leases[2].state, model::LeaseState::Active);  // for ever
}

TEST_F(KeaLeaseDatabase, WhatKeaWouldNeverWriteIsMalformed) {
  write("INSERT INTO lease4 (address, valid_lifetime, expire, subnet_id, state) VALUES (-1, 3600, now(), 1, 0)");
  EXPECT_TRUE(read(Service::Dhcp4).ok());  // no page begins there
  write("DELETE FROM lease4; INSERT INTO lease4 (address, valid_lifetime, expire, subnet_id, state) VALUES (5000000000, 3600, now(), 1, 0)");
  EXPECT_EQ(read(Service::Dhcp4).error().code, ErrorCode::Malformed);
  write("DELETE FROM lease4; INSERT INTO lease4 (address, valid_lifetime, expire, subnet_id, state) VALUES (7, -5, now(), 1, 0)");
  const auto lifetime = read(Service::Dhcp4);
  EXPECT_EQ(lifetime.error().code, ErrorCode::Malformed);
  EXPECT_THAT(lifetime.error().message, HasSubstr("0.0.0.7"));
  EXPECT_FALSE(collected_.delivered);
}

TEST_F(KeaLeaseDatabase, MoreLeasesThanAreReadEndTheCollection) {
  write("INSERT INTO lease4 (address, valid_lifetime, expire, subnet_id, state) SELECT n, 3600, now(), 1, 0 FROM generate_series(1, 1500) n");
  EXPECT_EQ(read(Service::Dhcp4, {.leases = 1499}).error().code, ErrorCode::Malformed);
  EXPECT_TRUE(read(Service::Dhcp4, {.leases = 1500}).ok());
}

TEST_F(KeaLeaseDatabase, AMissingRightNamesTheGrant) {
  write("REVOKE SELECT ON lease4 FROM cadastre");
  const auto denied = read(Service::Dhcp4);
  ASSERT_FALSE(denied.ok());
  EXPECT_EQ(denied.error().code, ErrorCode::PermissionDenied);
  EXPECT_THAT(denied.error().message, HasSubstr("GRANT SELECT ON lease4, lease6"));
}

TEST_F(KeaLeaseDatabase, AnotherDatabaseIsToldAsSuch) {
  const std::string url = "postgresql://127.0.0.1:" + std::to_string(test::shared_postgres_cluster().port()) + "/postgres";
  const auto database = LeaseDatabase::create(access_to(url), {}, pool_).value();
  const auto probed = loop_.run(database->probe(Service::Dhcp6, soon()));
  ASSERT_FALSE(probed.ok());
  EXPECT_THAT(probed.error().message, HasSubstr("no lease database of Kea"));
}

TEST(KeaLeaseDatabaseUrl, VerifiesTheServerUnlessItIsHereOrTheUrlSaysOtherwise) {
  const auto url = [](const std::string& text) { return connection_url(access_to(text, "ca@dastre")).value(); };
  EXPECT_EQ(url("postgresql://127.0.0.1:5432/kea"), "postgresql://ca%40dastre@127.0.0.1:5432/kea");
  EXPECT_THAT(url("postgresql://db1/kea"), HasSubstr("@db1/kea?sslmode=verify-full&sslrootcert="));
  EXPECT_EQ(url("postgresql://db1/kea?sslmode=disable"), "postgresql://ca%40dastre@db1/kea?sslmode=disable");
}

TEST(KeaLeaseDatabaseUrl, TakesNothingThatReadsFilesOrRunsElsewhere) {
  for (const char* text : {"postgresql://db1/kea?passfile=/etc/passwd", "postgresql:///kea?host=/run", "postgresql://db1", "http://db1/kea",
                           "postgresql://user:pw@db1/kea", "postgresql://db1/kea?sslmode=verify-full&service=x"}) {
    EXPECT_FALSE(connection_url(access_to(text)).ok()) << text;
  }
  AccessEndpoint pinned = access_to("postgresql://db1/kea");
  pinned.tls_trust = model::TlsTrust::Fingerprint;
  EXPECT_FALSE(connection_url(pinned).ok());
}

}  // namespace
}  // namespace ipam::driver::kea
