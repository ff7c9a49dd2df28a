#include "driver/kea/kea_service.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::driver::kea {
namespace {

constexpr std::string_view kVersion6 = "6:";

}  // namespace

std::string command_of(Service service, std::string_view pattern) { return fmt::format(fmt::runtime(pattern), service == Service::Dhcp4 ? 4 : 6); }

std::string scope_key(Service service, std::uint64_t id) { return fmt::format("{}{}", service == Service::Dhcp4 ? "" : kVersion6, id); }

std::optional<ScopeNumber> parse_scope_key(std::string_view key) {
  ScopeNumber number;
  if (key.starts_with(kVersion6)) {
    number.service = Service::Dhcp6;
    key.remove_prefix(kVersion6.size());
  }
  const auto id = parse_integer<std::uint64_t>(key, 1, kMaxSubnetId);
  if (!id) return std::nullopt;
  number.id = *id;
  return number;
}

}  // namespace ipam::driver::kea
