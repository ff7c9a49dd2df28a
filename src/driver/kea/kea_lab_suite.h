// The real Kea of tests/lab as a child of a test: started with the object, stopped with it. Needs python3 and the Debian packages kea-dhcp4-server
// and kea-ctrl-agent; without them the constructor throws and says so, for a test that does not run must not pass. Thread rule: one thread at a time.
#pragma once

#include "driver/driver_contract_suite.h"
#include "driver/kea/kea_service.h"
#include "support/lab_program.h"

#include <string>
#include <vector>

namespace ipam::driver::kea {

class KeaLab {
 public:
  // Arguments of tests/lab/kea_lab.py: {"--leases", "60", "--https"}.
  explicit KeaLab(std::vector<std::string> arguments);

  const Endpoint& endpoint() const { return endpoint_; }
  // As the server's own Unix socket and the DHCP clients tell it: nothing of it comes through the control agent.
  const KnownServer& truth() const { return truth_; }
  // Asks kea-dhcp4 or kea-dhcp6 itself by its Unix socket: a command as JSON and its answer. Throws when there is none.
  std::string ask_server(Service service, const std::string& command) const;

 private:
  void read_truth(const std::string& line);

  test::LabProgram program_;
  std::string folder_;
  Endpoint endpoint_;
  KnownServer truth_;
};

}  // namespace ipam::driver::kea
