#include "io/ping.h"

#include "io/blocking.h"
#include "io/resolver.h"

#include <gmock/gmock.h>
#include <unistd.h>

namespace ipam::io {
namespace {

Deadline soon() { return Deadline::after(std::chrono::seconds(10)); }

class PingTo : public testing::TestWithParam<const char*> {};

// Who may not ping is told so; root always may.
TEST_P(PingTo, ThisHostIsAnswered) {
  BlockingLoop loop;
  const auto answered = loop.run(ping(GetParam(), {}, soon()));
  if (!answered.ok() && ::geteuid() != 0) {
    EXPECT_EQ(answered.error().code, ErrorCode::FailedPrecondition);
    EXPECT_THAT(answered.error().message, testing::HasSubstr("ping_group_range"));
    return;
  }
  ASSERT_TRUE(answered.ok()) << answered.error().describe();
  ASSERT_TRUE(answered->has_value());
  EXPECT_LT(**answered, std::chrono::seconds(1));
}

INSTANTIATE_TEST_SUITE_P(Loopback, PingTo, testing::Values("127.0.0.1", "127.3.2.1", "::1"),
                         [](const auto& instance) { return "Host" + std::to_string(instance.index); });

TEST(Ping, OfNoAddressIsRefused) {
  BlockingLoop loop;
  EXPECT_EQ(loop.run(ping("localhost", {}, soon())).error().code, ErrorCode::InvalidArgument);
}

TEST(Ping, EndsWhenItIsCancelled) {
  BlockingLoop loop;
  std::stop_source source;
  source.request_stop();
  const auto ended = loop.run(ping("127.0.0.1", {}, soon().with(source.get_token())));
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, ErrorCode::Cancelled);
}

TEST(NameOf, AnAddressOfThisHostIsLocalhost) {
  BlockingLoop loop;
  Resolver resolver;
  EXPECT_EQ(loop.run(resolver.name_of("127.0.0.1", soon())).value(), "localhost");
  EXPECT_EQ(loop.run(resolver.name_of("no address", soon())).error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace ipam::io
