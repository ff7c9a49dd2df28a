// Who held an address, and when: /api/v1/who, lease_intervals, tracking_queries.
#include "api/copy_fields.h"
#include "api/fields.h"
#include "contract/tracking.h"
#include "service/history/history_service.h"
#include "service/tracking/tracking_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::api {
namespace {

using model::LeaseInterval;
using service::TrackingService;

constexpr std::array kIntervalFields{ListField{"address", "address", FieldKind::Address},
                                     ListField{"hardware_address", "hardware_address", FieldKind::HardwareAddress, Sortable::No},
                                     ListField{"hostname", "hostname"},
                                     ListField{"server", "server"},
                                     ListField{"began_at", "began_at", FieldKind::Time},
                                     ListField{"renewed_at", "renewed_at", FieldKind::Time},
                                     ListField{"ended_at", "ended_at", FieldKind::Time, Sortable::WhereSet},
                                     ListField{"ending", "ending", FieldKind::Text, Sortable::Yes, choices_of<model::LeaseEnding>}};
constexpr std::array<std::string_view, 6> kIntervalHandled{"space", "within", "client", "from", "until", "purpose"};
constexpr std::array<std::string_view, 2> kByAddress{"address", "began_at"};
constexpr std::array kQueryFields{ListField{"id", "id", FieldKind::Id}, ListField{"at", "at", FieldKind::Time}, ListField{"user_name", "user_name"},
                                  ListField{"purpose", "purpose"}};
constexpr std::array<std::string_view, 1> kByTime{"at"};
constexpr std::size_t kMaxPurposeBytes = 1'000;

TrackingService tracking_of(Services& services) { return {services.store, services.ledger, services.clock}; }

Result<std::string> purpose_of(const Call& call) {
  const std::string purpose(call.query().find("purpose").value_or(""));
  if (purpose.size() > kMaxPurposeBytes) return Error::field("/purpose", fmt::format("must not be longer than {} bytes", kMaxPurposeBytes));
  if (!is_clean_text(purpose)) return Error::field("/purpose", "must be UTF-8 text without control characters");
  return purpose;
}

Result<Time> time_of(const Call& call, std::string_view name, Time otherwise) {
  const auto text = call.query().find(name);
  if (!text) return otherwise;
  const auto time = parse_time(*text);
  if (!time.ok()) return Error::field("/" + std::string(name), time.error().message);
  return *time;
}

contract::LeaseInterval to_answer(const LeaseInterval& interval, Names& names) {
  contract::LeaseInterval answer;
  copy_fields(answer, interval);
  answer.space = names.space(interval.space_id);
  return answer;
}

// What the plan had for the address then; nothing before its journal begins.
Result<std::optional<contract::PlannedThen>> plan_at(Services& services, const Call& call, model::Id<model::AddressSpace> space,
                                                     const ip::Address& address, Time at) {
  const auto reader = IPAM_TRY(services.store.open_reader());
  const auto moment = service::read_moment(*reader, format_time(at), services.clock.now());
  if (!moment.ok() && moment.error().code != ErrorCode::InvalidArgument) return moment.error();
  if (!moment.ok()) return std::optional<contract::PlannedThen>{};
  service::HistoryService history(services.store, services.ledger, services.planning, services.database);
  const ip::Prefix host = ip::Prefix::containing(address, ip::bit_count(address.family()));
  service::PastQuery query{.space = space, .within = host};
  for (;;) {
    const auto page = IPAM_TRY(history.list<model::Address>(call.principal, *reader, *moment, query));
    if (!page.items.empty()) {
      contract::PlannedThen then;
      copy_fields(then, page.items.front());
      return std::optional(then);
    }
    if (page.next_cursor.empty()) return std::optional<contract::PlannedThen>{};
    query.after = IPAM_TRY(store::read_cursor(page.next_cursor));
  }
}

struct Question {
  ip::Address address;
  model::Id<model::AddressSpace> space;
  Time at{};
};

Result<Question> read_question(Services& services, const Call& call) {
  constexpr std::array<std::string_view, 4> kKnown{"address", "at", "space", "purpose"};
  for (const auto& [name, value] : call.query()) {
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      return Error::field("/" + name, "is not a parameter of this request; there are address, at, space and purpose");
    }
  }
  Question question;
  const auto text = call.query().find("address");
  if (!text) return Error::field("/address", "is missing");
  const auto address = ip::Address::parse(*text);
  if (!address.ok()) return Error::field("/address", address.error().message);
  question.address = *address;
  const Time now = services.clock.now();
  question.at = IPAM_TRY(time_of(call, "at", now));
  if (question.at > now) return Error::field("/at", "lies in the future");
  const auto space = call.query().find("space");
  question.space = IPAM_TRY(space_of(services, call.principal, space ? std::optional<std::string>(*space) : std::nullopt));
  return question;
}

Result<contract::WhoAnswer> answer_to(Services& services, const Call& call, const Question& question) {
  const auto who = IPAM_TRY(tracking_of(services).who_held(call.principal, question.space, question.address, question.at));
  Names names(services, call.principal);
  contract::WhoAnswer answer;
  answer.address = question.address;
  answer.space_id = to_id(question.space);
  answer.space = names.space(question.space);
  answer.at = question.at;
  for (const service::Holder& holder : who.holders) {
    contract::AddressHolder told;
    told.certainty = convert_enum<contract::Certainty>(holder.certainty);
    told.reason = holder.reason;
    told.hardware_address = holder.intervals.front().hardware_address;
    told.client_id = holder.intervals.front().client_id;
    told.hostname = holder.intervals.front().hostname;
    for (const LeaseInterval& interval : holder.intervals) told.evidence.push_back(to_answer(interval, names));
    answer.holders.push_back(std::move(told));
  }
  for (const service::TrackingSource& source : who.sources) answer.sources.push_back({to_id(source.server_id), source.server, source.complete_until});
  answer.plan = IPAM_TRY(plan_at(services, call, question.space, question.address, question.at));
  return answer;
}

