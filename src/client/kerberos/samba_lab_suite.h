// The real Samba domain controller of tests/lab as a child of a test: started with the object, stopped with it. Needs root, python3 and Debian's
// Samba; without them the constructor throws and says so, for a test that does not run must not pass. Thread rule: one thread at a time.
#pragma once

#include "base/bytes.h"

#include <sys/types.h>

#include <string>
#include <vector>

namespace ipam::client::kerberos {

class SambaLab {
 public:
  // Arguments of tests/lab/samba_lab.py: {"--zones", "50"}.
  explicit SambaLab(std::vector<std::string> arguments);
  ~SambaLab();
  SambaLab(const SambaLab&) = delete;
  SambaLab& operator=(const SambaLab&) = delete;

  std::string address() const { return truth("address"); }
  std::string host() const { return truth("host"); }    // "dc1.contoso.test"
  std::string realm() const { return truth("realm"); }  // "CONTOSO.TEST"
  // "reader@CONTOSO.TEST"
  std::string reader() const { return truth("reader") + "@" + realm(); }
  std::string reader_password() const { return truth("reader_password"); }
  std::string administrator() const { return truth("administrator") + "@" + realm(); }
  std::string administrator_password() const { return truth("administrator_password"); }
  Bytes reader_keytab() const;
  // What a command prints that runs where names are looked up in the lab.
  std::vector<std::string> run(const std::string& command) const;
  std::string path(const std::string& name) const { return truth("folder") + "/" + name; }

 private:
  void start(std::vector<std::string> arguments);
  void stop();
  // A text of the line that the lab prints.
  std::string truth(const std::string& key) const;

  pid_t child_ = -1;
  int input_ = -1;  // the lab runs until this is closed
  std::string line_;
};

}  // namespace ipam::client::kerberos
