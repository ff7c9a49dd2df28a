#include "driver/kea/kea_scopes.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/kea_reservation.h"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <tuple>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

constexpr std::uint64_t kMaxLifetime = 0xFFFFFFFFU;
constexpr std::size_t kMaxNameBytes = 252;  // 255 with the sign of what is cut

Error beyond(std::string_view what, std::size_t limit) {
  return {ErrorCode::Malformed, fmt::format("the server has more than {} {}, which is more than is read from one server", limit, what)};
}

// What people call the subnet: Kea has no field for it, so the user context's "name" or "description" serves, as is usual.
std::string name_of(const json::object& subnet) {
  const json::value* context = find_field(subnet, "user-context");
  if (context == nullptr || !context->is_object()) return {};
  for (const std::string_view key : {"name", "description"}) {
    const auto text = optional_text_field(context->get_object(), key);
    if (text.ok() && !text->empty() && is_clean_text(*text)) return shorten(*text, kMaxNameBytes);
  }
  return {};
}

// The options of one level of the configuration, each with the name of the place where it stands.
Result<void> add_options(const json::object& from, std::string_view level, std::string_view place, json::array& to) {
  for (const json::value& item : *IPAM_TRY(array_field(from, "option-data"))) {
    json::object option = *IPAM_TRY(as_object(item, "an option"));
    option[json::string_view(level)] = json::string_view(place);
    to.push_back(std::move(option));
  }
  return {};
}

}  // namespace

Result<void> ScopeReader::read_server(const json::object& server) {
  const Inherited global = IPAM_TRY(inherit(server, {}));
  IPAM_TRY(read_subnets(server, global));
  for (const json::value& item : *IPAM_TRY(array_field(server, "shared-networks"))) {
    IPAM_TRY(read_network(*IPAM_TRY(as_object(item, "a shared network")), global));
  }
  if (const auto* global_reservations = IPAM_TRY(array_field(server, "reservations")); !global_reservations->empty()) {
    findings_.add(fmt::format("{} global reservations are not collected: they belong to no scope; move them into their subnets to have them here",
                              global_reservations->size()));
  }
  if (find_field(server, "hosts-database") != nullptr || find_field(server, "hosts-databases") != nullptr) {
    findings_.add("the server has a hosts database: reservations in it are not part of the configuration and are not collected");
  }
  return {};
}

Result<void> ScopeReader::read_network(const json::object& network, const Inherited& global) {
  const std::string name(IPAM_TRY(text_field(network, "name")));
  if (!is_clean_text(name)) return Error(ErrorCode::Malformed, "a shared network's name has control characters");
  Inherited inherited = IPAM_TRY(inherit(network, {shorten(name, kMaxNameBytes), global.lease_seconds, {}}));
  IPAM_TRY(add_options(network, "shared-network", inherited.shared_network, inherited.options));
  auto subnets = read_subnets(network, inherited);
  if (!subnets.ok()) return located(std::move(subnets).error(), fmt::format("shared network \"{}\"", inherited.shared_network));
  return {};
}

Result<ScopeReader::Inherited> ScopeReader::inherit(const json::object& from, Inherited above) const {
  if (find_field(from, "valid-lifetime") != nullptr) {
    above.lease_seconds = static_cast<std::uint32_t>(IPAM_TRY(integer_field(from, "valid-lifetime", 0, kMaxLifetime)));
  }
  return above;
}

Result<void> ScopeReader::read_subnets(const json::object& from, const Inherited& inherited) {
  for (const json::value& item : *IPAM_TRY(array_field(from, subnets_of(service_)))) {
    const json::object* subnet = IPAM_TRY(as_object(item, "a subnet"));
    if (scopes_.size() >= limits_.scopes) return beyond("subnets", limits_.scopes);
    auto id = integer_field(*subnet, "id", 1, kMaxSubnetId);
    if (!id.ok()) return located(std::move(id).error(), "a subnet");
    auto read = read_subnet(*subnet, *id, inherited);
    if (!read.ok()) return located(std::move(read).error(), "scope " + scope_key(service_, *id));
  }
  return {};
}

