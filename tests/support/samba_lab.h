// The real Samba domain controller of tests/lab/samba_lab.py for a test, with the domain contoso.test. Needs root and the packages of
// script/lib/packages.sh; without them the constructor throws and says so. Kerberos of this process asks the lab's key distribution center from then
// on (KRB5_CONFIG), so one lab at a time. Thread rule: one thread, the one that made it.
#pragma once

#include "support/lab_program.h"

namespace ipam::test {

class SambaLab {
 public:
  // Arguments of the program: {"--dhcp", "dhcp1=127.0.0.12", "--zones", "1500"}.
  explicit SambaLab(std::vector<std::string> arguments = {});

  const std::string& address() const { return address_; }
  const std::string& host() const { return host_; }  // "dc1.contoso.test"
  const std::string& base() const { return base_; }  // "DC=contoso,DC=test"
  const std::string& ca_file() const { return ca_file_; }
  const std::string& reader_keytab() const { return reader_keytab_; }
  const std::string& reader_password() const { return reader_password_; }
  std::string reader() const { return "reader@contoso.test"; }
  std::string file(const std::string& name) const { return folder_ + "/" + name; }

  // The name of a new credential cache with a ticket of the account "reader", got with its keytab.
  std::string ticket_cache(const std::string& name) const;
  // Changes the directory as its administrator.
  void modify(const std::string& ldif) const;

 private:
  LabProgram program_;
  std::string address_;
  std::string host_;
  std::string base_;
  std::string ca_file_;
  std::string reader_keytab_;
  std::string reader_password_;
  std::string administrator_password_;
  std::string folder_;
};

}  // namespace ipam::test
