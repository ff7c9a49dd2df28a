#include "driver/kea/kea_leases.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/kea_answer.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

constexpr std::uint64_t kMaxLifetime = 0xFFFFFFFFU;      // RFC 2131 section 3.3: infinity
constexpr std::uint64_t kMaxSeconds = 253'402'300'799U;  // the last second of the year 9999
constexpr std::size_t kMaxHostnameBytes = 252;           // 255 with the sign of what is cut

// Lease states in Kea: "lease4-get-page"; released leases are kept since 2.7.
enum class KeaState : std::uint64_t { InUse = 0, Declined = 1, ExpiredReclaimed = 2, Released = 3 };

// Identifiers that are empty are ones that Kea has forgotten: it does so when a lease is declined. The DUID that then stands in a lease of DHCPv6
// is zeros.
template <class Identifier>
Result<std::optional<Identifier>> identifier_field(const json::object& lease, std::string_view name) {
  const std::string_view text = IPAM_TRY(optional_text_field(lease, name));
  if (text.empty()) return std::optional<Identifier>();
  auto identifier = Identifier::parse(text);
  if (!identifier.ok()) return Error(ErrorCode::Malformed, fmt::format("field \"{}\" is no identifier: \"{}\"", name, shorten(text, kQuotedBytes)));
  return std::optional(std::move(identifier).value());
}

Result<ip::Address> read_address(Service service, const json::object& lease) {
  const std::string_view text = IPAM_TRY(text_field(lease, "ip-address"));
  const auto address = ip::Address::parse(text);
  if (!address.ok() || address->family() != family_of(service)) {
    return Error(ErrorCode::Malformed,
                 fmt::format("field \"ip-address\" is no IPv{} address: \"{}\"", service == Service::Dhcp4 ? 4 : 6, shorten(text, kQuotedBytes)));
  }
  return *address;
}

// What a lease of DHCPv6 has instead of a client identifier. RFC 8415: section 11 (DUID), 21.4 (IA_NA), 21.21 (IA_PD).
Result<void> read_identity6(const json::object& lease, ObservedLease& observed) {
  observed.client_id = IPAM_TRY(identifier_field<ip::ClientId>(lease, "duid"));
  const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
  if (observed.client_id && std::all_of(observed.client_id->bytes().begin(), observed.client_id->bytes().end(), is_zero)) observed.client_id.reset();
  observed.iaid = static_cast<std::uint32_t>(IPAM_TRY(integer_field(lease, "iaid", 0, 0xFFFFFFFFU)));
  const std::string_view type = IPAM_TRY(text_field(lease, "type"));
  if (type == "IA_PD") {
    observed.delegated_length = static_cast<std::uint8_t>(IPAM_TRY(integer_field(lease, "prefix-len", 1, 128)));
  } else if (type != "IA_NA" && type != "IA_TA") {
    return Error(ErrorCode::Malformed, fmt::format("field \"type\" is no type of a lease: \"{}\"", shorten(type, kQuotedBytes)));
  }
  return {};
}

Result<void> read_rest(Service service, const json::object& lease, Time now, ObservedLease& observed) {
  const std::uint64_t last_seen = IPAM_TRY(integer_field(lease, "cltt", 0, kMaxSeconds));
  const std::uint64_t lifetime = IPAM_TRY(integer_field(lease, "valid-lft", 0, kMaxLifetime));
  const std::uint64_t state = IPAM_TRY(integer_field(lease, "state", 0, kMostLeaseState));
  observed.starts_at = Time(std::chrono::seconds(last_seen));
  observed.expires_at = observed.starts_at + std::chrono::seconds(lifetime);
  observed.state = lease_state(state, observed.expires_at, now);
  observed.scope_key = scope_key(service, IPAM_TRY(integer_field(lease, "subnet-id", 1, kMaxSubnetId)));
  observed.hardware_address = IPAM_TRY(identifier_field<ip::HardwareAddress>(lease, "hw-address"));
  if (service == Service::Dhcp4) {
    observed.client_id = IPAM_TRY(identifier_field<ip::ClientId>(lease, "client-id"));
  } else {
    IPAM_TRY(read_identity6(lease, observed));
  }
  observed.hostname = clean_hostname(IPAM_TRY(optional_text_field(lease, "hostname")));
  return {};
}

Result<ObservedLease> read_lease(Service service, const json::value& item, Time now) {
  const json::object* lease = IPAM_TRY(as_object(item, "a lease"));
  ObservedLease observed{.address = IPAM_TRY(read_address(service, *lease))};
  auto rest = read_rest(service, *lease, now, observed);
  if (!rest.ok()) return located(std::move(rest).error(), "the lease of " + observed.address.to_string());
  return observed;
}

