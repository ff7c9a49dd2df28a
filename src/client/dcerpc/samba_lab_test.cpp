// The client against the real Samba domain controller of tests/lab.
#include "client/dcerpc/connection.h"
#include "client/dcerpc/scripted_rpc_suite.h"
#include "client/kerberos/samba_lab_suite.h"
#include "io/blocking.h"
#include "wire/dcerpc/endpoint_map.h"

#include <gmock/gmock.h>

namespace ipam::client::dcerpc {
namespace {

using namespace wire::dcerpc;
namespace ndr = wire::ndr;
using kerberos::Credential;
using kerberos::CredentialOptions;
using kerberos::SambaLab;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

io::Deadline soon() { return io::Deadline::after(seconds(60)); }

// The DNS service, of which the parameters are described here only as far as these tests need them.
const SyntaxId kDns{{0x50abc2a4, 0x574d, 0x40b3, {0x9d, 0x66, 0xee, 0x4f, 0xd5, 0xfb, 0xa0, 0x76}}, 5, 0};
constexpr std::uint16_t kEnumRecords2 = 8;

struct EnumRecords {
  std::optional<std::string> server;
  std::optional<std::string> zone;
  std::optional<std::string> node = "@";
  std::uint16_t type = 0xFF;
  std::uint32_t select = 1;
};
constexpr auto layout(const EnumRecords*) {
  using namespace ndr;
  using R = EnumRecords;
  return parameters(reserved("version", u32), reserved("flags", u32), field("server", &R::server, unique(wide_text)),
                    field("zone", &R::zone, unique(text)), field("node", &R::node, unique(text)), reserved("start", u32),
                    field("type", &R::type, u16), field("select", &R::select, u32), reserved("filter", u32), reserved("filter", u32));
}
struct Records {
  Bytes buffer;
  std::uint32_t result = 0;
};
constexpr auto layout(const Records*) {
  using namespace ndr;
  return parameters(count_of("length", &Records::buffer, u32), field("buffer", &Records::buffer, unique(conformant(u8))),
                    field("result", &Records::result, u32));
}

// One lab for all tests of this file: it takes seconds to start.
SambaLab& shared_lab() {
  static SambaLab lab({"--zones", "3000"});
  return lab;
}

class RealSamba : public testing::Test {
 protected:
  RealSamba() : lab_(&shared_lab()) {}

  Target target() {
    Target target;
    target.host = lab_->host();
    target.address = lab_->address();
    return target;
  }
  std::shared_ptr<Credential> credential(const std::string& password = shared_lab().administrator_password()) {
    CredentialOptions options;
    options.user_name = lab_->administrator();
    options.password = Secret(password);
    options.kdcs = {lab_->address()};
    return Credential::create(std::move(options)).value();
  }
  Result<std::unique_ptr<Connection>> open(const Target& to, const SyntaxId& interface_id = kDns) {
    return loop_.run(Connection::open(services_, to, interface_id, credential(), soon()));
  }
  Result<Records> records(Connection& connection, const std::string& zone, const std::string& server = "dc1") {
    EnumRecords request;
    request.server = server;
    request.zone = zone;
    const Bytes parameters = ndr::write(request);
    const auto answer = loop_.run(connection.call(kEnumRecords2, parameters, 16U << 20U, soon()));
    if (!answer.ok()) return answer.error();
    return ndr::read<Records>(*answer);
  }

