// The driver against servers that lie or fail halfway: each lie is a typed error or a finding.
#include "client/dns/scripted_server_suite.h"
#include "driver/bind9/bind9_driver.h"
#include "driver/fake_driver_suite.h"
#include "wire/dns/tsig.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::driver::bind9 {
namespace {

using client::dns::answer_to;
using client::dns::ScriptedServer;
using std::chrono::seconds;
using ::testing::HasSubstr;
using wire::dns::Message;
using wire::dns::Rcode;
using wire::dns::ResourceRecord;

io::Deadline soon() { return io::Deadline::after(seconds(20)); }

// One answer to every HTTP request, on a connection of its own.
class ScriptedHttp {
 public:
  ScriptedHttp(io::BlockingLoop& loop, std::string body)
      : loop_(loop), acceptor_(io::Acceptor::listen(loop.executor(), "127.0.0.1", 0).value()), group_(loop.executor(), 1) {
    answer_ = fmt::format("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
    group_.start(serve(acceptor_.get(), &answer_, group_.deadline(seconds(60))));
  }
  ~ScriptedHttp() {
    group_.cancel();
    (void)loop_.run(group_.wait());
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/", acceptor_->local().port); }

 private:
  static io::Task<void> serve(io::Acceptor* acceptor, const std::string* answer, io::Deadline deadline) {
    while (!deadline.verdict()) {
      auto stream = co_await acceptor->accept(co_await io::current_executor(), deadline);
      if (!stream.ok()) co_return;
      std::string request;
      std::vector<std::uint8_t> buffer(4096);
      while (request.find("\r\n\r\n") == std::string::npos) {
        const auto count = co_await (*stream)->read_some(buffer, deadline);
        if (!count.ok() || *count == 0) break;
        request.append(as_text(ByteView(buffer).first(*count)));
      }
      const auto written = co_await (*stream)->write(as_bytes(*answer), deadline);
      if (written.ok()) co_await (*stream)->shutdown(deadline.at_most(seconds(5)));
    }
  }

  io::BlockingLoop& loop_;
  std::unique_ptr<io::Acceptor> acceptor_;
  std::string answer_;
  io::TaskGroup group_;
};

constexpr const char* kStatus = R"("version":"9.18.0","current-time":"2026-11-25T07:00:00.000Z")";

class LyingBind : public testing::Test {
 protected:
  std::unique_ptr<Driver> connect(const Limits& limits = {}) {
    Endpoint endpoint;
    endpoint.server_name = "liar";
    endpoint.url = http_ ? http_->url() : "http://127.0.0.1:1/";
    if (dns_) {
      AccessEndpoint access;
      access.url = fmt::format("dns://127.0.0.1:{}", dns_->port());
      access.user_name = "k";
      access.algorithm = "hmac-sha256";
      access.secret = kSecret;
      endpoint.accesses.push_back(std::move(access));
    }
    return Bind9Driver::create(endpoint, limits, clock_, resolver_).value();
  }
  void tell(const std::string& json) { http_.emplace(loop_, json); }
  // Answers each update with the next of these rcodes, signed; nothing for "closes the connection". Afterwards always the last.
  void answer_updates(std::vector<std::optional<Rcode>> rcodes) {
    rcodes_ = std::move(rcodes);
    dns_.emplace(loop_, [this](const Bytes& request) -> std::vector<Bytes> {
      const auto rcode = rcodes_.front();
      if (rcodes_.size() > 1) rcodes_.erase(rcodes_.begin());
      if (!rcode) return {};
      Message answer = answer_to(request);
      answer.header.rcode = static_cast<std::uint8_t>(*rcode);
      wire::dns::TsigStreamSigner signer(wire::dns::TsigKey::create("k", "hmac-sha256", kSecret).value(), {request.end() - 38, request.end() - 6});
      return {signer.sign_next(wire::dns::serialize(answer).value(), clock_.now())};
    });
  }
  // A removal, for which nothing is asked over UDP.
  static Change removal() {
    RecordSetChange change{.zone = "example", .view = "_default", .name = "x.example", .type = "A", .before = {}, .after = {}};
    change.before.push_back({"x.example", "A", "10.0.0.1", 300});
    return change;
  }
  Result<Applied> apply() {
    const auto driver = connect();
    auto plan = loop_.run(driver->changer()->plan({removal()}, soon()));
    if (!plan.ok()) return Error(ErrorCode::Internal, "no plan: " + plan.error().describe());
    return loop_.run(driver->changer()->apply(std::move(plan).value(), soon()));
  }

  const Secret kSecret{"c2VjcmV0IG9mIHRoZSB0ZXN0"};
  io::BlockingLoop loop_;
  SystemClock clock_;
  io::Resolver resolver_{1};
  std::vector<std::optional<Rcode>> rcodes_;
  std::optional<ScriptedHttp> http_;
  std::optional<ScriptedServer> dns_;
};

TEST_F(LyingBind, WithAListOfNothingIsNoServerWithoutZones) {
  tell(fmt::format("{{{},\"views\":{{\"_default\":{{\"zones\":[]}}}}}}", kStatus));
  const auto zones = loop_.run(connect()->dns()->collect_zones(soon()));
  ASSERT_FALSE(zones.ok());
  EXPECT_EQ(zones.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(zones.error().message, HasSubstr("zone-statistics"));
}

TEST_F(LyingBind, WithGarbageOrTooMuchIsMalformed) {
  for (const std::string& body : {std::string("<statistics/>"), std::string("{"), std::string(), std::string(200'000, ' ')}) {
    tell(body);
    Limits limits;
    limits.response_bytes = 100'000;
    const auto zones = loop_.run(connect(limits)->dns()->collect_zones(soon()));
    ASSERT_FALSE(zones.ok());
    EXPECT_EQ(zones.error().code, ErrorCode::Malformed) << zones.error().describe();
    EXPECT_THAT(zones.error().message, testing::StartsWith("liar"));
  }
}

TEST_F(LyingBind, ThatAnswersNothingByDnsCostsTheHealthOnly) {
  tell(
      fmt::format("{{{},\"views\":{{\"_default\":{{\"zones\":[{{\"name\":\"a.example\",\"class\":\"IN\",\"type\":\"secondary\",\"serial\":1,"
                  "\"loaded\":\"2026-11-25T06:00:00Z\",\"expires\":\"2026-12-25T06:00:00Z\"}}]}}}}}}",
                  kStatus));
  answer_updates({std::nullopt});
  const auto zones = loop_.run(connect()->dns()->collect_zones(soon()));
  ASSERT_TRUE(zones.ok()) << zones.error().describe();
  EXPECT_EQ(zones->zones.at(0).health, model::ZoneHealth::Unknown);
  ASSERT_EQ(zones->findings.size(), 1U);
  EXPECT_THAT(zones->findings[0], HasSubstr("health"));
}

TEST_F(LyingBind, WhoseAnswerIsLostIsAskedWhatBecameOfTheChange) {
  using enum Rcode;
  answer_updates({NoError, std::nullopt, NoError});  // plan; the answer is lost; it holds the state after
  EXPECT_TRUE(apply().ok());
  answer_updates({NoError, std::nullopt, YxRrset, NoError});  // it holds the state before
  const auto not_made = apply();
  EXPECT_EQ(not_made.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(not_made.error().message, HasSubstr("the change was not made"));
  answer_updates({NoError, std::nullopt});  // and then it is gone
  const auto unknown = apply();
  ASSERT_TRUE(unknown.ok()) << unknown.error().describe();
  EXPECT_EQ(unknown->outcome, Applied::Outcome::Unknown);
  EXPECT_THAT(unknown->problem, HasSubstr("not known whether"));
}

TEST_F(LyingBind, ThatTakesAChangeAndDoesNotMakeItIsFoundOut) {
  using enum Rcode;
  answer_updates({NoError, NoError, YxRrset});
  const auto applied = apply();
  ASSERT_TRUE(applied.ok()) << applied.error().describe();
  EXPECT_EQ(applied->outcome, Applied::Outcome::Unknown);
  EXPECT_THAT(applied->problem, HasSubstr("holds something else now"));
}

TEST_F(LyingBind, EveryRefusalHasItsError) {
  using enum Rcode;
  const std::pair<Rcode, ErrorCode> cases[] = {
      {NxRrset, ErrorCode::Stale},    {YxRrset, ErrorCode::Stale},           {Refused, ErrorCode::PermissionDenied},
      {NotAuth, ErrorCode::NotFound}, {NotZone, ErrorCode::InvalidArgument}, {NotImp, ErrorCode::Unsupported}};
  for (const auto& [rcode, code] : cases) {
    answer_updates({NoError, rcode});
    const auto refused = apply();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, code) << refused.error().describe();
  }
}

TEST(Bind9Endpoint, RefusesUrlsAndKeysThatCannotBe) {
  SystemClock clock;
  io::Resolver resolver(1);
  const auto create = [&](const std::string& url, const std::string& access_url, model::AccessKind kind, const std::string& secret) {
    Endpoint endpoint;
    endpoint.url = url;
    AccessEndpoint access;
    access.kind = kind;
    access.url = access_url;
    access.user_name = "k";
    access.algorithm = "hmac-sha256";
    access.secret = Secret(secret);
    endpoint.accesses.push_back(std::move(access));
    return Bind9Driver::create(endpoint, {}, clock, resolver);
  };
  using enum model::AccessKind;
  EXPECT_TRUE(create("http://a:8053/", "dns://a", Dns, "c2VjcmV0").ok());
  EXPECT_TRUE(create("http://a:8053/", "dns://[2001:db8::1]:5353", Dns, "c2VjcmV0").ok());
  EXPECT_TRUE(create("http://a:8053/", "rndc://a:953", Rndc, "c2VjcmV0").ok());
  for (const auto& [url, access, kind, secret] :
       {std::tuple("ftp://a/", "dns://a", Dns, "c2VjcmV0"), std::tuple("http://u:p@a/", "dns://a", Dns, "c2VjcmV0"),
        std::tuple("http://a/", "http://a", Dns, "c2VjcmV0"), std::tuple("http://a/", "dns://a/x", Dns, "c2VjcmV0"),
        std::tuple("http://a/", "dns://a:99999", Dns, "c2VjcmV0"), std::tuple("http://a/", "dns://a", Dns, "not*base64"),
        std::tuple("http://a/", "rndc://a", Rndc, "not*base64")}) {
    const auto refused = create(url, access, kind, secret);
    ASSERT_FALSE(refused.ok()) << url << access;
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(refused.error().describe(), testing::Not(HasSubstr("not*base64")));
  }
}

}  // namespace
}  // namespace ipam::driver::bind9
