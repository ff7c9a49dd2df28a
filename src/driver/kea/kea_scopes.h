// Reads the subnets of a configuration, inside and outside of shared networks, into DHCP scopes.
//
// Options stand on several levels. A scope's are those of its subnet as Kea writes them; those of its shared network follow with a member
// "shared-network" and those of its pools with a member "pool" or "pd-pool", which name where they stand.
// Thread rule: one thread.
#pragma once

#include "driver/driver.h"
#include "driver/kea/kea_findings.h"
#include "driver/kea/kea_service.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace ipam::driver::kea {

class ScopeReader {
 public:
  // The limits must outlive the reader.
  ScopeReader(Service service, const Limits& limits) : service_(service), limits_(limits) {}

  // Once. Errors: Malformed.
  Result<void> read_server(const boost::json::object& server);
  // Ascending by id. Errors: Malformed (an id that stands twice).
  Result<std::vector<ObservedScope>> take_scopes();
  std::vector<std::string> take_findings() { return std::move(findings_).take(); }

 private:
  struct NumberedScope {
    std::uint64_t id = 0;
    ObservedScope scope;
  };
  // What a subnet has when it does not say it itself.
  struct Inherited {
    std::string shared_network;
    std::uint32_t lease_seconds = 0;
    boost::json::array options;
  };

  Result<Inherited> inherit(const boost::json::object& from, Inherited above) const;
  Result<void> read_network(const boost::json::object& network, const Inherited& global);
  Result<void> read_subnets(const boost::json::object& from, const Inherited& inherited);
  Result<void> read_subnet(const boost::json::object& subnet, std::uint64_t id, const Inherited& inherited);
  Result<std::optional<ip::Prefix>> read_prefix(const boost::json::object& subnet, const std::string& place);
  Result<void> read_pools(const boost::json::object& subnet, const std::string& place, ObservedScope& scope);
  Result<void> read_delegated_pools(const boost::json::object& subnet, ObservedScope& scope);
  Result<void> read_reservations(const boost::json::object& subnet, const std::string& place, ObservedScope& scope);

  const Service service_;
  const Limits& limits_;
  Findings findings_;
  std::vector<NumberedScope> scopes_;
  std::size_t reservations_ = 0;
  std::size_t option_bytes_ = 0;
};

}  // namespace ipam::driver::kea
