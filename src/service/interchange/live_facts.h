// LiveFacts: what DHCP and DNS servers say of addresses, beside a file that says it too: live leases, reservations, A and AAAA records.
// Errors: those of the store. Thread rule: one thread that may block on the database.
#pragma once

#include "model/address_plan.h"
#include "service/planning/server_names.h"
#include "store/store.h"

namespace ipam::service::interchange {

struct LiveFact {
  std::string source;  // for people: "lease of kea1", "DNS"
  std::optional<ip::HardwareAddress> hardware_address;
  std::string name;
};

class LiveFacts {
 public:
  explicit LiveFacts(store::Store& store) : store_(store) {}

  Result<std::vector<LiveFact>> of(model::Id<model::AddressSpace> space, const ip::Address& address);
  // The addresses of first..last that any server says something of, ascending, those behind `after`; at most `limit`.
  Result<std::vector<ip::Address>> addresses(model::Id<model::AddressSpace> space, const ip::Address& first, const ip::Address& last,
                                             const std::optional<ip::Address>& after, std::size_t limit);

 private:
  store::Store& store_;
  ServerNames servers_;
};

// Where the facts name another client or another host than the record: "lease of kea1: 02:00:00:00:00:09; DNS: old.corp.example". Empty where they
// agree, or say nothing of it. A name without a domain is the same as one with it.
std::string disagreement(const model::Address& record, const std::vector<LiveFact>& facts);
// All of it for people: "lease of kea1: 02:00:00:00:00:09 app7".
std::string to_text(const std::vector<LiveFact>& facts);

}  // namespace ipam::service::interchange
