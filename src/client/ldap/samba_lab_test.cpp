// Sessions with the real domain controller of tests/lab/samba_lab.py, and servers that are none.
#include "support/samba_lab.h"
#include "client/ldap/certificate.h"
#include "client/ldap/session.h"
#include "wire/directory/filter.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <set>
#include <thread>

namespace ipam::client::ldap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kNames = 1500;

test::SambaLab& lab() {
  static test::SambaLab made({"--dhcp", "dhcp1=127.0.0.12", "--nps", "nps1", "--zones", std::to_string(kNames)});
  return made;
}

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

SessionOptions by_kerberos() {
  static const std::string cache = lab().ticket_cache("reader");
  return {.host = lab().host(), .address = lab().address(), .sign_in = TicketCache{cache}};
}

Password reader(Protection protection) {
  return {.user_name = lab().reader(), .secret = Secret(lab().reader_password()), .protection = protection, .ca_file = lab().ca_file()};
}

SessionOptions by_password(Password password) { return {.host = lab().host(), .address = lab().address(), .sign_in = std::move(password)}; }

std::unique_ptr<Session> opened(const SessionOptions& options) {
  auto session = Session::open(options, soon());
  EXPECT_TRUE(session.ok()) << session.error().describe();
  return session.ok() ? *std::move(session) : nullptr;
}

Error refusal(const SessionOptions& options, const io::Deadline& deadline = soon()) {
  const auto session = Session::open(options, deadline);
  return session.ok() ? Error(ErrorCode::Internal, "(it was opened)") : session.error();
}

std::string big_zone() { return "DC=big.contoso.test,CN=MicrosoftDNS,DC=DomainDnsZones," + lab().base(); }

TEST(LdapSession, SignsInByKerberosAndSealsWhatFollows) {
  const auto session = opened(by_kerberos());
  ASSERT_TRUE(session);
  EXPECT_GE(session->seal_strength(), 128U);
  const auto domain = session->read(lab().base(), {"objectClass", "name"}, soon());
  ASSERT_TRUE(domain.ok()) << domain.error().describe();
  EXPECT_EQ(domain->first("NAME"), "contoso");
}

TEST(LdapSession, SignsInWithAPasswordInsideTls) {
  for (const Protection protection : {Protection::StartTls, Protection::Ldaps}) {
    const auto session = opened(by_password(reader(protection)));
    ASSERT_TRUE(session);
    EXPECT_EQ(session->read(lab().base(), {"name"}, soon())->first("name"), "contoso");
  }
}

