// Session: one connection to a directory server, signed in, for reading.
//
// Two ways in, neither of which shows a password on the wire: Kerberos on the plain port with all that follows signed and sealed (SASL GSSAPI), and a
// password inside TLS (StartTLS or LDAPS) whose certificate was checked before. A bind with a password in clear does not exist here.
//
// Errors: Unavailable (not reached, gone, no key distribution center), FailedPrecondition (the certificate is not trusted; the server's name is not
// known to Kerberos; clocks differ; the server wants another protection), Unauthenticated (ticket or password refused; the message says which of the
// account's states it is), PermissionDenied, NotFound (the base of a search), Exhausted (more than the limits allow, or than the server gives),
// InvalidArgument, Malformed, DeadlineExceeded, Cancelled. Each message begins with the server's URL, names the step that failed and ends with what
// would mend it; none holds a secret. Specification: RFC 4511 (LDAP), RFC 4513 (binds), RFC 2696 (pages), RFC 4752 (GSSAPI), MS-ADTS 3.1.1.3.1.3.3
// (ranges). Thread rule: one thread at a time; sessions of several threads are independent. Calls block: never on an I/O thread. The process ignores
// SIGPIPE.
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "io/deadline.h"

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace ipam::client::ldap {

// A Kerberos credential cache with a ticket-granting ticket, by the name that the Kerberos library gives it: "FILE:/…", "MEMORY:…".
struct TicketCache {
  std::string name;
};

enum class Protection : std::uint8_t { StartTls, Ldaps };

struct Password {
  std::string user_name;  // "reader@contoso.test", "CONTOSO\reader" or a distinguished name
  Secret secret;
  Protection protection = Protection::Ldaps;
  // Whom to trust. With a fingerprint exactly that certificate, whatever its name, issuer and dates; else a chain to an authority of the file, or of
  // the system when it is empty, and the server's name in the certificate.
  std::string ca_file = {};      // PEM
  std::string fingerprint = {};  // SHA-256 of the certificate, hex with or without ':'
};

using SignIn = std::variant<TicketCache, Password>;

struct SessionOptions {
  std::string host;        // the server's full name, which its ticket and its certificate bear
  std::string address;     // where it is; empty: the name is looked up
  std::uint16_t port = 0;  // 0: 389, or 636 of LDAPS
  SignIn sign_in;
};

enum class Depth : std::uint8_t { Base, OneLevel, Subtree };

struct Search {
  std::string base;  // empty with Depth::Base: what the server says of itself
  Depth depth = Depth::Subtree;
  std::string filter = "(objectClass=*)";  // values in it escaped by wire/directory/filter.h
  std::vector<std::string> attributes;     // none: all
};

struct Limits {
  std::size_t entries = 1'000'000;
  std::size_t bytes = 256U << 20U;  // of all names and values
  std::uint32_t page = 500;         // entries that are asked for at a time
};

struct Attribute {
  std::string name;                 // as the server spells it
  std::vector<std::string> values;  // octets
};

struct Entry {
  std::string dn;
  std::vector<Attribute> attributes;

  // Null when there is none of this name, in any case.
  const std::vector<std::string>* find(std::string_view name) const;
  // The first value, empty when there is none.
  std::string_view first(std::string_view name) const;
};

class Session {
 public:
  static Result<std::unique_ptr<Session>> open(const SessionOptions& options, const io::Deadline& deadline);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Every entry that the search finds, one after the other as they come; attributes of many values are whole. Answers how many there were. An error
  // of the taker ends it. References to other servers are passed over.
  using OnEntry = std::function<Result<void>(const Entry&)>;
  Result<std::uint64_t> search(const Search& search, const Limits& limits, const OnEntry& on_entry, const io::Deadline& deadline);
  // The one entry of this name. Errors: NotFound.
  Result<Entry> read(const std::string& dn, std::vector<std::string> attributes, const io::Deadline& deadline);

  // "ldap://dc1.contoso.test:389"
  const std::string& place() const;
  // Bits of the key that seals what is sent by Kerberos; 0 inside TLS.
  std::uint32_t seal_strength() const;

 private:
  struct Handles;
  struct Reading;
  explicit Session(std::unique_ptr<Handles> handles);

  std::unique_ptr<Handles> handles_;
};

}  // namespace ipam::client::ldap
