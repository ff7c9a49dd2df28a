// GET /api/v1/exports/…: the address plan as CSV or JSON lines, filtered as the lists are, made while it is sent.
#include "api/paged_body.h"
#include "api/plan_resources.h"
#include "service/interchange/export.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::api {
namespace {

using service::interchange::Formulas;
using service::interchange::Surroundings;

enum class ExportFormat : std::uint8_t { Csv, JsonLines };

struct Wish {
  ExportFormat format = ExportFormat::Csv;
  Formulas formulas = Formulas::Guarded;
  wire::http1::Query filters;
};

Result<Wish> read_wish(const wire::http1::Query& query) {
  Wish wish;
  for (const auto& [name, value] : query) {
    if (name == "format") {
      if (value != "csv" && value != "json_lines") return Error::field("/format", "must be csv or json_lines");
      wish.format = value == "csv" ? ExportFormat::Csv : ExportFormat::JsonLines;
    } else if (name == "formulas") {
      if (value != "guarded" && value != "plain") return Error::field("/formulas", "must be guarded or plain");
      wish.formulas = value == "plain" ? Formulas::Plain : Formulas::Guarded;
    } else if (name == "limit" || name == "cursor" || name == "count") {
      return Error::field("/" + name, "an export has no pages: it is sent as a whole");
    } else {
      wish.filters.add(name, value);
    }
  }
  return wish;
}

// One export under way.
template <class T>
struct Export {
  Services& services;
  service::Principal principal;
  Wish wish;
  store::Query query;
  service::Wanted wanted;
  bool begun = false;
  bool over = false;
  std::shared_ptr<const service::FieldCatalog> catalog = {};  // as it was at the beginning
  std::vector<std::string> custom = {};                       // the names of its fields
  std::map<std::uint64_t, std::string> networks = {};         // of the subnets of the last ranges

  Result<std::string> next() {
    std::string text;
    if (!std::exchange(begun, true) && wish.format == ExportFormat::Csv) service::interchange::write_header<T>(custom, text);
    if (over) return text;
    const auto page = IPAM_TRY(services.search.list<T>(principal, query, wanted));
    Names names(services, principal);
    for (const T& object : page.items) {
      if (wish.format == ExportFormat::JsonLines) {
        text += object_text(services, names, object) + "\n";
      } else {
        service::interchange::write_object(object, around(object, names), custom, wish.formulas, text);
      }
    }
    over = page.next_cursor.empty();
    if (!over) query.after = IPAM_TRY(store::read_cursor(page.next_cursor));
    return text;
  }

  Surroundings around(const T& object, Names& names) {
    Surroundings found;
    found.space = names.space(object.space_id);
    if (!object.custom.empty()) found.custom = catalog->texts_of(object.custom);
    if constexpr (std::is_same_v<T, model::Range>) {
      constexpr std::size_t kKept = 10'000;
      if (networks.size() > kKept) networks.clear();
      auto [network, is_new] = networks.try_emplace(object.subnet_id.value);
      if (is_new) {
        const auto subnet = services.planning.get<model::Subnet>(principal, object.subnet_id);
        if (subnet.ok()) network->second = subnet->prefix.to_string();
      }
      found.network = network->second;
    }
    return found;
  }
};

// A column for each custom field, in the order in which they were made.
Result<std::vector<std::string>> custom_names(Services& services, const service::Principal& principal) {
  std::vector<std::string> names;
  store::Query query;
  query.limit = ListQuery::kMaxLimit;
  query.sort.push_back({"id", false});
  for (const auto& field : IPAM_TRY(services.planning.fields().list<model::CustomField>(principal, query)).items) names.push_back(field.name);
  return names;
}

// Addresses that are held for a moment or cool down go by themselves, so a file that stays has them only where it is asked for them.
void leave_out_passing(ListQuery& list) {
  const auto is_state = [](const store::Condition& condition) { return condition.column == "state"; };
  if (std::any_of(list.query.where.begin(), list.query.where.end(), is_state)) return;
  for (const auto state : {model::AddressState::Held, model::AddressState::Cooling}) {
    list.query.where.push_back({"state", store::Comparison::NotEqual, store::to_value(state)});
  }
}

template <Planned T>
Result<Reply> export_objects(Services& services, const Call& call) {
  using R = Resource<T>;
  IPAM_TRY(authorize(call.principal, service::Operation::ReadAddressPlan));
  const Wish wish = IPAM_TRY(read_wish(call.query()));
  Call filtered = call;
  filtered.request.query = wish.filters;
  ListQuery list = IPAM_TRY(read_list_query(wish.filters, R::kFields, R::kHandled, R::kOrder));
  IPAM_TRY(R::filter(list, services, filtered));
  IPAM_TRY(add_custom_filters(list, services, model::type_name<T>()));
  if constexpr (std::is_same_v<T, model::Address>) leave_out_passing(list);
  list.query.limit = ListQuery::kMaxLimit;
  // Shared by the copies of `next`.
  const auto state = std::make_shared<Export<T>>(
      Export<T>{.services = services, .principal = call.principal, .wish = wish, .query = list.query, .wanted = wanted_of(wish.filters, list)});
  state->catalog = IPAM_TRY(services.planning.fields().catalog());
  state->custom = IPAM_TRY(custom_names(services, call.principal));
  Reply reply;
  reply.source = std::make_shared<PagedBody>(services.database, [state] { return state->next(); });
  const bool is_csv = wish.format == ExportFormat::Csv;
  reply.with("Content-Type", is_csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson");
  const std::string_view plural = R::kPath.substr(R::kPath.rfind('/') + 1);
  reply.with("Content-Disposition", fmt::format("attachment; filename=\"{}.{}\"", plural, is_csv ? "csv" : "jsonl"));
  return reply;
}

}  // namespace

void add_export_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/exports/blocks", [all](Call call) { return on_pool(all, export_objects<model::Block>, std::move(call)); });
  routes.add("GET", "/api/v1/exports/subnets", [all](Call call) { return on_pool(all, export_objects<model::Subnet>, std::move(call)); });
  routes.add("GET", "/api/v1/exports/ranges", [all](Call call) { return on_pool(all, export_objects<model::Range>, std::move(call)); });
  routes.add("GET", "/api/v1/exports/addresses", [all](Call call) { return on_pool(all, export_objects<model::Address>, std::move(call)); });
}

}  // namespace ipam::api
