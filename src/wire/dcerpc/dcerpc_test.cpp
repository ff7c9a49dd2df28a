#include "wire/dcerpc/bind.h"
#include "wire/dcerpc/call.h"
#include "wire/dcerpc/endpoint_map.h"

#include "base/file.h"

#include <gmock/gmock.h>

namespace ipam::wire::dcerpc {
namespace {

using ::testing::HasSubstr;

const SyntaxId kDnsServer{ndr::Uuid::parse("50abc2a4-574d-40b3-9d66-ee4fd5fba076").value(), 5, 0};

Bytes golden(const std::string& file) {
  const std::string content = read_file(IPAM_SOURCE_FOLDER "/tests/golden/samba/" + file, 1U << 20U).value();
  return {content.begin(), content.end()};
}

std::vector<Bytes> pdus_of(const std::string& file) {
  const Bytes stream = golden(file);
  std::vector<Bytes> pdus;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t length = read_header(ByteView(stream).subspan(at)).value().fragment_length;
    const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(at);
    pdus.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(length));
    at += length;
  }
  return pdus;
}

std::string error_of(const Bytes& bytes) {
  const auto pdu = read_pdu(bytes);
  return pdu.ok() ? "" : pdu.error().message;
}

TEST(Pdu, ReadsEveryPduBetweenSambaAndItsClients) {
  std::vector<PduType> types;
  for (const char* file : {"endpoint_map.asked", "endpoint_map.answered", "dns.asked", "dns.answered"}) {
    for (const Bytes& bytes : pdus_of(file)) {
      const auto pdu = read_pdu(bytes);
      ASSERT_TRUE(pdu.ok()) << pdu.error().describe();
      types.push_back(pdu->header.type);
    }
  }
  using enum PduType;
  std::vector<PduType> expected{Bind, Request, BindAck, Response, Bind, Auth3};
  expected.insert(expected.end(), 11, Request);
  expected.push_back(BindAck);
  expected.insert(expected.end(), 11, Response);
  EXPECT_EQ(types, expected);
}

TEST(Pdu, WritesWhatItRead) {
  for (const char* file : {"endpoint_map.asked", "endpoint_map.answered", "dns.asked", "dns.answered"}) {
    for (const Bytes& bytes : pdus_of(file)) {
      const Pdu pdu = read_pdu(bytes).value();
      if (pdu.header.type == PduType::Request || pdu.header.type == PduType::Response) continue;  // their padding is of 16 octets
      const Bytes again = pdu.trailer ? write_pdu(pdu.header, pdu.plain_body(), *pdu.trailer, pdu.token) : write_pdu(pdu.header, pdu.body);
      EXPECT_EQ(to_hex(again), to_hex(bytes));
    }
  }
}

TEST(Pdu, BindsAreWhatTheOtherClientsWrote) {
  const Bytes asked = pdus_of("endpoint_map.asked").at(0);
  const Pdu pdu = read_pdu(asked).value();
  const Bind bind = ndr::read<Bind>(pdu.body).value();
  ASSERT_EQ(bind.contexts.size(), 1U);
  EXPECT_EQ(bind.contexts[0].interface_id, kEndpointMapper);
  EXPECT_EQ(bind.contexts[0].transfer_syntaxes, std::vector<SyntaxId>{kNdr});
  EXPECT_EQ(to_hex(ndr::write(bind)), to_hex(pdu.body));
}

TEST(Pdu, SambaAcceptsInterfacesAndSignsHeaders) {
  const Bytes asked = pdus_of("dns.asked").at(0), answered = pdus_of("dns.answered").at(0);
  const Pdu bind_pdu = read_pdu(asked).value();
  EXPECT_EQ(bind_pdu.trailer->type, AuthType::Kerberos);
  EXPECT_EQ(bind_pdu.trailer->level, AuthLevel::Integrity);
  const Pdu pdu = read_pdu(answered).value();
  EXPECT_EQ(pdu.header.flags, kWhole | kSupportHeaderSigning);
  const BindAck ack = ndr::read<BindAck>(pdu.plain_body()).value();
  EXPECT_EQ(as_text(ack.secondary_address), std::string_view("49153", 6));
  ASSERT_EQ(ack.answers.list.size(), ndr::read<Bind>(bind_pdu.plain_body()).value().contexts.size());
  EXPECT_EQ(ack.answers.list[0].result, ContextResult::Accepted);
  EXPECT_EQ(ack.answers.list[0].transfer_syntax, kNdr);
  EXPECT_EQ(to_hex(ndr::write(ack)), to_hex(pdu.plain_body()));
}

TEST(Pdu, LengthsThatDoNotAgreeAreRefused) {
  Bytes bytes = pdus_of("dns.asked").at(1);
  EXPECT_EQ(error_of(bytes), "");
  bytes.push_back(0);
  EXPECT_THAT(error_of(bytes), HasSubstr("says that it has"));
  bytes.pop_back();
  bytes[10] = 0xFF;
  EXPECT_THAT(error_of(bytes), HasSubstr("cannot hold its header"));
  bytes[8] = 15;
  bytes[9] = 0;
  EXPECT_THAT(error_of(bytes), HasSubstr("cannot hold its header"));
  for (std::size_t size = 0; size < kHeaderSize; ++size) EXPECT_FALSE(read_header(ByteView(bytes).first(size)).ok());
}

