#include "wire/dns/tsig.h"

#include "wire/dns/bind_golden_suite.h"
#include "wire/dns/update.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ipam::wire::dns {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kSha256 = 32;

struct Recorded {
  TsigKey key = golden_key("transfer-key");
  GoldenSignature signature;
  std::vector<Bytes> answer;

  explicit Recorded(const std::string& name, std::size_t digest = kSha256)
      : signature(golden_signature(golden_messages(name + ".request").at(0), digest)), answer(golden_messages(name + ".answer")) {}
};

Result<void> verify_all(const Recorded& recorded, const std::vector<Bytes>& answer, Time now) {
  TsigVerifier verifier(recorded.key, recorded.signature.mac);
  for (const Bytes& message : answer) IPAM_TRY(verifier.verify(message, now));
  return verifier.finish();
}

TEST(Tsig, SignsAsDigAndNsupdateDo) {
  for (const auto& [file, key, digest] : {std::tuple("axfr", "transfer-key", kSha256), std::tuple("update-create", "update-key", std::size_t{64})}) {
    const Bytes request = golden_messages(std::string(file) + ".request").at(0);
    const GoldenSignature signature = golden_signature(request, digest);
    // The TSIG record's own length: name, fixed part, algorithm, fields, digest.
    const TsigKey with = golden_key(key);
    const std::size_t record = with.name.wire().size() + 10 + (digest == 64 ? 13U : 13U) + 16 + digest;
    Bytes message(request.begin(), request.end() - static_cast<std::ptrdiff_t>(record));
    --message[11];
    const Bytes mac = sign(message, with, signature.time).value();
    EXPECT_EQ(to_hex(mac), to_hex(signature.mac)) << file;
    EXPECT_EQ(to_hex(message), to_hex(request)) << file;
  }
}

TEST(Tsig, VerifiesTheTransfersOfBind) {
  for (const char* name : {"axfr", "axfr-many", "ixfr", "ixfr-up-to-date", "ixfr-whole-zone", "query-signed"}) {
    const Recorded recorded(name);
    const auto verified = verify_all(recorded, recorded.answer, recorded.signature.time);
    EXPECT_TRUE(verified.ok()) << name << verified.error().describe();
  }
  EXPECT_GT(Recorded("axfr-many").answer.size(), 2U);
}

TEST(Tsig, RefusesEveryChangedOctet) {
  const Recorded recorded("ixfr");
  for (std::size_t at = 0; at < recorded.answer[0].size(); ++at) {
    std::vector<Bytes> answer = recorded.answer;
    // The case of the key's name is not covered (section 4.3.3 digests it in lower case), nor is the id, which TSIG keeps for itself.
    answer[0][at] ^= 1;
    if (at < 2) continue;
    const auto verified = verify_all(recorded, answer, recorded.signature.time);
    EXPECT_FALSE(verified.ok()) << at;
  }
}

TEST(Tsig, RefusesMessagesThatAreLeftOutOrSwapped) {
  const Recorded recorded("axfr-many");
  std::vector<Bytes> without = recorded.answer;
  without.erase(without.begin() + 1);
  EXPECT_EQ(verify_all(recorded, without, recorded.signature.time).error().code, ErrorCode::Unauthenticated);
  std::vector<Bytes> swapped = recorded.answer;
  std::swap(swapped[0], swapped[1]);
  EXPECT_EQ(verify_all(recorded, swapped, recorded.signature.time).error().code, ErrorCode::Unauthenticated);
}

TEST(Tsig, SaysWhatTheServerRefuses) {
  for (const auto& [name, word, remedy] : {std::tuple("axfr-bad-key", "BADKEY", "name"), std::tuple("axfr-bad-signature", "BADSIG", "secret")}) {
    Recorded recorded(name);
    if (std::string_view(name) == "axfr-bad-key") recorded.key.name = Name::parse("no-such-key").value();
    const auto refused = verify_all(recorded, recorded.answer, recorded.signature.time);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::Unauthenticated);
    EXPECT_THAT(refused.error().message, HasSubstr(word));
    EXPECT_THAT(refused.error().message, HasSubstr(remedy));
  }
}

