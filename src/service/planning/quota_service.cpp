#include "service/planning/quota_service.h"

#include "model/rules.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using ledger::Priority;
using ledger::Transaction;
using ledger::Written;
using model::Id;
using model::Quota;
using model::QuotaSubject;
using store::Comparison;

Result<void> place(Transaction& transaction, const Quota& quota) {
  IPAM_TRY(transaction.get(quota.space_id));
  if (quota.subject_kind == QuotaSubject::User) {
    const auto same = [&](const model::User& user) { return user.name == quota.subject; };
    if (!IPAM_TRY(transaction.find_where<model::User>({{"name", Comparison::Equal, quota.subject}}, same))) {
      return Error::field("/subject", fmt::format("there is no user {}", quota.subject));
    }
  } else if (!model::enum_from_text<model::Group>(quota.subject)) {
    return Error::field("/subject", "must be one of " + model::enum_choices<model::Group>());
  }
  const auto same = [&](const Quota& other) {
    return other.id != quota.id && other.space_id == quota.space_id && other.prefix == quota.prefix && other.subject_kind == quota.subject_kind &&
           other.subject == quota.subject;
  };
  if (IPAM_TRY(transaction.find_where<Quota>({{"space_id", Comparison::Equal, store::to_value(quota.space_id)}}, same))) {
    return Error(ErrorCode::AlreadyExists, fmt::format("{} {} has a quota in {} already; change that", model::enum_to_text(quota.subject_kind),
                                                       quota.subject, quota.prefix.to_string()));
  }
  return {};
}

}  // namespace

Result<store::Page<Quota>> QuotaService::list(const Principal& principal, const store::Query& query) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::list<Quota>(*reader, query);
}

Result<std::uint64_t> QuotaService::count(const Principal& principal, const std::vector<store::Condition>& where) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  return store::count(*reader, store::table<Quota>(), where);
}

Result<Quota> QuotaService::get(const Principal& principal, Id<Quota> id) {
  IPAM_TRY(authorize(principal, Operation::ReadAddressPlan));
  const auto reader = IPAM_TRY(store_.open_reader());
  auto quota = IPAM_TRY(store::find(*reader, id));
  if (!quota) return Error(ErrorCode::NotFound, "there is no quota with id " + id.to_string());
  return *std::move(quota);
}

Result<QuotaUse> QuotaService::use_of(Id<Quota> id) {
  const auto reader = IPAM_TRY(store_.open_reader());
  const std::vector<store::Condition> charged{{"quota_id", Comparison::Equal, store::to_value(id)}};
  QuotaUse use;
  use.addresses = IPAM_TRY(store::count(*reader, store::table<model::Address>(), charged));
  use.subnets = IPAM_TRY(store::count(*reader, store::table<model::Subnet>(), charged));
  return use;
}

io::Task<Result<Written<Quota>>> QuotaService::create(Principal principal, Quota quota, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeQuotas));
  IPAM_CO_CHECK(model::check(quota));
  std::function<Result<Quota>(Transaction&)> work = [quota](Transaction& transaction) -> Result<Quota> {
    IPAM_TRY(place(transaction, quota));
    if (IPAM_TRY(store::count(transaction.committed(), store::table<Quota>(), {})) >= kMaxQuotas) {
      return Error(ErrorCode::FailedPrecondition, fmt::format("there are {} quotas, and no more can be made", kMaxQuotas));
    }
    return transaction.create(quota);
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<Quota>(context, Priority::Interactive, work);
}

io::Task<Result<Written<Quota>>> QuotaService::update(Principal principal, Id<Quota> id, std::optional<std::uint64_t> expected_revision,
                                                      std::function<void(Quota&)> change, model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeQuotas));
  std::function<Result<Quota>(Transaction&)> work = [id, expected_revision, change = std::move(change)](Transaction& transaction) -> Result<Quota> {
    Quota quota = IPAM_TRY(transaction.get(id, expected_revision));
    change(quota);
    IPAM_TRY(model::check(quota));
    IPAM_TRY(place(transaction, quota));
    return transaction.update(std::move(quota));
  };
  const model::ChangeContext context = change_context(principal, request);
  co_return co_await ledger_.write<Quota>(context, Priority::Interactive, work);
}

io::Task<Result<std::uint64_t>> QuotaService::erase(Principal principal, Id<Quota> id, std::optional<std::uint64_t> expected_revision,
                                                    model::ChangeContext request) {
  IPAM_CO_CHECK(authorize(principal, Operation::ChangeQuotas));
  ledger::Work work = [id, expected_revision](Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.get(id, expected_revision));
    return transaction.erase(id);
  };
  const model::ChangeContext context = change_context(principal, request);
  const auto receipt = co_await ledger_.commit(context, Priority::Interactive, work);
  if (!receipt.ok()) co_return receipt.error();
  co_return receipt->sequence;
}

}  // namespace ipam::service
