// Utilization over time in the API: /api/v1/utilization_history, utilization_forecast and utilization_history:purge. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

enum class MeasuredKind { Block, Subnet, Range, DhcpScope };
BOOST_DESCRIBE_ENUM(MeasuredKind, Block, Subnet, Range, DhcpScope)

// One period of a trend. Averages are over the part that was measured; all are null where nothing was.
struct UtilizationPeriod {
  Time from{};
  Time until{};
  std::optional<double> capacity;  // at its end
  std::optional<double> used;
  std::optional<double> peak;
  std::optional<double> assigned;
  std::optional<double> reserved;
  std::optional<double> leased;
  std::optional<double> percent;  // used of capacity
  std::optional<double> peak_percent;
  std::optional<double> networks_64;  // as in Utilization; at its end
  std::optional<double> networks_64_used;
};
BOOST_DESCRIBE_STRUCT(UtilizationPeriod, (),
                      (from, until, capacity, used, peak, assigned, reserved, leased, percent, peak_percent, networks_64, networks_64_used))

struct UtilizationHistory {
  MeasuredKind object_type = MeasuredKind::Subnet;
  ObjectId object_id;
  Time from{};
  Time until{};
  std::vector<UtilizationPeriod> periods;
};
BOOST_DESCRIBE_STRUCT(UtilizationHistory, (), (object_type, object_id, from, until, periods))

// Of a node of a logical group: sums over its subnets or ranges. The sum of their peaks is an upper bound of the peak.
struct GroupTrend {
  std::uint64_t objects = 0;
  Time from{};
  Time until{};
  std::vector<UtilizationPeriod> periods;
};
BOOST_DESCRIBE_STRUCT(GroupTrend, (), (objects, from, until, periods))

enum class ForecastAnswer { TooLittleData, Reached, NotWithinHorizon, Within };
BOOST_DESCRIBE_ENUM(ForecastAnswer, TooLittleData, Reached, NotWithinHorizon, Within)

// When an object reaches a level, as a range of days that holds the truth with the stated probability.
struct UtilizationForecast {
  MeasuredKind object_type = MeasuredKind::Subnet;
  ObjectId object_id;
  double level = 100;  // percent of its capacity
  ForecastAnswer answer = ForecastAnswer::TooLittleData;
  std::string text;                     // the answer for people
  std::optional<std::string> earliest;  // days: "2027-01-31"
  std::optional<std::string> expected;
  std::optional<std::string> latest;
  double coverage = 0;       // percent: how probable it is that the truth lies between earliest and latest
  double probability = 0;    // percent: of reaching the level within the horizon
  double growth_a_week = 0;  // addresses
  std::uint64_t days = 0;    // of history that were looked at
};
BOOST_DESCRIBE_STRUCT(UtilizationForecast, (),
                      (object_type, object_id, level, answer, text, earliest, expected, latest, coverage, probability, growth_a_week, days))

// Something that is full, or more probably than not will be within the time that was asked about.
struct FillingObject {
  MeasuredKind object_type = MeasuredKind::Subnet;
  ObjectId object_id;
  std::string name;
  std::string space;
  ForecastAnswer answer = ForecastAnswer::Reached;
  std::string text;                     // when, for people
  std::optional<std::string> earliest;  // days: "2027-01-31"
  std::optional<std::string> expected;
  std::optional<std::string> latest;
};
BOOST_DESCRIBE_STRUCT(FillingObject, (), (object_type, object_id, name, space, answer, text, earliest, expected, latest))

struct UtilizationPurge {
  Time before{};
};
BOOST_DESCRIBE_STRUCT(UtilizationPurge, (), (before))

struct UtilizationPurgeAnswer {
  std::uint64_t removed = 0;  // samples
};
BOOST_DESCRIBE_STRUCT(UtilizationPurgeAnswer, (), (removed))

}  // namespace ipam::contract
