#include "crypto/seal.h"

#include "base/file.h"
#include "support/rapidcheck.h"
#include "support/temporary_folder.h"

#include <sys/stat.h>

namespace ipam::crypto {
namespace {

// The bytes 0 to 31.
const Secret kKeyText("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
constexpr std::string_view kOwner = "credential/123";

MasterKey fixed_key() { return MasterKey::from_text(kKeyText).value(); }

TEST(Sealer, OpensATextMadeByAnIndependentProgram) {
  // Made in Python from the definition in the header: hashlib's BLAKE2b, an HChaCha20 checked with the draft's section 2.2.1, ChaCha20-Poly1305.
  EXPECT_EQ(fixed_key().id(), "b08148246a7b8b0c");
  EXPECT_EQ(Sealer(fixed_key())
                .open("v1.b08148246a7b8b0c.ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7LuzfU89rlIhJNUktUp-tMY58l6F6zZIdY4WgOMs", kOwner)
                .value()
                .reveal(),
            "correct horse");
}

RC_GTEST_PROP(Sealer, OpensWhatItSealed, (const std::string& secret, const std::string& owner)) {
  const Sealer sealer(MasterKey::make());
  RC_ASSERT(sealer.open(sealer.seal(Secret(secret), owner).value(), owner).value().reveal() == secret);
}

TEST(Sealer, SealingTwiceGivesTwoTexts) {
  const Sealer sealer(fixed_key());
  EXPECT_NE(sealer.seal(Secret("same"), kOwner).value(), sealer.seal(Secret("same"), kOwner).value());
}

TEST(Sealer, DoesNotOpenWhatWasChangedAnywhere) {
  const Sealer sealer(fixed_key());
  const std::string sealed = sealer.seal(Secret("secret"), kOwner).value();
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = changed[at] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(sealer.open(changed, kOwner).ok()) << at;
    EXPECT_FALSE(sealer.open(sealed.substr(0, at), kOwner).ok()) << at;
  }
}

TEST(Sealer, DoesNotOpenForAnotherOwnerAndSaysTheSameAsOfAChangedText) {
  const Sealer sealer(fixed_key());
  const std::string sealed = sealer.seal(Secret("secret"), kOwner).value();
  std::string changed = sealed;
  changed[40] = changed[40] == 'a' ? 'b' : 'a';
  const Error other_owner = sealer.open(sealed, "credential/124").error();
  const Error other_text = sealer.open(changed, kOwner).error();
  EXPECT_EQ(other_owner.code, ErrorCode::FailedPrecondition);
  EXPECT_EQ(other_owner.describe(), other_text.describe());
  EXPECT_EQ(other_owner.describe().find("secret\""), std::string::npos);
}

TEST(Sealer, AKeyThatIsNotLoadedIsSaidSo) {
  const std::string sealed = Sealer(MasterKey::make()).seal(Secret("secret"), kOwner).value();
  const Error error = Sealer(fixed_key()).open(sealed, kOwner).error();
  EXPECT_EQ(error.code, ErrorCode::FailedPrecondition);
  EXPECT_NE(error.message.find("not loaded"), std::string::npos);
}

TEST(Sealer, AfterARotationOldTextsOpenAndAskToBeSealedAgain) {
  const MasterKey old_key = MasterKey::make(), new_key = MasterKey::make();
  const std::string sealed = Sealer(old_key).seal(Secret("secret"), kOwner).value();
  const Sealer rotated(new_key, {old_key});
  EXPECT_TRUE(rotated.needs_resealing(sealed));
  const std::string again = rotated.seal(rotated.open(sealed, kOwner).value(), kOwner).value();
  EXPECT_FALSE(rotated.needs_resealing(again));
  EXPECT_EQ(Sealer(new_key).open(again, kOwner).value().reveal(), "secret");
}

TEST(Sealer, WhatIsNoSealedTextIsMalformed) {
  const Sealer sealer(fixed_key());
  for (const char* text :
       {"", "v1.", "v2.b08148246a7b8b0c.ZGVm", "v1.b08148246a7b8b0c.ZGVm", "v1.b08148246a7b8b0c.****", "v1.b08148246a7b8b0cxZGVm"}) {
    EXPECT_EQ(sealer.open(text, kOwner).error().code, ErrorCode::Malformed) << text;
  }
}

TEST(Sealer, SecretsHaveABound) {
  const Sealer sealer(fixed_key());
  const std::string longest = sealer.seal(Secret(std::string(Sealer::kMaxSecretBytes, 'x')), kOwner).value();
  EXPECT_EQ(sealer.open(longest, kOwner).value().reveal().size(), Sealer::kMaxSecretBytes);
  EXPECT_EQ(sealer.seal(Secret(std::string(Sealer::kMaxSecretBytes + 1, 'x')), kOwner).error().code, ErrorCode::InvalidArgument);
}

TEST(MasterKey, IsCreatedOnceInAFileOfItsOwnerOnly) {
  const test::TemporaryFolder folder;
  const MasterKey made = MasterKey::load_or_create(folder.file("master.key")).value();
  EXPECT_EQ(MasterKey::load_or_create(folder.file("master.key")).value().id(), made.id());
  EXPECT_EQ(MasterKey::load(folder.file("master.key")).value().id(), made.id());
  struct stat status {};
  ASSERT_EQ(::stat(folder.file("master.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST(MasterKey, AMissingFileIsNotFound) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(MasterKey::load(folder.file("master.key")).error().code, ErrorCode::NotFound);
}

TEST(MasterKey, AFileThatOthersMayReadIsRefusedAndTheMessageSaysWhatToRun) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomically(folder.file("master.key"), as_bytes(kKeyText.reveal()), 0644).ok());
  for (const auto& refused : {MasterKey::load(folder.file("master.key")), MasterKey::load_or_create(folder.file("master.key"))}) {
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::FailedPrecondition);
    EXPECT_NE(refused.error().message.find("chmod 600 "), std::string::npos);
  }
}

TEST(MasterKey, AFileThatHoldsSomethingElseIsRefusedAndNeitherQuotedNorReplaced) {
  const test::TemporaryFolder folder;
  for (const char* content : {"", "hunter2", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg=="}) {
    ASSERT_TRUE(write_file_atomically(folder.file("master.key"), as_bytes(content), 0600).ok());
    const Error error = MasterKey::load_or_create(folder.file("master.key")).error();
    EXPECT_EQ(error.code, ErrorCode::Malformed);
    EXPECT_EQ(error.describe().find("hunter2"), std::string::npos);
    EXPECT_EQ(read_file(folder.file("master.key"), 100).value(), content);
  }
}

}  // namespace
}  // namespace ipam::crypto
