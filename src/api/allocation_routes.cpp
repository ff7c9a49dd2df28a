#include "api/change_answers.h"
#include "api/plan_resources.h"
#include "contract/allocation.h"

namespace ipam::api {
namespace {

using service::AllocationRequest;
using service::ProvisionRequest;
using service::RangeAllocationRequest;
using service::SubnetAllocationRequest;

Result<AllocationRequest::Source> source_of(const std::string& text, std::string_view pointer) {
  if (const auto id = contract::ObjectId::parse(text); id.ok()) return AllocationRequest::Source(from_id<model::Range>(*id));
  const auto range = ip::Range::parse(text);
  if (!range.ok()) return Error::field(std::string(pointer), range.error().message);
  return AllocationRequest::Source(*range);
}

Result<AllocationRequest> read_request(Services& services, const Call& call) {
  const auto body = IPAM_TRY(call.body<contract::AllocateRequest>());
  AllocationRequest request;
  request.fields.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
  request.from.push_back(IPAM_TRY(source_of(body.from, "/from")));
  for (const std::string& text : body.then_from.value_or(std::vector<std::string>{})) {
    const std::string pointer = "/then_from/" + std::to_string(request.from.size() - 1);
    request.from.push_back(IPAM_TRY(source_of(text, pointer)));
  }
  request.count = body.count.value_or(1);
  if (body.strategy) request.strategy = convert_enum<occupancy::AddressStrategy>(*body.strategy);
  if (body.max_lease_age_seconds) request.max_lease_age = std::chrono::seconds(*body.max_lease_age_seconds);
  if (body.refresh.value_or(false)) {
    if (!body.max_lease_age_seconds) return Error::field("/refresh", "needs max_lease_age_seconds: from which age on to refresh");
    request.when_stale = service::WhenStale::CollectFirst;
  }
  if (body.hold_seconds) {
    if (body.state) return Error::field("/state", "an address that is only held has no other state");
    request.hold = std::chrono::seconds(*body.hold_seconds);
  }
  patch_fields(request.fields, body);
  IPAM_TRY(set_custom_fields(services, request.fields.custom, body.custom_fields));
  return request;
}

// A person waits for it; a DHCP server that reloads its leases may take half a minute.
constexpr auto kProvisionDeadline = std::chrono::seconds(120);

// What is asked for beyond the address itself; nothing when it is the address alone.
Result<std::optional<ProvisionRequest>> read_provision(const Call& call, const AllocationRequest& allocation) {
  const auto body = IPAM_TRY(call.body<contract::AllocateRequest>());
  const bool records = body.dns.value_or(false);
  if (!records && (body.ptr || body.zone || body.dns_server))
    return Error::field("/dns", "must be true for ptr, zone and dns_server to mean something");
  if (!body.reserve && body.dhcp_server) return Error::field("/reserve", "must name the client for dhcp_server to mean something");
  const service::Checks checks{body.check_ping.value_or(false), body.check_dns.value_or(false)};
  if (!records && !body.reserve && !checks.any()) return std::optional<ProvisionRequest>{};
  ProvisionRequest request;
  request.checks = checks;
  request.allocation = allocation;
  request.reserve = body.reserve;
  request.dhcp_server = body.dhcp_server;
  request.records = records;
  request.pointer = body.ptr.value_or(true) ? service::Pointer::Keep : service::Pointer::Leave;
  request.zone = body.zone;
  request.dns_server = body.dns_server;
  return std::optional<ProvisionRequest>(std::move(request));
}

io::Task<Result<Reply>> provision(Services* services, Call call, ProvisionRequest request) {
  const io::Deadline deadline = io::Deadline::after(kProvisionDeadline);
  IPAM_CO_TRY(const auto done, co_await services->provision.provision(call.principal, std::move(request), call.change, deadline));
  Names names(*services, call.principal);
  contract::AllocateAnswer answer;
  for (const model::Address& address : done.addresses) answer.addresses.push_back(convert(address, names));
  for (const service::InUseUnrecorded& each : done.passed_over) answer.passed_over.push_back({each.address, each.sign});
  answer.sequence = done.sequence;
  answer.lease_data_as_of = done.lease_data_as_of;
  for (const model::ServerChange& change : done.changes) answer.changes.push_back(to_answer(change));
  for (const service::ServerPlan& plan : done.plans) answer.plans.push_back(to_answer(plan));
  Reply reply = Reply::json(answer, 201);
  co_return reply.with_sequence(done.sequence);
}

io::Task<Result<Reply>> allocate(Services* services, Call call) {
  IPAM_CO_TRY(AllocationRequest request, read_request(*services, call));
  IPAM_CO_TRY(auto more, read_provision(call, request));
  if (more) co_return co_await provision(services, std::move(call), *std::move(more));
  IPAM_CO_TRY(const auto written, co_await services->allocation.allocate(call.principal, std::move(request), call.change));
  Names names(*services, call.principal);
  contract::AllocateAnswer answer;
  for (const model::Address& address : written.value.addresses) answer.addresses.push_back(convert(address, names));
  answer.sequence = written.sequence;
  answer.lease_data_as_of = written.value.lease_data_as_of;
  Reply reply = Reply::json(answer, 201);
  co_return reply.with_sequence(written.sequence);
}

io::Task<Result<Reply>> confirm(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<model::Address>());
  IPAM_CO_TRY(const auto expected, call.expected_revision());
  contract::AddressPatch body;
  if (!call.request.body.empty()) {
    IPAM_CO_TRY(body, call.body<contract::AddressPatch>());
  }
  IPAM_CO_TRY(Change<model::Address> change, Resource<model::Address>::change(*services, call, body));
  IPAM_CO_TRY(const auto written, co_await services->allocation.confirm(call.principal, id, expected, std::move(change), call.change));
  Names names(*services, call.principal);
  Reply reply = Reply::json(convert(written.value, names));
  reply.with_revision(written.value.revision);
  co_return reply.with_sequence(written.sequence);
}

Result<SubnetAllocationRequest> read_subnet_request(Services& services, const Call& call) {
  const auto body = IPAM_TRY(call.body<contract::SubnetAllocateRequest>());
  SubnetAllocationRequest request;
  request.fields.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
  request.from = IPAM_TRY(block_or_prefix(body.from));
  request.length = body.length;
  request.count = body.count.value_or(1);
  if (body.strategy) request.strategy = convert_enum<occupancy::PrefixStrategy>(*body.strategy);
  patch_fields(request.fields, body);
  IPAM_TRY(set_custom_fields(services, request.fields.custom, body.custom_fields));
  return request;
}

io::Task<Result<Reply>> allocate_subnets(Services* services, Call call) {
  IPAM_CO_TRY(SubnetAllocationRequest request, read_subnet_request(*services, call));
  IPAM_CO_TRY(const auto written, co_await services->allocation.allocate_subnets(call.principal, std::move(request), call.change));
  Names names(*services, call.principal);
  contract::SubnetAllocateAnswer answer;
  for (const model::Subnet& subnet : written.value) answer.subnets.push_back(Resource<model::Subnet>::convert(*services, names, subnet));
  answer.sequence = written.sequence;
  Reply reply = Reply::json(answer, 201);
  co_return reply.with_sequence(written.sequence);
}

Result<RangeAllocationRequest> read_range_request(Services& services, const Call& call) {
  const auto body = IPAM_TRY(call.body<contract::RangeAllocateRequest>());
  RangeAllocationRequest request;
  request.fields.space_id = IPAM_TRY(space_of(services, call.principal, body.space));
  const auto within = ip::Range::parse(body.from);
  if (!within.ok()) return Error::field("/from", within.error().message);
  request.from = *within;
  request.addresses = body.size;
  request.count = body.count.value_or(1);
  if (body.strategy) request.strategy = convert_enum<occupancy::AddressStrategy>(*body.strategy);
  patch_fields(request.fields, body);
  IPAM_TRY(set_custom_fields(services, request.fields.custom, body.custom_fields));
  return request;
}

io::Task<Result<Reply>> allocate_ranges(Services* services, Call call) {
  IPAM_CO_TRY(RangeAllocationRequest request, read_range_request(*services, call));
  IPAM_CO_TRY(const auto written, co_await services->allocation.allocate_ranges(call.principal, std::move(request), call.change));
  Names names(*services, call.principal);
  contract::RangeAllocateAnswer answer;
  for (const model::Range& range : written.value) answer.ranges.push_back(Resource<model::Range>::convert(*services, names, range));
  answer.sequence = written.sequence;
  Reply reply = Reply::json(answer, 201);
  co_return reply.with_sequence(written.sequence);
}

}  // namespace

void add_allocation_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add(
      "POST", "/api/v1/addresses:allocate", [all](Call call) { return allocate(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "POST", "/api/v1/addresses/{id}:confirm", [all](Call call) { return confirm(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "POST", "/api/v1/subnets:allocate", [all](Call call) { return allocate_subnets(all, std::move(call)); }, kLedgerWrite);
  routes.add(
      "POST", "/api/v1/ranges:allocate", [all](Call call) { return allocate_ranges(all, std::move(call)); }, kLedgerWrite);
}

}  // namespace ipam::api
