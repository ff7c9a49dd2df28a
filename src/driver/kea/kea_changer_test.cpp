// Changes of reservations against a scripted agent that holds a configuration, loses answers, refuses and is changed by others.
#include "driver/kea/kea_changer.h"

#include "driver/kea/json_spans.h"
#include "driver/kea/kea_driver.h"
#include "driver/kea/kea_golden_suite.h"
#include "driver/kea/kea_reservation_edit.h"
#include "driver/kea/scripted_agent_suite.h"
#include "io/blocking.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <mutex>

namespace ipam::driver::kea {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kOdd = R"({ "x": 1.0, "subnet4": [ { "id": 5, "subnet": "10.0.0.0/24", "big": 123456789012345678901234567890,
  "reservations": [ { "hw-address": "02:00:00:00:00:01", "ip-address": "10.0.0.5", "hostname": "a", "user-context": { "r": 1.50, "password": "hide-me" } },
    { "hw-address": "02:00:00:00:00:02", "ip-address": "10.0.0.6" } ] } ], "control-socket": { "password": "hide-me" }, "z": [ "}\"]" ] })";

ip::Address address(std::string_view text) { return ip::Address::parse(text).value(); }
io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

ObservedReservation reservation(std::string_view text, std::uint8_t client, std::string hostname = "") {
  return {address(text), model::ReservationIdentifier::HardwareAddress, Bytes{2, 0, 0, 0, 0, client}, std::move(hostname), std::nullopt, ""};
}

ReservationChange add(std::string key, ObservedReservation wanted) { return {std::move(key), std::nullopt, std::move(wanted)}; }

TEST(JsonSpans, FindsValuesAsTheyAreWritten) {
  EXPECT_EQ(json_member(kOdd, "x"), "1.0");
  EXPECT_EQ(json_member(kOdd, "z"), R"([ "}\"]" ])");
  EXPECT_EQ(json_items(*json_member(kOdd, "z"))->size(), 1U);
  EXPECT_EQ(json_member(kOdd, "none"), std::nullopt);
  EXPECT_EQ(json_items("[]")->size(), 0U);
  for (const std::string_view text : {"", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "[", "[1", "[1,", "7", "\"\\"}) {
    (void)json_members(text);
    (void)json_items(text);
  }
}

TEST(KeaReservationEdit, LeavesEveryOtherByteAsItIs) {
  const auto edit = edit_reservations(Service::Dhcp4, kOdd, {{"5", reservation("10.0.0.5", 1, "a"), reservation("10.0.0.7", 1, "b")}}).value();
  std::string expected(kOdd);
  expected.replace(expected.find("10.0.0.5"), 8, "10.0.0.7").replace(expected.find("\"hostname\": \"a\""), 15, "\"hostname\": \"b\"");
  const std::string_view list = *json_member(json_items(*json_member(expected, "subnet4"))->front(), "reservations");
  const auto before = json_items(list).value();
  const auto after = json_items(*json_member(json_items(*json_member(edit.configuration, "subnet4"))->front(), "reservations")).value();
  EXPECT_EQ(json_member(after[0], "ip-address"), "\"10.0.0.7\"");
  EXPECT_EQ(json_member(after[0], "user-context"), json_member(before[0], "user-context"));
  EXPECT_EQ(after[1], before[1]);
  EXPECT_THAT(edit.configuration, HasSubstr(R"("big": 123456789012345678901234567890,)"));
  EXPECT_EQ(edit.configuration.substr(0, 90), std::string(kOdd.substr(0, 90)));
  EXPECT_THAT(edit.configuration, ::testing::EndsWith(R"("control-socket": { "password": "hide-me" }, "z": [ "}\"]" ] })"));
  ASSERT_EQ(edit.steps.size(), 1U);
  EXPECT_THAT(edit.steps[0].request, HasSubstr("10.0.0.7"));
  EXPECT_THAT(edit.steps[0].request, Not(HasSubstr("hide-me")));
}

TEST(KeaReservationEdit, AddsAndRemovesAndItsInverseIsTheTextBefore) {
  const ReservationChange added = add("5", reservation("10.0.0.9", 9, "new"));
  const auto edit = edit_reservations(Service::Dhcp4, kOdd, {added}).value();
  EXPECT_TRUE(read_back(Service::Dhcp4, edit.configuration, {added}));
  EXPECT_FALSE(read_back(Service::Dhcp4, kOdd, {added}));
  const auto back = edit_reservations(Service::Dhcp4, edit.configuration, {{"5", added.after, std::nullopt}}).value();
  EXPECT_TRUE(read_back(Service::Dhcp4, back.configuration, {{"5", added.after, std::nullopt}}));
  EXPECT_EQ(back.configuration.find("10.0.0.9"), std::string::npos);
}

