// What in the plan wants a person's look: /api/v1/reclaim_candidates, addresses:reclaim, duplicate_addresses and the overlaps of a range.
#include "api/change_answers.h"
#include "api/plan_resources.h"
#include "contract/reclaim.h"
#include "service/planning/claims.h"
#include "service/provision/reclaim.h"
#include "service/provision/reclaim_candidates.h"

namespace ipam::api {
namespace {

constexpr std::span<const ListField> kNoFields;
constexpr std::array<std::string_view, 3> kPlaceAndUse{"space", "within", "unused_for"};
constexpr std::array<std::string_view, 2> kPlace{"space", "within"};
constexpr std::array<std::string_view, 2> kByAddress{"space_id", "address"};
// A person waits for it; a DHCP server that reloads its leases may take half a minute.
constexpr auto kReclaimDeadline = std::chrono::seconds(120);

contract::ReclaimCandidate candidate_answer(const service::ReclaimCandidate& candidate, Names& names) {
  contract::ReclaimCandidate answer;
  copy_fields(answer, candidate.address);
  answer.space = names.space(candidate.address.space_id);
  for (const auto reason : candidate.reasons) answer.reasons.push_back(convert_enum<contract::ReclaimReason>(reason));
  for (const service::Evidence& evidence : candidate.evidence) {
    answer.evidence.push_back({convert_enum<contract::EvidenceSource>(evidence.source), evidence.text, evidence.at, evidence.speaks_for_reclaim});
  }
  return answer;
}

Result<Reply> candidate_page(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ReadAddressPlan));
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kNoFields, kPlaceAndUse, kByAddress));
  if (list.count_exact) return Error::field("/count", "is not possible here; leave it out");
  IPAM_TRY(filter_by_place(list, services, call, "address", service::Place::Address));
  service::ReclaimQuestion question;
  question.where = list.query.where;
  question.after = list.query.after;
  question.limit = list.query.limit;
  if (const auto text = call.query().find("unused_for")) {
    const auto duration = parse_duration(*text);
    if (!duration.ok() || *duration < Duration::zero()) return Error::field("/unused_for", "must be a duration, such as 90d");
    question.unused_for = *duration;
  }
  const auto page = IPAM_TRY(service::list_reclaim_candidates(services.store, call.principal, question, services.clock.now()));
  Names names(services, call.principal);
  return Reply::json(to_list<contract::ReclaimCandidate>(page, [&](const auto& candidate) { return candidate_answer(candidate, names); }));
}

io::Task<Result<Reply>> reclaim(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ChangeAddress));
  IPAM_CO_TRY(const auto body, call.body<contract::ReclaimRequest>());
  service::ReclaimRequest request;
  for (const contract::ObjectId id : body.addresses) request.addresses.push_back(from_id<model::Address>(id));
  if (body.remove_from_servers.value_or(false)) request.on_servers = service::OnServers::Remove;
  if (body.force.value_or(false)) request.mode = service::ReleaseMode::AtOnce;
  service::ReclaimService reclaiming(services->store, services->ledger, services->planning, services->changes, services->database);
  const io::Deadline deadline = io::Deadline::after(kReclaimDeadline);
  IPAM_CO_TRY(const auto done, co_await reclaiming.reclaim(call.principal, std::move(request), call.change, deadline));
  contract::ReclaimAnswer answer;
  for (const model::Address& address : done.addresses) answer.addresses.push_back(address.address);
  answer.sequence = done.sequence;
  for (const model::ServerChange& change : done.changes) answer.changes.push_back(to_answer(change));
  for (const service::ServerPlan& plan : done.plans) answer.plans.push_back(to_answer(plan));
  for (const service::LeftOnServer& left : done.left) answer.left_on_servers.push_back({left.address, left.text});
  Reply reply = Reply::json(answer);
  co_return reply.with_sequence(done.sequence);
}

contract::Claim claim_answer(const service::Claim& claim, Names& names) {
  contract::Claim answer;
  answer.kind = convert_enum<contract::ClaimKind>(claim.kind);
  if (claim.id != 0) answer.id = contract::ObjectId{claim.id};
  answer.hardware_address = claim.hardware_address;
  if (claim.client_id) {
    if (auto id = ip::ClientId::from_bytes(*claim.client_id); id.ok()) answer.client_id = *std::move(id);
  }
  answer.name = claim.name;
  if (claim.server_id) {
    answer.server_id = to_id(*claim.server_id);
    answer.server = names.server(*claim.server_id);
  }
  answer.until = claim.until;
  return answer;
}

Result<Reply> duplicate_page(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ReadAddressPlan));
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kNoFields, kPlace, kByAddress));
  if (list.count_exact) return Error::field("/count", "is not possible here; leave it out");
  IPAM_TRY(filter_by_place(list, services, call, "address", service::Place::Address));
  const auto reader = IPAM_TRY(services.store.open_reader());
  const std::string_view cursor = call.query().find("cursor").value_or("");
  const auto page = IPAM_TRY(service::list_duplicates(*reader, call.principal, list.query.where, cursor, list.query.limit));
  Names names(services, call.principal);
  contract::List<contract::DuplicateAddress> answer;
  for (const service::DuplicateAddress& duplicate : page.items) {
    contract::DuplicateAddress item{to_id(duplicate.space_id), names.space(duplicate.space_id), duplicate.address, {}};
    for (const service::Claim& claim : duplicate.claims) item.claims.push_back(claim_answer(claim, names));
    answer.items.push_back(std::move(item));
  }
  if (!page.next_cursor.empty()) answer.next_cursor = page.next_cursor;
  return Reply::json(answer);
}

Result<Reply> overlaps(Services& services, const Call& call) {
  const auto range = IPAM_TRY(services.planning.get<model::Range>(call.principal, IPAM_TRY(call.id<model::Range>())));
  Names names(services, call.principal);
  contract::List<contract::Range> answer;
  for (const model::Range& other : IPAM_TRY(services.planning.overlaps().read(range)).with) {
    answer.items.push_back(Resource<model::Range>::convert(services, names, other));
  }
  return Reply::json(answer);
}

}  // namespace

void add_reclaim_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/reclaim_candidates", [all](Call call) { return on_pool(all, candidate_page, std::move(call)); });
  routes.add(
      "POST", "/api/v1/addresses:reclaim", [all](Call call) { return reclaim(all, std::move(call)); }, kLedgerWrite);
  routes.add("GET", "/api/v1/duplicate_addresses", [all](Call call) { return on_pool(all, duplicate_page, std::move(call)); });
  routes.add("GET", "/api/v1/ranges/{id}/overlaps", [all](Call call) { return on_pool(all, overlaps, std::move(call)); });
}

}  // namespace ipam::api