  SambaLab* lab_;
  io::BlockingLoop loop_;
  io::Resolver resolver_{1};
  io::WorkerPool blocking_{"the tests' clients", 2, 100};
  Services services_{resolver_, blocking_};
};

TEST_F(RealSamba, TheEndpointMapperTellsThePort) {
  const auto port = loop_.run(map_port(&resolver_, target(), kDns, soon()));
  ASSERT_TRUE(port.ok()) << port.error().describe();
  EXPECT_GE(*port, 1024);
  const SyntaxId nobody{ndr::Uuid::parse("12345678-1234-1234-1234-123456789abc").value(), 1, 0};
  const auto none = loop_.run(map_port(&resolver_, target(), nobody, soon()));
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::Unavailable);
}

TEST_F(RealSamba, CallsSealedOperations) {
  const auto connection = open(target());
  ASSERT_TRUE(connection.ok()) << connection.error().describe();
  EXPECT_THAT((*connection)->name(), StartsWith("dc1.contoso.test:"));
  for (int i = 0; i < 3; ++i) {
    const auto answer = records(**connection, "types.contoso.test");
    ASSERT_TRUE(answer.ok()) << answer.error().describe();
    EXPECT_EQ(answer->result, 0U);
    EXPECT_GT(answer->buffer.size(), 500U);
  }
}

TEST_F(RealSamba, AnswersOfManyFragmentsArePutTogether) {
  const auto connection = open(target());
  ASSERT_TRUE(connection.ok()) << connection.error().describe();
  const auto answer = records(**connection, "big.contoso.test");
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  EXPECT_GT(answer->buffer.size(), 100'000U);
}

TEST_F(RealSamba, RequestsOfManyFragmentsAreTaken) {
  const auto connection = open(target());
  ASSERT_TRUE(connection.ok()) << connection.error().describe();
  // The server ignores its own name, so it may be long.
  const auto answer = records(**connection, "types.contoso.test", std::string(20'000, 'x'));
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  EXPECT_EQ(answer->result, 0U);
}

TEST_F(RealSamba, AnAnswerLongerThanItsLimitIsRefused) {
  const auto connection = open(target());
  ASSERT_TRUE(connection.ok()) << connection.error().describe();
  EnumRecords request;
  request.zone = "big.contoso.test";
  const auto answer = loop_.run((*connection)->call(kEnumRecords2, ndr::write(request), 10'000, soon()));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::Malformed);
  EXPECT_THAT(answer.error().message, HasSubstr("longer than 10000 octets"));
}

TEST_F(RealSamba, FaultsAreErrorsThatNameTheServer) {
  const auto connection = open(target());
  ASSERT_TRUE(connection.ok()) << connection.error().describe();
  const auto no_operation = loop_.run((*connection)->call(99, Bytes(8), 1000, soon()));
  ASSERT_FALSE(no_operation.ok());
  EXPECT_EQ(no_operation.error().code, ErrorCode::Unsupported);
  EXPECT_THAT(no_operation.error().message, StartsWith("dc1.contoso.test:"));
  EXPECT_THAT(no_operation.error().message, HasSubstr("0x1c010002"));
}

TEST_F(RealSamba, AnInterfaceThatIsNotServedAtAPortIsUnsupported) {
  Target mapper = target();
  mapper.port = 135;
  const SyntaxId nobody{ndr::Uuid::parse("12345678-1234-1234-1234-123456789abc").value(), 1, 0};
  const auto connection = open(mapper, nobody);
  ASSERT_FALSE(connection.ok());
  EXPECT_EQ(connection.error().code, ErrorCode::Unsupported) << connection.error().describe();
}

TEST_F(RealSamba, AWrongPasswordIsUnauthenticated) {
  const auto wrong = credential("not the password");
  const auto connection = loop_.run(Connection::open(services_, target(), kDns, wrong, soon()));
  ASSERT_FALSE(connection.ok());
  EXPECT_EQ(connection.error().code, ErrorCode::Unauthenticated);
  EXPECT_THAT(connection.error().message, HasSubstr("Administrator@CONTOSO.TEST"));
}

TEST_F(RealSamba, ManyConnectionsShareOneCredential) {
  const auto shared = credential();
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < 8; ++i) {
    auto connection = loop_.run(Connection::open(services_, target(), kDns, shared, soon()));
    ASSERT_TRUE(connection.ok()) << connection.error().describe();
    connections.push_back(std::move(connection).value());
  }
  for (const auto& connection : connections) EXPECT_TRUE(records(*connection, "types.contoso.test").ok());
}

TEST_F(RealSamba, EndsAtItsDeadlineAndWhenCancelled) {
  const auto late = loop_.run(Connection::open(services_, target(), kDns, credential(), io::Deadline::after(Duration::zero())));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::DeadlineExceeded);
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled = loop_.run(Connection::open(services_, target(), kDns, credential(), soon().with(stop.get_token())));
  ASSERT_FALSE(cancelled.ok());
  EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
}

// ---- servers that lie, to a client with real tickets ------------------------------------------------------------------------------------------

class LyingServer : public RealSamba {
 protected:
  Error error_of(RpcScript script) {
    ScriptedRpc server(loop_, std::move(script));
    Target to = target();
    to.address = "127.0.0.1";
    to.port = server.port();
    const auto connection = loop_.run(Connection::open(services_, to, kDns, credential(), io::Deadline::after(seconds(20))));
    EXPECT_FALSE(connection.ok());
    return connection.ok() ? Error() : connection.error();
  }
  Error mapper_error(RpcScript script) {
    ScriptedRpc server(loop_, std::move(script));
    Target to = target();
    to.address = "127.0.0.1";
    to.mapper_port = server.port();
    const auto port = loop_.run(map_port(&resolver_, to, kDns, io::Deadline::after(seconds(20))));
    EXPECT_FALSE(port.ok());
    return port.ok() ? Error() : port.error();
  }
};

TEST_F(LyingServer, OneThatClosesIsUnavailable) {
  const Error error = error_of([](const Bytes&) { return Bytes(); });
  EXPECT_EQ(error.code, ErrorCode::Unavailable);
  EXPECT_THAT(error.message, HasSubstr("closed the connection instead of answering"));
}

TEST_F(LyingServer, OneThatSpeaksAnotherProtocolIsMalformed) {
  const std::string_view http = "HTTP/1.1 400 Bad Request\r\n\r\n";
  const Error error = error_of([&](const Bytes&) { return Bytes(http.begin(), http.end()); });
  EXPECT_EQ(error.code, ErrorCode::Malformed);
  EXPECT_THAT(error.message, HasSubstr("no DCE/RPC of version 5"));
}

TEST_F(LyingServer, OneThatDoesNotSignHeadersIsLeft) {
  const Error error = error_of([](const Bytes&) { return bind_ack(kWhole, Bytes(100, 1)); });
  EXPECT_EQ(error.code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(error.message, HasSubstr("does not sign headers"));
}

TEST_F(LyingServer, OneThatTakesNoKerberosIsLeft) {
  const Error error = error_of([](const Bytes&) { return bind_ack(kWhole | kSupportHeaderSigning, {}); });
  EXPECT_EQ(error.code, ErrorCode::FailedPrecondition);
}

TEST_F(LyingServer, OneWithoutTheKeysOfTheServiceIsUnauthenticated) {
  const Error error = error_of([](const Bytes& pdu) { return pdu[2] == 11 ? bind_ack(kWhole | kSupportHeaderSigning, Bytes(100, 1)) : Bytes(); });
  EXPECT_EQ(error.code, ErrorCode::Unauthenticated);
  EXPECT_THAT(error.message, HasSubstr("host/dc1.contoso.test"));
}

TEST_F(LyingServer, RefusalsOfABindSayWhy) {
  const Error nak = error_of([](const Bytes&) {
    Header header;
    header.type = PduType::BindNak;
    return write_pdu(header, Bytes{8, 0});
  });
  EXPECT_THAT(nak.message, HasSubstr("does not know this kind of authentication"));
  const Error rejected = error_of([](const Bytes&) {
    ContextAnswer answer;
    answer.result = ContextResult::ProviderRejection;
    answer.reason = 1;
    return bind_ack(kWhole | kSupportHeaderSigning, Bytes(100, 1), answer);
  });
  EXPECT_EQ(rejected.code, ErrorCode::Unsupported);
}

TEST_F(LyingServer, AMapperThatFailsIsNamed) {
  EXPECT_THAT(mapper_error([](const Bytes&) { return Bytes(); }).message, HasSubstr("(endpoint mapper)"));
  const auto with_fault = [](const Bytes& pdu) {
    if (pdu[2] == 11) return bind_ack(kWhole, {});
    Header header;
    header.type = PduType::Fault;
    header.call_id = 2;
    Fault fault;
    fault.status = 5;
    return write_pdu(header, ndr::write(fault));
  };
  EXPECT_EQ(mapper_error(with_fault).code, ErrorCode::PermissionDenied);
  const auto with_another_call = [](const Bytes& pdu) {
    if (pdu[2] == 11) return bind_ack(kWhole, {});
    Header header;
    header.type = PduType::Response;
    header.call_id = 77;
    return write_pdu(header, Bytes(40));
  };
  EXPECT_EQ(mapper_error(with_another_call).code, ErrorCode::Malformed);
}

TEST_F(LyingServer, AnswersThatAreChangedUnderWayAreRefused) {
  const std::uint16_t port = loop_.run(map_port(&resolver_, target(), kDns, soon())).value();
  const auto error_with = [&](const std::function<void(Bytes&)>& change) {
    TamperingProxy proxy(loop_, resolver_, lab_->address(), port, [&](Bytes& pdu) {
      if (pdu[2] == static_cast<std::uint8_t>(PduType::Response)) change(pdu);
    });
    Target to = target();
    to.address = "127.0.0.1";
    to.port = proxy.port();
    const auto connection = open(to);
    EXPECT_TRUE(connection.ok()) << connection.error().describe();
    const auto answer = records(**connection, "types.contoso.test");
    return answer.ok() ? Error(ErrorCode::Internal, "taken") : answer.error();
  };
  EXPECT_EQ(error_with([](Bytes&) {}).message, "taken");
  // A flag of the header, the octets behind the head, the padding's length, and the signature.
  EXPECT_EQ(error_with([](Bytes& pdu) { pdu[3] ^= 0x20; }).code, ErrorCode::Malformed);
  EXPECT_EQ(error_with([](Bytes& pdu) { pdu[24] ^= 1; }).code, ErrorCode::Malformed);
  EXPECT_EQ(error_with([](Bytes& pdu) { pdu[pdu.size() - pdu[10] - 6] ^= 4; }).code, ErrorCode::Malformed);
  const Error signature = error_with([](Bytes& pdu) { pdu.back() ^= 1; });
  EXPECT_EQ(signature.code, ErrorCode::Malformed);
  EXPECT_THAT(signature.message, HasSubstr("changed under way"));
  // Less than sealing.
  EXPECT_THAT(error_with([](Bytes& pdu) { pdu[pdu.size() - pdu[10] - 7] = 5; }).message, HasSubstr("an answer is not sealed"));
}

TEST_F(LyingServer, OneThatIsSilentEndsAtTheDeadline) {
  // It reads, and says nothing: half a header keeps the connection open.
  ScriptedRpc server(loop_, [](const Bytes&) { return Bytes(8, 5); });
  Target to = target();
  to.address = "127.0.0.1";
  to.port = server.port();
  const auto connection = loop_.run(Connection::open(services_, to, kDns, credential(), io::Deadline::after(seconds(1))));
  ASSERT_FALSE(connection.ok());
  EXPECT_EQ(connection.error().code, ErrorCode::DeadlineExceeded);
}

}  // namespace
}  // namespace ipam::client::dcerpc
