#include "contract/utilization.h"
#include "contract/address_plan.h"
#include "integration/api_server.h"
#include "service/utilization/filling.h"

#include <gmock/gmock.h>

namespace ipam::test {
namespace {

using model::MeasuredKind;
using model::UtilizationSample;
using service::FillingObject;
using service::FillingQuestion;
using std::chrono::hours;
using testing::HasSubstr;

class Utilization : public testing::Test {
 protected:
  House house_;
  model::Subnet subnet_ = house_.add_subnet("10.0.0.0/24");

  std::string sample() {
    const auto done = house_.run(house_.sampler->run(io::Deadline::after(std::chrono::seconds(60))));
    return done.ok() ? *done : done.error().describe();
  }
  void hold(int count) {
    for (int i = 0; i < count; ++i) {
      service::AllocationRequest request;
      request.from.emplace_back(ip::Range(subnet_.prefix));
      request.fields.space_id = subnet_.space_id;
      const auto done = house_.run(house_.allocation->allocate(administrator(), request, {}));
      ASSERT_TRUE(done.ok()) << done.error().describe();
    }
  }
  std::vector<UtilizationSample> samples() { return house_.rows<UtilizationSample>(); }
  void put(MeasuredKind kind, std::uint64_t id, Time at, std::uint64_t used) {
    const auto done = house_.write([&](ledger::Transaction& transaction) -> Result<void> {
      transaction.put_row(UtilizationSample{kind, id, at, 254, used, used, 0, 0});
      return {};
    });
    ASSERT_TRUE(done.ok()) << done.error().describe();
  }
};

TEST_F(Utilization, IsStoredWhenItHasChangedAndNotOtherwise) {
  EXPECT_THAT(sample(), HasSubstr("1 subnet"));
  ASSERT_EQ(samples().size(), 1U);
  EXPECT_EQ(samples()[0].capacity, 254U);
  EXPECT_EQ(samples()[0].used, 0U);
  house_.clock.advance(hours(2));
  EXPECT_THAT(sample(), HasSubstr("0 subnets"));
  hold(3);
  house_.clock.advance(hours(2));
  sample();
  ASSERT_EQ(samples().size(), 2U);
  EXPECT_EQ(samples()[1].used, 3U);
}

TEST_F(Utilization, ACrossedThresholdIsToldOnceAlsoAfterARestart) {
  sample();
  hold(60);
  house_.clock.advance(hours(2));
  EXPECT_THAT(sample(), HasSubstr("; 1 threshold crossed")) << "from under to optimal";
  hold(10);
  house_.clock.advance(hours(2));
  EXPECT_THAT(sample(), testing::Not(HasSubstr("crossed")));
  house_.restart();
  hold(150);
  house_.clock.advance(hours(2));
  EXPECT_THAT(sample(), HasSubstr("; 1 threshold crossed")) << "from optimal to over";
}

TEST_F(Utilization, AfterARestartOnlyWhatHasChangedSinceIsStored) {
  sample();
  house_.restart();
  house_.clock.advance(hours(2));
  EXPECT_THAT(sample(), HasSubstr("0 subnets"));
  EXPECT_EQ(samples().size(), 1U);
}

TEST_F(Utilization, AStatedNumberTakesThePlaceOfTheCountedOne) {
  model::Range range{.space_id = subnet_.space_id, .first = address("10.0.0.10"), .last = address("10.0.0.19")};
  range.subnet_id = subnet_.id;
  range.stated_used = 7;
  house_.put(range);
  sample();
  const auto all = samples();
  const auto of_range = std::find_if(all.begin(), all.end(), [](const UtilizationSample& each) { return each.kind == MeasuredKind::Range; });
  ASSERT_NE(of_range, all.end());
  EXPECT_EQ(of_range->used, 7U);
  EXPECT_EQ(of_range->capacity, 10U);
}

TEST_F(Utilization, OldDaysKeepTheirHighestAndTheirLast) {
  const Time day = std::chrono::floor<std::chrono::days>(house_.clock.now()) - hours(24 * 20);
  for (const auto& [hour, used] : std::vector<std::pair<int, std::uint64_t>>{{0, 5}, {2, 9}, {4, 7}, {6, 8}, {24, 3}}) {
    put(MeasuredKind::Subnet, subnet_.id.value, day + hours(hour), used);
  }
  put(MeasuredKind::Subnet, subnet_.id.value, house_.clock.now() - hours(24 * 2), 1);
  put(MeasuredKind::Subnet, subnet_.id.value, house_.clock.now() - hours(24 * 2 - 1), 2);
  EXPECT_THAT(sample(), HasSubstr("2 old samples thinned"));
  std::vector<std::uint64_t> left;
  for (const UtilizationSample& each : samples()) left.push_back(each.used);
  EXPECT_THAT(left, testing::ElementsAre(9, 8, 3, 1, 2, 0));
  EXPECT_THAT(sample(), HasSubstr("0 old samples thinned"));
}

TEST_F(Utilization, WhatIsOlderThanFiveYearsGoes) {
  put(MeasuredKind::Subnet, subnet_.id.value, house_.clock.now() - hours(24 * 366 * 6), 5);
  sample();
  EXPECT_EQ(samples().size(), 1U);
}

TEST_F(Utilization, APurgeLeavesTheSampleThatStillHolds) {
  const Time now = house_.clock.now();
  for (int day : {30, 20, 10}) put(MeasuredKind::Subnet, subnet_.id.value, now - hours(24 * day), static_cast<std::uint64_t>(day));
  const auto purge = [&](Time before) { return house_.run(house_.utilization->purge(administrator(), before)); };
  EXPECT_EQ(purge(now - hours(24 * 15)).value(), 1U);
  const auto trend = house_.utilization->trend(administrator(), {MeasuredKind::Subnet, subnet_.id.value}, now - hours(24 * 15), now, 3).value();
  EXPECT_DOUBLE_EQ(trend[0].used, 20);
  EXPECT_DOUBLE_EQ(trend[2].used, 10);
  EXPECT_EQ(purge(now + hours(1)).error().fields.at(0).pointer, "/before");
}

TEST_F(Utilization, TheTrendOfAnObjectThatDoesNotExistIsNotFound) {
  const Time now = house_.clock.now();
  const auto missing = house_.utilization->trend(administrator(), {MeasuredKind::DhcpScope, 999}, now - hours(1), now, 1);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message, "there is no dhcp scope with id 999");
  EXPECT_EQ(house_.utilization->trend(administrator(), {MeasuredKind::Subnet, subnet_.id.value}, now, now, 1).error().code,
            ErrorCode::InvalidArgument);
}

TEST_F(Utilization, AForecastFollowsTheDailyPeaks) {
  const Time now = house_.clock.now();
  for (int day = 60; day >= 0; --day) {
    put(MeasuredKind::Subnet, subnet_.id.value, now - hours(24 * day), static_cast<std::uint64_t>(200 - day * 2));
  }
  const auto when = house_.utilization->forecast(administrator(), {MeasuredKind::Subnet, subnet_.id.value}, {}).value();
  EXPECT_EQ(when.answer, forecast::Answer::Within);
  EXPECT_NEAR(when.growth_a_week, 14, 1);
  ASSERT_TRUE(when.expected.has_value());
  const std::int64_t today = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  EXPECT_NEAR(static_cast<double>(*when.expected - today), 27, 3);  // (254 - 200) / 2
  const auto young = house_.add_subnet("10.0.1.0/24");
  EXPECT_EQ(house_.utilization->forecast(administrator(), {MeasuredKind::Subnet, young.id.value}, {}).value().answer,
            forecast::Answer::TooLittleData);
}

TEST_F(Utilization, WhatWillBeFullIsListedInPages) {
  const Time now = house_.clock.now();
  const auto slow = house_.add_subnet("10.0.1.0/24");
  const auto full = house_.add_subnet("10.0.2.0/24");
  house_.add_subnet("10.0.3.0/24");  // nothing is known of it
  for (int day = 60; day >= 0; --day) {
    const Time at = now - hours(24 * day);
    put(MeasuredKind::Subnet, subnet_.id.value, at, static_cast<std::uint64_t>(250 - day * 2));
    put(MeasuredKind::Subnet, slow.id.value, at, 10 + static_cast<std::uint64_t>(60 - day) / 30);
    put(MeasuredKind::Subnet, full.id.value, at, 254);
  }
  const auto ask = [&](FillingQuestion question) {
    std::vector<std::string> names;
    const auto page = service::find_filling(*house_.store, *house_.utilization, administrator(), question, now).value();
    for (const FillingObject& object : page.items) names.push_back(object.name);
    return std::pair(names, page.next_after);
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(ask({.days = 7}).first, (Names{subnet_.prefix.to_string(), "10.0.2.0/24"}));
  EXPECT_EQ(ask({.days = 0}).first, (Names{"10.0.2.0/24"}));
  const auto first = ask({.days = 7, .limit = 1});
  EXPECT_EQ(first.first, (Names{subnet_.prefix.to_string()}));
  EXPECT_EQ(ask({.days = 7, .after_id = first.second, .limit = 1}).first, (Names{"10.0.2.0/24"}));
  EXPECT_EQ(ask({.kind = MeasuredKind::Range}).first, Names{});
}

class UtilizationApi : public testing::Test {
 protected:
  ApiServer server_;
  std::string root_ = server_.bearer(model::Group::IpamAdministrators);
};

TEST_F(UtilizationApi, ATrendHasAsManyPeriodsAsAskedForAndSaysWhatWasNotMeasured) {
  const auto subnet = server_.house.add_subnet("10.0.0.0/24");
  server_.house.run(server_.house.sampler->run(io::Deadline::after(std::chrono::seconds(60)))).value();
  const std::string object = "/api/v1/utilization_history?object_type=subnet&object_id=" + subnet.id.to_string();
  const auto answer = json::read<contract::UtilizationHistory>(server_.ask("GET", object + "&period=7d&buckets=7", root_).body);
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  ASSERT_EQ(answer->periods.size(), 7U);
  EXPECT_FALSE(answer->periods[0].used.has_value());
  EXPECT_EQ(answer->periods[6].capacity, 254);
  for (const char* wrong : {"&buckets=0", "&buckets=501", "&period=-1d", "&period=x", "&from=yesterday", "&from=2020-01-01T00:00:00Z&period=1d"}) {
    EXPECT_EQ(server_.ask("GET", object + wrong, root_).status, 400) << wrong;
  }
  EXPECT_EQ(server_.ask("GET", "/api/v1/utilization_history?object_type=planet&object_id=1", root_).status, 400);
  const std::string filling = "/api/v1/utilization_forecasts?object_type=subnet&full_within=";
  EXPECT_EQ(server_.ask("GET", filling + "7d&space=Default&level=90", root_).status, 200);
  for (const char* wrong : {"soon", "-1d", "400d", "7d&level=0", "7d&limit=0", "7d&cursor=x", "7d&colour=red", "7d&space=Mars"}) {
    EXPECT_EQ(server_.ask("GET", filling + wrong, root_).status, 400) << wrong;
  }
  EXPECT_EQ(server_.ask("GET", "/api/v1/utilization_forecast?object_type=subnet&level=0&object_id=" + subnet.id.to_string(), root_).status, 400);
}

TEST_F(UtilizationApi, ARangeIsAsFullAsAPersonStatesAndJudgedByItsOwnThresholds) {
  server_.house.add_subnet("10.0.0.0/24");
  const auto status_of = [&](const std::string& fields) {
    const auto made = server_.ask("POST", "/api/v1/ranges", root_, R"({"first":"10.0.0.10","last":"10.0.0.19")" + fields + "}");
    const auto range = json::read<contract::Range>(made.body);
    EXPECT_TRUE(range.ok()) << made.body;
    EXPECT_EQ(server_.ask("DELETE", "/api/v1/ranges/" + range->id.to_string(), root_).status, 204);
    return std::pair(range->utilization.percent, range->utilization.status);
  };
  using enum contract::UtilizationStatus;
  EXPECT_EQ(status_of(""), std::pair(0.0, Under));
  EXPECT_EQ(status_of(R"(,"stated_used":5)"), std::pair(50.0, Optimal));
  EXPECT_EQ(status_of(R"(,"stated_used":8)"), std::pair(80.0, Over));
  EXPECT_EQ(status_of(R"(,"stated_used":8,"over_percent":90)"), std::pair(80.0, Optimal));
  EXPECT_EQ(status_of(R"(,"stated_used":5,"under_percent":60)"), std::pair(50.0, Under));
}

}  // namespace
}  // namespace ipam::test
