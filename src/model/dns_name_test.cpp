#include "model/dns_name.h"

#include <gmock/gmock.h>

namespace ipam::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(DomainName, IsLowerCaseWithoutTheFinalDot) {
  EXPECT_EQ(parse_domain_name("WWW.Corp.Example.").value(), "www.corp.example");
  EXPECT_EQ(parse_domain_name("*.corp.example").value(), "*.corp.example");
  EXPECT_EQ(parse_domain_name("_ldap._tcp.example").value(), "_ldap._tcp.example");
  EXPECT_EQ(parse_domain_name(".").value(), ".");
}

TEST(DomainName, KeepsWhatIsEscapedInOneSpelling) {
  EXPECT_EQ(parse_domain_name(R"(a\.b.example)").value(), R"(a\.b.example)");
  EXPECT_EQ(parse_domain_name(R"(a\046b.example)").value(), R"(a\.b.example)");
  EXPECT_EQ(parse_domain_name(R"(a\032b\255.example)").value(), R"(a\032b\255.example)");
  EXPECT_EQ(parse_domain_name(R"(\065.example)").value(), "a.example");
}

TEST(DomainName, RefusesWhatIsNone) {
  const std::string label(63, 'a');
  for (const std::string& text : {std::string(), std::string("a..b"), std::string(".a"), std::string("a b"), std::string("a\\"), std::string("a\\25"),
                                  std::string("a\\256"), "x" + label, label + "." + label + "." + label + "." + label, std::string("a\nb")}) {
    EXPECT_EQ(parse_domain_name(text).error().code, ErrorCode::InvalidArgument) << text;
  }
  EXPECT_TRUE(parse_domain_name(label + "." + label + "." + label + "." + label.substr(0, 61)).ok());
  EXPECT_THAT(parse_domain_name("bücher.example").error().message, HasSubstr("xn--"));
}

TEST(DomainName, LiesInAZoneByWholeLabels) {
  EXPECT_TRUE(lies_in_zone("www.corp.example", "corp.example"));
  EXPECT_TRUE(lies_in_zone("corp.example", "corp.example"));
  EXPECT_TRUE(lies_in_zone("anything", "."));
  EXPECT_FALSE(lies_in_zone("notcorp.example", "corp.example"));
  EXPECT_FALSE(lies_in_zone(R"(a\.corp.example)", "corp.example")) << "this dot is the label's own";
  EXPECT_TRUE(lies_in_zone(R"(a\\.corp.example)", "corp.example"));
  EXPECT_THAT(names_above(R"(a\.b.corp)"), ElementsAre(R"(a\.b.corp)", "corp", "."));
}

TEST(ReverseName, GoesThereAndBack) {
  const auto v4 = ip::Address::parse("10.0.20.5").value(), v6 = ip::Address::parse("2001:db8::567:89ab").value();
  EXPECT_EQ(reverse_name(v4), "5.20.0.10.in-addr.arpa");
  EXPECT_EQ(reverse_name(v6), "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
  EXPECT_EQ(address_of_reverse_name(reverse_name(v4)), v4);
  EXPECT_EQ(address_of_reverse_name(reverse_name(v6)), v6);
  for (const char* text : {"20.0.10.in-addr.arpa", "05.20.0.10.in-addr.arpa", "256.0.0.10.in-addr.arpa", "in-addr.arpa", "www.example", "g.ip6.arpa",
                           "1.2.3.4.5.in-addr.arpa", "1.2.3.4in-addr.arpa"}) {
    EXPECT_EQ(address_of_reverse_name(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ipam::model
