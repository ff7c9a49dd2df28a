// The nouns of the address plan: space, block, subnet, range, address.
#include "cli/cells.h"
#include "cli/noun.h"
#include "contract/address_plan.h"

namespace ipam::cli {
namespace {

const Filter kSpace{"--space", "NAME", "space", "Only in this address space"};
const Filter kNameContains{"--name", "TEXT", "name__contains", "Only where the name contains this"};
const Filter kCategory{"--category", "CATEGORY", "category", "Only in address space of this category, such as private or public"};
const Filter kQuery{"--query", "QUERY", "query", "Only what this query says, such as 'utilization > 80 and site = London'"};
const Filter kWords{"--search", "WORDS", "q", "Only where each of these words is found, wherever: a name, a custom value, a place"};
const Filter kVlan{"--vlan", "NUMBER", "vlan", "Only with this VLAN identifier"};

Noun space_noun() {
  using T = contract::AddressSpace;
  Noun noun{"space", {"address-space"}, "address space", "address spaces", "/api/v1/address_spaces", {"name"}};
  const std::vector<Column<T>> columns{
      field("Name", &T::name),           field("Kind", &T::kind),   field("Subnets", &T::subnets),        field("IPv4 used", &T::used_ipv4),
      field("IPv6 used", &T::used_ipv6), field("Owner", &T::owner), field("Description", &T::description)};
  noun.table = view_of(columns);
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + columns +
                        std::vector<Column<T>>{field("Provider", &T::provider), field("Custom fields", &T::custom_fields)});
  noun.table_sort = "name";
  noun.filters = {kQuery, kWords};
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.subject = "NAME";
  noun.subject_fields = {"name"};
  noun.add = body_of<contract::AddressSpaceCreate>();
  noun.edit = body_of<contract::AddressSpacePatch>();
  noun.list_help = {"List the address spaces.", "ipam space list", "Get-IpamAddressSpace"};
  noun.show_help = {"Show one address space.", "ipam space show Default", "Get-IpamAddressSpace -Name"};
  noun.add_help = {"Make an address space, in which addresses are unique.", "ipam space add Lab --owner 'Network team'", "Add-IpamAddressSpace"};
  noun.edit_help = {"Rename or describe an address space.", "ipam space edit Lab --name Laboratory", "Set-IpamAddressSpace"};
  noun.delete_help = {"Delete an address space that is empty.", "ipam space delete Lab", "Remove-IpamAddressSpace"};
  return noun;
}

// What blocks, subnets and ranges have in common.
void make_placed(Noun& noun) {
  noun.filters = {kSpace, kNameContains, kCategory, kQuery, kWords};
  noun.within = true;
  noun.qualifiers = {kSpace};
  noun.name_query = "name__contains";
}

Noun block_noun() {
  using T = contract::Block;
  Noun noun{"block", {}, "block", "blocks", "/api/v1/blocks", {"prefix"}};
  noun.table = view_of(std::vector<Column<T>>{field("Prefix", &T::prefix), field("Name", &T::name), utilization_column<T>(),
                                              field("Space", &T::space), field("Description", &T::description)});
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id), field("Prefix", &T::prefix), field("Name", &T::name), field("Space", &T::space),
                                               field("Category", &T::category), field("Received (UTC)", &T::received_at), field("Owner", &T::owner),
                                               field("Description", &T::description), field("Custom fields", &T::custom_fields)} +
                        utilization_lines<T>());
  noun.table_sort = "prefix";
  noun.csv = csv_columns_of<T>();
  make_placed(noun);
  noun.keys = {Key::Prefix, Key::Name};
  noun.prefix_query = "prefix";
  noun.subject = "PREFIX";
  noun.subject_fields = {"prefix"};
  noun.add = body_of<contract::BlockCreate>();
  noun.edit = body_of<contract::BlockPatch>();
  noun.list_help = {"List the blocks, all or those within a prefix.", "ipam block list 10.0.0.0/8", "Get-IpamBlock"};
  noun.show_help = {"Show one block.", "ipam block show 10.0.0.0/8", "Get-IpamBlock -NetworkId"};
  noun.add_help = {"Make a block, out of which subnets are cut.", "ipam block add 10.0.0.0/8 --name 'Private'", "Add-IpamBlock"};
  noun.edit_help = {"Describe a block.", "ipam block edit 10.0.0.0/8 --owner 'Network team'", "Set-IpamBlock"};
  noun.delete_help = {"Delete a block.", "ipam block delete 10.0.0.0/8", "Remove-IpamBlock"};
  return noun;
}

