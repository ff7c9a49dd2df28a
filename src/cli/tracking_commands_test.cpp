#include "cli/fake_api_suite.h"

#include <gmock/gmock.h>

namespace ipam::cli {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kInterval =
    R"({"address":"10.0.0.7","delegated_length":null,"space_id":"1","space":"Default","server_id":"5","server":"kea1",)"
    R"("hardware_address":"02:00:00:00:00:01","client_id":null,"hostname":"laptop7","began_at":"2026-11-22T06:00:00Z",)"
    R"("renewed_at":"2026-11-22T09:00:00Z","expires_at":"2026-11-22T10:00:00Z","ended_at":"2026-11-22T10:00:00Z","ending":"expired",)"
    R"("seen_at":"2026-11-22T10:05:00Z"})";

class TrackingCommands : public testing::Test {
 protected:
  TrackingCommands() {
    ipam_.server.answer(
        "GET /api/v1/who", 200,
        std::string(R"({"address":"10.0.0.7","space_id":"1","space":"Default","at":"2026-11-22T09:30:00Z","holders":[)") +
            R"({"certainty":"likely","reason":"its lease was running; it was not renewed again","hardware_address":"02:00:00:00:00:01",)" +
            R"("client_id":null,"hostname":"laptop7","evidence":[)" + kInterval +
            R"(]}],"plan":{"id":"9","state":"in_use","name":"app7","owner":"ann","description":"","hardware_address":null},)" +
            R"("sources":[{"server_id":"5","server":"kea1","complete_until":"2026-11-22T10:05:00Z"}]})");
    ipam_.server.answer("GET /api/v1/lease_intervals", 200, std::string(R"({"items":[)") + kInterval + R"(],"next_cursor":null,"total":null})");
  }
  std::string target() const { return ipam_.server.calls.back().call.target; }

  FakeRun ipam_;
};

TEST_F(TrackingCommands, WhoTellsTheClientTheEvidenceAndThePlan) {
  ASSERT_EQ(ipam_({"who", "10.0.0.7", "--at", "2026-11-22T09:30:00Z", "--purpose", "Case 1"}), 0) << ipam_.host.error;
  EXPECT_EQ(target(), "/api/v1/who?address=10.0.0.7&at=2026-11-22T09%3A30%3A00Z&purpose=Case%201");
  EXPECT_EQ(ipam_.host.output,
            "10.0.0.7 in Default at 2026-11-22 09:30 (UTC)\n"
            "02:00:00:00:00:01, laptop7: likely: its lease was running; it was not renewed again\n"
            "  kea1 leased it from 2026-11-22 06:00 to 2026-11-22 10:00 (expired); last renewed 2026-11-22 09:00, then given until 2026-11-22 10:00\n"
            "The plan had it as app7 (in_use, owner ann)\n"
            "Leases of kea1 are known up to 2026-11-22 10:05\n");
}

TEST_F(TrackingCommands, AnInstantIsATimeOrHowLongAgo) {
  ASSERT_EQ(ipam_({"who", "10.0.0.7", "--at", "2h"}), 0) << ipam_.host.error;
  EXPECT_THAT(target(), EndsWith("at=2026-11-23T04%3A00%3A00Z"));
  ipam_.server.calls.clear();
  EXPECT_NE(ipam_({"who", "10.0.0.7", "--at", "noon"}), 0);
  EXPECT_THAT(ipam_.host.error, HasSubstr("--at: 'noon' is neither a time in RFC 3339 nor how long ago it was, such as 2h"));
  EXPECT_TRUE(ipam_.server.calls.empty());
}

TEST_F(TrackingCommands, TrackTakesWhateverNamesAClientOrAPlace) {
  for (const auto& [subject, parameter] : {std::pair("10.0.0.7", "address=10.0.0.7"), std::pair("10.0.0.0/24", "within=10.0.0.0%2F24"),
                                           std::pair("02-00-00-00-00-01", "client=02-00-00-00-00-01"),
                                           std::pair("laptop*", "hostname__startswith=laptop"), std::pair("cafe", "hostname=cafe")}) {
    ASSERT_EQ(ipam_({"track", subject, "--from", "30d"}), 0) << ipam_.host.error;
    EXPECT_THAT(target(), AllOf(HasSubstr(parameter), HasSubstr("from=2026-10-24T06%3A00%3A00Z"))) << subject;
  }
  EXPECT_THAT(ipam_.host.output, HasSubstr("laptop7"));
}

TEST_F(TrackingCommands, ForProgramsThereAreRows) {
  ASSERT_EQ(ipam_({"who", "10.0.0.7", "-o", "csv"}), 0) << ipam_.host.error;
  EXPECT_THAT(ipam_.host.output, HasSubstr("10.0.0.7,,1,Default,5,kea1,02:00:00:00:00:01,,laptop7,2026-11-22T06:00:00Z"));
}

}  // namespace
}  // namespace ipam::cli
