#include "driver/changer_contract_suite.h"

#include "io/blocking.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

namespace ipam::driver {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

namespace {

// Over all tests of the program: those of one product may share a server.
int next_number() {
  static int last = 0;
  return ++last;
}

std::vector<std::string> content_of(const std::optional<ObservedReservation>& kept) {
  if (!kept) return {};
  std::string address = kept->address.to_string();
  if (kept->delegated_length) address += fmt::format("/{}", *kept->delegated_length);
  return {reservation_line(address, to_hex(kept->identifier, ':'), kept->hostname)};
}

std::vector<std::string> content_of(const std::vector<ObservedRecord>& records) {
  std::vector<std::string> lines;
  for (const ObservedRecord& record : records) lines.push_back(record.data);
  std::sort(lines.begin(), lines.end());
  return lines;
}

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

}  // namespace

std::string reservation_line(std::string_view address, std::string_view identifier, std::string_view hostname) {
  return fmt::format("{} for {} named {}", address, identifier, hostname);
}

std::vector<std::string> content_before(const Change& change) {
  return std::visit([](const auto& each) { return content_of(each.before); }, change);
}

std::vector<std::string> content_after(const Change& change) {
  return std::visit([](const auto& each) { return content_of(each.after); }, change);
}

ChangerContractCase changer_case(std::string name, std::function<std::unique_ptr<ChangerContractServer>()> start) {
  return {std::move(name), std::move(start)};
}

std::string name_of_changer_case(const ::testing::TestParamInfo<ChangerContractCase>& info) { return info.param.name; }

// No test may leave a room for success by being asked nothing.
void ChangerContract::SetUp() {
  server_ = GetParam().start();
  ASSERT_NE(server_, nullptr);
  ASSERT_FALSE(server_->secrets().empty());
  samples_ = server_->samples(next_number());
  ASSERT_THAT(content_before(samples_.make), IsEmpty());
  ASSERT_THAT(content_after(samples_.make), Not(IsEmpty()));
  ASSERT_EQ(content_before(samples_.edit), content_after(samples_.make));
  ASSERT_NE(content_after(samples_.edit), content_after(samples_.make));
  ASSERT_THAT(content_after(samples_.beside), Not(IsEmpty()));
  ASSERT_FALSE(samples_.must_mention.empty());
  ASSERT_THAT(server_->read(samples_.make), IsEmpty());
  ASSERT_THAT(server_->read(samples_.beside), IsEmpty());
}

namespace {

// The changer of one endpoint.
class Session {
 public:
  Session(ChangerContractServer& server, Endpoint endpoint)
      : endpoint_(std::move(endpoint)), secrets_(server.secrets()), driver_(server.connect(endpoint_)) {
    if (driver_->changer() == nullptr) throw std::runtime_error("the driver changes nothing");
  }

  Result<Plan> plan(std::vector<Change> changes, io::Deadline deadline = soon()) {
    return loop_.run(driver_->changer()->plan(std::move(changes), std::move(deadline)));
  }
  Result<Applied> apply(Plan plan) { return loop_.run(driver_->changer()->apply(std::move(plan), soon())); }
  Result<Applied> carry_out(Change change) {
    auto planned = plan({std::move(change)});
    if (!planned.ok()) return planned.error();
    return apply(std::move(planned).value());
  }
  template <class T>
  void expect_error(const Result<T>& result, ErrorCode code) const {
    ASSERT_FALSE(result.ok());
    const Error& error = result.error();
    EXPECT_EQ(error.code, code) << error.describe();
    EXPECT_THAT(error.message, StartsWith(endpoint_.server_name));
    EXPECT_LT(error.message.size(), 2000U);
    expect_no_secret(error.describe());
  }
  void expect_no_secret(const std::string& text) const {
    for (const std::string& secret : secrets_) EXPECT_THAT(text, Not(HasSubstr(secret)));
  }

