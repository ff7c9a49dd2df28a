#include "support/samba_lab.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace ipam::test {
namespace {

// A text of the lab's one line of JSON; its values have no escapes.
std::string text(const std::string& line, const std::string& key) {
  const std::string mark = "\"" + key + "\": \"";
  const std::size_t at = line.find(mark);
  if (at == std::string::npos) throw std::runtime_error("tests/lab/samba_lab.py does not tell " + key);
  const std::size_t begin = at + mark.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

}  // namespace

SambaLab::SambaLab(std::vector<std::string> arguments) : program_("samba_lab.py", std::move(arguments)) {
  const std::string& line = program_.line();
  address_ = text(line, "address");
  host_ = text(line, "host");
  base_ = text(line, "base");
  ca_file_ = text(line, "ca_certificate");
  reader_keytab_ = text(line, "reader_keytab");
  reader_password_ = text(line, "reader_password");
  administrator_password_ = text(line, "administrator_password");
  folder_ = text(line, "folder");
  setenv("KRB5_CONFIG", text(line, "krb5_conf").c_str(), 1);
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