io::Task<Result<Reply>> who(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ReadTracking));
  IPAM_CO_TRY(const std::string purpose, purpose_of(call));
  IPAM_CO_TRY(const Question question, read_question(*services, call));
  const auto read = [services, call, question] { return answer_to(*services, call, question); };
  IPAM_CO_TRY(const contract::WhoAnswer answer, co_await services->database.run(read));
  TrackingService tracking = tracking_of(*services);
  const std::string text = fmt::format("who had {} in {} at {}", question.address.to_string(), answer.space, format_time(question.at));
  IPAM_CO_CHECK(co_await tracking.record(call.principal, text, purpose, answer.holders.size(), call.change));
  co_return Reply::json(answer);
}

// ?client=: a MAC address, or a client id or DUID.
Result<void> add_client_filter(ListQuery& list, const Call& call) {
  const auto text = call.query().find("client");
  if (!text) return {};
  std::vector<store::Value> values;
  const auto hardware = ip::HardwareAddress::parse(*text);
  const auto client = ip::ClientId::parse(*text);
  if (!hardware.ok() && !client.ok()) return Error::field("/client", "is neither a MAC address nor a client id or DUID in hexadecimal");
  std::string condition;
  if (hardware.ok()) condition = "hardware_address = ?", values.push_back(store::to_value(*hardware));
  if (client.ok()) condition += hardware.ok() ? " OR client_id = ?" : "client_id = ?", values.push_back(store::to_value(*client));
  list.query.where.push_back({"(" + condition + ")", store::Comparison::Holds, {}, std::move(values)});
  return {};
}

using IntervalPage = contract::List<contract::LeaseInterval>;

Result<IntervalPage> read_intervals(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kIntervalFields, kIntervalHandled, kByAddress));
  if (list.count_exact) return Error::field("/count", "is not possible here; leave it out");
  IPAM_TRY(add_space_filter(list, services, call));
  if (const auto within = call.query().find("within")) {
    const auto prefix = ip::Prefix::parse(*within);
    if (!prefix.ok()) return Error::field("/within", prefix.error().message);
    service::add_within(list.query.where, "address", service::Place::Address, *prefix);
  }
  IPAM_TRY(add_client_filter(list, call));
  // What held at any instant from then until then.
  if (call.query().find("from")) {
    const Time from = IPAM_TRY(time_of(call, "from", {}));
    list.query.where.push_back({"(ended_at IS NULL OR ended_at >= ?)", store::Comparison::Holds, {}, {store::to_value(from)}});
  }
  if (call.query().find("until")) {
    list.query.where.push_back({"began_at", store::Comparison::LessOrEqual, store::to_value(IPAM_TRY(time_of(call, "until", {})))});
  }
  const auto page = IPAM_TRY(tracking_of(services).list_intervals(call.principal, list.query));
  Names names(services, call.principal);
  return to_list<contract::LeaseInterval>(page, [&](const LeaseInterval& interval) { return to_answer(interval, names); });
}

// What was asked, as the next person reads it: the filters without paging.
std::string question_of(const Call& call) {
  std::string text = "leases";
  for (const auto& [name, value] : call.query()) {
    if (name != "purpose" && name != "limit" && name != "cursor" && name != "sort") text += fmt::format(" {}={}", name, shorten(value, 200));
  }
  return text;
}

io::Task<Result<Reply>> intervals(Services* services, Call call) {
  IPAM_CO_CHECK(authorize(call.principal, service::Operation::ReadTracking));
  IPAM_CO_TRY(const std::string purpose, purpose_of(call));
  const auto read = [services, call] { return read_intervals(*services, call); };
  IPAM_CO_TRY(const IntervalPage page, co_await services->database.run(read));
  TrackingService tracking = tracking_of(*services);
  IPAM_CO_CHECK(co_await tracking.record(call.principal, question_of(call), purpose, page.items.size(), call.change));
  co_return Reply::json(page);
}

Result<Reply> query_page(Services& services, const Call& call) {
  const ListQuery list = IPAM_TRY(read_list_query(call.query(), kQueryFields, {}, kByTime));
  const auto page = IPAM_TRY(tracking_of(services).list_queries(call.principal, list.query));
  auto answer = to_list<contract::TrackingQuery>(page, [](const model::TrackingQuery& query) {
    contract::TrackingQuery told;
    copy_fields(told, query);
    return told;
  });
  if (list.count_exact) answer.total = IPAM_TRY(tracking_of(services).count_queries(call.principal, list.query.where));
  return Reply::json(answer);
}

}  // namespace

void add_tracking_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  routes.add("GET", "/api/v1/who", [all](Call call) { return who(all, std::move(call)); });
  routes.add("GET", "/api/v1/lease_intervals", [all](Call call) { return intervals(all, std::move(call)); });
  routes.add("GET", "/api/v1/tracking_queries", [all](Call call) { return on_pool(all, query_page, std::move(call)); });
}

}  // namespace ipam::api
