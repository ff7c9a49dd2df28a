// Whatever a server answers, every reader ends with a value or an error; what is read keeps the promises of the contract, and no secret is left.
#include "base/strings.h"
#include "driver/kea/kea_configuration.h"
#include "driver/kea/kea_high_availability.h"
#include "driver/kea/kea_leases.h"
#include "driver/kea/kea_offer.h"
#include "driver/kea/kea_statistics.h"

#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using driver::kea::Service;

constexpr driver::Limits kSmall{.scopes = 50, .reservations = 100, .leases = 100};

void check(bool holds) {
  if (!holds) std::abort();
}

void check_configuration(Service service, std::string_view text) {
  const auto configuration = driver::kea::read_configuration(service, text, kSmall);
  if (!configuration.ok()) return;
  check(configuration->scopes.size() <= kSmall.scopes);
  for (const auto& scope : configuration->scopes) {
    check(!scope.key.empty() && !scope.options.empty());
    for (const auto& pool : scope.pools)
      check(pool.delegated_length || (scope.prefix.contains(pool.first) && scope.prefix.contains(pool.last) && pool.first <= pool.last));
    for (const auto& reservation : scope.reservations)
      check((reservation.delegated_length || scope.prefix.contains(reservation.address)) && !reservation.identifier.empty());
  }
}

void check_leases(Service service, std::string_view text) {
  const auto page = driver::kea::read_lease_page(service, text, {.after = ip::Address::v4(1), .limit = 25}, Time());
  if (!page.ok()) return;
  check(page->leases.size() <= 25);
  auto before = ip::Address::v4(1);
  for (const auto& lease : page->leases) {
    check(before < lease.address && is_clean_text(lease.hostname) && lease.hostname.size() <= 255);
    before = lease.address;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  for (const Service service : {Service::Dhcp4, Service::Dhcp6}) {
    check_configuration(service, text);
    check_leases(service, text);
    (void)driver::kea::read_scope_leases(service, text, driver::kea::scope_key(service, 1), kSmall, Time());
    (void)driver::kea::read_statistics(service, text, kSmall);
    (void)driver::kea::read_lease_statistics(service, text, kSmall);
    (void)driver::kea::read_commands(service, text);
    (void)driver::kea::read_version(service, text);
    (void)driver::kea::read_status(service, text);
    const auto partners = driver::kea::read_high_availability_status(service, text);
    check(!partners.ok() || (is_clean_text(partners->state) && partners->state.size() <= 32'768));
  }
  return 0;
}
