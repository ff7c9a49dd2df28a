#include "crypto/hmac.h"

#include "crypto/hash.h"

#include <gtest/gtest.h>

namespace ipam::crypto {
namespace {

std::string jefe(HmacAlgorithm algorithm) {
  Hmac hmac(algorithm, as_bytes("Jefe"));
  hmac.update(as_bytes("what do ya want "));
  hmac.update(as_bytes("for nothing?"));
  return to_hex(hmac.finish());
}

TEST(Hmac, GivesTheDigestsOfRfc2202And4231) {
  EXPECT_EQ(jefe(HmacAlgorithm::Sha1), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(jefe(HmacAlgorithm::Sha224), "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44");
  EXPECT_EQ(jefe(HmacAlgorithm::Sha256), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(jefe(HmacAlgorithm::Sha384), "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
  EXPECT_EQ(jefe(HmacAlgorithm::Sha512),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

TEST(Hmac, BeginsAnewAfterEachDigest) {
  Hmac hmac(HmacAlgorithm::Sha256, as_bytes("key"));
  for (const char* text : {"one", "two", ""}) {
    hmac.update(as_bytes(text));
    const Digest expected = hmac_sha256(as_bytes("key"), as_bytes(text));
    EXPECT_EQ(hmac.finish(), Bytes(expected.begin(), expected.end()));
  }
}

TEST(Hmac, TakesAnEmptyKey) {
  const Digest expected = hmac_sha256({}, as_bytes("x"));
  Hmac hmac(HmacAlgorithm::Sha256, {});
  hmac.update(as_bytes("x"));
  EXPECT_EQ(hmac.finish(), Bytes(expected.begin(), expected.end()));
}

}  // namespace
}  // namespace ipam::crypto
