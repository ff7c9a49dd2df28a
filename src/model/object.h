// Object: any journaled object, and the names by which its types are known in the journal, the API and messages. Thread rule: plain values.
#pragma once

#include "model/journal.h"
#include "model/quota.h"
#include "model/restoration.h"
#include "model/server_change.h"

#include <variant>

namespace ipam::model {

// The journaled types. The order has no meaning; a new type is added here, in its header's description and in a migration.
using ObjectTypes = boost::mp11::mp_list<AddressSpace, Block, Subnet, Range, Address, Credential, ManagedServer, ServerAccess, DhcpServer, DhcpScope,
                                         DhcpPool, DhcpReservation, DnsZone, DiscoveryTarget, DiscoveryDomain, User, Token, ServerChange, Restoration,
                                         CustomField, CustomFieldValue, CustomFieldAssociation, LogicalGroup, Quota>;
using Object = boost::mp11::mp_rename<ObjectTypes, std::variant>;

template <class T>
concept Journaled = boost::mp11::mp_contains<ObjectTypes, T>::value;

template <Journaled T>
std::string_view type_name();  // "address_space", "block", …

// What a person calls the object: its prefix, address or name.
std::string display_name(const AddressSpace& object);
std::string display_name(const Block& object);
std::string display_name(const Subnet& object);
std::string display_name(const Range& object);
std::string display_name(const Address& object);
std::string display_name(const Credential& object);
std::string display_name(const ManagedServer& object);
std::string display_name(const ServerAccess& object);
std::string display_name(const DhcpServer& object);
std::string display_name(const DhcpScope& object);
std::string display_name(const DhcpPool& object);
std::string display_name(const DhcpReservation& object);
std::string display_name(const DnsZone& object);
std::string display_name(const DiscoveryTarget& object);
std::string display_name(const DiscoveryDomain& object);
std::string display_name(const User& object);
std::string display_name(const Token& object);
std::string display_name(const ServerChange& object);
std::string display_name(const Restoration& object);
std::string display_name(const CustomField& object);
std::string display_name(const CustomFieldValue& object);
std::string display_name(const CustomFieldAssociation& object);
std::string display_name(const LogicalGroup& object);
std::string display_name(const Quota& object);

template <>
inline std::string_view type_name<AddressSpace>() {
  return "address_space";
}
template <>
inline std::string_view type_name<Block>() {
  return "block";
}
template <>
inline std::string_view type_name<Subnet>() {
  return "subnet";
}
template <>
inline std::string_view type_name<Range>() {
  return "range";
}
template <>
inline std::string_view type_name<Address>() {
  return "address";
}
template <>
inline std::string_view type_name<Credential>() {
  return "credential";
}
template <>
inline std::string_view type_name<ManagedServer>() {
  return "managed_server";
}
template <>
inline std::string_view type_name<ServerAccess>() {
  return "server_access";
}
template <>
inline std::string_view type_name<DhcpServer>() {
  return "dhcp_server";
}
template <>
inline std::string_view type_name<DhcpScope>() {
  return "dhcp_scope";
}
template <>
inline std::string_view type_name<DhcpPool>() {
  return "dhcp_pool";
}
template <>
inline std::string_view type_name<DhcpReservation>() {
  return "dhcp_reservation";
}
template <>
inline std::string_view type_name<DnsZone>() {
  return "dns_zone";
}
template <>
inline std::string_view type_name<DiscoveryTarget>() {
  return "discovery_target";
}
template <>
inline std::string_view type_name<DiscoveryDomain>() {
  return "discovery_domain";
}
template <>
inline std::string_view type_name<User>() {
  return "user";
}
template <>
inline std::string_view type_name<Token>() {
  return "token";
}
template <>
inline std::string_view type_name<ServerChange>() {
  return "server_change";
}
template <>
inline std::string_view type_name<Restoration>() {
  return "restoration";
}
template <>
inline std::string_view type_name<CustomField>() {
  return "custom_field";
}
template <>
inline std::string_view type_name<CustomFieldValue>() {
  return "custom_field_value";
}
template <>
inline std::string_view type_name<Quota>() {
  return "quota";
}
template <>
inline std::string_view type_name<CustomFieldAssociation>() {
  return "custom_field_association";
}
template <>
inline std::string_view type_name<LogicalGroup>() {
  return "logical_group";
}

}  // namespace ipam::model