TEST(LdapSession, TrustsACertificateThatIsPinned) {
  Password password = reader(Protection::Ldaps);
  password.ca_file.clear();
  const Error unknown = refusal(by_password(password));
  EXPECT_EQ(unknown.code, ErrorCode::FailedPrecondition);
  // The message shows the fingerprint, which is what an operator pins.
  const std::size_t at = unknown.message.find("fingerprint ");
  ASSERT_NE(at, std::string::npos) << unknown.message;
  password.fingerprint = unknown.message.substr(at + 12, 95);
  for (const Protection protection : {Protection::StartTls, Protection::Ldaps}) {
    password.protection = protection;
    EXPECT_TRUE(opened(by_password(password)));
  }
  password.fingerprint[0] = password.fingerprint[0] == '0' ? '1' : '0';
  const Error other = refusal(by_password(password));
  EXPECT_EQ(other.code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(other.message, HasSubstr("not the pinned one"));
}

TEST(LdapSession, RefusesAnAuthorityItDoesNotKnowBeforeThePasswordIsSent) {
  for (const Protection protection : {Protection::StartTls, Protection::Ldaps}) {
    Password password = reader(protection);
    password.ca_file.clear();
    const Error error = refusal(by_password(password));
    EXPECT_EQ(error.code, ErrorCode::FailedPrecondition);
    EXPECT_THAT(error.message, HasSubstr("/CN=Contoso Test CA"));
    EXPECT_THAT(error.message, Not(HasSubstr(lab().reader_password())));
  }
}

TEST(LdapSession, RefusesACertificateOfAnotherName) {
  SessionOptions options = by_password(reader(Protection::Ldaps));
  options.host = "dc9.contoso.test";
  const Error error = refusal(options);
  EXPECT_EQ(error.code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(error.message, HasSubstr("not for dc9.contoso.test but has dc1.contoso.test"));
}

TEST(LdapSession, SaysThatThePasswordIsWrong) {
  Password password = reader(Protection::Ldaps);
  password.secret = Secret("not this one");
  const Error error = refusal(by_password(password));
  EXPECT_EQ(error.code, ErrorCode::Unauthenticated);
  EXPECT_THAT(error.message, HasSubstr("cannot sign in as reader@contoso.test: the password is wrong"));
  EXPECT_THAT(error.describe(), Not(HasSubstr("not this one")));
}

TEST(LdapSession, TakesNoEmptyPasswordForNobody) {
  Password password = reader(Protection::Ldaps);
  password.secret = Secret();
  EXPECT_EQ(refusal(by_password(password)).code, ErrorCode::InvalidArgument);
}

TEST(LdapSession, SaysThatAnAccountIsDisabled) {
  const std::string dn = "dn: CN=reader,CN=Users," + lab().base();
  lab().modify(dn + "\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 514\n");
  const Error error = refusal(by_password(reader(Protection::Ldaps)));
  lab().modify(dn + "\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 512\n");
  EXPECT_EQ(error.code, ErrorCode::Unauthenticated);
  EXPECT_THAT(error.message, HasSubstr("disabled"));
}

TEST(LdapSession, SaysThatKerberosDoesNotKnowTheServersName) {
  SessionOptions options = by_kerberos();
  options.host = "dc9.contoso.test";
  const Error error = refusal(options);
  EXPECT_EQ(error.code, ErrorCode::FailedPrecondition);
  EXPECT_THAT(error.message, HasSubstr("setspn -S ldap/dc9.contoso.test"));
}

TEST(LdapSession, SaysThatThereIsNoTicket) {
  SessionOptions options = by_kerberos();
  for (const std::string& name : {std::string("FILE:") + lab().file("none.ccache"), std::string("MEMORY:nobody")}) {
    options.sign_in = TicketCache{name};
    const Error error = refusal(options);
    EXPECT_EQ(error.code, ErrorCode::Unauthenticated) << error.describe();
    EXPECT_THAT(error.message, HasSubstr("there is no ticket"));
  }
}

TEST(LdapSession, ReadsMoreThanAPageOfEntries) {
  const auto session = opened(by_kerberos());
  ASSERT_TRUE(session);
  std::set<std::string> names;
  const auto keep = [&](const Entry& entry) -> Result<void> {
    names.insert(std::string(entry.first("name")));
    EXPECT_NE(entry.find("dnsrecord"), nullptr);
    return {};
  };
  const Search all{.base = big_zone(), .filter = "(objectClass=dnsNode)", .attributes = {"name", "dnsRecord"}};
  const auto count = session->search(all, {}, keep, soon());
  ASSERT_TRUE(count.ok()) << count.error().describe();
  EXPECT_EQ(*count, kNames + 1);  // and the zone's own records
  EXPECT_EQ(names.size(), kNames + 1);
}

TEST(LdapSession, ReadsNoMoreThanItsLimits) {
  const auto session = opened(by_kerberos());
  ASSERT_TRUE(session);
  const auto nothing = [](const Entry&) -> Result<void> { return {}; };
  const Search all{.base = big_zone(), .attributes = {"dnsRecord"}};
  EXPECT_EQ(session->search(all, {.entries = 700}, nothing, soon()).error().code, ErrorCode::Exhausted);
  EXPECT_EQ(session->search(all, {.bytes = 10'000}, nothing, soon()).error().code, ErrorCode::Exhausted);
  // The session goes on.
  EXPECT_EQ(session->search(all, {}, nothing, soon()).value(), kNames + 2);
}

TEST(LdapSession, EndsASearchWhoseTakerFails) {
  const auto session = opened(by_kerberos());
  ASSERT_TRUE(session);
  std::size_t taken = 0;
  const auto full = [&](const Entry&) -> Result<void> {
    if (++taken == 3) return Error(ErrorCode::Cancelled, "enough");
    return {};
  };
  EXPECT_EQ(session->search({.base = big_zone()}, {}, full, soon()).error().message, "enough");
  EXPECT_EQ(taken, 3U);
}

TEST(LdapSession, CompletesAttributesThatComeInRanges) {
  std::string ldif;
  for (int number = 0; number < 7; ++number) {
    ldif += fmt::format("dn: CN=member{0},CN=Users,{1}\nchangetype: add\nobjectClass: group\nsAMAccountName: member{0}\n\n", number, lab().base());
  }
  ldif += fmt::format("dn: CN=DnsUpdateProxy,CN=Users,{}\nchangetype: modify\nadd: member\n", lab().base());
  for (int number = 0; number < 7; ++number) ldif += fmt::format("member: CN=member{},CN=Users,{}\n", number, lab().base());
  lab().modify(ldif);
  const auto session = opened(by_kerberos());
  ASSERT_TRUE(session);
  const auto group = session->read("CN=DnsUpdateProxy,CN=Users," + lab().base(), {"member;range=0-2"}, soon());
  ASSERT_TRUE(group.ok()) << group.error().describe();
  const auto* members = group->find("member");
  ASSERT_NE(members, nullptr);
  EXPECT_EQ(std::set<std::string>(members->begin(), members->end()).size(), 7U);
}

TEST(LdapSession, FindsWhatAnEscapedFilterSays) {
  const auto session = opened(by_kerberos());
  ASSERT_TRUE(session);
  const auto count = [&](const std::string& name) {
    const auto nothing = [](const Entry&) -> Result<void> { return {}; };
    return session->search({.base = lab().base(), .filter = wire::directory::equality_filter("sAMAccountName", name)}, {}, nothing, soon()).value();
  };
  EXPECT_EQ(count("reader"), 1U);
  EXPECT_EQ(count("*"), 0U);
  EXPECT_EQ(count("reader)(objectClass=*"), 0U);
}

TEST(LdapSession, SaysThatTheBaseOfASearchIsNotThere) {
  const auto session = opened(by_kerberos());
  ASSERT_TRUE(session);
  const auto missing = session->read("CN=nobody," + lab().base(), {}, soon());
  EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("CN=nobody"));
  EXPECT_EQ(session->read("no name", {}, soon()).error().code, ErrorCode::InvalidArgument);
}

TEST(LdapSession, AnswersWhatAServerSaysOfItself) {
  const auto session = opened(by_kerberos());
  ASSERT_TRUE(session);
  const auto self = session->read("", {"defaultNamingContext", "dnsHostName", "configurationNamingContext"}, soon());
  ASSERT_TRUE(self.ok()) << self.error().describe();
  EXPECT_EQ(self->first("dnsHostName"), lab().host());
  EXPECT_EQ(self->first("defaultNamingContext"), lab().base());
}

// Each thread has a credential cache of its own, which its sessions use whatever the others do.
TEST(LdapSession, KeepsTheCredentialsOfThreadsApart) {
  const std::string cache = lab().ticket_cache("many");
  std::atomic<int> right = 0;
  const auto work = [&](bool with_ticket) {
    for (int round = 0; round < 10; ++round) {
      SessionOptions options = by_kerberos();
      options.sign_in = TicketCache{with_ticket ? cache : std::string("MEMORY:empty")};
      const auto session = Session::open(options, soon());
      if (session.ok() == with_ticket) ++right;
    }
  };
  by_kerberos();  // its cache is made once
  std::vector<std::thread> threads;
  for (int number = 0; number < 8; ++number) threads.emplace_back(work, number % 2 == 0);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 80);
}

// A server that says these octets once it is asked, and is then silent.
class Stranger {
 public:
  explicit Stranger(
      std::string says, std::function<void()> on_asked = [] {}) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&place), size) != 0 || listen(listener_, 8) != 0) throw std::runtime_error("no listener");
    getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size);
    port_ = ntohs(place.sin_port);
    thread_ = std::thread([this, says = std::move(says), on_asked = std::move(on_asked)] {
      for (int peer = 0; (peer = accept(listener_, nullptr, nullptr)) >= 0;) {
        char asked = 0;
        if (read(peer, &asked, 1) == 1 && !says.empty()) (void)!write(peer, says.data(), says.size());
        peers_.push_back(peer);
        on_asked();
      }
    });
  }
  ~Stranger() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    for (const int peer : peers_) close(peer);
    close(listener_);
  }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  SessionOptions options(Protection protection) const {
    return {.host = "dc1.contoso.test", .address = "127.0.0.1", .port = port_, .sign_in = reader(protection)};
  }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::vector<int> peers_;
  std::thread thread_;
};

