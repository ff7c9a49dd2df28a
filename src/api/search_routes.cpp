// GET /api/v1/search: one text looked for in everything; and the searches that people keep.
#include "api/copy_fields.h"
#include "api/fields.h"
#include "contract/saved_search.h"
#include "contract/search.h"

#include <fmt/format.h>

namespace ipam::api {
namespace {

using model::SavedSearch;

constexpr std::size_t kDefaultOfAKind = 10;

contract::SearchHit to_answer(const service::SearchHit& hit) {
  contract::SearchHit answer{hit.kind, std::nullopt, hit.name, hit.detail, hit.space, hit.server};
  if (hit.id != 0) answer.id = contract::ObjectId{hit.id};
  return answer;
}

Result<Reply> find(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ReadAddressPlan));
  std::string text;
  std::size_t limit = kDefaultOfAKind;
  for (const auto& [name, value] : call.query()) {
    if (name == "q") {
      text = value;
    } else if (name == "limit") {
      const auto number = parse_integer<std::size_t>(value, 1, service::SearchService::kMaxHits);
      if (!number) return Error::field("/limit", fmt::format("must be within 1 and {}", service::SearchService::kMaxHits));
      limit = *number;
    } else {
      return Error::field("/" + name, "is not a parameter of this request; there are q and limit");
    }
  }
  const auto found = IPAM_TRY(services.search.find(call.principal, text, limit));
  contract::SearchAnswer answer;
  answer.understood_as = model::enum_from_text<contract::SearchMeaning>(found.understood_as).value_or(contract::SearchMeaning::Words);
  for (const service::SearchHit& hit : found.hits) answer.items.push_back(to_answer(hit));
  for (const service::SearchHit& hit : found.parents) answer.parents.push_back(to_answer(hit));
  answer.more_of = found.more_of;
  return Reply::json(answer);
}

constexpr std::array kSavedFields{ListField{"id", "id", FieldKind::Id}, ListField{"name", "name"},
                                  ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::ListedKind>},
                                  ListField{"user", "user_name"}};
constexpr std::array<std::string_view, 1> kByName{"name"};

contract::SavedSearch to_answer(const SavedSearch& search, const service::Principal& principal) {
  contract::SavedSearch answer;
  copy_fields(answer, search);
  answer.user = search.user_name;
  answer.own = search.user_id == principal.user_id;
  return answer;
}

Result<Reply> saved_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kSavedFields, {}, kByName));
  const auto page = IPAM_TRY(services.saved_searches.list(call.principal, list.query));
  auto answer = to_list<contract::SavedSearch>(page, [&](const SavedSearch& search) { return to_answer(search, call.principal); });
  if (list.count_exact) answer.total = IPAM_TRY(services.saved_searches.count(call.principal, list.query.where));
  return Reply::json(answer);
}

Result<Reply> get_saved(Services& services, const Call& call) {
  return Reply::json(to_answer(IPAM_TRY(services.saved_searches.get(call.principal, IPAM_TRY(call.id<SavedSearch>()))), call.principal));
}

Result<Reply> create_saved(Services& services, const Call& call) {
  IPAM_TRY(authorize(call.principal, service::Operation::ReadAddressPlan));
  const auto body = IPAM_TRY(call.body<contract::SavedSearchCreate>());
  SavedSearch wanted;
  patch_fields(wanted, body);
  const SavedSearch made = IPAM_TRY(services.saved_searches.create(call.principal, wanted));
  Reply reply = Reply::json(to_answer(made, call.principal), 201);
  reply.with("Location", "/api/v1/saved_searches/" + made.id.to_string());
  return reply;
}

Result<Reply> update_saved(Services& services, const Call& call) {
  const auto id = IPAM_TRY(call.id<SavedSearch>());
  const auto body = IPAM_TRY(call.body<contract::SavedSearchPatch>());
  const auto change = [&](SavedSearch& search) { patch_fields(search, body); };
  return Reply::json(to_answer(IPAM_TRY(services.saved_searches.update(call.principal, id, change)), call.principal));
}

Result<Reply> erase_saved(Services& services, const Call& call) {
  IPAM_TRY(services.saved_searches.erase(call.principal, IPAM_TRY(call.id<SavedSearch>())));
  return Reply::empty();
}

}  // namespace

void add_search_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/search", [all](Call call) { return on_pool(all, find, std::move(call)); });
  routes.add("GET", "/api/v1/saved_searches", [all](Call call) { return on_pool(all, saved_page, std::move(call)); });
  routes.add("POST", "/api/v1/saved_searches", [all](Call call) { return on_pool(all, create_saved, std::move(call)); });
  routes.add("GET", "/api/v1/saved_searches/{id}", [all](Call call) { return on_pool(all, get_saved, std::move(call)); });
  routes.add("PATCH", "/api/v1/saved_searches/{id}", [all](Call call) { return on_pool(all, update_saved, std::move(call)); });
  routes.add("DELETE", "/api/v1/saved_searches/{id}", [all](Call call) { return on_pool(all, erase_saved, std::move(call)); });
}

}  // namespace ipam::api