TEST(KeaReservationEdit, RefusesWhatTheServerDoesNotHold) {
  const auto code = [](const ReservationChange& change) {
    const auto edit = edit_reservations(Service::Dhcp4, kOdd, {change});
    return edit.ok() ? ErrorCode::Internal : edit.error().code;
  };
  EXPECT_EQ(code({"5", reservation("10.0.0.5", 1, "other"), std::nullopt}), ErrorCode::Conflict);
  EXPECT_EQ(code({"5", reservation("10.0.0.50", 1), std::nullopt}), ErrorCode::Conflict);
  EXPECT_EQ(code(add("5", reservation("10.0.0.5", 9))), ErrorCode::Conflict);
  EXPECT_EQ(code(add("6", reservation("10.0.0.9", 9))), ErrorCode::Conflict);
  EXPECT_EQ(code(add("6:5", reservation("10.0.0.9", 9))), ErrorCode::InvalidArgument);
  EXPECT_EQ(code(add("5", reservation("2001:db8::1", 9))), ErrorCode::InvalidArgument);
  EXPECT_EQ(code({"5", std::nullopt, std::nullopt}), ErrorCode::InvalidArgument);
  EXPECT_EQ(code(add("5", reservation("10.0.0.9", 9, "a\nb"))), ErrorCode::InvalidArgument);
  ObservedReservation odd = reservation("10.0.0.9", 9);
  odd.options = "[1,";
  EXPECT_EQ(code(add("5", odd)), ErrorCode::InvalidArgument);
  odd.options = R"x([{"data":"(removed)"}])x";
  EXPECT_EQ(code(add("5", odd)), ErrorCode::InvalidArgument);
}

TEST(KeaReservationEdit, KeepsAllOfOneClientOfVersion6Together) {
  const std::string text(*json_member(*json_member(json_items(golden("dhcp6.config-get"))->front(), "arguments"), "Dhcp6"));
  const Bytes duid = from_hex("000300010200000006a1").value();
  const std::string options = R"([{"always-send":false,"code":31,"csv-format":true,"data":"2001:db8::123","name":"sntp-servers","space":"dhcp6"}])";
  const ObservedReservation prefix{address("2001:db8:80ff::"), model::ReservationIdentifier::Duid, duid, "branch-router", std::uint8_t{56}, options};
  ObservedReservation more = prefix;
  more.address = address("2001:db8:80fe::");
  const auto edit = edit_reservations(Service::Dhcp6, text, {{"6:1", prefix, std::nullopt}, add("6:1", more)}).value();
  EXPECT_THAT(edit.configuration, HasSubstr(R"("prefixes": ["2001:db8:80fe::/56"])"));
  EXPECT_THAT(edit.configuration, HasSubstr("2001:db8:1::1f10"));
  EXPECT_THAT(edit.warnings, IsEmpty());
  more.hostname = "another";
  const auto renamed = edit_reservations(Service::Dhcp6, text, {add("6:1", more)}).value();
  EXPECT_EQ(renamed.warnings.size(), 3U);
}

// A Kea of one scope, in memory.
class KeaChangerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    agent_ = std::make_unique<ScriptedAgent>([this](const ScriptedQuestion& question) { return answer(question); });
    Limits limits;
    limits.request_timeout = std::chrono::seconds(5);
    const Endpoint endpoint{.server_name = "kea-1", .url = agent_->url(), .user_name = "cadastre", .password = Secret("p")};
    driver_ = KeaDriver::create(endpoint, limits, clock_, resolver_).value();
  }
  void TearDown() override { agent_.reset(); }

  ScriptedAnswer answer(const ScriptedQuestion& question) {
    const std::scoped_lock lock(mutex_);
    const std::string command = question.field("command");
    commands_.push_back(command);
    if (const auto scripted = answers_.find(command); scripted != answers_.end()) {
      if (scripted->second.status == 299) set(question);  // done, and then the answer is lost
      return scripted->second.status == 299 ? ScriptedAnswer{.manner = Manner::HangUp} : scripted->second;
    }
    if (command == "config-get") return {.body = fmt::format(R"([ {{ "arguments": {{ "Dhcp4": {}, "hash": "AB" }}, "result": 0 }} ])", text_)};
    if (command == "config-set") set(question);
    if (command == "statistic-get-all")
      return {.body = R"([{"result":0,"arguments":{"subnet[5].total-addresses":[[9,""]],"subnet[5].assigned-addresses":[[1000000,""]]}}])"};
    return {.body = R"([{"result":0}])"};
  }
  void set(const ScriptedQuestion& question) { text_ = std::string(*json_member(*json_member(question.body, "arguments"), "Dhcp4")); }

  Result<Plan> plan(std::vector<Change> changes) { return loop_.run(driver_->changer()->plan(std::move(changes), soon())); }
  Result<Applied> apply(Plan plan) { return loop_.run(driver_->changer()->apply(std::move(plan), soon())); }

  std::mutex mutex_;
  std::string text_{kOdd};
  std::map<std::string, ScriptedAnswer> answers_;
  std::vector<std::string> commands_;
  ManualClock clock_{Time()};
  io::Resolver resolver_{1};
  io::BlockingLoop loop_;
  std::unique_ptr<ScriptedAgent> agent_;
  std::unique_ptr<Driver> driver_;
  const ReservationChange added_ = add("5", reservation("10.0.0.9", 9, "new"));
};

