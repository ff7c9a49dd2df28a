#include "driver/kea/kea_configuration.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/kea_answer.h"
#include "driver/kea/kea_reservation.h"
#include "driver/kea/kea_secrets.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

constexpr std::string_view kCommand = "config-get";
constexpr std::uint64_t kMaxSubnetId = 4'294'967'294;  // the manual: ids are from 1 to 4294967294
constexpr std::uint64_t kMaxLifetime = 0xFFFFFFFFU;
constexpr std::size_t kMaxNameBytes = 252;  // 255 with the sign of what is cut

// Findings are for people: a server with a thousand odd pools needs a sentence, not a thousand.
class Findings {
 public:
  void add(std::string finding) {
    if (list_.size() < kMost) {
      list_.push_back(std::move(finding));
    } else {
      ++more_;
    }
  }
  std::vector<std::string> take() && {
    if (more_ > 0) list_.push_back(fmt::format("and {} more like these", more_));
    return std::move(list_);
  }

 private:
  static constexpr std::size_t kMost = 100;
  std::vector<std::string> list_;
  std::size_t more_ = 0;
};

struct NumberedScope {
  std::uint64_t id = 0;
  ObservedScope scope;
};

// What a subnet has when it does not say it itself.
struct Inherited {
  std::string shared_network;
  std::uint32_t lease_seconds = 0;
};

class Reader {
 public:
  explicit Reader(const Limits& limits) : limits_(limits) {}

  Result<void> read_server(const json::object& server);
  Result<ObservedConfiguration> finish(std::string document) &&;

 private:
  Result<Inherited> inherit(const json::object& from, Inherited above) const;
  Result<void> read_subnets(const json::object& from, const Inherited& inherited);
  Result<void> read_subnet(const json::object& subnet, std::uint64_t id, const Inherited& inherited);
  Result<std::optional<ip::Prefix>> read_prefix(const json::object& subnet, const std::string& place);
  Result<void> read_pools(const json::object& subnet, const std::string& place, ObservedScope& scope);
  Result<void> read_reservations(const json::object& subnet, const std::string& place, ObservedScope& scope);

  const Limits& limits_;
  Findings findings_;
  std::vector<NumberedScope> scopes_;
  std::size_t reservations_ = 0;
};

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

