#include "wire/nps_log/record.h"

#include "base/strings.h"
#include "wire/log_lines/text.h"

#include <array>

namespace ipam::wire::nps_log {
namespace {

constexpr std::size_t kMaxAttributes = 512;

struct TextField {
  std::string_view name;
  std::string Record::*field;
};
constexpr std::array<TextField, 18> kTexts{{{"Computer-Name", &Record::computer},
                                            {"User-Name", &Record::user_name},
                                            {"SAM-Account-Name", &Record::account},
                                            {"Calling-Station-Id", &Record::calling_station},
                                            {"Called-Station-Id", &Record::called_station},
                                            {"NAS-Identifier", &Record::nas_identifier},
                                            {"NAS-Port", &Record::nas_port},
                                            {"Client-Friendly-Name", &Record::client_name},
                                            {"Class", &Record::class_value},
                                            {"Acct-Session-Id", &Record::session_id},
                                            {"Acct-Multi-Session-Id", &Record::multi_session_id},
                                            {"Acct-Multi-Ssn-ID", &Record::multi_session_id},
                                            {"NP-Policy-Name", &Record::policy},
                                            // The server's own spelling, and the right one.
                                            {"Fully-Qualifed-User-Name", &Record::account},
                                            {"Fully-Qualified-User-Name", &Record::account},
                                            {"Fully-Qualified-Distinguished-Name", &Record::account},
                                            {"Calling-Station-ID", &Record::calling_station},
                                            {"Called-Station-ID", &Record::called_station}}};

struct AddressField {
  std::string_view name;
  std::optional<ip::Address> Record::*field;
};
constexpr std::array<AddressField, 4> kAddresses{{{"Framed-IP-Address", &Record::framed_address},
                                                  {"NAS-IP-Address", &Record::nas_address},
                                                  {"NAS-IPv6-Address", &Record::nas_address},
                                                  {"Client-IP-Address", &Record::client_address}}};

}  // namespace

std::string_view set_attribute(Record& record, std::string_view name, std::string_view text) {
  for (const AddressField& each : kAddresses) {
    if (each.name != name) continue;
    const auto address = ip::Address::parse(trim(text));
    if (!address.ok()) return "an address is none";
    record.*each.field = address->unmapped();
    return {};
  }
  for (const TextField& each : kTexts) {
    if (each.name != name) continue;
    std::string& field = record.*each.field;
    // SAM-Account-Name is the shorter form of the fully qualified one and stands beside it.
    if (field.empty() || name == "SAM-Account-Name") field = log_lines::printable(text);
    return {};
  }
  const auto number = [&](std::optional<std::uint32_t>& field) -> std::string_view {
    field = parse_integer<std::uint32_t>(trim(text));
    return field ? std::string_view() : "a number is none";
  };
  if (name == "Reason-Code") return number(record.reason_code);
  if (name == "Acct-Status-Type") return number(record.accounting_status);
  if (name == "Packet-Type") {
    const auto type = parse_integer<std::uint8_t>(trim(text));
    if (!type) return "a number is none";
    const bool known = (*type >= 1 && *type <= 4) || *type == 11;
    record.packet_type = known ? static_cast<PacketType>(*type) : PacketType::Unknown;
    return {};
  }
  if (record.attributes.size() >= kMaxAttributes) return "it has more attributes than are read";
  record.attributes.emplace_back(log_lines::printable(name), log_lines::printable(text));
  return {};
}

}  // namespace ipam::wire::nps_log
