#include "io/task_group.h"
#include "service/provision/provision_service.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using model::Address;
using model::ChangeContext;

constexpr std::size_t kAskedAtOnce = 32;

Error all_alive(const std::vector<InUseUnrecorded>& passed_over) {
  std::vector<std::string> texts;
  for (const InUseUnrecorded& each : passed_over) {
    if (texts.size() == 5) break;
    texts.push_back(fmt::format("{} {}", each.address.to_string(), each.sign));
  }
  return {ErrorCode::Exhausted,
          fmt::format("{} addresses of which nothing is recorded show signs of life ({}{}); record them first, as with `ipam address add`",
                      passed_over.size(), join(texts, ", "), passed_over.size() > texts.size() ? ", …" : "")};
}

io::Task<void> ask(Reachability* reachability, ip::Address address, Checks checks, io::Deadline deadline, Result<std::string>* sign) {
  auto told = co_await reachability->sign_of_life(address, checks, std::move(deadline));
  *sign = std::move(told);
}

}  // namespace

io::Task<Result<std::vector<std::string>>> ProvisionService::signs_of(std::vector<Address> addresses, Checks checks, io::Deadline deadline) {
  if (!checks.any()) co_return std::vector<std::string>(addresses.size());
  const io::Executor executor = co_await io::current_executor();
  std::vector<Result<std::string>> told(addresses.size(), std::string());
  io::TaskGroup group(executor, kAskedAtOnce);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    group.start(ask(&reachability_, addresses[i].address, checks, deadline.at_most(Reachability::kDeadline), &told[i]));
  }
  IPAM_CO_CHECK(co_await group.wait());
  std::vector<std::string> signs;
  for (auto& each : told) {
    IPAM_CO_TRY(std::string sign, std::move(each));
    signs.push_back(std::move(sign));
  }
  co_return signs;
}

// What shows signs of life stays held until the search has ended, so that it is not found again; then it is free as before.
io::Task<Result<Provisioned>> ProvisionService::take(Principal principal, ProvisionRequest request, ChangeContext context, io::Deadline deadline) {
  const bool is_dry_run = ledger::Exchange::is_dry_run(context);
  const std::uint32_t wanted = request.allocation.count;
  if (!is_dry_run) request.allocation.hold = kHold;
  Provisioned done;
  std::vector<Address> alive;
  std::optional<Error> failure;
  while (!failure && done.addresses.size() < wanted) {
    request.allocation.count = wanted - static_cast<std::uint32_t>(done.addresses.size());
    auto taken = co_await allocation_.allocate(principal, request.allocation, context);
    if (!taken.ok()) {
      failure = std::move(taken).error();
      break;
    }
    done.lease_data_as_of = taken->value.lease_data_as_of;
    done.sequence = taken->sequence;
    auto signs = co_await signs_of(taken->value.addresses, request.checks, deadline);
    if (!signs.ok()) failure = signs.error();
    for (std::size_t i = 0; i < taken->value.addresses.size(); ++i) {
      Address& address = taken->value.addresses[i];
      const bool is_alive = signs.ok() && !(*signs)[i].empty();
      if (is_alive) done.passed_over.push_back({address.address, (*signs)[i]});
      (is_alive && !is_dry_run ? alive : done.addresses).push_back(std::move(address));
    }
    if (!failure && done.passed_over.size() >= kMaxPassedOver && done.addresses.size() < wanted) failure = all_alive(done.passed_over);
  }
  if (failure && is_dry_run) co_return *std::move(failure);
  if (failure) {
    alive.insert(alive.end(), done.addresses.begin(), done.addresses.end());
    co_return co_await give_back(principal, std::move(alive), *std::move(failure), context);
  }
  for (const Address& address : alive) {
    // What cannot be freed now becomes free when its hold lapses.
    (void)co_await planning_.erase<Address>(principal, address.id, std::nullopt, context, Below::Refuse, ReleaseMode::AtOnce);
  }
  co_return done;
}

}  // namespace ipam::service
