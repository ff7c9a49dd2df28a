#include "client/ldap/session.h"

#include "base/strings.h"
#include "client/ldap/certificate.h"
#include "client/ldap/errors.h"
#include "client/ldap/handles.h"
#include "io/cut_off.h"
#include "io/endpoint.h"

#include <fcntl.h>

#include <fmt/format.h>
#include <gssapi/gssapi_krb5.h>
#include <openldap.h>

#include <algorithm>

namespace ipam::client::ldap {
namespace {

constexpr std::uint16_t kPort = 389;
constexpr std::uint16_t kTlsPort = 636;
constexpr ber_len_t kLongestMessage = 64U << 20U;  // one answer of a server; a domain controller's are below 10 MiB
// At least DES's strength by Kerberos' own count: sealed, whatever the cipher. Domain controllers of today give 256.
constexpr const char* kSealed = "noplain,noanonymous,minssf=56,maxssf=256";
constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::string_view kQuestion = "is it a directory server, and does the firewall let us in?";

enum class Checking { Certificate, Nothing };

// A socket that is blocking, and libldap's own handle on a duplicate of it.
struct Connection {
  io::BlockingSocket socket;
  Handle ldap;
};

bool uses_ldaps(const SessionOptions& options) {
  const auto* password = std::get_if<Password>(&options.sign_in);
  return password != nullptr && password->protection == Protection::Ldaps;
}

std::uint16_t port_of(const SessionOptions& options) {
  if (options.port != 0) return options.port;
  return uses_ldaps(options) ? kTlsPort : kPort;
}

std::string place_of(const SessionOptions& options) {
  return fmt::format("{}://{}", uses_ldaps(options) ? "ldaps" : "ldap", io::host_and_port(options.host, port_of(options)));
}

Result<Connection> connect(const SessionOptions& options, const std::string& place, const io::Deadline& deadline) {
  const std::string& where = options.address.empty() ? options.host : options.address;
  Connection connection;
  connection.socket = IPAM_TRY(io::BlockingSocket::connect(where, port_of(options), place, std::string(kQuestion), deadline));
  connection.socket.make_blocking();
  const int libldaps = fcntl(connection.socket.number(), F_DUPFD_CLOEXEC, 0);  // libldap closes it
  LDAP* made = nullptr;
  if (ldap_init_fd(libldaps, LDAP_PROTO_TCP, place.c_str(), &made) != LDAP_SUCCESS) {
    const io::BlockingSocket unused(libldaps);
    return Error(ErrorCode::InvalidArgument, fmt::format("{}: this is no name of a directory server", place));
  }
  connection.ldap.reset(made);
  // What ldap.conf of this machine says otherwise shall not matter.
  const int version = LDAP_VERSION3, never = LDAP_DEREF_NEVER, no_limit = LDAP_NO_LIMIT;
  ldap_set_option(made, LDAP_OPT_PROTOCOL_VERSION, &version);
  ldap_set_option(made, LDAP_OPT_DEREF, &never);
  ldap_set_option(made, LDAP_OPT_SIZELIMIT, &no_limit);
  ldap_set_option(made, LDAP_OPT_TIMELIMIT, &no_limit);
  ldap_set_option(made, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
  ldap_set_option(made, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON);
  ldap_set_option(made, LDAP_OPT_X_SASL_SECPROPS, kSealed);
  Sockbuf* buffer = nullptr;
  ber_len_t longest = kLongestMessage;
  if (ldap_get_option(made, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS) ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &longest);
  return connection;
}

int begin_tls(LDAP* ldap, const Password& password, Checking checking) {
  const int checked = checking == Checking::Certificate ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER;
  const int lowest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2, client = 0;
  ldap_set_option(ldap, LDAP_OPT_X_TLS_REQUIRE_CERT, &checked);
  ldap_set_option(ldap, LDAP_OPT_X_TLS_PROTOCOL_MIN, &lowest);
  ldap_set_option(ldap, LDAP_OPT_X_TLS_CACERTDIR, nullptr);  // of ldap.conf: authorities beside those of the file
  ldap_set_option(ldap, LDAP_OPT_X_TLS_CACERTFILE, password.ca_file.empty() ? kSystemAuthorities : password.ca_file.c_str());
  ldap_set_option(ldap, LDAP_OPT_X_TLS_NEWCTX, &client);
  return password.protection == Protection::Ldaps ? ldap_install_tls(ldap) : ldap_start_tls_s(ldap, nullptr, nullptr);
}

// Empty when there is none. libldap answers a copy, which is freed here.
Bytes certificate_of(LDAP* ldap) {
  berval shown{};
  if (ldap_get_option(ldap, LDAP_OPT_X_TLS_PEERCERT, &shown) != LDAP_OPT_SUCCESS || shown.bv_val == nullptr) return {};
  const ByteView octets = as_bytes(std::string_view(shown.bv_val, shown.bv_len));
  Bytes copy(octets.begin(), octets.end());
  ber_memfree(shown.bv_val);
  return copy;
}

// libldap does not tell why a certificate is refused: it is looked at over a second connection, which carries nothing else.
Error refused_certificate(const SessionOptions& options, const Password& password, const std::string& place, const Error& plain,
                          const io::Deadline& deadline) {
  const auto again = connect(options, place, deadline);
  if (!again.ok()) return plain;
  const io::CutOff cut_off(again->socket.number(), deadline);
  if (begin_tls(again->ldap.get(), password, Checking::Nothing) != LDAP_SUCCESS) return plain;
  const Bytes shown = certificate_of(again->ldap.get());
  if (shown.empty()) return plain;
  return {ErrorCode::FailedPrecondition, fmt::format("{}: {}", place, why_not_trusted(shown, options.host, SystemClock().now())), plain.describe()};
}

// GSSAPI asks for nothing that the ticket does not say.
int no_questions(LDAP*, unsigned, void*, void*) { return LDAP_SUCCESS; }

// The credential cache of this thread's GSS-API calls: the name is thread-local in MIT's library, so that no environment variable is needed.
class CacheOfThisThread {
 public:
  explicit CacheOfThisThread(const std::string& name) {
    OM_uint32 minor = 0;
    set_ = gss_krb5_ccache_name(&minor, name.c_str(), nullptr) == GSS_S_COMPLETE;
  }
  ~CacheOfThisThread() {
    OM_uint32 minor = 0;
    gss_krb5_ccache_name(&minor, nullptr, nullptr);
  }
  CacheOfThisThread(const CacheOfThisThread&) = delete;
  CacheOfThisThread& operator=(const CacheOfThisThread&) = delete;
  bool set() const { return set_; }

 private:
  bool set_ = false;
};

Result<void> check(const SessionOptions& options, const std::string& place) {
  if (options.host.empty()) return Error(ErrorCode::InvalidArgument, "a directory server is known by its host name, and there is none");
  if (const auto* password = std::get_if<Password>(&options.sign_in)) {
    // A server takes an empty password for no name at all and lets everybody in (RFC 4513, section 5.1.2).
    if (password->user_name.empty() || password->secret.empty())
      return Error(ErrorCode::InvalidArgument, place + ": user name and password must not be empty");
  } else if (std::get<TicketCache>(options.sign_in).name.empty()) {
    return Error(ErrorCode::InvalidArgument, place + ": there is no credential cache");
  }
  return {};
}

}  // namespace

Error Session::Handles::failure(int code, const io::Deadline& deadline, const std::string& doing) const {
  if (const auto verdict = deadline.verdict()) return io::wait_error(*verdict, place);
  char* text = nullptr;
  ldap_get_option(ldap.get(), LDAP_OPT_DIAGNOSTIC_MESSAGE, &text);
  Failure failure{.code = code, .diagnostic = text != nullptr ? text : "", .place = place, .host = host, .doing = doing};
  ldap_memfree(text);
  return error_of(failure);
}

Session::Session(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}

Session::~Session() {
  // Nothing is to be said to a server that may be silent.
  if (handles_) handles_->socket.shut_down();
}

const std::string& Session::place() const { return handles_->place; }

std::uint32_t Session::seal_strength() const {
  ber_len_t strength = 0;
  ldap_get_option(handles_->ldap.get(), LDAP_OPT_X_SASL_SSF, &strength);
  return static_cast<std::uint32_t>(strength);
}

Result<std::unique_ptr<Session>> Session::open(const SessionOptions& options, const io::Deadline& deadline) {
  const std::string place = place_of(options);
  IPAM_TRY(check(options, place));
  Connection connection = IPAM_TRY(connect(options, place, deadline));
  auto handles = std::make_unique<Handles>();
  handles->place = place;
  handles->host = options.host;
  handles->socket = std::move(connection.socket);
  handles->ldap = std::move(connection.ldap);
  std::unique_ptr<Session> session(new Session(std::move(handles)));
  const Handles& own = *session->handles_;
  LDAP* const ldap = own.ldap.get();
  const io::CutOff cut_off(own.socket.number(), deadline);
  if (const auto* password = std::get_if<Password>(&options.sign_in)) {
    const Checking checking = password->fingerprint.empty() ? Checking::Certificate : Checking::Nothing;
    if (const int code = begin_tls(ldap, *password, checking); code != LDAP_SUCCESS) {
      const Error plain = own.failure(code, deadline, "agree with the server on TLS");
      return code == LDAP_CONNECT_ERROR && checking == Checking::Certificate ? refused_certificate(options, *password, place, plain, deadline)
                                                                             : plain;
    }
    if (checking == Checking::Nothing) {
      if (auto pinned = check_pinned(certificate_of(ldap), password->fingerprint); !pinned.ok())
        return Error(pinned.error().code, fmt::format("{}: {}", place, pinned.error().message));
    }
    const std::string& secret = password->secret.reveal();
    berval value{.bv_len = secret.size(), .bv_val = const_cast<char*>(secret.data())};  // libldap only reads it
    const int code = ldap_sasl_bind_s(ldap, password->user_name.c_str(), LDAP_SASL_SIMPLE, &value, nullptr, nullptr, nullptr);
    if (code != LDAP_SUCCESS) return own.failure(code, deadline, fmt::format("sign in as {}", shorten(password->user_name, 60)));
    return session;
  }
  const CacheOfThisThread cache(std::get<TicketCache>(options.sign_in).name);
  if (!cache.set()) return Error(ErrorCode::InvalidArgument, place + ": the credential cache has no usable name");
  const int code = ldap_sasl_interactive_bind_s(ldap, nullptr, "GSSAPI", nullptr, nullptr, LDAP_SASL_QUIET, no_questions, nullptr);
  if (code != LDAP_SUCCESS) return own.failure(code, deadline, "sign in by Kerberos");
  return session;
}

}  // namespace ipam::client::ldap