Noun subnet_noun() {
  using T = contract::Subnet;
  Noun noun{"subnet", {}, "subnet", "subnets", "/api/v1/subnets", {"prefix"}};
  noun.table = view_of(std::vector<Column<T>>{field("Prefix", &T::prefix), field("Name", &T::name),
                                              computed<T>(
                                                  "VLAN", [](const T& s) { return cell(s.vlans); }, Align::Right),
                                              utilization_column<T>(),
                                              computed<T>(
                                                  "Free", [](const T& s) { return cell(s.utilization.free); }, Align::Right),
                                              field("Space", &T::space), field("Description", &T::description)});
  noun.record =
      view_of(std::vector<Column<T>>{field("Id", &T::id), field("Prefix", &T::prefix), field("Name", &T::name), field("Space", &T::space),
                                     field("VLAN", &T::vlans), field("Virtual subnet", &T::vsid), field("Cool-down (s)", &T::cooldown_seconds),
                                     field("Category", &T::category), field("Owner", &T::owner), field("Description", &T::description),
                                     field("Custom fields", &T::custom_fields)} +
              utilization_lines<T>());
  noun.table_sort = "prefix";
  noun.csv = csv_columns_of<T>();
  make_placed(noun);
  noun.filters.push_back(kVlan);
  noun.keys = {Key::Prefix, Key::Name};
  noun.prefix_query = "prefix";
  noun.subject = "PREFIX";
  noun.subject_fields = {"prefix"};
  noun.add = body_of<contract::SubnetCreate>();
  noun.edit = body_of<contract::SubnetPatch>();
  noun.list_help = {"List the subnets, all or those within a prefix.", "ipam subnet list 10.2.0.0/16 --space Lab", "Get-IpamSubnet"};
  noun.show_help = {"Show one subnet and how full it is.", "ipam subnet show 10.2.3.0/24", "Get-IpamSubnet -NetworkId"};
  noun.add_help = {"Make a subnet.", "ipam subnet add 10.2.3.0/24 --name 'Web servers' --vlan 230", "Add-IpamSubnet"};
  noun.allocate_help = {"Find free prefixes and make them subnets, in one step that nobody can come between; --dry-run only finds them.",
                        "ipam subnet allocate 10.0.0.0/16 --length 24 --count 3 --strategy sparse", "Find-IpamFreeSubnet and Add-IpamSubnet"};
  noun.edit_help = {"Describe a subnet; an empty value clears a field.", "ipam subnet edit 10.2.3.0/24 --vlan ''", "Set-IpamSubnet"};
  noun.delete_help = {"Delete a subnet.", "ipam subnet delete 10.2.3.0/24", "Remove-IpamSubnet"};
  return noun;
}

Noun range_noun() {
  using T = contract::Range;
  Noun noun{"range", {}, "range", "ranges", "/api/v1/ranges", {"first", "last"}};
  const std::vector<Column<T>> head{field("First", &T::first), field("Last", &T::last), field("Name", &T::name)};
  noun.table = view_of(head + std::vector<Column<T>>{utilization_column<T>(), field("Managed by", &T::managed_by), field("Space", &T::space),
                                                     field("Description", &T::description)});
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + head +
                        std::vector<Column<T>>{field("Space", &T::space),
                                               field("Category", &T::category),
                                               field("Assignment", &T::assignment),
                                               field("Managed by", &T::managed_by),
                                               field("Service instance", &T::service_instance),
                                               field("Gateways", &T::gateways),
                                               field("DNS servers", &T::dns_servers),
                                               field("DNS suffixes", &T::dns_suffixes),
                                               field("Connection suffix", &T::connection_suffix),
                                               field("WINS servers", &T::wins_servers),
                                               field("Reserved parts", &T::reserved),
                                               field("Virtual addresses", &T::vips),
                                               field("Exclusions", &T::exclusions),
                                               field("Reverse zone", &T::reverse_zone),
                                               field("Assigned (UTC)", &T::assigned_at),
                                               field("Reclaimed (UTC)", &T::reclaimed_at),
                                               field("Overlap", &T::overlap),
                                               field("Counts in sums", &T::use_for_utilization),
                                               field("Owner", &T::owner),
                                               field("Description", &T::description),
                                               field("Custom fields", &T::custom_fields)} +
                        utilization_lines<T>());
  noun.table_sort = "first";
  noun.csv = csv_columns_of<T>();
  make_placed(noun);
  noun.keys = {Key::Range, Key::Name};
  noun.subject = "FIRST-LAST";
  noun.subject_fields = {"first", "last"};
  noun.add = body_of<contract::RangeCreate>();
  noun.edit = body_of<contract::RangePatch>();
  noun.list_help = {"List the address ranges, all or those within a prefix.", "ipam range list 10.2.3.0/24", "Get-IpamRange"};
  noun.show_help = {"Show one range and how full it is.", "ipam range show 10.2.3.10-10.2.3.99", "Get-IpamRange"};
  noun.add_help = {"Make a range inside a subnet.", "ipam range add 10.2.3.10-10.2.3.99 --name Printers", "Add-IpamRange"};
  noun.allocate_help = {"Find free addresses side by side and make them ranges, in one step; --dry-run only finds them.",
                        "ipam range allocate 10.2.3.0/24 --size 20 --name Printers", "Find-IpamFreeRange and Add-IpamRange"};
  noun.edit_help = {"Describe a range.", "ipam range edit Printers --owner Facilities", "Set-IpamRange"};
  noun.delete_help = {"Delete a range.", "ipam range delete 10.2.3.10-10.2.3.99", "Remove-IpamRange"};
  return noun;
}

