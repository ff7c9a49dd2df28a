#include "support/samba_lab.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

namespace ipam::test {

SambaLab::SambaLab(std::vector<std::string> arguments) : program_("samba_lab.py", std::move(arguments)) {
  address_ = program_.text("address");
  host_ = program_.text("host");
  base_ = program_.text("base");
  ca_file_ = program_.text("ca_certificate");
  reader_keytab_ = program_.text("reader_keytab");
  reader_password_ = program_.text("reader_password");
  administrator_password_ = program_.text("administrator_password");
  folder_ = program_.text("folder");
  setenv("KRB5_CONFIG", program_.text("krb5_conf").c_str(), 1);
  std::signal(SIGPIPE, SIG_IGN);  // as the server does
}

std::string SambaLab::ticket_cache(const std::string& name) const {
  std::string cache = "FILE:" + file(name + ".ccache");
  output_of({"kinit", "-k", "-t", reader_keytab_, "-c", cache, "reader"});
  return cache;
}

void SambaLab::modify(const std::string& ldif) const {
  const std::string path = file("change.ldif");
  std::ofstream(path) << ldif;
  output_of({"env", "LDAPTLS_CACERT=" + ca_file_, "ldapmodify", "-H", "ldaps://" + address_, "-x", "-D", "Administrator@contoso.test", "-w",
             administrator_password_, "-f", path});
}

}  // namespace ipam::test
