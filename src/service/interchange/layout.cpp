#include "service/interchange/layout.h"

#include "base/strings.h"

#include <algorithm>
#include <array>

namespace ipam::service::interchange {
namespace {

using model::ImportKind;

struct NamedLayout {
  std::string_view name;
  ImportKind kind;
  Layout layout;
};

// NetBox writes a VRF as a name, and none as "Global"; empty places as a dash.
const std::map<std::string, std::string> kNetboxSpaces{{"global", ""}, {"—", ""}};
const std::map<std::string, std::string> kDash{{"—", ""}};

const std::vector<NamedLayout>& layouts() {
  static const std::vector<NamedLayout> all{
      {"netbox",
       ImportKind::Block,
       {{{"prefix", "Network"},
         {"aggregate", "Network"},
         {"added", "RIR Received Date"},
         {"dateadded", "RIR Received Date"},
         {"vrf", "Address Space"},
         {"status", ""}},
        {{"vrf", kNetboxSpaces}, {"rir", kDash}, {"tenant", kDash}, {"site", kDash}, {"scope", kDash}, {"description", kDash}},
        {},
        {{"status", "container", false, true}}}},
      {"netbox",
       ImportKind::Subnet,
       {{{"prefix", "Network"}, {"vrf", "Address Space"}, {"vlan", "VLAN ID"}, {"site", "Network Site"}, {"scope", "Network Site"}, {"status", ""}},
        {{"vrf", kNetboxSpaces}, {"vlan", kDash}, {"site", kDash}, {"scope", kDash}, {"tenant", kDash}, {"role", kDash}, {"description", kDash}},
        {{"vlan", CellShape::NumberInParentheses}},
        {{"status", "container", false, false}}}},
      {"netbox",
       ImportKind::Range,
       {{{"startaddress", "Start IP address"}, {"endaddress", "End IP address"}, {"vrf", "Address Space"}},
        {{"vrf", kNetboxSpaces}, {"tenant", kDash}, {"role", kDash}, {"description", kDash}},
        {{"startaddress", CellShape::HostOfPrefix}, {"endaddress", CellShape::HostOfPrefix}},
        {}}},
      {"netbox",
       ImportKind::Address,
       {{{"address", "IP Address"}, {"vrf", "Address Space"}, {"status", "IP Address State"}, {"dnsname", "Device Name"}},
        {{"vrf", kNetboxSpaces},
         {"status", {{"active", "In-Use"}, {"reserved", "Reserved"}, {"deprecated", "Inactive"}, {"dhcp", "In-Use"}, {"slaac", "In-Use"}}},
         {"tenant", kDash},
         {"role", kDash},
         {"dnsname", kDash},
         {"description", kDash}},
        {{"ipaddress", CellShape::HostOfPrefix}, {"address", CellShape::HostOfPrefix}},
        {}}},
      {"phpipam",
       ImportKind::Block,
       {{{"subnet", "Network"}, {"vrf", "Address Space"}, {"customer", "Tenant"}},
        {{"vrf", {{"default", ""}}}},
        {},
        {{"subnet", " (folder)", true, false}}}},
      {"phpipam",
       ImportKind::Subnet,
       {{{"subnet", "Network"}, {"vlan", "VLAN ID"}, {"vrf", "Address Space"}, {"customer", "Tenant"}},
        {{"vlan", {{"na", ""}, {"0", ""}}}, {"vrf", {{"default", ""}}}},
        {},
        {{"subnet", " (folder)", true, false}}}},
      {"phpipam",
       ImportKind::Address,
       {{{"hostname", "Device Name"}, {"mac", "MAC Address"}, {"tag", "IP Address State"}, {"vrf", "Address Space"}},
        {{"tag", {{"", "In-Use"}, {"used", "In-Use"}, {"offline", "Inactive"}, {"reserved", "Reserved"}, {"dhcp", "In-Use"}}},
         {"vrf", {{"default", ""}}}},
        {},
        {}}},
  };
  return all;
}

}  // namespace

std::string Layout::read(const std::string& column, std::string_view cell) const {
  std::string_view text = trim(cell);
  if (const auto known = values.find(column); known != values.end()) {
    if (const auto value = known->second.find(to_lower(text)); value != known->second.end()) return value->second;
  }
  const auto shape = shapes.find(column);
  if (shape == shapes.end()) return std::string(text);
  if (shape->second == CellShape::HostOfPrefix) return std::string(text.substr(0, text.find('/')));
  if (shape->second == CellShape::NumberInParentheses && text.ends_with(')')) {
    const auto open = text.rfind('(');
    if (open != std::string_view::npos) return std::string(text.substr(open + 1, text.size() - open - 2));
  }
  return std::string(text);
}

bool Layout::takes(const SourceRow& row, const std::vector<std::string>& keys) const {
  for (const Choice& choice : choices) {
    const auto place = std::find(keys.begin(), keys.end(), choice.column);
    if (place == keys.end()) continue;
    const auto i = static_cast<std::size_t>(place - keys.begin());
    if (i >= row.cells.size() || !row.cells[i]) continue;
    const std::string cell = to_lower(trim(*row.cells[i]));
    const bool is_so = choice.by_end ? cell.ends_with(to_lower(trim(choice.value))) : cell == choice.value;
    if (is_so != choice.only) return false;
  }
  return true;
}

const Layout* find_layout(std::string_view name, ImportKind kind) {
  for (const NamedLayout& each : layouts()) {
    if (each.kind == kind && equals_ignoring_case(each.name, name)) return &each.layout;
  }
  return nullptr;
}

bool is_layout(std::string_view name) {
  return std::any_of(layouts().begin(), layouts().end(), [&](const NamedLayout& each) { return equals_ignoring_case(each.name, name); });
}

std::string layout_names() { return "netbox, phpipam"; }

}  // namespace ipam::service::interchange
