#include "cli/fake_api_suite.h"

#include <gmock/gmock.h>

namespace ipam::cli {
namespace {

using testing::HasSubstr;

class UtilizationCommands : public testing::Test {
 protected:
  UtilizationCommands() { ipam_.server.answer("POST /api/v1/utilization_history:purge", 200, R"({"removed":7})"); }

  FakeRun ipam_;
};

TEST_F(UtilizationCommands, WhatIsOlderThanAnAgeIsPurged) {
  EXPECT_EQ(ipam_({"utilization", "purge", "--before", "400d"}), 0) << ipam_.host.error;
  EXPECT_EQ(ipam_.server.calls.at(0).call.body, R"({"before":"2025-10-19T06:00:00Z"})");
  EXPECT_EQ(ipam_.host.output, "7 samples measured before 2025-10-19T06:00:00Z removed.\n");
}

TEST_F(UtilizationCommands, APersonIsAskedFirst) {
  ipam_.host.shown.input = true;
  ipam_.host.lines = {"n"};
  EXPECT_NE(ipam_({"utilization", "purge", "--before", "2026-01-01T00:00:00Z"}), 0);
  EXPECT_THAT(ipam_.host.error, HasSubstr("Remove what was measured before 2026-01-01T00:00:00Z of all objects, for good? [y/N]"));
  EXPECT_TRUE(ipam_.server.calls.empty());
  EXPECT_EQ(ipam_({"utilization", "purge", "--before", "2026-01-01T00:00:00Z", "--yes"}), 0);
}

TEST_F(UtilizationCommands, WhatIsNoTimeIsRefused) {
  EXPECT_NE(ipam_({"utilization", "purge", "--before", "soon"}), 0);
  EXPECT_THAT(ipam_.host.error, HasSubstr("'soon' is neither an age, such as 400d, nor a time in RFC 3339"));
}

}  // namespace
}  // namespace ipam::cli
