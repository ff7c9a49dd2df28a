#include "wire/dns/message.h"
#include "wire/dns/bind_golden_suite.h"
#include "wire/dns/transfer.h"
#include "wire/dns/update.h"

#include "base/strings.h"

#include <gmock/gmock.h>

#include <map>

namespace ipam::wire::dns {
namespace {

using ::testing::HasSubstr;

ResourceRecord record(std::string_view owner, std::string_view type, std::string_view rdata, std::uint32_t ttl = 300) {
  return make_record(owner, type, ttl, rdata).value();
}

// dig's line without what it divides differently: spaces within base64 and hexadecimal digits, and mnemonics of certificates.
std::string squeezed(std::string text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t') out += c;
  }
  return out;
}

TEST(DnsMessage, ReadsWhatBindAnsweredAsDigPrintedIt) {
  // Types whose own text form is not spoken here.
  const std::map<std::string, std::string> octets = {{"APL", "TYPE42"}, {"EUI48", "108"}};
  const Bytes printed = golden("axfr.txt");
  std::vector<std::string> lines;
  for (const std::string_view line : split(as_text(printed), '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  std::size_t at = 0;
  for (const Bytes& bytes : golden_messages("axfr.answer")) {
    const Message message = parse_message(bytes).value();
    for (const ResourceRecord& each : message.answers) {
      ASSERT_LT(at, lines.size());
      std::string line = lines[at++];
      const std::string type = to_string(each.type);
      if (octets.contains(type)) {
        EXPECT_THAT(each.rdata_text(), HasSubstr("\\# "));
        EXPECT_THAT(line, HasSubstr(type));
        continue;
      }
      for (const auto& [dig, ours] : {std::pair("PKIX 0 RSASHA256", "1 0 8"), std::pair("10000m 10m", "10000.00m 10.00m")}) {
        if (const auto found = line.find(dig); found != std::string::npos) line.replace(found, std::string(dig).size(), ours);
      }
      EXPECT_EQ(squeezed(each.to_string()), squeezed(line));
    }
  }
  EXPECT_EQ(at, lines.size());
  EXPECT_GT(at, 40U);
}

TEST(DnsMessage, EveryRecordOfBindReadsAgainFromItsOwnText) {
  for (const Bytes& bytes : golden_messages("axfr.answer")) {
    for (const ResourceRecord& each : parse_message(bytes).value().answers) {
      const auto again = make_record(each.owner.to_string(), to_string(each.type), each.ttl, each.rdata_text());
      ASSERT_TRUE(again.ok()) << each.to_string() << again.error().describe();
      EXPECT_EQ(*again, each);
    }
  }
}

TEST(DnsMessage, WritesWhatDigAsked) {
  const Bytes asked = golden_messages("query-nxdomain.request").at(0);
  Message message = make_query(Name::parse("nothing.lab.example").value(), RecordType::A, Recursion::NotDesired);
  const Message theirs = parse_message(asked).value();
  message.header.id = theirs.header.id;
  message.header.authentic_data = theirs.header.authentic_data;
  message.edns = theirs.edns;  // dig's cookie
  EXPECT_EQ(to_hex(serialize(message).value()), to_hex(asked));
}

TEST(DnsMessage, WhatIsWrittenReadsAsTheSame) {
  Message message = make_query(Name::parse("example").value(), RecordType::Soa, Recursion::Desired);
  message.header.id = 4711;
  message.header.response = true;
  message.header.rcode = 3;
  message.edns->extended_rcode = 1;
  message.edns->options.push_back({15, {0, 18, 'n', 'o'}});
  message.answers = {record("example", "SOA", "ns.example. hm.example. 1 2 3 4 5"), record("example", "MX", "10 mail.example.")};
  message.authorities = {record("a.example", "TXT", "\"x\" \"\"")};
  message.additionals = {record("mail.example", "AAAA", "2001:db8::1")};
  const Bytes bytes = serialize(message).value();
  EXPECT_EQ(parse_message(bytes).value(), message);
  EXPECT_EQ(static_cast<int>(message.rcode()), 19);
  EXPECT_EQ(message.extended_error(), "Prohibited (18): no");
}

TEST(DnsMessage, TellsRcodesOfBind) {
  const auto rcode = [](const char* file) { return to_string(parse_message(golden_messages(std::string(file) + ".answer").at(0)).value().rcode()); };
  EXPECT_EQ(rcode("query-soa"), "NOERROR");
  EXPECT_EQ(rcode("query-nxdomain"), "NXDOMAIN");
  EXPECT_EQ(rcode("query-refused"), "REFUSED");
  EXPECT_EQ(rcode("query-servfail"), "SERVFAIL");
  EXPECT_EQ(rcode("update-create"), "NOERROR");
  EXPECT_EQ(rcode("update-yxrrset"), "YXRRSET");
  EXPECT_EQ(rcode("update-wrong-key"), "REFUSED");
}

TEST(DnsMessage, RefusesWhatIsNotWhole) {
  for (const char* file : {"axfr.answer", "query-soa.answer", "update-create.request"}) {
    const Bytes bytes = golden_messages(file).at(0);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto cut = parse_message(ByteView(bytes).first(size));
      ASSERT_FALSE(cut.ok()) << file << size;
      EXPECT_EQ(cut.error().code, ErrorCode::Malformed);
    }
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_THAT(parse_message(longer).error().message, HasSubstr("follows"));
  }
}

TEST(DnsMessage, RefusesARecordThatIsTooLongOrTooShortForItsType) {
  Message message;
  message.header.response = true;
  message.answers = {record("a.example", "A", "10.0.0.1")};
  Bytes bytes = serialize(message).value();
  const std::size_t length_at = bytes.size() - 6;
  bytes[length_at + 1] = 5;
  EXPECT_EQ(parse_message(bytes).error().code, ErrorCode::Malformed);  // past the end
  bytes.push_back(0);
  EXPECT_THAT(parse_message(bytes).error().message, HasSubstr("longer than its type"));
  bytes.erase(bytes.end() - 2, bytes.end());
  bytes[length_at + 1] = 3;
  EXPECT_EQ(parse_message(bytes).error().code, ErrorCode::Malformed);
}

TEST(DnsMessage, BelievesNoCountBeyondItsOctets) {
  Bytes bytes(12, 0);
  for (std::size_t i = 4; i < 12; ++i) bytes[i] = 0xFF;
  EXPECT_EQ(parse_message(bytes).error().code, ErrorCode::Malformed);
}

TEST(DnsMessage, IsAtMost65535OctetsLong) {
  Message message;
  for (int i = 0; i < 300; ++i) message.answers.push_back(record("a.example", "TXT", "\"" + std::string(250, 'x') + "\""));
  EXPECT_EQ(serialize(message).error().code, ErrorCode::InvalidArgument);
}

TEST(DnsUpdate, IsWhatNsupdateSends) {
  // Without the signature, which is the last record.
  const auto unsigned_part = [](const char* file) {
    Message message = parse_message(golden_messages(file).at(0)).value();
    message.header.id = 0;
    return to_hex(serialize(message).value());
  };
  const Name zone = Name::parse("lab.example").value(), name = Name::parse("new-2.lab.example").value();
  Update create(zone);
  create.require_no_rrset(name, RecordType::A).add(record("new-2.lab.example", "A", "10.0.2.2"));
  EXPECT_EQ(to_hex(serialize(create.message()).value()), unsigned_part("update-create.request"));
  Update remove(zone);
  remove.require_exactly({record("new-1.lab.example", "A", "10.0.2.1")}).remove(record("new-1.lab.example", "A", "10.0.2.1"));
  EXPECT_EQ(to_hex(serialize(remove.message()).value()), unsigned_part("update-delete.request"));
}

TEST(DnsUpdate, WritesRecordsWithoutDataOfEveryType) {
  for (const RecordType type : {RecordType::Ptr, RecordType::Soa, RecordType::Mx, RecordType::A, RecordType::Any}) {
    Update update(Name::parse("example").value());
    update.require_no_rrset(Name::parse("a.example").value(), type).remove_rrset(Name::parse("a.example").value(), type);
    EXPECT_EQ(parse_message(serialize(update.message()).value()).value(), update.message());
  }
}

TEST(DnsRdataText, RefusesWhatDoesNotFit) {
  const std::pair<const char*, const char*> cases[] = {{"A", "10.0.0"},
                                                       {"A", "10.0.0.1 2"},
                                                       {"A", ""},
                                                       {"A", "2001:db8::1"},
                                                       {"AAAA", "10.0.0.1"},
                                                       {"MX", "65536 a.b"},
                                                       {"MX", "10"},
                                                       {"PTR", "a..b"},
                                                       {"TXT", ""},
                                                       {"TXT", "\"a"},
                                                       {"TXT", "a\\999"},
                                                       {"SRV", "1 2 3"},
                                                       {"CAA", "0 is-sue x"},
                                                       {"SOA", "a b 1 2 3 4"},
                                                       {"DS", "1 2 3 XY"},
                                                       {"DS", "1 2 3 ABC"},
                                                       {"SSHFP", "1 1"},
                                                       {"TYPE65281", "x"},
                                                       {"TYPE65281", "\\# 2 0A"},
                                                       {"A", "\\# 3 0A0000"},
                                                       {"NSEC", "a. NOTYPE"},
                                                       {"A", "10.0.0.1 ; comment"},
                                                       {"DNSKEY", "257 3 13 ***"},
                                                       {"LOC", "91 N 0 E 0m"},
                                                       {"RRSIG", "A 13 2 300 20261301000000 20261101000000 1 a. AA=="}};
  for (const auto& [type, text] : cases) {
    const auto parsed = rdata_from_text(*record_type_of(type), text);
    ASSERT_FALSE(parsed.ok()) << type << ' ' << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(parsed.error().message, HasSubstr(type));
  }
  EXPECT_EQ(rdata_from_text(RecordType::Txt, "\"" + std::string(256, 'x') + "\"").error().code, ErrorCode::InvalidArgument);
  EXPECT_FALSE(make_record("a.example", "AXFR", 1, "x").ok());
  EXPECT_FALSE(make_record("a.example", "NOTYPE", 1, "x").ok());
  EXPECT_FALSE(make_record("a.example", "A", 0x80000000U, "10.0.0.1").ok());
}

TEST(DnsRdataText, PrintsDnssecTypesAsTheirRfcsDo) {
  // RFC 4034 sections 3.3 and 4.3, RFC 5155 sections 3.3 and 4.3.
  const std::pair<const char*, const char*> cases[] = {
      {"RRSIG", "A 5 3 86400 20030322173103 20030220173103 2642 example.com. oJB1W6WNGv+ldvQ3WDG0MQkg5IEhjRip8WTr"},
      {"NSEC", "host.example.com. A MX RRSIG NSEC TYPE1234"},
      {"NSEC3", "1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MX DNSKEY NS SOA NSEC3PARAM RRSIG"},
      {"NSEC3PARAM", "1 0 12 -"},
      {"DHCID", "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA="}};
  for (const auto& [type, text] : cases) {
    const Bytes rdata = rdata_from_text(*record_type_of(type), text).value();
    EXPECT_EQ(rdata_from_text(*record_type_of(type), rdata_to_text(*record_type_of(type), rdata)).value(), rdata);
    if (std::string_view(type) != "NSEC3") {
      EXPECT_EQ(rdata_to_text(*record_type_of(type), rdata), text);
    }
  }
}

// The vectors of RFC 9460 appendix D.
TEST(DnsRdataText, PrintsServiceParametersAsRfc9460Does) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"0 foo.example.com.", "000003666f6f076578616d706c6503636f6d00", "0 foo.example.com."},
      {"1 .", "000100", "1 ."},
      {"16 foo.example.com. port=53", "001003666f6f076578616d706c6503636f6d00000300020035", "16 foo.example.com. port=53"},
      {"1 foo.example.com. key667=hello", "000103666f6f076578616d706c6503636f6d00029b000568656c6c6f", "1 foo.example.com. key667=\"hello\""},
      {"1 foo.example.com. key667=\"hello\\210qoo\"", "000103666f6f076578616d706c6503636f6d00029b000968656c6c6fd2716f6f",
       "1 foo.example.com. key667=\"hello\\210qoo\""},
      {"1 foo.example.com. ipv6hint=\"2001:db8::1,2001:db8::53:1\"",
       "000103666f6f076578616d706c6503636f6d0000060020"
       "20010db8000000000000000000000001"
       "20010db8000000000000000000530001",
       "1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1"},
      {"16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
       "001003666f6f076578616d706c65036f7267000000000400010004"
       "00010009026832"
       "0568332d3139"
       "00040004c0000201",
       "16 foo.example.org. mandatory=alpn,ipv4hint alpn=\"h2,h3-19\" ipv4hint=192.0.2.1"},
      {"16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"",
       "001003666f6f076578616d706c65036f72670000"
       "01000c08665c6f6f2c626172"
       "026832",
       "16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\""}};
  for (const auto& [text, hex, printed] : cases) {
    const auto rdata = rdata_from_text(RecordType::Svcb, text);
    ASSERT_TRUE(rdata.ok()) << text << rdata.error().describe();
    EXPECT_EQ(to_hex(*rdata), hex) << text;
    const std::string again = rdata_to_text(RecordType::Svcb, *rdata);
    EXPECT_EQ(again, printed);
    EXPECT_EQ(rdata_from_text(RecordType::Https, again).value(), *rdata) << again;
  }
  for (const char* text : {"1 a. port=1 port=2", "1 a. port=x", "1 a. port", "1 a. alpn=", "1 a. alpn=h2,,h3", "1 a. ipv4hint=::1",
                           "1 a. no-default-alpn=1", "1 a. colour=red", "1 a. mandatory=alpn,alpn", "1 a. ech=***", "1 a. key667=\"x", "1"}) {
    EXPECT_EQ(rdata_from_text(RecordType::Svcb, text).error().code, ErrorCode::InvalidArgument) << text;
  }
  // Out of order, twice, cut off; and a port of three octets, which is shown as octets.
  for (const char* hex : {"00010000040004c0000201000300020035", "000100000300020035000300020035", "0001000003000200"}) {
    EXPECT_FALSE(check_rdata(RecordType::Svcb, from_hex(hex).value()).ok()) << hex;
  }
  EXPECT_THAT(rdata_to_text(RecordType::Svcb, from_hex("00010000030003003500").value()), HasSubstr("\\# "));
}

TEST(DnsSerial, ComparesByRfc1982) {
  EXPECT_EQ(compare_serials(2, 1), SerialOrder::Newer);
  EXPECT_EQ(compare_serials(1, 2), SerialOrder::Older);
  EXPECT_EQ(compare_serials(5, 5), SerialOrder::Same);
  EXPECT_EQ(compare_serials(0, 0xFFFFFFFFU), SerialOrder::Newer);
  EXPECT_EQ(compare_serials(0x80000000U, 0), SerialOrder::Undefined);
  EXPECT_EQ(compare_serials(0x7FFFFFFFU, 0), SerialOrder::Newer);
}

}  // namespace
}  // namespace ipam::wire::dns