Result<void> Reader::read_server(const json::object& server) {
  const Inherited global = IPAM_TRY(inherit(server, {}));
  IPAM_TRY(read_subnets(server, global));
  for (const json::value& item : *IPAM_TRY(array_field(server, "shared-networks"))) {
    const json::object* network = IPAM_TRY(as_object(item, "a shared network"));
    const std::string name(IPAM_TRY(text_field(*network, "name")));
    if (!is_clean_text(name)) return Error(ErrorCode::Malformed, "a shared network's name has control characters");
    const Inherited inherited = IPAM_TRY(inherit(*network, {shorten(name, kMaxNameBytes), global.lease_seconds}));
    auto subnets = read_subnets(*network, inherited);
    if (!subnets.ok()) return located(std::move(subnets).error(), fmt::format("shared network \"{}\"", inherited.shared_network));
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

Result<Inherited> Reader::inherit(const json::object& from, Inherited above) const {
  if (find_field(from, "valid-lifetime") != nullptr) {
    above.lease_seconds = static_cast<std::uint32_t>(IPAM_TRY(integer_field(from, "valid-lifetime", 0, kMaxLifetime)));
  }
  return above;
}

Result<void> Reader::read_subnets(const json::object& from, const Inherited& inherited) {
  for (const json::value& item : *IPAM_TRY(array_field(from, "subnet4"))) {
    const json::object* subnet = IPAM_TRY(as_object(item, "a subnet"));
    if (scopes_.size() >= limits_.scopes) return beyond("subnets", limits_.scopes);
    auto id = integer_field(*subnet, "id", 1, kMaxSubnetId);
    if (!id.ok()) return located(std::move(id).error(), "a subnet");
    auto read = read_subnet(*subnet, *id, inherited);
    if (!read.ok()) return located(std::move(read).error(), fmt::format("scope {}", *id));
  }
  return {};
}

Result<void> Reader::read_subnet(const json::object& subnet, std::uint64_t id, const Inherited& inherited) {
  const std::string place = fmt::format("scope {}", id);
  const auto prefix = IPAM_TRY(read_prefix(subnet, place));
  if (!prefix) return {};
  ObservedScope scope{.key = std::to_string(id), .prefix = *prefix, .name = name_of(subnet), .shared_network = inherited.shared_network};
  scope.lease_seconds = IPAM_TRY(inherit(subnet, inherited)).lease_seconds;
  scope.options = json::serialize(*IPAM_TRY(array_field(subnet, "option-data")));
  IPAM_TRY(read_pools(subnet, place, scope));
  IPAM_TRY(read_reservations(subnet, place, scope));
  scopes_.push_back({id, std::move(scope)});
  return {};
}

Result<std::optional<ip::Prefix>> Reader::read_prefix(const json::object& subnet, const std::string& place) {
  const std::string_view text = IPAM_TRY(text_field(subnet, "subnet"));
  const auto slash = text.find('/');
  const auto address = ip::Address::parse(text.substr(0, slash));
  const auto length = slash == std::string_view::npos ? std::nullopt : parse_integer<int>(text.substr(slash + 1), 0, 128);
  if (!address.ok() || !length || *length > bit_count(address->family())) {
    return Error(ErrorCode::Malformed, fmt::format("field \"subnet\" is no prefix: \"{}\"", shorten(text, kQuotedBytes)));
  }
  if (address->family() != ip::Family::V4) {
    findings_.add(fmt::format("{}: {} is IPv6, which is not collected", place, shorten(text, kQuotedBytes)));
    return std::optional<ip::Prefix>();
  }
  const ip::Prefix prefix = ip::Prefix::containing(*address, *length);
  if (prefix.network() != *address) findings_.add(fmt::format("{}: {} has host bits; it is read as {}", place, text, prefix.to_string()));
  return std::optional(prefix);
}

Result<void> Reader::read_pools(const json::object& subnet, const std::string& place, ObservedScope& scope) {
  for (const json::value& item : *IPAM_TRY(array_field(subnet, "pools"))) {
    const std::string_view text = IPAM_TRY(text_field(*IPAM_TRY(as_object(item, "a pool")), "pool"));
    const auto range = ip::Range::parse(text);
    if (!range.ok()) return Error(ErrorCode::Malformed, fmt::format("field \"pool\" is no range: \"{}\"", shorten(text, kQuotedBytes)));
    if (!ip::Range(scope.prefix).contains(*range) || range->family() != scope.prefix.family()) {
      findings_.add(fmt::format("{}: the pool {} is not inside of {} and is passed over", place, range->to_string(), scope.prefix.to_string()));
      continue;
    }
    scope.pools.push_back({range->first(), range->last()});
  }
  const auto by_address = [](const ObservedPool& a, const ObservedPool& b) { return a.first < b.first; };
  std::stable_sort(scope.pools.begin(), scope.pools.end(), by_address);
  return {};
}

Result<void> Reader::read_reservations(const json::object& subnet, const std::string& place, ObservedScope& scope) {
  std::size_t without_address = 0;
  for (const json::value& item : *IPAM_TRY(array_field(subnet, "reservations"))) {
    if (++reservations_ > limits_.reservations) return beyond("reservations", limits_.reservations);
    auto reservation = IPAM_TRY(read_reservation(*IPAM_TRY(as_object(item, "a reservation"))));
    if (!reservation) {
      ++without_address;
    } else if (!scope.prefix.contains(reservation->address)) {
      findings_.add(fmt::format("{}: the reservation of {} is not inside of {} and is passed over", place, reservation->address.to_string(),
                                scope.prefix.to_string()));
    } else {
      scope.reservations.push_back(std::move(*reservation));
    }
  }
  if (without_address > 0)
    findings_.add(fmt::format("{}: {} reservations keep no address (only a name or options) and are passed over", place, without_address));
  const auto by_address = [](const ObservedReservation& a, const ObservedReservation& b) {
    return std::tie(a.address, a.identifier_type, a.identifier) < std::tie(b.address, b.identifier_type, b.identifier);
  };
  std::sort(scope.reservations.begin(), scope.reservations.end(), by_address);
  return {};
}

Result<ObservedConfiguration> Reader::finish(std::string document) && {
  std::sort(scopes_.begin(), scopes_.end(), [](const NumberedScope& a, const NumberedScope& b) { return a.id < b.id; });
  const auto same = [](const NumberedScope& a, const NumberedScope& b) { return a.id == b.id; };
  if (const auto twice = std::adjacent_find(scopes_.begin(), scopes_.end(), same); twice != scopes_.end()) {
    return Error(ErrorCode::Malformed, fmt::format("scope {} stands in the configuration twice", twice->id));
  }
  ObservedConfiguration configuration{.document = std::move(document), .findings = std::move(findings_).take()};
  configuration.scopes.reserve(scopes_.size());
  for (NumberedScope& numbered : scopes_) configuration.scopes.push_back(std::move(numbered.scope));
  return configuration;
}

}  // namespace

Result<ObservedConfiguration> read_configuration(std::string_view answer, const Limits& limits) {
  Answer opened = IPAM_TRY(open_answer(kCommand, answer));
  json::object* arguments = opened.arguments.if_object();
  json::value* server = arguments == nullptr ? nullptr : arguments->if_contains("Dhcp4");
  if (server == nullptr || !server->is_object()) {
    return Error(ErrorCode::Malformed, fmt::format("{}: the answer has no \"Dhcp4\": it is not that of a Kea DHCPv4 server", kCommand));
  }
  // Before anything is read: neither the document nor a scope's options can hold a secret then.
  remove_secrets(*server);
  Reader reader(limits);
  auto read = reader.read_server(server->get_object());
  if (!read.ok()) return located(std::move(read).error(), kCommand);
  // Kea's own hash (2.4 and later) beside "Dhcp4" is left out: it covers the secrets, and so would tell of their changes.
  auto configuration = std::move(reader).finish(R"({"Dhcp4":)" + json::serialize(*server) + "}");
  if (!configuration.ok()) return located(std::move(configuration).error(), kCommand);
  return configuration;
}

}  // namespace ipam::driver::kea
