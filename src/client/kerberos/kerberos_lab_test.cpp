// Signing in at the real Samba domain controller of tests/lab.
#include "client/kerberos/initiator.h"
#include "client/kerberos/keytab.h"
#include "client/kerberos/samba_lab_suite.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ipam::client::kerberos {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class RealKdc : public testing::Test {
 protected:
  static void SetUpTestSuite() { lab_ = std::make_unique<SambaLab>(std::vector<std::string>{}); }
  static void TearDownTestSuite() { lab_.reset(); }

  CredentialOptions options() {
    CredentialOptions options;
    options.user_name = lab_->reader();
    options.password = Secret(lab_->reader_password());
    options.kdcs = {lab_->address()};
    return options;
  }
  Error ticket_error(CredentialOptions options, const std::string& host = lab_->host()) {
    const auto credential = Credential::create(std::move(options)).value();
    const auto ticket = credential->ticket_for("host", host);
    EXPECT_FALSE(ticket.ok());
    return ticket.ok() ? Error() : ticket.error();
  }

  static std::unique_ptr<SambaLab> lab_;
};

std::unique_ptr<SambaLab> RealKdc::lab_;

TEST_F(RealKdc, APasswordGetsATicketForAService) {
  const auto credential = Credential::create(options()).value();
  const auto ticket = credential->ticket_for("host", lab_->host());
  ASSERT_TRUE(ticket.ok()) << ticket.error().describe();
  EXPECT_THAT(*ticket, StartsWith("host/dc1.contoso.test@"));
  EXPECT_THAT(credential->cache_name(), StartsWith("MEMORY:"));
  EXPECT_TRUE(credential->ticket_for("host", lab_->host()).ok());
}

TEST_F(RealKdc, AKeytabDoesAsWell) {
  CredentialOptions with_keytab = options();
  with_keytab.password = Secret();
  with_keytab.keytab = Secret(to_base64(lab_->reader_keytab()));
  const auto credential = Credential::create(with_keytab).value();
  const auto ticket = credential->ticket_for("host", lab_->host());
  ASSERT_TRUE(ticket.ok()) << ticket.error().describe();
  EXPECT_THAT(*ticket, StartsWith("host/dc1.contoso.test@"));
}

TEST_F(RealKdc, TheRealmMayBeInSmallLetters) {
  CredentialOptions small = options();
  small.user_name = "reader@contoso.test";
  const auto credential = Credential::create(small).value();
  EXPECT_EQ(credential->principal(), "reader@CONTOSO.TEST");
  EXPECT_TRUE(credential->ticket_for("host", lab_->host()).ok());
}

TEST_F(RealKdc, AWrongPasswordIsUnauthenticatedAndNotTold) {
  CredentialOptions wrong = options();
  wrong.password = Secret("not the password");
  const Error error = ticket_error(wrong);
  EXPECT_EQ(error.code, ErrorCode::Unauthenticated);
  EXPECT_THAT(error.message, HasSubstr("reader@CONTOSO.TEST"));
  EXPECT_THAT(error.describe(), Not(HasSubstr("not the password")));
}

TEST_F(RealKdc, AnUnknownAccountIsUnauthenticated) {
  CredentialOptions unknown = options();
  unknown.user_name = "nobody@CONTOSO.TEST";
  const Error error = ticket_error(unknown);
  EXPECT_EQ(error.code, ErrorCode::Unauthenticated);
  EXPECT_THAT(error.message, HasSubstr("does not know the account"));
}

TEST_F(RealKdc, AKeytabOfSomebodyElseIsUnauthenticated) {
  CredentialOptions other = options();
  other.password = Secret();
  other.user_name = lab_->administrator();
  other.keytab = Secret(to_base64(lab_->reader_keytab()));
  EXPECT_EQ(ticket_error(other).code, ErrorCode::Unauthenticated);
}

TEST_F(RealKdc, AServiceThatTheDomainDoesNotKnowIsToldSo) {
  const Error error = ticket_error(options(), "dc9.contoso.test");
  EXPECT_EQ(error.code, ErrorCode::FailedPrecondition) << error.describe();
  EXPECT_THAT(error.message, HasSubstr("host/dc9.contoso.test"));
}

TEST_F(RealKdc, ADeadKeyDistributionCenterIsUnavailable) {
  CredentialOptions dead = options();
  dead.kdcs = {"127.0.0.1:1"};
  const Error error = ticket_error(dead);
  EXPECT_EQ(error.code, ErrorCode::Unavailable) << error.describe();
  EXPECT_THAT(error.message, HasSubstr("?kdc=HOST"));
}

TEST_F(RealKdc, AContextBeginsWithATicketAndSealsNothingBeforeItIsEstablished) {
  Initiator initiator(Credential::create(options()).value(), "host", lab_->host());
  const auto token = initiator.start();
  ASSERT_TRUE(token.ok()) << token.error().describe();
  EXPECT_GT(token->size(), 500U);
  EXPECT_FALSE(initiator.established());
  Bytes octets(16);
  const Part part{Part::What::Sealed, octets};
  EXPECT_FALSE(initiator.seal(std::span(&part, 1)).ok());
  const auto wrong = initiator.step(Bytes{1, 2, 3});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::Unauthenticated);
}

// ---- accounts and keytabs, without a server ------------------------------------------------------------------------------------------------

TEST(Credential, AnAccountWithoutRealmOrSecretIsRefused) {
  for (const char* name : {"reader", "@CONTOSO.TEST", "reader@", "", "CONTOSO\\reader"}) {
    CredentialOptions options;
    options.user_name = name;
    options.password = Secret("secret");
    const auto credential = Credential::create(options);
    ASSERT_FALSE(credential.ok()) << name;
    EXPECT_EQ(credential.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(credential.error().message, HasSubstr("NAME@REALM"));
  }
  CredentialOptions options;
  options.user_name = "reader@CONTOSO.TEST";
  EXPECT_THAT(Credential::create(options).error().message, HasSubstr("neither a password nor a keytab"));
  options.keytab = Secret("not base64!");
  EXPECT_THAT(Credential::create(options).error().message, HasSubstr("base64"));
  options.keytab = Secret(to_base64(Bytes{1, 2, 3}));
  EXPECT_THAT(Credential::create(options).error().message, HasSubstr("no keytab"));
}

TEST_F(RealKdc, EveryShorterKeytabIsRefusedOrEndsBetweenEntries) {
  const Bytes keytab = lab_->reader_keytab();
  const auto whole = read_keytab(keytab).value();
  ASSERT_GE(whole.size(), 2U);
  EXPECT_EQ(whole[0].realm, "CONTOSO.TEST");
  EXPECT_EQ(whole[0].components, std::vector<std::string>{"reader"});
  std::size_t good = 0;
  for (std::size_t size = 0; size < keytab.size(); ++size) good += read_keytab(ByteView(keytab).first(size)).ok() ? 1 : 0;
  EXPECT_LT(good, whole.size());
}

}  // namespace
}  // namespace ipam::client::kerberos
