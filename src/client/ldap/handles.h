// What a session is made of. Internal to the room. Thread rule: that of Session.
#pragma once

#include "client/ldap/session.h"
#include "io/blocking_socket.h"

#include <ldap.h>

namespace ipam::client::ldap {

struct Unbinding {
  void operator()(::ldap* handle) const { ldap_unbind_ext(handle, nullptr, nullptr); }
};
using Handle = std::unique_ptr<::ldap, Unbinding>;

struct Session::Handles {
  std::string place;
  std::string host;
  io::BlockingSocket socket;  // ours beside libldap's own: it may be cut off at any time
  Handle ldap;

  // What a failed call means, seen from its deadline first: a connection that was cut off looks like one that was lost. `doing` as in "search in
  // DC=…".
  Error failure(int code, const io::Deadline& deadline, const std::string& doing) const;
};

}  // namespace ipam::client::ldap