Noun address_noun() {
  using T = contract::Address;
  Noun noun{"address", {}, "address", "addresses", "/api/v1/addresses", {"address"}};
  const std::vector<Column<T>> head{field("Address", &T::address), field("State", &T::state), field("Name", &T::name)};
  noun.table = view_of(head + std::vector<Column<T>>{field("Hardware address", &T::hardware_address), field("Owner", &T::owner),
                                                     field("Space", &T::space), field("Assigned (UTC)", &T::assigned_at),
                                                     field("Expires (UTC)", &T::expires_at), field("Description", &T::description)});
  noun.record = view_of(std::vector<Column<T>>{field("Id", &T::id)} + head +
                        std::vector<Column<T>>{field("Hardware address", &T::hardware_address),
                                               field("Space", &T::space),
                                               field("Category", &T::category),
                                               field("Assignment", &T::assignment),
                                               field("Managed by", &T::managed_by),
                                               field("Service instance", &T::service_instance),
                                               field("Owner", &T::owner),
                                               field("Assigned (UTC)", &T::assigned_at),
                                               field("Expires (UTC)", &T::expires_at),
                                               field("Expiry status", &T::expiry_status),
                                               field("Duplicate", &T::duplicate),
                                               field("Range id", &T::range_id),
                                               field("Quota id", &T::quota_id),
                                               field("Held until (UTC)", &T::held_until),
                                               field("Asset tag", &T::asset_tag),
                                               field("Serial number", &T::serial_number),
                                               field("Operating system", &T::operating_system),
                                               field("Client id", &T::client_id),
                                               field("DUID", &T::duid),
                                               field("IAID", &T::iaid),
                                               field("Description", &T::description),
                                               field("Custom fields", &T::custom_fields)});
  noun.table_sort = "address";
  noun.csv = csv_columns_of<T>();
  make_placed(noun);
  noun.filters.push_back({"--state", "STATE", "state", "Only in this state: in_use, reserved, inactive, held, cooling"});
  noun.filters.push_back({"--mac", "MAC", "hardware_address", "Only with this hardware address"});
  noun.filters.push_back({"--expiry", "STATUS", "expiry_status", "Only with this expiry status: active, alert, expired"});
  noun.filters.push_back({"--duplicate", "YES", "duplicate", "Only those for which another client is named too (true), or the others (false)"});
  noun.filters.push_back({"--range-id", "ID", "range_id", "Only inside this range"});
  noun.keys = {Key::Address, Key::Name};
  noun.name_query = "name";
  noun.subject = "ADDRESS";
  noun.subject_fields = {"address"};
  noun.add = body_of<contract::AddressCreate>();
  noun.edit = body_of<contract::AddressPatch>();
  noun.list_help = {"List the addresses, all or those within a prefix.", "ipam address list 10.2.3.0/24 --state reserved", "Get-IpamAddress"};
  noun.show_help = {"Show one address.", "ipam address show 10.2.3.17", "Get-IpamAddress -IpAddress"};
  noun.add_help = {"Record an address that is taken. To be given a free one, use allocate.",
                   "ipam address add 10.2.3.17 --name app7 --mac 02:00:5e:10:00:07", "Add-IpamAddress"};
  noun.allocate_help = {
      "Find free addresses and take them, in one step that nobody can come between; --dry-run only finds them. With --reserve and --dns also "
      "their reservation and records.",
      "ipam address allocate 10.2.3.0/24 --name app7 --reason 'New web server' --reference CHG1", "Find-IpamFreeAddress and Add-IpamAddress"};
  noun.edit_help = {"Change what is recorded of an address; an empty value clears a field.", "ipam address edit 10.2.3.17 --state inactive",
                    "Set-IpamAddress"};
  noun.delete_help = {"Give an address back.", "ipam address delete 10.2.3.17 --reason 'app7 is gone'", "Remove-IpamAddress"};
  return noun;
}

}  // namespace

std::vector<Noun> address_plan_nouns() { return {space_noun(), block_noun(), subnet_noun(), range_noun(), address_noun()}; }

}  // namespace ipam::cli