TEST_F(KeaChangerTest, PlansWithTheExactReservationThePauseAndNoSecret) {
  const auto planned = plan({added_}).value();
  EXPECT_THAT(commands_, ElementsAre("config-get", "config-test", "statistic-get-all"));
  EXPECT_EQ(text_, kOdd);
  ASSERT_EQ(planned.steps.size(), 3U);
  EXPECT_THAT(planned.steps[0].request,
              HasSubstr(R"(+ {"hostname":"new","hw-address":"02:00:00:00:00:09","ip-address":"10.0.0.9","option-data":[]})"));
  EXPECT_THAT(planned.steps[1].request, HasSubstr("config-set"));
  EXPECT_THAT(planned.steps[2].request, HasSubstr("config-write"));
  EXPECT_NEAR(std::chrono::duration<double>(planned.pause).count(), 27.1, 0.2);
  EXPECT_THAT(planned.warnings.front(), HasSubstr("serves no client"));
  EXPECT_THAT(planned.warnings.front(), HasSubstr("1000000 leases"));
  EXPECT_THAT(planned.losses, ElementsAre(HasSubstr("comments")));
  for (const PlannedStep& step : planned.steps) EXPECT_THAT(step.what + step.request, Not(HasSubstr("hide-me")));
  EXPECT_THAT(planned.fingerprint, Not(HasSubstr("hide-me")));
}

TEST_F(KeaChangerTest, AppliesWritesReadsBackAndUndoes) {
  const auto planned = plan({added_}).value();
  commands_.clear();
  const auto applied = apply(planned);
  ASSERT_TRUE(applied.ok()) << applied.error().describe();
  EXPECT_THAT(commands_, ElementsAre("config-get", "config-set", "config-write", "config-get"));
  EXPECT_THAT(text_, HasSubstr("10.0.0.9"));
  EXPECT_THAT(text_, HasSubstr(R"("control-socket": { "password": "hide-me" })"));
  const auto undo = plan({inverse(added_)}).value();
  EXPECT_EQ(undo.fingerprint, applied->fingerprint);
  ASSERT_TRUE(apply(undo).ok());
  EXPECT_THAT(text_, Not(HasSubstr("10.0.0.9")));
}

TEST_F(KeaChangerTest, AConfigurationThatWasChangedSinceIsStaleAndUntouched) {
  const auto planned = plan({added_}).value();
  text_.replace(text_.find("\"x\": 1.0"), 8, "\"x\": 2.0");
  const std::string changed = text_;
  const auto applied = apply(planned);
  ASSERT_FALSE(applied.ok());
  EXPECT_EQ(applied.error().code, ErrorCode::Stale);
  EXPECT_EQ(text_, changed);
}

TEST_F(KeaChangerTest, RefusesInTheServersWordsWithoutTheSecretsItQuotes) {
  answers_["config-test"] = {.body = R"([{"result":1,"text":"duplicate host, hide-me"}])"};
  const auto planned = plan({added_});
  ASSERT_FALSE(planned.ok());
  EXPECT_EQ(planned.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(planned.error().message, HasSubstr("kea-1: config-test: the server refuses (result 1): \"duplicate host, (removed)\""));
}

TEST_F(KeaChangerTest, ALostAnswerIsLearntByReadingBack) {
  const auto planned = plan({added_}).value();
  answers_["config-set"] = {.status = 299};
  EXPECT_TRUE(apply(planned).ok());
  EXPECT_THAT(text_, HasSubstr("10.0.0.9"));
}

TEST_F(KeaChangerTest, ALostQuestionIsNotMade) {
  const auto planned = plan({added_}).value();
  answers_["config-set"] = {.manner = Manner::HangUp};
  const auto applied = apply(planned);
  ASSERT_FALSE(applied.ok());
  EXPECT_EQ(applied.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(applied.error().message, HasSubstr("the change was not made"));
}

TEST_F(KeaChangerTest, AChangeThatCannotBeWrittenIsTakenBack) {
  const auto planned = plan({added_}).value();
  answers_["config-write"] = {.body = R"([{"result":1,"text":"read-only file system"}])"};
  const auto applied = apply(planned);
  ASSERT_FALSE(applied.ok());
  EXPECT_THAT(applied.error().message, HasSubstr("read-only file system"));
  EXPECT_THAT(applied.error().message, HasSubstr("the change was taken back"));
  EXPECT_THAT(text_, Not(HasSubstr("10.0.0.9")));
}

TEST_F(KeaChangerTest, ChangesNoRecords) {
  EXPECT_EQ(plan({RecordSetChange{}}).error().code, ErrorCode::Unsupported);
  EXPECT_EQ(plan({}).error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace ipam::driver::kea
