#include "client/ldap/errors.h"

#include "base/strings.h"

#include <fmt/format.h>
#include <ldap.h>

#include <array>

namespace ipam::client::ldap {
namespace {

constexpr std::size_t kQuoted = 200;  // of the other side's words
constexpr std::size_t kLogged = 1'000;

struct Meaning {
  std::string_view sign;  // what stands in the diagnostic message
  ErrorCode code;
  std::string_view sentence;  // "{host}" is the server's name
};

// Kerberos: the words of MIT's library, which it says in English alone.
constexpr std::array kKerberos = std::to_array<Meaning>({
    {"Server not found in Kerberos database", ErrorCode::FailedPrecondition,
     "Kerberos knows no service ldap/{host}: the name is not the server's own full name, or its computer account lacks this service principal name; "
     "on a domain controller: setspn -S ldap/{host} COMPUTER"},
    {"No credentials cache found", ErrorCode::Unauthenticated, "there is no ticket: the credential was not signed in with Kerberos before"},
    {"Credentials cache file", ErrorCode::Unauthenticated, "there is no ticket: the credential was not signed in with Kerberos before"},
    {"No Kerberos credentials available", ErrorCode::Unauthenticated, "there is no ticket: the credential was not signed in with Kerberos before"},
    {"Matching credential not found", ErrorCode::Unauthenticated, "there is no ticket of this realm: the credential belongs to another one"},
    {"Ticket expired", ErrorCode::Unauthenticated, "the ticket has expired; sign the credential in again"},
    {"Clock skew too great", ErrorCode::FailedPrecondition,
     "the clocks of this machine, the key distribution center and {host} differ by more than five minutes; let all follow the same time server"},
    {"Cannot find KDC for realm", ErrorCode::Unavailable,
     "no key distribution center of the realm is known: DNS has no _kerberos._tcp records for it, and krb5.conf names none"},
    {"Cannot contact any KDC", ErrorCode::Unavailable,
     "no key distribution center answers: port 88 of the domain controllers (TCP and UDP) must be open to this machine"},
    {"Cannot determine realm", ErrorCode::FailedPrecondition,
     "the realm of {host} is not known; name it in [domain_realm] of krb5.conf, or use the full name"},
    {"KDC has no support for encryption type", ErrorCode::FailedPrecondition,
     "the key distribution center and this machine have no cipher in common; let the accounts have AES keys (msDS-SupportedEncryptionTypes)"},
    {"KDC policy rejects request", ErrorCode::PermissionDenied, "the domain's policy does not let this account sign in from here"},
    {"Clients credentials have been revoked", ErrorCode::Unauthenticated, "the account is disabled, locked or has expired"},
    {"Decrypt integrity check failed", ErrorCode::FailedPrecondition,
     "{host} cannot read the ticket: ldap/{host} stands at another account than the server's own, or the server's password was changed; "
     "setspn -Q ldap/{host} shows where"},
    {"Wrong principal in request", ErrorCode::FailedPrecondition,
     "{host} cannot read the ticket: ldap/{host} stands at another account than the server's own; setspn -Q ldap/{host} shows where"},
});

struct State {
  std::string_view data;  // hexadecimal, a Win32 error
  std::string_view sentence;
};

constexpr std::array kStates = std::to_array<State>({
    {"525", "there is no such account; write it as user@domain"},
    {"52e", "the password is wrong, or there is no such account"},
    {"52f", "the account may not sign in with an empty or restricted password"},
    {"530", "the account may not sign in at this hour"},
    {"531", "the account may not sign in from this machine"},
    {"532", "the account's password has expired; set a new one"},
    {"533", "the account is disabled; enable it"},
    {"701", "the account has expired"},
    {"773", "the account must change its password first"},
    {"775", "the account is locked out; unlock it, and correct what uses a wrong password"},
});

std::string fill(std::string_view sentence, std::string_view host) {
  std::string text(sentence);
  constexpr std::string_view kMark = "{host}";
  for (std::size_t at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at + host.size())) text.replace(at, kMark.size(), host);
  return text;
}

Error said(const Failure& failure, ErrorCode code, std::string_view sentence) {
  return {code, fmt::format("{}: cannot {}: {}", failure.place, failure.doing, fill(sentence, failure.host)),
          fmt::format("{} ({}): {}", ldap_err2string(failure.code), failure.code,
                      is_clean_text(failure.diagnostic) ? shorten(failure.diagnostic, kLogged) : "(unreadable)")};
}

Error quoted(const Failure& failure, ErrorCode code, std::string_view sentence) {
  const std::string words = is_clean_text(failure.diagnostic) ? shorten(trim(failure.diagnostic), kQuoted) : std::string();
  return said(failure, code, words.empty() ? std::string(sentence) : fmt::format("{} (it says: {})", sentence, words));
}

}  // namespace

