// The real BIND servers of tests/lab as a child of a test: started with the object, stopped with it. Needs python3 and the Debian packages bind9,
// bind9-utils and bind9-dnsutils; without them the constructor throws and says so, for a test that does not run must not pass. Thread rule: one
// thread at a time.
#pragma once

#include "support/lab_program.h"
#include "wire/dns/tsig.h"

#include <map>
#include <string>
#include <vector>

namespace ipam::client::dns {

struct LabServer {
  std::uint16_t port = 0;
  std::uint16_t control_port = 0;
  std::uint16_t statistics_port = 0;
};

struct LabKey {
  std::string name;
  std::string algorithm;
  Secret secret;  // base64
};

class BindLab {
 public:
  // Arguments of tests/lab/bind_lab.py: {"--primary-only", "--big", "10000"}.
  explicit BindLab(std::vector<std::string> arguments);

  const LabServer& primary() const { return primary_; }
  const LabServer& secondary() const { return secondary_; }
  const LabKey& key(const std::string& name) const { return keys_.at(name); }
  wire::dns::TsigKey tsig_key(const std::string& name) const;

 private:
  void read_truth(const std::string& line);

  test::LabProgram program_;
  LabServer primary_;
  LabServer secondary_;
  std::map<std::string, LabKey> keys_;
};

}  // namespace ipam::client::dns
