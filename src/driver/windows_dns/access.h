// How a Windows DNS server is reached, from a driver's endpoint. Thread rule: pure functions.
//
//   dcerpc://dc1.contoso.test                         the host as the domain knows it: its Kerberos service has this name
//   dcerpc://dc1.contoso.test:135                     the port of the endpoint mapper
//   ?kdc=10.0.0.10                                    a key distribution center, with ":88" or without; may be repeated. Without one, the system's
//                                                     krb5.conf or DNS tells them
//   ?address=10.0.0.10                                to connect to, where this machine's resolver does not know the host
//   ?port=49153                                       the port of the DNS service, where it is fixed and the endpoint mapper is not reachable
#pragma once

#include "client/dcerpc/connection.h"
#include "driver/driver.h"

namespace ipam::driver::windows_dns {

struct Access {
  client::dcerpc::Target target;
  std::vector<std::string> kdcs;
};

// Errors: InvalidArgument, which says how it is written.
Result<Access> parse_url(std::string_view url);
// The account of the endpoint. Errors: InvalidArgument.
Result<std::shared_ptr<client::kerberos::Credential>> make_credential(const Endpoint& endpoint, const Access& access);

}  // namespace ipam::driver::windows_dns
