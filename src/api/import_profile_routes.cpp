// /api/v1/import_profiles: column mappings of spreadsheets.
#include "api/copy_fields.h"
#include "api/fields.h"
#include "contract/import_profile.h"
#include "service/interchange/import_profiles.h"

namespace ipam::api {
namespace {

using model::ImportProfile;
using service::ImportProfiles;

constexpr std::array kFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"},
                             ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::ImportKind>}};
constexpr std::array<std::string_view, 1> kByName{"name"};

ImportProfiles profiles_of(Services& services) { return {services.store, services.ledger, services.clock}; }

contract::ImportProfile to_answer(const ImportProfile& profile) {
  contract::ImportProfile answer;
  copy_fields(answer, profile);
  answer.map = profile.columns;
  answer.user = profile.user_name;
  return answer;
}

Result<Reply> page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kFields, {}, kByName));
  const auto found = IPAM_TRY(profiles_of(services).list(call.principal, list.query));
  auto answer = to_list<contract::ImportProfile>(found, to_answer);
  if (list.count_exact) answer.total = IPAM_TRY(profiles_of(services).count(call.principal, list.query.where));
  return Reply::json(answer);
}

Result<Reply> get(Services& services, const Call& call) {
  return Reply::json(to_answer(IPAM_TRY(profiles_of(services).get(call.principal, IPAM_TRY(call.id<ImportProfile>())))));
}

Result<Reply> create(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ChangeAddress));
  const auto body = IPAM_TRY(call.body<contract::ImportProfileCreate>());
  ImportProfile wanted;
  patch_fields(wanted, body);
  wanted.columns = body.map;
  const ImportProfile made = IPAM_TRY(profiles_of(services).create(call.principal, wanted));
  Reply reply = Reply::json(to_answer(made), 201);
  reply.with("Location", "/api/v1/import_profiles/" + made.id.to_string());
  return reply;
}

Result<Reply> update(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ChangeAddress));
  const auto id = IPAM_TRY(call.id<ImportProfile>());
  const auto body = IPAM_TRY(call.body<contract::ImportProfilePatch>());
  const auto change = [&](ImportProfile& profile) {
    patch_fields(profile, body);
    if (body.map) profile.columns = *body.map;
  };
  return Reply::json(to_answer(IPAM_TRY(profiles_of(services).update(call.principal, id, change))));
}

Result<Reply> erase(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ChangeAddress));
  IPAM_TRY(profiles_of(services).erase(call.principal, IPAM_TRY(call.id<ImportProfile>())));
  return Reply::empty();
}

}  // namespace

void add_import_profile_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/import_profiles", [all](Call call) { return on_pool(all, page, std::move(call)); });
  routes.add("POST", "/api/v1/import_profiles", [all](Call call) { return on_pool(all, create, std::move(call)); });
  routes.add("GET", "/api/v1/import_profiles/{id}", [all](Call call) { return on_pool(all, get, std::move(call)); });
  routes.add("PATCH", "/api/v1/import_profiles/{id}", [all](Call call) { return on_pool(all, update, std::move(call)); });
  routes.add("DELETE", "/api/v1/import_profiles/{id}", [all](Call call) { return on_pool(all, erase, std::move(call)); });
}

}  // namespace ipam::api
