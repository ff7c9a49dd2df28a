#include "model/object.h"

namespace ipam::model {

std::string display_name(const AddressSpace& object) { return object.name; }
std::string display_name(const Block& object) { return object.prefix.to_string(); }
std::string display_name(const Subnet& object) { return object.prefix.to_string(); }
std::string display_name(const Range& object) { return object.first.to_string() + "-" + object.last.to_string(); }
std::string display_name(const Address& object) { return object.address.to_string(); }
std::string display_name(const Credential& object) { return object.name; }
std::string display_name(const ManagedServer& object) { return object.name; }
std::string display_name(const ServerAccess& object) { return object.url; }
std::string display_name(const DhcpServer& object) { return "server " + object.server_id.to_string(); }
std::string display_name(const DhcpScope& object) { return object.prefix.to_string(); }
std::string display_name(const DhcpPool& object) { return object.first.to_string() + "-" + object.last.to_string(); }
std::string display_name(const DhcpReservation& object) { return object.address.to_string(); }
std::string display_name(const DnsZone& object) { return object.name; }
std::string display_name(const DiscoveryTarget& object) { return object.name; }
std::string display_name(const DiscoveryDomain& object) { return object.name; }
std::string display_name(const User& object) { return object.name; }
std::string display_name(const Token& object) { return object.name; }
std::string display_name(const ServerChange& object) { return object.server + " #" + object.id.to_string(); }
std::string display_name(const Restoration& object) { return object.backup; }
std::string display_name(const CustomField& object) { return object.name; }
std::string display_name(const CustomFieldValue& object) { return object.text; }
std::string display_name(const CustomFieldAssociation& object) {
  return "fields " + object.first_field_id.to_string() + " and " + object.second_field_id.to_string();
}
std::string display_name(const LogicalGroup& object) { return object.name; }
std::string display_name(const Quota& object) { return object.subject + " in " + object.prefix.to_string(); }

}  // namespace ipam::model
