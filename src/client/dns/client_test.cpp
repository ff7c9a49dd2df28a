// The client against a server that lies: every lie is a typed error, and nothing of it reaches the sink as a success.
#include "client/dns/client.h"

#include "client/dns/scripted_server_suite.h"

#include <gmock/gmock.h>

namespace ipam::client::dns {
namespace {

using namespace wire::dns;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Name kZone = Name::parse("example").value();
const Secret kSecret("c2VjcmV0IG9mIHRoZSB0ZXN0");

ResourceRecord soa(std::uint32_t serial) {
  return make_record("example", "SOA", 300, "ns.example. hm.example. " + std::to_string(serial) + " 2 3 4 5").value();
}
ResourceRecord host(int number) { return make_record("h" + std::to_string(number) + ".example", "A", 300, "10.0.0.1").value(); }

class CountingSink final : public TransferSink {
 public:
  io::Task<Result<void>> accept(TransferKind kind, std::uint32_t serial, std::vector<RecordChange> chunk) override {
    EXPECT_FALSE(chunk.empty());
    EXPECT_LE(chunk.size(), kChunk);
    EXPECT_NE(kind, TransferKind::Undecided);
    EXPECT_EQ(serial, 5U);
    changes += chunk.size();
    if (error) co_return *error;
    co_return Result<void>();
  }
  std::size_t changes = 0;
  std::optional<Error> error;
};

class DnsClient : public testing::Test {
 protected:
  void serve(Script script) { server_.emplace(loop_, std::move(script)); }
  Client client(bool with_key = true) {
    ClientOptions options;
    options.host = "127.0.0.1";
    options.port = server_->port();
    if (with_key) options.key = TsigKey::create("k", "hmac-sha256", kSecret).value();
    return Client(resolver_, clock_, options);
  }
  Result<TransferOutcome> transfer(Transfer what, bool with_key = true, TransferLimits limits = {}) {
    Client with = client(with_key);
    return loop_.run(with.transfer(std::move(what), sink_, limits, io::Deadline::after(seconds(20))));
  }
  // Each list of records is a message; all are signed.
  Script signed_answer(std::vector<std::vector<ResourceRecord>> messages) {
    return [this, messages](const Bytes& request) {
      const TsigKey key = TsigKey::create("k", "hmac-sha256", kSecret).value();
      TsigStreamSigner signer(key, mac_of(request));
      std::vector<Bytes> answers;
      for (const auto& records : messages) {
        Message answer = answer_to(request);
        answer.answers = records;
        answers.push_back(signer.sign_next(serialize(answer).value(), clock_.now()));
      }
      return answers;
    };
  }
  static Bytes mac_of(const Bytes& request) { return {request.end() - 38, request.end() - 6}; }

  io::BlockingLoop loop_;
  io::Resolver resolver_{1};
  SystemClock clock_;
  CountingSink sink_;
  std::optional<ScriptedServer> server_;
};

TEST_F(DnsClient, TakesASignedTransfer) {
  serve(signed_answer({{soa(5), host(1)}, {host(2)}, {soa(5)}}));
  const auto outcome = transfer(Transfer::full(kZone));
  ASSERT_TRUE(outcome.ok()) << outcome.error().describe();
  EXPECT_EQ(outcome->changes, 3U);
  EXPECT_EQ(outcome->messages, 3U);
  EXPECT_EQ(outcome->signed_messages, 3U);
  EXPECT_EQ(outcome->soa.serial, 5U);
  EXPECT_EQ(sink_.changes, 3U);
}

TEST_F(DnsClient, RefusesATransferWithAWrongSignatureAnywhere) {
  for (std::size_t wrong = 0; wrong < 3; ++wrong) {
    const Script right = signed_answer({{soa(5), host(1)}, {host(2)}, {soa(5)}});
    serve([right, wrong](const Bytes& request) {
      auto answers = right(request);
      answers[wrong][answers[wrong].size() - 20] ^= 1;
      return answers;
    });
    const auto refused = transfer(Transfer::full(kZone));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::Unauthenticated) << refused.error().describe();
    EXPECT_THAT(refused.error().message, StartsWith("127.0.0.1:"));
    EXPECT_EQ(sink_.changes, 0U);
    server_.reset();
  }
}

TEST_F(DnsClient, RefusesATransferWithoutSignatures) {
  serve([](const Bytes& request) {
    Message answer = answer_to(request);
    answer.answers = {soa(5), host(1), soa(5)};
    return std::vector<Bytes>{serialize(answer).value()};
  });
  EXPECT_EQ(transfer(Transfer::full(kZone)).error().code, ErrorCode::Unauthenticated);
  EXPECT_TRUE(transfer(Transfer::full(kZone), false).ok());
}

TEST_F(DnsClient, HandsNothingOnThatNoSignatureCovers) {
  // 60 messages of 100 records: only the first is signed, and the last one never comes.
  serve([this](const Bytes& request) {
    TsigStreamSigner signer(TsigKey::create("k", "hmac-sha256", kSecret).value(), mac_of(request));
    std::vector<Bytes> answers;
    for (int i = 0; i < 60; ++i) {
      Message answer = answer_to(request);
      if (i == 0) answer.answers.push_back(soa(5));
      for (int j = 0; j < 100; ++j) answer.answers.push_back(host(i * 100 + j));
      Bytes bytes = serialize(answer).value();
      answers.push_back(i == 0 ? signer.sign_next(std::move(bytes), clock_.now()) : std::move(bytes));
    }
    return answers;
  });
  EXPECT_EQ(transfer(Transfer::full(kZone)).error().code, ErrorCode::Unavailable);
  EXPECT_EQ(sink_.changes, 0U);
}

TEST_F(DnsClient, RefusesATransferThatIsCutOff) {
  serve(signed_answer({{soa(5), host(1)}, {host(2)}}));
  const auto refused = transfer(Transfer::full(kZone));
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("closed"));
}

