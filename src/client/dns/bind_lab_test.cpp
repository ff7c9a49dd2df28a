// The client against the real BIND of tests/lab.
#include "client/dns/bind_lab_suite.h"
#include "client/dns/client.h"
#include "io/blocking.h"

#include <gmock/gmock.h>

namespace ipam::client::dns {
namespace {

using namespace wire::dns;
using std::chrono::seconds;
using ::testing::HasSubstr;

Name name(std::string_view text) { return Name::parse(text).value(); }
io::Deadline soon() { return io::Deadline::after(seconds(60)); }

class KeepingSink final : public TransferSink {
 public:
  io::Task<Result<void>> accept(TransferKind, std::uint32_t, std::vector<RecordChange> chunk) override {
    for (RecordChange& change : chunk) changes.push_back(std::move(change));
    co_return Result<void>();
  }
  std::vector<RecordChange> changes;
};

// One lab for all tests of this file: it takes seconds to start.
class RealBind : public testing::Test {
 protected:
  static void SetUpTestSuite() { lab_ = std::make_unique<BindLab>(std::vector<std::string>{"--primary-only", "--big", "3000"}); }
  static void TearDownTestSuite() { lab_.reset(); }

  Client client(std::optional<TsigKey> key = std::nullopt) {
    ClientOptions options;
    options.host = "127.0.0.1";
    options.port = lab_->primary().port;
    options.key = std::move(key);
    options.attempt = seconds(10);
    return Client(resolver_, clock_, options);
  }
  Message query(Client& with, std::string_view owner, RecordType type) {
    auto answer = loop_.run(with.query(name(owner), type, Recursion::NotDesired, soon()));
    EXPECT_TRUE(answer.ok()) << answer.error().describe();
    return answer.ok() ? std::move(answer).value() : Message();
  }

