#include "service/interchange/column_parts.h"

namespace ipam::service::interchange {
namespace {

// A state that a person sets ends one that the server gave.
Result<void> read_state(model::Address& object, std::string_view text) {
  const model::AddressState state = text.empty() ? model::AddressState::InUse : IPAM_TRY(read_word(address_state_words(), text));
  if (state != object.state) object.held_until = std::nullopt;
  object.state = state;
  return {};
}

Result<void> read_assigned_at(model::Address& object, std::string_view text) {
  if (!text.empty()) object.assigned_at = IPAM_TRY(read_date(text));
  return {};
}

Result<void> read_gateways(model::Range& object, std::string_view text) {
  object.gateways.clear();
  for (const std::string_view part : list_parts(text, ";")) object.gateways.push_back(IPAM_TRY(read_gateway(part)));
  return {};
}

std::string write_gateways(const model::Range& object, const Surroundings& /*around*/) {
  std::string text;
  for (const model::Gateway& gateway : object.gateways) text += (text.empty() ? "" : "; ") + write_element(gateway);
  return text;
}

}  // namespace

template <>
std::span<const Column<model::Block>> columns() {
  using T = model::Block;
  static const std::vector<Column<T>> all{
      prefix_column<T>(),
      {{"Start IP address"}, Role::Place, nullptr, [](const T& o, const Surroundings&) { return o.prefix.first().to_string(); }},
      {{"End IP address"}, Role::Place, nullptr, [](const T& o, const Surroundings&) { return o.prefix.last().to_string(); }},
      text_column<T, &T::name>({"Name"}),
      text_column<T, &T::description>({"Description"}),
      text_column<T, &T::owner>({"Owner"}),
      time_column<T, &T::received_at>({"RIR Received Date", "received_at"}),
      number_column<T, model::Percent, &T::under_percent>({"Under Percent"}),
      number_column<T, model::Percent, &T::over_percent>({"Over Percent"}),
      space_column<T>(),
      derived_columns<T>()};
  return all;
}

template <>
std::span<const Column<model::Subnet>> columns() {
  using T = model::Subnet;
  static const std::vector<Column<T>> all{text_column<T, &T::name>({"Name"}),
                                          prefix_column<T>(),
                                          list_column<T, std::uint16_t, &T::vlans>({"VLAN ID", "VLAN IDs", "VLAN", "VLANs"}),
                                          number_column<T, std::uint32_t, &T::vsid>({"Virtual Subnet ID", "VSID"}),
                                          text_column<T, &T::description>({"Description"}),
                                          text_column<T, &T::owner>({"Owner"}),
                                          number_column<T, std::uint32_t, &T::cooldown_seconds>({"Cooldown Seconds"}),
                                          number_column<T, model::Percent, &T::under_percent>({"Under Percent"}),
                                          number_column<T, model::Percent, &T::over_percent>({"Over Percent"}),
                                          space_column<T>(),
                                          derived_columns<T>()};
  return all;
}

template <>
std::span<const Column<model::Range>> columns() {
  using T = model::Range;
  static const std::vector<Column<T>> all{
      {{"Network", "Network ID"}, Role::Place, nullptr, [](const T&, const Surroundings& around) { return around.network; }},
      address_column<T, &T::first>({"Start IP address", "first"}),
      address_column<T, &T::last>({"End IP address", "last"}),
      managed_by_column<T>(),
      text_column<T, &T::service_instance>({"Service Instance", "Managed by Entity"}),
      assignment_column<T>(),
      text_column<T, &T::name>({"Name"}),
      text_column<T, &T::description>({"Description"}),
      text_column<T, &T::owner>({"Owner"}),
      {{"Gateway Address", "Gateway", "Gateways", "Default Gateway"}, Role::Field, read_gateways, write_gateways},
      list_column<T, ip::Address, &T::dns_servers>({"DNS Servers", "DNS Server", "DNS Server Addresses"}),
      list_column<T, std::string, &T::dns_suffixes>({"DNS Suffixes", "DNS Suffix Search Order"}),
      text_column<T, &T::connection_suffix>({"Connection Specific DNS Suffix", "connection_suffix"}),
      list_column<T, ip::Address, &T::wins_servers>({"WINS Servers", "WINS Server", "WINS Server Addresses"}),
      list_column<T, ip::Range, &T::reserved>({"Reserved IP Addresses", "Reserved Addresses", "Reserved Address", "reserved"}),
      list_column<T, ip::Range, &T::vips>({"VIPs", "VIP", "VIP Addresses", "Virtual IP Addresses"}),
      list_column<T, ip::Range, &T::exclusions>({"Exclusion Ranges", "Exclusions"}),
      text_column<T, &T::reverse_zone>({"Associated Reverse Lookup Zone", "Reverse Lookup Zone", "reverse_zone"}),
      time_column<T, &T::assigned_at>({"Assignment Date", "Assigned Date", "assigned_at"}),
      number_column<T, std::uint64_t, &T::stated_used>({"Stated Used"}),
      number_column<T, model::Percent, &T::under_percent>({"Under Percent"}),
      number_column<T, model::Percent, &T::over_percent>({"Over Percent"}),
      space_column<T>(),
      derived_columns<T>()};
  return all;
}

template <>
std::span<const Column<model::Address>> columns() {
  using T = model::Address;
  static const std::vector<Column<T>> all{
      address_column<T, &T::address>({"IP Address", "address"}),
      managed_by_column<T>(),
      text_column<T, &T::service_instance>({"Service Instance", "Managed by Entity"}),
      {{"IP Address State", "state"},
       Role::Field,
       read_state,
       [](const T& o, const Surroundings&) { return write_word(address_state_words(), o.state); }},
      assignment_column<T>(),
      text_column<T, &T::name>({"Device Name", "name"}),
      value_column<T, ip::HardwareAddress, &T::hardware_address>({"MAC Address", "hardware_address"}),
      text_column<T, &T::description>({"Description", "Notes"}),
      text_column<T, &T::owner>({"Owner"}),
      text_column<T, &T::asset_tag>({"Asset Tag"}),
      text_column<T, &T::serial_number>({"Serial Number"}),
      text_column<T, &T::operating_system>({"Operating System", "OS Name"}),
      {{"Assignment Date", "Assigned Date", "assigned_at"},
       Role::Field,
       read_assigned_at,
       [](const T& o, const Surroundings&) { return o.assigned_at == Time{} ? std::string() : format_time(o.assigned_at); }},
      time_column<T, &T::expires_at>({"Expiry Date", "expires_at"}),
      value_column<T, ip::ClientId, &T::client_id>({"Client ID"}),
      value_column<T, ip::ClientId, &T::duid>({"DUID"}),
      number_column<T, std::uint32_t, &T::iaid>({"IAID"}),
      space_column<T>(),
      derived_columns<T>()};
  return all;
}

}  // namespace ipam::service::interchange
