#include "client/ldap/errors.h"

#include "client/ldap/value_range.h"

#include <gmock/gmock.h>
#include <ldap.h>

namespace ipam::client::ldap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Error error_for(int code, const std::string& diagnostic) {
  return error_of({.code = code, .diagnostic = diagnostic, .place = "ldap://dc1.contoso.test:389", .host = "dc1.contoso.test", .doing = "sign in"});
}

TEST(LdapErrors, SayWhatIsWrongWithAnAccount) {
  const auto message = [](const char* data) {
    return error_for(LDAP_INVALID_CREDENTIALS,
                     std::string("80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data ") + data + ", v4563")
        .message;
  };
  EXPECT_EQ(message("533"), "ldap://dc1.contoso.test:389: cannot sign in: the account is disabled; enable it");
  EXPECT_THAT(message("52e"), HasSubstr("the password is wrong"));
  EXPECT_THAT(message("532"), HasSubstr("expired"));
  EXPECT_THAT(message("775"), HasSubstr("locked out"));
  EXPECT_THAT(message("999"), HasSubstr("refuses the credential"));
  EXPECT_EQ(error_for(LDAP_INVALID_CREDENTIALS, "").code, ErrorCode::Unauthenticated);
}

TEST(LdapErrors, NameTheServicePrincipalThatIsMissing) {
  const Error error = error_for(LDAP_LOCAL_ERROR, "SASL(-1): generic failure: GSSAPI Error: … (Server not found in Kerberos database)");
  EXPECT_EQ(error.code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(error.message, HasSubstr("ldap/dc1.contoso.test"));
  EXPECT_THAT(error.message, HasSubstr("setspn -S ldap/dc1.contoso.test"));
}

TEST(LdapErrors, DoNotTakeAServersWordsForTheLibrarys) {
  EXPECT_EQ(error_for(LDAP_BUSY, "Clock skew too great").code, ErrorCode::Unavailable);
  EXPECT_EQ(error_for(LDAP_LOCAL_ERROR, "GSSAPI Error: (Clock skew too great)").code, ErrorCode::FailedPrecondition);
}

TEST(LdapErrors, QuoteAServersWordsBoundedAndClean) {
  EXPECT_LT(error_for(LDAP_BUSY, std::string(100'000, 'x')).message.size(), 500U);
  EXPECT_LT(error_for(LDAP_BUSY, std::string(100'000, 'x')).describe().size(), 2'000U);
  EXPECT_THAT(error_for(LDAP_BUSY, "\x1b[2J").describe(), Not(HasSubstr("\x1b")));
}

TEST(LdapErrors, HaveACodeForEachKindOfRefusal) {
  EXPECT_EQ(error_for(LDAP_STRONG_AUTH_REQUIRED, "").code, ErrorCode::FailedPrecondition);
  EXPECT_EQ(error_for(LDAP_INSUFFICIENT_ACCESS, "").code, ErrorCode::PermissionDenied);
  EXPECT_EQ(error_for(LDAP_NO_SUCH_OBJECT, "").code, ErrorCode::NotFound);
  EXPECT_EQ(error_for(LDAP_SIZELIMIT_EXCEEDED, "").code, ErrorCode::Exhausted);
  EXPECT_EQ(error_for(LDAP_SERVER_DOWN, "").code, ErrorCode::Unavailable);
  EXPECT_EQ(error_for(LDAP_DECODING_ERROR, "").code, ErrorCode::Malformed);
  EXPECT_EQ(error_for(4711, "").code, ErrorCode::Unavailable);
}

TEST(ValueRange, IsPartOfTheAttributesName) {
  const auto first = ValueRange::parse("member;range=0-1499");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->following(), "member;range=1500-*");
  EXPECT_FALSE(first->last());
  const auto last = ValueRange::parse("Member;Range=1500-*");
  ASSERT_TRUE(last.has_value());
  EXPECT_TRUE(last->last());
  EXPECT_TRUE(first->continued_by(*last));
  EXPECT_FALSE(last->continued_by(*first));
  for (const char* none : {"member", "member;range=", "member;range=5-1", "member;range=-1-5", "member;range=0-1-2", ";range=0-1",
                           "member;range=0-99999999999999999999"})
    EXPECT_FALSE(ValueRange::parse(none).has_value()) << none;
}

}  // namespace
}  // namespace ipam::client::ldap
