#include "crypto/password.h"

#include <gtest/gtest.h>

#include <limits>

namespace ipam::crypto {
namespace {

// The least that argon2id allows: these tests are of our code, not of its cost.
constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

class PasswordHasherTest : public ::testing::Test {
 protected:
  const PasswordHasher hasher_ = PasswordHasher::create(kCheap).value();
};

TEST_F(PasswordHasherTest, TheRightPasswordVerifiesAndAnyOtherDoesNot) {
  const std::string stored = hasher_.hash(Secret("correct horse")).value();
  EXPECT_TRUE(hasher_.verify(Secret("correct horse"), stored).ok());
  for (const char* wrong : {"", "correct hors", "correct horse ", "Correct horse"}) {
    EXPECT_EQ(hasher_.verify(Secret(wrong), stored).error().code, ErrorCode::Unauthenticated) << wrong;
  }
}

TEST_F(PasswordHasherTest, VerifiesAHashMadeByTheReferenceProgram) {
  // printf "correct horse" | argon2 saltsaltsaltsalt -id -t 2 -k 64 -p 1 -l 32 -e
  const std::string stored = "$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$5jdMIzWoFbzSOl6k3wai9uU3f8LD+HmGXQgo1uhHQPI";
  EXPECT_TRUE(hasher_.verify(Secret("correct horse"), stored).ok());
  EXPECT_FALSE(hasher_.verify(Secret("wrong horse"), stored).ok());
}

TEST_F(PasswordHasherTest, HashingTwiceGivesTwoTexts) { EXPECT_NE(hasher_.hash(Secret("same")).value(), hasher_.hash(Secret("same")).value()); }

TEST_F(PasswordHasherTest, ATextThatIsNoHashIsAWrongPassword) {
  for (const std::string& stored : {std::string(), std::string("$argon2id$"), std::string("plain"), std::string(4096, '$')}) {
    EXPECT_EQ(hasher_.verify(Secret("x"), stored).error().code, ErrorCode::Unauthenticated);
  }
}

TEST_F(PasswordHasherTest, AUserWhoDoesNotExistIsAnsweredLikeAWrongPassword) {
  const Error nobody = hasher_.verify_nobody(Secret("x")).error();
  const Error wrong = hasher_.verify(Secret("x"), hasher_.hash(Secret("y")).value()).error();
  EXPECT_EQ(nobody.code, wrong.code);
  EXPECT_EQ(nobody.message, wrong.message);
}

TEST_F(PasswordHasherTest, PasswordsHaveABound) {
  const Secret longest(std::string(PasswordHasher::kMaxPasswordBytes, 'x')), longer(std::string(PasswordHasher::kMaxPasswordBytes + 1, 'x'));
  const std::string stored = hasher_.hash(longest).value();
  EXPECT_TRUE(hasher_.verify(longest, stored).ok());
  EXPECT_EQ(hasher_.hash(longer).error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(hasher_.verify(longer, stored).error().code, ErrorCode::Unauthenticated);
  EXPECT_EQ(hasher_.verify_nobody(longer).error().code, ErrorCode::Unauthenticated);
}

TEST_F(PasswordHasherTest, AsksForAnotherHashAfterTheCostChanged) {
  const std::string stored = hasher_.hash(Secret("x")).value();
  EXPECT_FALSE(hasher_.needs_rehash(stored));
  EXPECT_TRUE(PasswordHasher::create({.passes = 2, .memory_bytes = 8192}).value().needs_rehash(stored));
  EXPECT_TRUE(hasher_.needs_rehash("no hash"));
}

TEST(PasswordCost, OutsideOfArgon2idIsRefused) {
  EXPECT_FALSE(PasswordHasher::create({.passes = 0, .memory_bytes = 8192}).ok());
  EXPECT_FALSE(PasswordHasher::create({.passes = 1, .memory_bytes = 8191}).ok());
  EXPECT_FALSE(PasswordHasher::create({.passes = 1, .memory_bytes = std::numeric_limits<std::size_t>::max()}).ok());
  EXPECT_TRUE(PasswordHasher::create(PasswordCost{}).ok());
}

}  // namespace
}  // namespace ipam::crypto