std::string_view account_state(std::string_view diagnostic) {
  constexpr std::string_view kMark = ", data ";
  const std::size_t at = diagnostic.find(kMark);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = diagnostic.substr(at + kMark.size());
  const std::string_view data = rest.substr(0, rest.find(','));
  for (const State& state : kStates) {
    if (state.data == data) return state.sentence;
  }
  return {};
}

Error error_of(const Failure& failure) {
  for (const Meaning& meaning : kKerberos) {
    if (failure.code < 0 && failure.diagnostic.find(meaning.sign) != std::string::npos) return said(failure, meaning.code, meaning.sentence);
  }
  switch (failure.code) {
    case LDAP_INVALID_CREDENTIALS:
    case LDAP_INAPPROPRIATE_AUTH: {
      const std::string_view state = account_state(failure.diagnostic);
      if (!state.empty()) return said(failure, ErrorCode::Unauthenticated, state);
      return quoted(failure, ErrorCode::Unauthenticated, "the server refuses the credential; correct user and password");
    }
    case LDAP_STRONG_AUTH_REQUIRED:
      return quoted(failure, ErrorCode::FailedPrecondition, "the server wants a connection that is signed and sealed; use Kerberos, or TLS");
    case LDAP_CONFIDENTIALITY_REQUIRED: return quoted(failure, ErrorCode::FailedPrecondition, "the server wants an encrypted connection");
    case LDAP_AUTH_METHOD_NOT_SUPPORTED: return quoted(failure, ErrorCode::Unsupported, "the server does not know this way of signing in");
    case LDAP_INSUFFICIENT_ACCESS: return quoted(failure, ErrorCode::PermissionDenied, "the account may not read there; give it the right to read");
    case LDAP_NO_SUCH_OBJECT: return quoted(failure, ErrorCode::NotFound, "there is no such entry");
    case LDAP_INVALID_DN_SYNTAX:
    case LDAP_FILTER_ERROR:
    case LDAP_PARAM_ERROR: return quoted(failure, ErrorCode::InvalidArgument, "the name or the filter is not written as LDAP has them");
    case LDAP_TIMELIMIT_EXCEEDED:
    case LDAP_SIZELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
      return quoted(failure, ErrorCode::Exhausted, "the server gives no more than its limits allow; raise its LDAP policy for this account");
    case LDAP_BUSY:
    case LDAP_UNAVAILABLE:
    case LDAP_OPERATIONS_ERROR: return quoted(failure, ErrorCode::Unavailable, "the server cannot answer now");
    case LDAP_REFERRAL: return quoted(failure, ErrorCode::NotFound, "it is in another domain than this server's");
    case LDAP_SERVER_DOWN: return said(failure, ErrorCode::Unavailable, "the server hung up; is it a directory server, and does its log say why?");
    case LDAP_DECODING_ERROR: return said(failure, ErrorCode::Malformed, "what the server sends is not LDAP, or longer than allowed");
    default: return quoted(failure, ErrorCode::Unavailable, fmt::format("it failed: {}", ldap_err2string(failure.code)));
  }
}

}  // namespace ipam::client::ldap