TEST(Tsig, HoldsTheClocksTogether) {
  const Recorded recorded("axfr");
  EXPECT_TRUE(verify_all(recorded, recorded.answer, recorded.signature.time + std::chrono::seconds(299)).ok());
  const auto late = verify_all(recorded, recorded.answer, recorded.signature.time + std::chrono::seconds(310));
  EXPECT_EQ(late.error().code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(late.error().message, HasSubstr("NTP"));
}

TEST(Tsig, RefusesAnAnswerThatIsNotSigned) {
  const Recorded recorded("axfr");
  const auto plain = golden_messages("query-soa.answer");
  EXPECT_EQ(verify_all(recorded, plain, recorded.signature.time).error().code, ErrorCode::Unauthenticated);
}

// A stream of `count` messages of which the first and each `every`-th are signed.
std::vector<Bytes> stream(const TsigKey& key, const Bytes& request_mac, std::size_t count, std::size_t every, Time now) {
  TsigStreamSigner signer(key, request_mac);
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < count; ++i) {
    Message message;
    message.header.response = true;
    message.answers.push_back(make_record("a.example", "TXT", 1, fmt::format("\"{}\"", i)).value());
    Bytes bytes = serialize(message).value();
    if (i % every == 0) {
      messages.push_back(signer.sign_next(std::move(bytes), now));
    } else {
      signer.pass_over(bytes);
      messages.push_back(std::move(bytes));
    }
  }
  return messages;
}

TEST(Tsig, AllowsUpTo99UnsignedMessagesInARow) {
  const Recorded recorded("axfr");
  const Time now = recorded.signature.time;
  const auto allowed = stream(recorded.key, recorded.signature.mac, 201, 100, now);
  EXPECT_TRUE(verify_all(recorded, allowed, now).ok());
  const auto too_many = stream(recorded.key, recorded.signature.mac, 203, 101, now);
  EXPECT_THAT(verify_all(recorded, too_many, now).error().message, HasSubstr("99"));
  // The last one must be signed.
  const auto open_end = stream(recorded.key, recorded.signature.mac, 202, 100, now);
  EXPECT_THAT(verify_all(recorded, open_end, now).error().message, HasSubstr("last message"));
  // What no signature covered by itself is covered by the next.
  auto altered = allowed;
  altered[50][altered[50].size() - 1] ^= 1;
  EXPECT_EQ(verify_all(recorded, altered, now).error().code, ErrorCode::Unauthenticated);
}

TEST(Tsig, RefusesAShortenedDigest) {
  const Recorded recorded("axfr");
  Bytes message = recorded.answer[0];
  // The digest's length, ten octets less of it, and the record's length.
  const std::size_t length_at = message.size() - 6 - kSha256 - 2;
  message[length_at + 1] = kSha256 - 10;
  const auto at = message.begin() + static_cast<std::ptrdiff_t>(length_at) + 2;
  message.erase(at, at + 10);
  message[length_at - 8 - 13 - 1] = static_cast<std::uint8_t>(message[length_at - 8 - 13 - 1] - 10);
  EXPECT_THAT(verify_all(recorded, {message}, recorded.signature.time).error().message, HasSubstr("22 of 32"));
}

TEST(TsigKey, IsMadeFromTextAndNeverQuotesItsSecret) {
  EXPECT_TRUE(TsigKey::create("k.", "HMAC-SHA512", Secret("c2VjcmV0")).ok());
  EXPECT_THAT(TsigKey::create("k.", "hmac-md5", Secret("c2VjcmV0")).error().message, HasSubstr("hmac-sha256"));
  const auto bad = TsigKey::create("k.", "hmac-sha256", Secret("not*base64"));
  EXPECT_EQ(bad.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(bad.error().describe(), Not(HasSubstr("not*base64")));
}

}  // namespace
}  // namespace ipam::wire::dns