Result<void> ScopeReader::read_subnet(const json::object& subnet, std::uint64_t id, const Inherited& inherited) {
  const std::string place = "scope " + scope_key(service_, id);
  const auto prefix = IPAM_TRY(read_prefix(subnet, place));
  if (!prefix) return {};
  ObservedScope scope{.key = scope_key(service_, id), .prefix = *prefix, .name = name_of(subnet), .shared_network = inherited.shared_network};
  scope.lease_seconds = IPAM_TRY(inherit(subnet, inherited)).lease_seconds;
  json::array options = *IPAM_TRY(array_field(subnet, "option-data"));
  options.insert(options.end(), inherited.options.begin(), inherited.options.end());
  for (const std::string_view kind : {"pool", "pd-pool"}) {
    for (const json::value& item : *IPAM_TRY(array_field(subnet, std::string(kind) + "s"))) {
      const json::object* pool = IPAM_TRY(as_object(item, "a pool"));
      const std::string_view name = IPAM_TRY(text_field(*pool, kind == "pool" ? "pool" : "prefix"));
      if (is_clean_text(name)) IPAM_TRY(add_options(*pool, kind, shorten(name, kQuotedBytes), options));
    }
  }
  scope.options = json::serialize(options);
  // What stands once in a shared network is told of each of its subnets: that must not grow beyond what a server may answer at all.
  option_bytes_ += scope.options.size();
  if (option_bytes_ > limits_.response_bytes) return beyond("bytes of options", limits_.response_bytes);
  IPAM_TRY(read_pools(subnet, place, scope));
  if (service_ == Service::Dhcp6) IPAM_TRY(read_delegated_pools(subnet, scope));
  IPAM_TRY(read_reservations(subnet, place, scope));
  scopes_.push_back({id, std::move(scope)});
  return {};
}

Result<std::optional<ip::Prefix>> ScopeReader::read_prefix(const json::object& subnet, const std::string& place) {
  const std::string_view text = IPAM_TRY(text_field(subnet, "subnet"));
  const auto slash = text.find('/');
  const auto address = ip::Address::parse(text.substr(0, slash));
  const auto length = slash == std::string_view::npos ? std::nullopt : parse_integer<int>(text.substr(slash + 1), 0, 128);
  if (!address.ok() || !length || *length > bit_count(address->family())) {
    return Error(ErrorCode::Malformed, fmt::format("field \"subnet\" is no prefix: \"{}\"", shorten(text, kQuotedBytes)));
  }
  if (address->family() != family_of(service_)) {
    findings_.add(fmt::format("{}: {} is no subnet of {} and is passed over", place, shorten(text, kQuotedBytes), protocol_of(service_)));
    return std::optional<ip::Prefix>();
  }
  const ip::Prefix prefix = ip::Prefix::containing(*address, *length);
  if (prefix.network() != *address) findings_.add(fmt::format("{}: {} has host bits; it is read as {}", place, text, prefix.to_string()));
  return std::optional(prefix);
}

Result<void> ScopeReader::read_pools(const json::object& subnet, const std::string& place, ObservedScope& scope) {
  for (const json::value& item : *IPAM_TRY(array_field(subnet, "pools"))) {
    const std::string_view text = IPAM_TRY(text_field(*IPAM_TRY(as_object(item, "a pool")), "pool"));
    const auto range = ip::Range::parse(text);
    if (!range.ok()) return Error(ErrorCode::Malformed, fmt::format("field \"pool\" is no range: \"{}\"", shorten(text, kQuotedBytes)));
    if (!ip::Range(scope.prefix).contains(*range) || range->family() != scope.prefix.family()) {
      findings_.add(fmt::format("{}: the pool {} is not inside of {} and is passed over", place, range->to_string(), scope.prefix.to_string()));
      continue;
    }
    scope.pools.push_back({range->first(), range->last(), std::nullopt});
  }
  const auto by_address = [](const ObservedPool& a, const ObservedPool& b) { return a.first < b.first; };
  std::stable_sort(scope.pools.begin(), scope.pools.end(), by_address);
  return {};
}