 private:
  io::BlockingLoop loop_;
  const Endpoint endpoint_;
  const std::vector<std::string> secrets_;
  std::unique_ptr<Driver> driver_;
};

void expect_made(const Result<Applied>& applied) {
  ASSERT_TRUE(applied.ok()) << applied.error().describe();
  EXPECT_EQ(applied->outcome, Applied::Outcome::Made) << applied->problem;
  EXPECT_THAT(applied->problem, IsEmpty());
  EXPECT_FALSE(applied->fingerprint.empty());
}

}  // namespace

// Programs that take only fakes from these suites link it too.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ChangerContract);

TEST_P(ChangerContract, APlanTellsWhatWouldBeSentAndChangesNothing) {
  Session session(*server_, server_->endpoint());
  const auto plan = session.plan({samples_.make});
  ASSERT_TRUE(plan.ok()) << plan.error().describe();
  EXPECT_EQ(plan->changes, std::vector<Change>{samples_.make});
  EXPECT_FALSE(plan->fingerprint.empty());
  std::vector<std::string> requests;
  for (const PlannedStep& step : plan->steps) {
    EXPECT_FALSE(step.what.empty());
    session.expect_no_secret(step.what + step.request);
    requests.push_back(step.request);
  }
  EXPECT_THAT(requests, Contains(HasSubstr(samples_.must_mention)));
  session.expect_no_secret(plan->state + plan->fingerprint);
  for (const std::string& line : plan->losses) session.expect_no_secret(line);
  for (const std::string& line : plan->warnings) session.expect_no_secret(line);
  EXPECT_THAT(server_->read(samples_.make), IsEmpty());
}

TEST_P(ChangerContract, MakesEditsAndTakesBackByInverses) {
  Session session(*server_, server_->endpoint());
  const auto made = session.carry_out(samples_.make);
  ASSERT_NO_FATAL_FAILURE(expect_made(made));
  EXPECT_EQ(server_->read(samples_.make), content_after(samples_.make));
  ASSERT_EQ(made->changes.size(), 1U);
  EXPECT_EQ(content_after(made->changes[0]), content_after(samples_.make));

  const auto edited = session.carry_out(samples_.edit);
  ASSERT_NO_FATAL_FAILURE(expect_made(edited));
  EXPECT_EQ(server_->read(samples_.make), content_after(samples_.edit));

  const auto undo = session.plan({inverse(edited->changes[0])});
  ASSERT_TRUE(undo.ok()) << undo.error().describe();
  EXPECT_EQ(undo->fingerprint, edited->fingerprint) << "nothing came between";
  ASSERT_NO_FATAL_FAILURE(expect_made(session.apply(*undo)));
  EXPECT_EQ(server_->read(samples_.make), content_after(samples_.make));

  ASSERT_NO_FATAL_FAILURE(expect_made(session.carry_out(inverse(made->changes[0]))));
  EXPECT_THAT(server_->read(samples_.make), IsEmpty());
}

TEST_P(ChangerContract, AChangeThatIsNoneIsRefused) {
  Session session(*server_, server_->endpoint());
  session.expect_error(session.plan({}), ErrorCode::InvalidArgument);
  Change nothing = samples_.make;
  std::visit([](auto& each) { each.after = each.before; }, nothing);
  session.expect_error(session.plan({nothing}), ErrorCode::InvalidArgument);
  ASSERT_NO_FATAL_FAILURE(expect_made(session.carry_out(samples_.make)));
  Change same = samples_.edit;
  std::visit([](auto& each) { each.after = each.before; }, same);
  session.expect_error(session.plan({same}), ErrorCode::InvalidArgument);
  EXPECT_EQ(server_->read(samples_.make), content_after(samples_.make));
}

TEST_P(ChangerContract, AnotherKindOfChangeIsUnsupported) {
  Session session(*server_, server_->endpoint());
  session.expect_error(session.plan({samples_.of_another_kind}), ErrorCode::Unsupported);
  session.expect_error(session.plan({samples_.make, samples_.of_another_kind}), ErrorCode::Unsupported);
  EXPECT_THAT(server_->read(samples_.make), IsEmpty());
}

TEST_P(ChangerContract, AServerThatHoldsSomethingElseIsAConflict) {
  Session session(*server_, server_->endpoint());
  session.expect_error(session.plan({samples_.edit}), ErrorCode::Conflict);  // it holds nothing there
  const auto made = session.carry_out(samples_.make);
  ASSERT_NO_FATAL_FAILURE(expect_made(made));
  session.expect_error(session.plan({samples_.make}), ErrorCode::Conflict);  // it holds that already
  server_->make_elsewhere(samples_.edit);
  ASSERT_EQ(server_->read(samples_.make), content_after(samples_.edit));
  session.expect_error(session.plan({inverse(made->changes[0])}), ErrorCode::Conflict);  // undo of what somebody has changed since
  EXPECT_EQ(server_->read(samples_.make), content_after(samples_.edit));
}

TEST_P(ChangerContract, APlanThatSomebodyElseWasFasterThanIsStale) {
  Session session(*server_, server_->endpoint());
  ASSERT_NO_FATAL_FAILURE(expect_made(session.carry_out(samples_.make)));
  const auto plan = session.plan({inverse(samples_.make)});
  ASSERT_TRUE(plan.ok()) << plan.error().describe();
  server_->make_elsewhere(samples_.edit);
  session.expect_error(session.apply(*plan), ErrorCode::Stale);
  EXPECT_EQ(server_->read(samples_.make), content_after(samples_.edit));
}

TEST_P(ChangerContract, APlanThatIsCarriedOutTwiceIsStale) {
  Session session(*server_, server_->endpoint());
  const auto plan = session.plan({samples_.make});
  ASSERT_TRUE(plan.ok()) << plan.error().describe();
  ASSERT_NO_FATAL_FAILURE(expect_made(session.apply(*plan)));
  session.expect_error(session.apply(*plan), ErrorCode::Stale);
  EXPECT_EQ(server_->read(samples_.make), content_after(samples_.make));
}

TEST_P(ChangerContract, SeveralChangesAreMadeTogetherOrNotAtAll) {
  Session session(*server_, server_->endpoint());
  // The second does not fit.
  session.expect_error(session.plan({samples_.beside, samples_.edit}), ErrorCode::Conflict);
  EXPECT_THAT(server_->read(samples_.beside), IsEmpty());
  const auto plan = session.plan({samples_.make, samples_.beside});
  ASSERT_TRUE(plan.ok()) << plan.error().describe();
  const auto made = session.apply(*plan);
  ASSERT_NO_FATAL_FAILURE(expect_made(made));
  EXPECT_EQ(made->changes.size(), 2U);
  EXPECT_EQ(server_->read(samples_.make), content_after(samples_.make));
  EXPECT_EQ(server_->read(samples_.beside), content_after(samples_.beside));
}

TEST_P(ChangerContract, AServerThatIsAwayIsUnavailableAndNothingIsToldAsMade) {
  Session session(*server_, server_->endpoint());
  const auto plan = session.plan({samples_.make});
  ASSERT_TRUE(plan.ok()) << plan.error().describe();
  Session away(*server_, server_->endpoint_of_nobody());
  away.expect_error(away.plan({samples_.make}), ErrorCode::Unavailable);
  // Gone between plan and apply. A driver that cannot tell that its question did not arrive says so.
  const auto applied = away.apply(*plan);
  if (applied.ok()) {
    EXPECT_EQ(applied->outcome, Applied::Outcome::Unknown);
    EXPECT_THAT(applied->problem, StartsWith(server_->endpoint_of_nobody().server_name));
    away.expect_no_secret(applied->problem);
  } else {
    away.expect_error(applied, ErrorCode::Unavailable);
  }
  EXPECT_THAT(server_->read(samples_.make), IsEmpty());
  // The plan is still good when the server is there again.
  ASSERT_NO_FATAL_FAILURE(expect_made(session.apply(*plan)));
  EXPECT_EQ(server_->read(samples_.make), content_after(samples_.make));
}

TEST_P(ChangerContract, AWrongSecretIsUnauthenticatedAndChangesNothing) {
  Session session(*server_, server_->endpoint());
  const auto plan = session.plan({samples_.make});
  ASSERT_TRUE(plan.ok()) << plan.error().describe();
  Session wrong(*server_, server_->endpoint_with_wrong_secret());
  wrong.expect_error(wrong.plan({samples_.make}), ErrorCode::Unauthenticated);
  wrong.expect_error(wrong.apply(*plan), ErrorCode::Unauthenticated);
  EXPECT_THAT(server_->read(samples_.make), IsEmpty());
}

TEST_P(ChangerContract, APlanEndsAtItsDeadlineAndWhenItIsCancelled) {
  Session session(*server_, server_->endpoint());
  session.expect_error(session.plan({samples_.make}, io::Deadline::after(Duration::zero())), ErrorCode::DeadlineExceeded);
  std::stop_source stop;
  stop.request_stop();
  session.expect_error(session.plan({samples_.make}, soon().with(stop.get_token())), ErrorCode::Cancelled);
}

}  // namespace ipam::driver
