#include "api/plan_resources.h"

namespace ipam::api {
namespace {

Result<service::AllocationRequest> read_request(Services& services, const Call& call) {
  const auto body = IPAM_TRY(call.body<contract::AllocateRequest>());
  service::AllocationRequest request;
  request.fields.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
  if (const auto id = contract::ObjectId::parse(body.from); id.ok()) {
    request.from = from_id<model::Range>(*id);
  } else {
    const auto range = ip::Range::parse(body.from);
    if (!range.ok()) return Error::field("/from", range.error().message);
    request.from = *range;
  }
  request.count = body.count.value_or(1);
  patch_fields(request.fields, body);
  IPAM_TRY(set_custom_fields(services, request.fields, body.custom_fields));
  return request;
}

io::Task<Result<Reply>> allocate(Services* services, Call call) {
  IPAM_CO_TRY(service::AllocationRequest request, read_request(*services, call));
  IPAM_CO_TRY(const auto written, co_await services->allocation.allocate(call.principal, std::move(request), call.change));
  Names names(services->planning, services->inventory, call.principal);
  contract::AllocateAnswer answer;
  for (const model::Address& address : written.value.addresses) answer.addresses.push_back(convert(address, names));
  answer.sequence = written.sequence;
  answer.lease_data_as_of = written.value.lease_data_as_of;
  Reply reply = Reply::json(answer, 201);
  co_return reply.with_sequence(written.sequence);
}

}  // namespace

void add_allocation_routes(Routes& routes, Services& services) {
  routes.add(
      "POST", "/api/v1/addresses:allocate", [all = &services](Call call) { return allocate(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