Result<std::vector<ObservedLease>> read_leases(Service service, const json::array& items, Time now) {
  std::vector<ObservedLease> leases;
  leases.reserve(items.size());
  for (const json::value& item : items) leases.push_back(IPAM_TRY(read_lease(service, item, now)));
  return leases;
}

Result<const json::array*> lease_items(const Answer& answer) {
  const json::object* arguments = IPAM_TRY(as_object(answer.arguments, "\"arguments\""));
  if (find_field(*arguments, "leases") == nullptr) return Error(ErrorCode::Malformed, "field \"leases\" is missing");
  const json::array* items = IPAM_TRY(array_field(*arguments, "leases"));
  // lease4-get-all has no count.
  if (find_field(*arguments, "count") != nullptr) {
    const std::uint64_t count = IPAM_TRY(integer_field(*arguments, "count", 0, std::numeric_limits<std::uint32_t>::max()));
    if (count != items->size()) return Error(ErrorCode::Malformed, fmt::format("\"count\" says {}, but there are {} leases", count, items->size()));
  }
  return items;
}

Result<LeasePage> read_page(Service service, const Answer& answer, const PageRequest& request, Time now) {
  if (answer.outcome == Outcome::Empty) return LeasePage{.last = true};
  const json::array* items = IPAM_TRY(lease_items(answer));
  if (items->size() > request.limit)
    return Error(ErrorCode::Malformed, fmt::format("{} leases were asked for, {} came", request.limit, items->size()));
  LeasePage page{.leases = IPAM_TRY(read_leases(service, *items, now)), .last = items->size() < request.limit};
  // A server that repeats itself would be read for ever.
  std::optional<ip::Address> before = request.after;
  for (const ObservedLease& lease : page.leases) {
    if (before && lease.address <= *before) {
      return Error(ErrorCode::Malformed, fmt::format("the lease of {} comes after that of {}: the server repeats itself or goes backwards",
                                                     lease.address.to_string(), before->to_string()));
    }
    before = lease.address;
  }
  return page;
}

Result<std::vector<ObservedLease>> read_scope(Service service, const Answer& answer, std::string_view key, const Limits& limits, Time now) {
  if (answer.outcome == Outcome::Empty) return std::vector<ObservedLease>();
  const json::array* items = IPAM_TRY(lease_items(answer));
  if (items->size() > limits.leases)
    return Error(ErrorCode::Malformed, fmt::format("more than {} leases, which is more than is read", limits.leases));
  auto leases = IPAM_TRY(read_leases(service, *items, now));
  const auto other = [&](const ObservedLease& lease) { return lease.scope_key != key; };
  if (const auto lease = std::find_if(leases.begin(), leases.end(), other); lease != leases.end()) {
    return Error(ErrorCode::Malformed, fmt::format("scope {} was asked for, and a lease of scope {} came", key, lease->scope_key));
  }
  std::sort(leases.begin(), leases.end(), [](const ObservedLease& a, const ObservedLease& b) { return a.address < b.address; });
  return leases;
}

}  // namespace

model::LeaseState lease_state(std::uint64_t state, Time expires_at, Time now) {
  switch (static_cast<KeaState>(state)) {
    case KeaState::InUse: return expires_at <= now ? model::LeaseState::Expired : model::LeaseState::Active;
    case KeaState::Declined: return model::LeaseState::Declined;
    case KeaState::ExpiredReclaimed: return model::LeaseState::Expired;
    case KeaState::Released: break;
  }
  return model::LeaseState::Released;
}

std::string clean_hostname(std::string_view text) {
  std::string name = shorten(text, kMaxHostnameBytes);
  if (is_clean_text(name)) return name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return name;
}

Result<LeasePage> read_lease_page(Service service, std::string_view answer, const PageRequest& request, Time now) {
  const std::string command = command_of(service, "lease{}-get-page");
  auto page = read_page(service, IPAM_TRY(open_answer(service, command, answer)), request, now);
  if (!page.ok()) return located(std::move(page).error(), command);
  return page;
}

Result<std::vector<ObservedLease>> read_scope_leases(Service service, std::string_view answer, std::string_view key, const Limits& limits, Time now) {
  const std::string command = command_of(service, "lease{}-get-all");
  auto leases = read_scope(service, IPAM_TRY(open_answer(service, command, answer)), key, limits, now);
  if (!leases.ok()) return located(std::move(leases).error(), command);
  return leases;
}

std::string page_arguments(const PageRequest& request) {
  return fmt::format(R"({{"from":"{}","limit":{}}})", request.after ? request.after->to_string() : "start", request.limit);
}

std::string scope_arguments(std::string_view key) {
  const auto number = parse_scope_key(key);
  return fmt::format(R"({{"subnets":[{}]}})", number ? number->id : 0);
}

}  // namespace ipam::driver::kea