// A pool of prefixes to delegate: RFC 8415, section 6.3.
Result<void> ScopeReader::read_delegated_pools(const json::object& subnet, ObservedScope& scope) {
  for (const json::value& item : *IPAM_TRY(array_field(subnet, "pd-pools"))) {
    const json::object* pool = IPAM_TRY(as_object(item, "a pool of prefixes"));
    const std::string_view text = IPAM_TRY(text_field(*pool, "prefix"));
    const auto address = ip::Address::parse(text);
    const auto length = static_cast<int>(IPAM_TRY(integer_field(*pool, "prefix-len", 1, 128)));
    const std::uint64_t delegated = IPAM_TRY(integer_field(*pool, "delegated-len", static_cast<std::uint64_t>(length), 128));
    if (!address.ok() || address->family() != ip::Family::V6) {
      return Error(ErrorCode::Malformed, fmt::format("field \"prefix\" is no IPv6 address: \"{}\"", shorten(text, kQuotedBytes)));
    }
    const ip::Prefix prefix = ip::Prefix::containing(*address, length);
    scope.pools.push_back({prefix.first(), prefix.last(), static_cast<std::uint8_t>(delegated)});
  }
  return {};
}

Result<void> ScopeReader::read_reservations(const json::object& subnet, const std::string& place, ObservedScope& scope) {
  std::size_t without_address = 0;
  for (const json::value& item : *IPAM_TRY(array_field(subnet, "reservations"))) {
    if (++reservations_ > limits_.reservations) return beyond("reservations", limits_.reservations);
    auto kept = IPAM_TRY(read_reservation(service_, *IPAM_TRY(as_object(item, "a reservation"))));
    if (kept.empty()) ++without_address;
    if (kept.size() > 1) reservations_ += kept.size() - 1;
    for (ObservedReservation& reservation : kept) {
      // A prefix that is delegated lies where the provider has it, which need not be inside of the subnet.
      if (reservation.delegated_length || scope.prefix.contains(reservation.address)) {
        scope.reservations.push_back(std::move(reservation));
      } else {
        findings_.add(fmt::format("{}: the reservation of {} is not inside of {} and is passed over", place, reservation.address.to_string(),
                                  scope.prefix.to_string()));
      }
    }
  }
  if (without_address > 0)
    findings_.add(fmt::format("{}: {} reservations keep no address (only a name or options) and are passed over", place, without_address));
  const auto by_address = [](const ObservedReservation& a, const ObservedReservation& b) {
    return std::tie(a.address, a.delegated_length, a.identifier_type, a.identifier) <
           std::tie(b.address, b.delegated_length, b.identifier_type, b.identifier);
  };
  std::sort(scope.reservations.begin(), scope.reservations.end(), by_address);
  return {};
}

Result<std::vector<ObservedScope>> ScopeReader::take_scopes() {
  std::sort(scopes_.begin(), scopes_.end(), [](const NumberedScope& a, const NumberedScope& b) { return a.id < b.id; });
  const auto same = [](const NumberedScope& a, const NumberedScope& b) { return a.id == b.id; };
  if (const auto twice = std::adjacent_find(scopes_.begin(), scopes_.end(), same); twice != scopes_.end()) {
    return Error(ErrorCode::Malformed, fmt::format("scope {} stands in the configuration twice", scope_key(service_, twice->id)));
  }
  std::vector<ObservedScope> scopes;
  scopes.reserve(scopes_.size());
  for (NumberedScope& numbered : scopes_) scopes.push_back(std::move(numbered.scope));
  return scopes;
}

}  // namespace ipam::driver::kea