TEST_F(DnsClient, RefusesASerialThatGoesBack) {
  serve(signed_answer({{soa(4)}}));
  const auto refused = transfer(Transfer::incremental(kZone, 5));
  EXPECT_EQ(refused.error().code, ErrorCode::Stale);
  EXPECT_THAT(refused.error().message, HasSubstr("went back from 5 to 4"));
}

TEST_F(DnsClient, RefusesALoopOfCompressionPointers) {
  serve([](const Bytes& request) {
    Message answer = answer_to(request);
    answer.answers = {soa(5)};
    Bytes bytes = serialize(answer).value();
    // An owner that points to itself.
    const auto at = static_cast<std::uint8_t>(bytes.size());
    bytes[7] = 2;
    for (const std::uint8_t octet : {std::uint8_t{0xC0}, at, std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{0}, std::uint8_t{1}})
      bytes.push_back(octet);
    bytes.insert(bytes.end(), 10, 0);
    return std::vector<Bytes>{bytes};
  });
  const auto refused = transfer(Transfer::full(kZone), false);
  EXPECT_EQ(refused.error().code, ErrorCode::Malformed);
  EXPECT_THAT(refused.error().message, HasSubstr("loop"));
}

TEST_F(DnsClient, RefusesMoreThanItsLimits) {
  serve(signed_answer({{soa(5), host(1), host(2), host(3)}, {soa(5)}}));
  EXPECT_THAT(transfer(Transfer::full(kZone), true, {.records = 3}).error().message, HasSubstr("more than 3 records"));
  EXPECT_THAT(transfer(Transfer::full(kZone), true, {.bytes = 100}).error().message, HasSubstr("100 octets"));
}

TEST_F(DnsClient, ASinksErrorEndsTheTransfer) {
  serve(signed_answer({{soa(5), host(1), soa(5)}}));
  sink_.error = Error(ErrorCode::Overloaded, "the sink is full");
  EXPECT_EQ(transfer(Transfer::full(kZone)).error().message, "the sink is full");
}

TEST_F(DnsClient, SaysThatAnUpdateMayHaveTakenEffect) {
  serve([](const Bytes&) { return std::vector<Bytes>{}; });
  Client with = client();
  const auto lost = loop_.run(with.update(Update(kZone).add(host(1)), io::Deadline::after(seconds(20))));
  EXPECT_EQ(lost.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(lost.error().message, HasSubstr("not known whether"));
}

TEST_F(DnsClient, NobodyThereIsUnavailable) {
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = 1;
  Client with(resolver_, clock_, options);
  const auto refused = loop_.run(with.query(kZone, RecordType::Soa, Recursion::NotDesired, io::Deadline::after(seconds(20))));
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("127.0.0.1:1"));
  EXPECT_EQ(loop_.run(with.transfer(Transfer::full(kZone), sink_, {}, io::Deadline::after(seconds(20)))).error().code, ErrorCode::Unavailable);
}

TEST_F(DnsClient, EndsAtItsDeadline) {
  // Something that listens and never answers.
  const auto acceptor = io::Acceptor::listen(loop_.executor(), "127.0.0.1", 0).value();
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = acceptor->local().port;
  Client with(resolver_, clock_, options);
  const auto late = loop_.run(with.transfer(Transfer::full(kZone), sink_, {}, io::Deadline::after(std::chrono::milliseconds(50))));
  EXPECT_EQ(late.error().code, ErrorCode::DeadlineExceeded);
}

}  // namespace
}  // namespace ipam::client::dns
