// Names, filters, identifiers, DNS records and authorized DHCP servers as a directory server may send them: nothing is read outside of its bounds, a
// name that was read is read again from its own text, and an escaped value holds nothing that ends it.
#include "wire/directory/dhcp_server_value.h"
#include "wire/directory/distinguished_name.h"
#include "wire/directory/dns_node.h"
#include "wire/directory/filter.h"
#include "wire/directory/identifiers.h"

#include <cstdlib>

namespace {

using namespace ipam;
using namespace ipam::wire::directory;

void check_name(std::string_view text) {
  const auto name = DistinguishedName::parse(text);
  if (!name.ok()) {
    if (name.error().code != ErrorCode::Malformed) std::abort();
    return;
  }
  const std::string spelled = name->to_string();
  const auto again = DistinguishedName::parse(spelled);
  // A name grows by its escapes and may then be too long.
  if (!again.ok() && spelled.size() <= text.size()) std::abort();
  if (again.ok() && (!(*again == *name) || again->to_string() != spelled)) std::abort();
  if (!name->within(name->parent())) std::abort();
  (void)name->domain();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const std::string_view text = as_text(input);
  check_name(text);
  if (escape_filter_value(input).find_first_of("()*") != std::string::npos) std::abort();
  if (const auto sid = SecurityIdentifier::decode(input); sid.ok() && sid->encode() != Bytes(input.begin(), input.end())) std::abort();
  (void)decode_guid(input);
  if (const auto record = DnsRecordValue::decode(input); record.ok()) (void)record->name();
  (void)decode_zone_type(input);
  if (const auto server = DhcpServerValue::parse(text); server.ok() && !server->address && server->host.empty()) std::abort();
  return 0;
}
