#include "metrics/text_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <thread>

namespace ipam::metrics {
namespace {

TEST(TextWriter, WritesAFamilyWithItsSamples) {
  TextWriter page;
  page.family("ipamd_requests_total", Type::Counter, "Answered requests.");
  page.sample({{"route", "/api/v1/subnets"}, {"status", "200"}}, 12);
  page.sample({{"route", "/metrics"}, {"status", "200"}}, 1e12);
  page.single("ipamd_up", Type::Gauge, "Whether.", 0.25);
  EXPECT_EQ(page.take(),
            "# HELP ipamd_requests_total Answered requests.\n"
            "# TYPE ipamd_requests_total counter\n"
            "ipamd_requests_total{route=\"/api/v1/subnets\",status=\"200\"} 12\n"
            "ipamd_requests_total{route=\"/metrics\",status=\"200\"} 1000000000000\n"
            "# HELP ipamd_up Whether.\n"
            "# TYPE ipamd_up gauge\n"
            "ipamd_up 0.25\n");
}

TEST(TextWriter, NoLabelCanForgeALine) {
  TextWriter page;
  page.family("x", Type::Gauge, "h");
  page.sample({{"name", "a\"} 1\nforged 2\\"}}, 3);
  EXPECT_EQ(page.take(), "# HELP x h\n# TYPE x gauge\nx{name=\"a\\\"} 1\\nforged 2\\\\\"} 3\n");
}

TEST(Histogram, CountsEachValueOnceAndTheBucketsAddUp) {
  Histogram histogram;
  for (const double value : {0.0005, 0.0006, 0.02, 100.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) histogram.observe(value);
  const auto reading = histogram.read();
  EXPECT_EQ(reading.count, 6U);
  EXPECT_EQ(reading.counts[0], 3U) << "a bound belongs to its bucket; what is no time is none";
  EXPECT_EQ(reading.counts[1], 1U);
  EXPECT_EQ(reading.counts.back(), 1U);
  EXPECT_NEAR(reading.sum, 100.0211, 1e-6);
  TextWriter page;
  page.family("s", Type::Histogram, "h");
  page.histogram({{"route", "r"}}, reading);
  const std::string text = page.take();
  EXPECT_NE(text.find("s_bucket{route=\"r\",le=\"0.0005\"} 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("s_bucket{route=\"r\",le=\"+Inf\"} 6\n"), std::string::npos);
  EXPECT_NE(text.find("s_count{route=\"r\"} 6\n"), std::string::npos);
}

TEST(Histogram, LosesNothingWithManyThreads) {
  Histogram histogram;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) histogram.observe(0.003);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(histogram.read().count, 40'000U);
}

}  // namespace
}  // namespace ipam::metrics
