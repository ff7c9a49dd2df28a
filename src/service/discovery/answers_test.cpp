#include "service/discovery/answers.h"

#include "base/file.h"
#include "base/strings.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ipam::service {
namespace {

std::string golden(const std::string& name) { return read_file(IPAM_SOURCE_FOLDER "/tests/golden/" + name, 1U << 24U).value(); }

wire::dns::Message name_server_answer(wire::dns::Rcode rcode, std::optional<std::string> text) {
  auto answer = version_question();
  answer.header.response = true;
  answer.header.rcode = static_cast<std::uint8_t>(rcode);
  if (text) {
    wire::dns::ResourceRecord record;
    record.owner = answer.questions.front().name;
    record.type = wire::dns::RecordType::Txt;
    record.record_class = wire::dns::RecordClass::Chaos;
    record.rdata.push_back(static_cast<std::uint8_t>(text->size()));
    record.rdata.insert(record.rdata.end(), text->begin(), text->end());
    answer.answers.push_back(record);
  }
  return answer;
}

TEST(ControlAgentAnswers, OfARealKeaAreRecognized) {
  const auto open = recognize_control_agent(200, golden("kea/version-get.json"));
  ASSERT_TRUE(open.has_value());
  EXPECT_EQ(open->version, "2.2.0");
  const auto closed = recognize_control_agent(401, golden("kea/error.unauthorized.json"));
  ASSERT_TRUE(closed.has_value());
  EXPECT_EQ(closed->product, model::Product::Kea);
  EXPECT_EQ(closed->version, "");
  EXPECT_TRUE(recognize_control_agent(200, golden("kea/error.unknown-command.json")).has_value());
}

TEST(ControlAgentAnswers, OfOtherServersAreNot) {
  const std::string deep = std::string(100'000, '[');
  for (const char* body : {"", "{}", "[]", "[{}]", "null", "\"2.2.0\"", "[{\"result\":0}]", "[{\"result\":\"0\",\"text\":\"2.2.0\"}]",
                           "{\"result\":0,\"text\":\"2.2.0\"}", "[{\"result\":0,\"text\":\"hello\"}]", "<html>", deep.c_str()}) {
    EXPECT_FALSE(recognize_control_agent(200, body).has_value()) << shorten(body, 60);
  }
  EXPECT_FALSE(recognize_control_agent(401, "{\"error\":\"unauthorized\"}").has_value());
  EXPECT_FALSE(recognize_control_agent(401, "{\"result\":403,\"text\":\"x\"}").has_value());
  EXPECT_FALSE(recognize_control_agent(404, golden("kea/version-get.json")).has_value());
}

TEST(ControlAgentAnswers, AHostileVersionIsNotPassedOn) {
  const auto escape = recognize_control_agent(200, R"([{"result":0,"text":"2.0\u001b[31m"}])");
  ASSERT_TRUE(escape.has_value());
  EXPECT_EQ(escape->version, "");
  const auto endless = recognize_control_agent(200, fmt::format(R"([{{"result":0,"text":"2.{}"}}])", std::string(5000, '0')));
  ASSERT_TRUE(endless.has_value());
  EXPECT_LE(endless->version.size(), 64U);
}

TEST(StatisticsChannelAnswers, OfARealBindAreRecognizedAndOthersNot) {
  const auto bind = recognize_statistics_channel(200, golden("bind/primary.status.json"));
  ASSERT_TRUE(bind.has_value());
  EXPECT_EQ(bind->product, model::Product::Bind9);
  EXPECT_FALSE(recognize_statistics_channel(403, golden("bind/primary.status.json")).has_value());
  for (const char* body : {"", "[]", "{}", "{\"json-stats-version\":1}", "{\"version\":\"9.18\"}"}) {
    EXPECT_FALSE(recognize_statistics_channel(200, body).has_value()) << body;
  }
}

TEST(NameServerAnswers, OfARealBindAreRecognized) {
  const std::string bytes = golden("bind/query-version.answer");
  // As it comes over TCP, after its length (RFC 1035, section 4.2.2).
  const auto bind = recognize_name_server(wire::dns::parse_message(as_bytes(bytes).subspan(2)).value());
  ASSERT_TRUE(bind.has_value());
  EXPECT_TRUE(bind->version.starts_with("9.")) << bind->version;
}

TEST(NameServerAnswers, AHiddenVersionIsSaidToBeUncertain) {
  for (const auto rcode : {wire::dns::Rcode::Refused, wire::dns::Rcode::NoError}) {
    const auto hidden = recognize_name_server(name_server_answer(rcode, std::nullopt));
    ASSERT_TRUE(hidden.has_value());
    EXPECT_EQ(hidden->version, "");
    EXPECT_NE(hidden->evidence.find("other name servers may too"), std::string::npos);
  }
}

TEST(NameServerAnswers, OfOtherProductsAreNot) {
  for (const char* text : {"dnsmasq-2.90", "unbound 1.17.1", "PowerDNS Authoritative Server 4.7.3", "Knot DNS 3.2", "", "none"}) {
    EXPECT_FALSE(recognize_name_server(name_server_answer(wire::dns::Rcode::NoError, text)).has_value()) << text;
  }
  for (const auto rcode : {wire::dns::Rcode::NxDomain, wire::dns::Rcode::NotImp, wire::dns::Rcode::ServFail, wire::dns::Rcode::FormErr}) {
    EXPECT_FALSE(recognize_name_server(name_server_answer(rcode, std::nullopt)).has_value());
  }
}

}  // namespace
}  // namespace ipam::service
