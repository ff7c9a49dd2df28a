// Whether the server can work: GET /readyz. Thread rule: plain values.
#pragma once

#include "contract/common.h"

namespace ipam::contract {

struct ReadinessCheck {
  std::string name;  // "database", "ledger", "disk"
  bool ready = false;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(ReadinessCheck, (), (name, ready, detail))

// With status 503 unless all is well.
struct Readiness {
  std::string status;  // "ready", "not ready"
  std::string version;
  std::vector<ReadinessCheck> checks;
};
BOOST_DESCRIBE_STRUCT(Readiness, (), (status, version, checks))

}  // namespace ipam::contract
