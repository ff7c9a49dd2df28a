#include "api/plan_resources.h"
#include "contract/subnet_operations.h"
#include "service/planning/subnet_operations.h"

namespace ipam::api {
namespace {

using service::SubnetOperations;

Reply reply_with(Services& services, const service::Principal& principal, const ledger::Written<std::vector<model::Subnet>>& written, int status) {
  Names names(services, principal);
  contract::SubnetsAnswer answer;
  for (const model::Subnet& subnet : written.value) answer.subnets.push_back(Resource<model::Subnet>::convert(services, names, subnet));
  answer.sequence = written.sequence;
  Reply reply = Reply::json(answer, status);
  return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> split(Services* services, Call call) {
  service::SubnetSplit request;
  IPAM_CO_TRY(request.id, call.id<model::Subnet>());
  IPAM_CO_TRY(request.expected_revision, call.expected_revision());
  IPAM_CO_TRY(const auto body, call.body<contract::SubnetSplitRequest>());
  request.length = body.length;
  if (body.prefixes) request.parts = *body.prefixes;
  SubnetOperations operations(services->ledger);
  IPAM_CO_TRY(const auto written, co_await operations.split(call.principal, std::move(request), call.change));
  co_return reply_with(*services, call.principal, written, 200);
}

io::Task<Result<Reply>> merge(Services* services, Call call) {
  IPAM_CO_TRY(const auto body, call.body<contract::SubnetMergeRequest>());
  service::SubnetMerge request;
  for (const contract::ObjectId id : body.subnets) request.ids.push_back(from_id<model::Subnet>(id));
  SubnetOperations operations(services->ledger);
  IPAM_CO_TRY(const auto written, co_await operations.merge(call.principal, std::move(request), call.change));
  co_return reply_with(*services, call.principal, written, 200);
}

io::Task<Result<Reply>> resize(Services* services, Call call) {
  service::SubnetResize request;
  IPAM_CO_TRY(request.id, call.id<model::Subnet>());
  IPAM_CO_TRY(request.expected_revision, call.expected_revision());
  IPAM_CO_TRY(const auto body, call.body<contract::SubnetResizeRequest>());
  request.length = body.length;
  request.prefix = body.prefix;
  SubnetOperations operations(services->ledger);
  IPAM_CO_TRY(const auto written, co_await operations.resize(call.principal, std::move(request), call.change));
  co_return reply_with(*services, call.principal, written, 200);
}

Result<service::SubnetPlanRequest> read_plan(Services& services, const Call& call) {
  const auto body = IPAM_TRY(call.body<contract::SubnetPlanRequest>());
  service::SubnetPlanRequest request;
  request.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
  request.from = IPAM_TRY(block_or_prefix(body.from));
  for (const contract::WantedSubnet& wanted : body.subnets) {
    service::SubnetPlanRequest::Wanted each{wanted.length, wanted.hosts, {}};
    patch_fields(each.fields, wanted);
    IPAM_TRY(set_custom_fields(services, each.fields.custom, wanted.custom_fields));
    request.subnets.push_back(std::move(each));
  }
  return request;
}

io::Task<Result<Reply>> plan(Services* services, Call call) {
  IPAM_CO_TRY(service::SubnetPlanRequest request, read_plan(*services, call));
  IPAM_CO_TRY(const auto written, co_await services->allocation.plan_subnets(call.principal, std::move(request), call.change));
  co_return reply_with(*services, call.principal, written, 201);
}

}  // namespace

void add_subnet_operation_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add(
      "POST", "/api/v1/subnets/{id}:split", [all](Call call) { return split(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "POST", "/api/v1/subnets/{id}:resize", [all](Call call) { return resize(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "POST", "/api/v1/subnets:merge", [all](Call call) { return merge(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "POST", "/api/v1/subnets:plan", [all](Call call) { return plan(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
