#include "crypto/hash.h"

#include "crypto/random.h"

#include "support/rapidcheck.h"

#include <set>

namespace ipam::crypto {
namespace {

TEST(Sha256, GivesTheDigestsOfFips180) {
  EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(HmacSha256, GivesTheDigestsOfRfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(20, 0x0b), as_bytes("Hi There"))), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(131, 0xaa), as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(TokenHash, IsBlake2bOf256Bits) {
  // Computed with b2sum -l 256.
  EXPECT_EQ(to_hex(hash_token(Secret("abc"))), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST(ConstantTimeComparison, TellsEqualFromDifferent) {
  EXPECT_TRUE(equal_in_constant_time({}, {}));
  EXPECT_TRUE(equal_in_constant_time(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("ab")));
}

TEST(Chain, GivesTheDigestsOfAnIndependentProgram) {
  // Computed with Python's hashlib from the definition in the header.
  const Digest first = chain(Digest{}, as_bytes("one"));
  EXPECT_EQ(to_hex(first), "bd454160900b44923ef56eb6b0485f148bd0a20b4268e0527e457668cd97235b");
  EXPECT_EQ(to_hex(chain(first, as_bytes("two"))), "97b09446b96c2831a8705e3f999390a3b5d6b419b64a4e901738f333107c70ed");
}

Digest end_of_chain(const std::vector<Bytes>& records) {
  Digest last{};
  for (const Bytes& record : records) last = chain(last, record);
  return last;
}

RC_GTEST_PROP(Chain, ChangesWhenARecordIsChangedOrRemovedOrMoved, ()) {
  const auto records = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<Bytes>>());
  const auto at = *rc::gen::inRange<std::size_t>(0, records.size());
  const Digest end = end_of_chain(records);

  auto changed = records;
  changed[at].push_back(0);
  RC_ASSERT(end_of_chain(changed) != end);
  auto removed = records;
  removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(at));
  RC_ASSERT(end_of_chain(removed) != end);
  auto moved = records;
  std::swap(moved[at], moved[0]);
  RC_ASSERT((moved == records) == (end_of_chain(moved) == end));
}

TEST(RandomToken, Has43CharactersThatAreSafeInAUrlAndNeverRepeats) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Secret token = random_token();
    EXPECT_EQ(token.reveal().size(), 43U);
    EXPECT_EQ(from_base64(token.reveal()).value().size(), 32U);
    EXPECT_EQ(token.reveal().find_first_of("+/="), std::string::npos);
    EXPECT_TRUE(seen.insert(token.reveal()).second);
  }
}

TEST(RandomBytes, AreAsManyAsAsked) {
  EXPECT_TRUE(random_bytes(0).empty());
  EXPECT_EQ(random_bytes(33).size(), 33U);
  EXPECT_NE(random_bytes(16), random_bytes(16));
}

}  // namespace
}  // namespace ipam::crypto