  static std::unique_ptr<BindLab> lab_;
  io::BlockingLoop loop_;
  io::Resolver resolver_{1};
  SystemClock clock_;
};

std::unique_ptr<BindLab> RealBind::lab_;

TEST_F(RealBind, AnswersQuestions) {
  Client plain = client();
  const Message soa = query(plain, "lab.example", RecordType::Soa);
  ASSERT_EQ(soa.answers.size(), 1U);
  EXPECT_EQ(soa_in(soa.answers[0].rdata)->serial, 2026112501U);
  EXPECT_TRUE(soa.header.authoritative);
  EXPECT_EQ(query(plain, "nothing.lab.example", RecordType::A).rcode(), Rcode::NxDomain);
  EXPECT_EQ(query(plain, "elsewhere.example", RecordType::A).rcode(), Rcode::Refused);
  EXPECT_EQ(query(plain, "broken.example", RecordType::Soa).rcode(), Rcode::ServFail);
  Client with_key = client(lab_->tsig_key("transfer-key"));
  EXPECT_EQ(query(with_key, "www.lab.example", RecordType::A).answers.size(), 2U);
}

TEST_F(RealBind, TransfersWithEveryAlgorithm) {
  for (const char* algorithm : {"hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"}) {
    Client with = client(lab_->tsig_key(std::string("key-") + algorithm));
    KeepingSink sink;
    const auto outcome = loop_.run(with.transfer(Transfer::full(name(std::string(algorithm) + ".example")), sink, {}, soon()));
    ASSERT_TRUE(outcome.ok()) << algorithm << outcome.error().describe();
    EXPECT_EQ(sink.changes.size(), 3U);
    EXPECT_EQ(outcome->signed_messages, outcome->messages);
  }
}

TEST_F(RealBind, TransfersManyMessages) {
  Client with = client(lab_->tsig_key("transfer-key"));
  KeepingSink sink;
  const auto outcome = loop_.run(with.transfer(Transfer::full(name("big.example")), sink, {}, soon()));
  ASSERT_TRUE(outcome.ok()) << outcome.error().describe();
  EXPECT_EQ(outcome->changes, 3002U);
  EXPECT_GT(outcome->messages, 3U);
  EXPECT_EQ(outcome->signed_messages, outcome->messages);
}

TEST_F(RealBind, SaysWhyATransferIsRefused) {
  KeepingSink sink;
  Client plain = client();
  const auto refused = loop_.run(plain.transfer(Transfer::full(name("lab.example")), sink, {}, soon()));
  EXPECT_EQ(refused.error().code, ErrorCode::PermissionDenied) << refused.error().describe();
  TsigKey wrong = lab_->tsig_key("transfer-key");
  wrong.secret = Secret("another");
  Client with_wrong = client(wrong);
  const auto bad_secret = loop_.run(with_wrong.transfer(Transfer::full(name("lab.example")), sink, {}, soon()));
  EXPECT_EQ(bad_secret.error().code, ErrorCode::Unauthenticated) << bad_secret.error().describe();
  EXPECT_THAT(bad_secret.error().message, HasSubstr("BADSIG"));
  Client with = client(lab_->tsig_key("transfer-key"));
  EXPECT_EQ(loop_.run(with.transfer(Transfer::full(name("closed.example")), sink, {}, soon())).error().code, ErrorCode::PermissionDenied);
  EXPECT_EQ(loop_.run(with.transfer(Transfer::full(name("broken.example")), sink, {}, soon())).error().code, ErrorCode::Unavailable);
  EXPECT_EQ(loop_.run(with.transfer(Transfer::full(name("elsewhere.example")), sink, {}, soon())).error().code, ErrorCode::NotFound);
  EXPECT_TRUE(sink.changes.empty());
}

TEST_F(RealBind, UpdatesUnderPrerequisitesAndReadsTheDifferences) {
  Client updater = client(lab_->tsig_key("update-key"));
  Client reader = client(lab_->tsig_key("transfer-key"));
  const std::uint32_t before = soa_in(query(reader, "lab.example", RecordType::Soa).answers.at(0).rdata)->serial;
  const ResourceRecord record = make_record("made.lab.example", "A", 300, "10.0.3.1").value();
  Update create(name("lab.example"));
  create.require_no_rrset(record.owner, RecordType::A).add(record);
  EXPECT_EQ(loop_.run(updater.update(create, soon())).value().rcode(), Rcode::NoError);
  EXPECT_EQ(loop_.run(updater.update(create, soon())).value().rcode(), Rcode::YxRrset);
  EXPECT_EQ(query(reader, "made.lab.example", RecordType::A).answers.at(0).rdata_text(), "10.0.3.1");

  KeepingSink sink;
  const auto outcome = loop_.run(reader.transfer(Transfer::incremental(name("lab.example"), before), sink, {}, soon()));
  ASSERT_TRUE(outcome.ok()) << outcome.error().describe();
  EXPECT_EQ(outcome->kind, TransferKind::Incremental);
  EXPECT_NE(outcome->soa.serial, before);
  ASSERT_EQ(sink.changes.size(), 3U);
  EXPECT_EQ(sink.changes[2].record.to_string(), record.to_string());

  Update remove(name("lab.example"));
  remove.require_exactly({record}).remove(record);
  EXPECT_EQ(loop_.run(updater.update(remove, soon())).value().rcode(), Rcode::NoError);
  EXPECT_EQ(loop_.run(updater.update(remove, soon())).value().rcode(), Rcode::NxRrset);
  EXPECT_EQ(loop_.run(reader.update(remove, soon())).value().rcode(), Rcode::Refused);  // the key may only read
}

TEST_F(RealBind, GoesOverTcpWhenTheAnswerDoesNotFit) {
  Client updater = client(lab_->tsig_key("update-key"));
  Update many(name("lab.example"));
  for (int i = 0; i < 40; ++i) {
    many.add(make_record("many.lab.example", "TXT", 60, "\"" + std::string(100, 'x') + std::to_string(i) + "\"").value());
  }
  ASSERT_EQ(loop_.run(updater.update(many, soon())).value().rcode(), Rcode::NoError);
  Client plain = client();
  EXPECT_EQ(query(plain, "many.lab.example", RecordType::Txt).answers.size(), 40U);
}

}  // namespace
}  // namespace ipam::client::dns