TEST(LdapSession, EndsAtItsDeadlineWhenTheServerIsSilent) {
  const Stranger silent("");
  for (const Protection protection : {Protection::StartTls, Protection::Ldaps}) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(refusal(silent.options(protection), io::Deadline::after(std::chrono::milliseconds(200))).code, ErrorCode::DeadlineExceeded);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  }
}

TEST(LdapSession, EndsWhenItIsCancelled) {
  std::stop_source source;
  const Stranger silent("", [&] { source.request_stop(); });
  EXPECT_EQ(refusal(silent.options(Protection::StartTls), soon().with(source.get_token())).code, ErrorCode::Cancelled);
}

TEST(LdapSession, RefusesOctetsThatAreNotLdap) {
  const Stranger web("HTTP/1.1 400 Bad Request\r\n\r\n" + std::string(200, 'x'));
  const Error error = refusal(web.options(Protection::StartTls), io::Deadline::after(std::chrono::seconds(5)));
  EXPECT_THAT(error.code, ::testing::AnyOf(ErrorCode::Malformed, ErrorCode::Unavailable)) << error.describe();
  // A message of two gigabytes is announced: nothing is made ready for it.
  const Stranger liar("\x30\x84\x7f\xff\xff\xff\x02\x01\x01");
  EXPECT_THAT(refusal(liar.options(Protection::StartTls), io::Deadline::after(std::chrono::seconds(5))).code,
              ::testing::AnyOf(ErrorCode::Malformed, ErrorCode::Unavailable));
}

TEST(LdapSession, SaysThatNobodyAnswers) {
  SessionOptions options = by_password(reader(Protection::Ldaps));
  options.port = 1;
  const Error error = refusal(options);
  EXPECT_EQ(error.code, ErrorCode::Unavailable);
  EXPECT_THAT(error.message, HasSubstr("ldaps://dc1.contoso.test:1: not reached"));
}

}  // namespace
}  // namespace ipam::client::ldap
