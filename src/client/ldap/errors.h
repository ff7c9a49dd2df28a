// What a directory server's refusals mean to an operator: code, sentence and remedy. Thread rule: pure functions.
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace ipam::client::ldap {

// What failed, as far as the library tells.
struct Failure {
  int code = 0;            // of LDAP (RFC 4511 appendix A) or of libldap (negative)
  std::string diagnostic;  // the server's or the library's own words
  std::string place;       // "ldap://dc1.contoso.test:389"
  std::string host;
  std::string doing;  // "sign in by Kerberos", "search in DC=contoso,DC=test"
};

Error error_of(const Failure& failure);

// What Active Directory says of a refused password: "…, comment: AcceptSecurityContext error, data 52e, v1db1". Empty when it says nothing that is
// known.
std::string_view account_state(std::string_view diagnostic);

}  // namespace ipam::client::ldap
