// /api/v1/quotas: how much of a place users and groups may take.
#include "api/copy_fields.h"
#include "api/fields.h"
#include "contract/quota.h"
#include "service/planning/quota_service.h"

namespace ipam::api {
namespace {

using model::Quota;
using service::QuotaService;

constexpr std::array kFields{ListField{"id", "id", FieldKind::Id}, ListField{"prefix", "prefix", FieldKind::Prefix},
                             ListField{"subject_kind", "subject_kind", FieldKind::Text, Sortable::Yes, choices_of<model::QuotaSubject>},
                             ListField{"subject", "subject"}};
constexpr std::array<std::string_view, 1> kSpace{"space"};
constexpr std::array<std::string_view, 3> kByPlace{"space_id", "prefix", "subject"};

QuotaService quotas_of(Services& services) { return {services.store, services.ledger}; }

Result<contract::Quota> to_answer(Services& services, Names& names, const Quota& quota) {
  contract::Quota answer;
  copy_fields(answer, quota);
  answer.space = names.space(quota.space_id);
  const service::QuotaUse use = IPAM_TRY(quotas_of(services).use_of(quota.id));
  answer.addresses_taken = use.addresses;
  answer.subnets_taken = use.subnets;
  return answer;
}

Result<Reply> reply_with(Services& services, const service::Principal& principal, const Quota& quota, int status) {
  Names names(services, principal);
  Reply reply = Reply::json(IPAM_TRY(to_answer(services, names, quota)), status);
  if (status == 201) reply.with("Location", "/api/v1/quotas/" + quota.id.to_string());
  return reply.with_revision(quota.revision);
}

Result<Reply> page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kFields, kSpace, kByPlace));
  IPAM_TRY(add_space_filter(list, services, call));
  const auto found = IPAM_TRY(quotas_of(services).list(call.principal, list.query));
  Names names(services, call.principal);
  contract::List<contract::Quota> answer;
  for (const Quota& quota : found.items) answer.items.push_back(IPAM_TRY(to_answer(services, names, quota)));
  if (!found.next_cursor.empty()) answer.next_cursor = found.next_cursor;
  if (list.count_exact) answer.total = IPAM_TRY(quotas_of(services).count(call.principal, list.query.where));
  return Reply::json(answer);
}

Result<Reply> get(Services& services, const Call& call) {
  const Quota quota = IPAM_TRY(quotas_of(services).get(call.principal, IPAM_TRY(call.id<Quota>())));
  return reply_with(services, call.principal, quota, 200);
}

io::Task<Result<Reply>> create(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ChangeQuotas));
  IPAM_CO_TRY(const auto body, call.body<contract::QuotaCreate>());
  Quota quota;
  IPAM_CO_TRY(quota.space_id, space_of(*services, call.principal, body.space));
  patch_fields(quota, body);
  QuotaService quotas = quotas_of(*services);
  IPAM_CO_TRY(const auto written, co_await quotas.create(call.principal, std::move(quota), call.change));
  IPAM_CO_TRY(Reply reply, reply_with(*services, call.principal, written.value, 201));
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> update(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ChangeQuotas));
  IPAM_CO_TRY(const auto id, call.id<Quota>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  IPAM_CO_TRY(const auto body, call.body<contract::QuotaPatch>());
  std::function<void(Quota&)> change = [body](Quota& quota) { patch_fields(quota, body); };
  QuotaService quotas = quotas_of(*services);
  IPAM_CO_TRY(const auto written, co_await quotas.update(call.principal, id, expected, std::move(change), call.change));
  IPAM_CO_TRY(Reply reply, reply_with(*services, call.principal, written.value, 200));
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> erase(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<Quota>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  QuotaService quotas = quotas_of(*services);
  IPAM_CO_TRY(const auto sequence, co_await quotas.erase(call.principal, id, expected, call.change));
  Reply reply = Reply::empty();
  co_return reply.with_sequence(sequence);
}

}  // namespace

void add_quota_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/quotas", [all](Call call) { return on_pool(all, page, std::move(call)); });
  routes.add(
      "POST", "/api/v1/quotas", [all](Call call) { return create(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/quotas/{id}", [all](Call call) { return on_pool(all, get, std::move(call)); });
  routes.add(
      "PATCH", "/api/v1/quotas/{id}", [all](Call call) { return update(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "DELETE", "/api/v1/quotas/{id}", [all](Call call) { return erase(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
