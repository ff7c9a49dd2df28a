// Directory: the domain controller that answers, what it calls its parts, and searches in it. What a search finds is read by the functions of this
// room. Thread rule: that of client::ldap::Session, on which it works.
#pragma once

#include "client/ldap/session.h"
#include "driver/estate.h"
#include "wire/directory/distinguished_name.h"

#include <functional>

namespace ipam::driver::active_directory {

using Entry = client::ldap::Entry;
using wire::directory::DistinguishedName;

class Directory {
 public:
  // Asks what the server says of itself. Errors: those of Session; FailedPrecondition (not Active Directory, or of another domain than wanted).
  static Result<Directory> open(client::ldap::Session& session, const std::string& domain, const EstateLimits& limits, const io::Deadline& deadline);

  const std::string& host() const { return host_; }         // of the server that answers
  const std::string& domain_dn() const { return domain_; }  // "DC=contoso,DC=test"
  const std::string& configuration_dn() const { return configuration_; }
  const std::string& root_dn() const { return root_; }  // of the forest's root domain
  const EstateLimits& limits() const { return limits_; }
  bool holds(const std::string& partition) const;  // whether it has a copy of this partition

  // At most `most` entries. A base that is not there is as one without entries. Errors: those of Session.
  using OnEntry = std::function<Result<void>(const Entry&)>;
  Result<void> search(const std::string& base, client::ldap::Depth depth, const std::string& filter, std::vector<std::string> attributes,
                      std::size_t most, const OnEntry& on_entry);
  // What went wrong with a part of it, for an operator.
  void find(std::string finding);
  std::vector<std::string> take_findings() { return std::move(findings_); }

 private:
  Directory(client::ldap::Session& session, const EstateLimits& limits, const io::Deadline& deadline)
      : session_(&session), limits_(limits), deadline_(deadline) {}

  client::ldap::Session* session_;  // outlives this
  EstateLimits limits_;
  io::Deadline deadline_;
  std::string host_;
  std::string domain_;
  std::string configuration_;
  std::string root_;
  std::vector<std::string> partitions_;
  std::vector<std::string> findings_;
};

// A host name as the directory writes it, checked: lower case, without the final dot. Empty when it is none.
std::string host_name_of(std::string_view text);
// Text for people, on one line, that is neither long nor odd; else empty.
std::string clean_text_of(std::string_view text);
// A number as LDAP writes it; 0 when it is none.
std::int64_t number_of(std::string_view text);
// A name of an entry; the root when it is none.
DistinguishedName name_of(std::string_view text);
// It in one spelling and case.
std::string key_of(const DistinguishedName& name);
// How many hosts one question of LDAP asks for.
inline constexpr std::size_t kHostsOfOneQuestion = 40;

}  // namespace ipam::driver::active_directory
