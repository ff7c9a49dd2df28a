// The real Samba domain controller of tests/lab as a child of a test: started with the object, stopped with it. Needs root, python3 and Debian's
// Samba; without them the constructor throws and says so, for a test that does not run must not pass. Thread rule: one thread at a time.
#pragma once

#include "base/bytes.h"
#include "support/lab_program.h"

#include <string>
#include <utility>
#include <vector>

namespace ipam::client::kerberos {

class SambaLab {
 public:
  // Arguments of tests/lab/samba_lab.py: {"--zones", "50"}.
  explicit SambaLab(std::vector<std::string> arguments) : program_("samba_lab.py", std::move(arguments)) {}

  std::string address() const { return program_.text("address"); }
  std::string host() const { return program_.text("host"); }    // "dc1.contoso.test"
  std::string realm() const { return program_.text("realm"); }  // "CONTOSO.TEST"
  // "reader@CONTOSO.TEST"
  std::string reader() const { return program_.text("reader") + "@" + realm(); }
  std::string reader_password() const { return program_.text("reader_password"); }
  std::string administrator() const { return program_.text("administrator") + "@" + realm(); }
  std::string administrator_password() const { return program_.text("administrator_password"); }
  Bytes reader_keytab() const;
  // What a command prints that runs where names are looked up in the lab.
  std::vector<std::string> run(const std::string& command) const;
  std::string path(const std::string& name) const { return program_.text("folder") + "/" + name; }

 private:
  test::LabProgram program_;
};

}  // namespace ipam::client::kerberos