TEST(Pdu, MorePaddingThanBodyIsRefused) {
  Bytes bytes = write_pdu(Header{}, Bytes{1, 2, 3, 4}, Trailer{AuthType::Kerberos, AuthLevel::Privacy, 0, 1}, Bytes(16, 7));
  EXPECT_EQ(error_of(bytes), "");
  bytes[kHeaderSize + 4 + 2] = 5;
  EXPECT_THAT(error_of(bytes), HasSubstr("more padding"));
}

TEST(Pdu, OtherVersionsAndRepresentationsAreRefused) {
  Bytes bytes = pdus_of("endpoint_map.asked").at(0);
  Bytes http = bytes;
  const std::string_view text = "HTTP/1.1 400 Bad Request";
  std::copy(text.begin(), text.end(), http.begin());
  EXPECT_THAT(error_of(http), HasSubstr("this is no DCE/RPC of version 5"));
  bytes[4] = 0;
  EXPECT_THAT(error_of(bytes), HasSubstr("representation"));
}

TEST(BindNak, SaysWhy) {
  EXPECT_EQ(read_bind_nak(Bytes{8, 0}).value(), "the server does not know this kind of authentication");
  EXPECT_THAT(read_bind_nak(Bytes{99, 0}).value(), HasSubstr("99"));
  EXPECT_FALSE(read_bind_nak(Bytes{8}).ok());
}

TEST(Fault, IsAnErrorThatNamesItsStatus) {
  EXPECT_EQ(fault_error(5).code, ErrorCode::PermissionDenied);
  EXPECT_EQ(fault_error(0x1c010003).code, ErrorCode::Unsupported);
  EXPECT_EQ(fault_error(0x1c00001b).code, ErrorCode::Unavailable);  // no memory
  EXPECT_EQ(fault_error(0x1c00001d).code, ErrorCode::Unsupported);  // of sealing
  EXPECT_EQ(fault_error(0x12345678).message, "the server could not carry out the call (fault 0x12345678)");
  Fault fault;
  fault.status = 0x721;
  const Bytes body = ndr::write(fault);
  EXPECT_EQ(body.size(), 16U);
  EXPECT_EQ(read_fault(body).value(), fault);
  EXPECT_FALSE(read_fault(ByteView(body).first(15)).ok());
}

Header fragment(std::uint8_t flags, std::uint32_t call_id = 7) {
  Header header;
  header.type = PduType::Response;
  header.flags = flags;
  header.call_id = call_id;
  return header;
}

TEST(Assembler, PutsFragmentsTogether) {
  Assembler assembler(7, 6);
  EXPECT_TRUE(assembler.add(fragment(kFirstFragment), Bytes{1, 2}).ok());
  EXPECT_TRUE(assembler.add(fragment(0), Bytes{3}).ok());
  EXPECT_FALSE(assembler.complete());
  EXPECT_TRUE(assembler.add(fragment(kLastFragment), Bytes{4, 5, 6}).ok());
  EXPECT_TRUE(assembler.complete());
  EXPECT_EQ(assembler.parameters(), (Bytes{1, 2, 3, 4, 5, 6}));
}

TEST(Assembler, RefusesWhatIsOutOfOrderTooLongOrOfAnotherCall) {
  EXPECT_FALSE(Assembler(7, 6).add(fragment(0), Bytes{1}).ok());
  EXPECT_FALSE(Assembler(7, 6).add(fragment(kWhole, 8), Bytes{1}).ok());
  EXPECT_FALSE(Assembler(7, 6).add(fragment(kWhole), Bytes(7, 1)).ok());
  Assembler twice(7, 6);
  EXPECT_TRUE(twice.add(fragment(kFirstFragment), Bytes{1}).ok());
  EXPECT_FALSE(twice.add(fragment(kFirstFragment), Bytes{1}).ok());
}

TEST(EndpointMap, AsksAsAnotherClientDoes) {
  const Bytes asked = pdus_of("endpoint_map.asked").at(1);
  const Pdu pdu = read_pdu(asked).value();
  EXPECT_EQ(ndr::read<RequestHead>(pdu.body.first(RequestHead::kSize)).value().operation, kMapOperation);
  const MapRequest theirs = ndr::read<MapRequest>(pdu.body.subspan(RequestHead::kSize)).value();
  ASSERT_TRUE(theirs.tower);
  EXPECT_EQ(to_hex(theirs.tower->octets), to_hex(map_request(kDnsServer).tower->octets));
}

TEST(EndpointMap, FindsThePortInWhatSambaAnswered) {
  const Bytes answered = pdus_of("endpoint_map.answered").at(1);
  const MapResponse response = ndr::read<MapResponse>(read_pdu(answered).value().body.subspan(ResponseHead::kSize)).value();
  EXPECT_EQ(mapped_port(response, kDnsServer).value(), 49153);
  EXPECT_EQ(mapped_port(response, kEndpointMapper).error().code, ErrorCode::Unavailable);
  EXPECT_EQ(mapped_port(MapResponse{}, kDnsServer).error().code, ErrorCode::Unavailable);
}

TEST(EndpointMap, TowersThatAreCutAreRefused) {
  const Tower tower = tcp_tower(kDnsServer, 4711);
  EXPECT_EQ(tcp_port(tower, kDnsServer).value(), 4711);
  // The last floor is not looked at.
  for (std::size_t size = 0; size < tower.octets.size() - 9; ++size) {
    Tower cut;
    cut.octets.assign(tower.octets.begin(), tower.octets.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(tcp_port(cut, kDnsServer).ok()) << size;
  }
}

}  // namespace
}  // namespace ipam::wire::dcerpc
