// GET /api/v1/events: the journal and live events as server-sent events (the WHATWG HTML standard, section 9.2).
#include "api/fields.h"
#include "api/operations.h"

#include <fmt/format.h>

#include <array>

namespace ipam::api {
namespace {

using service::Event;
using service::EventFilter;

constexpr Duration kHeartbeat = std::chrono::seconds(15);
constexpr std::size_t kStreams = 256;
constexpr std::size_t kStreamsOfUser = 8;

// How many streams each user has open.
class StreamPlaces {
 public:
  static Result<std::shared_ptr<void>> take(const std::shared_ptr<StreamPlaces>& places, std::uint64_t user) {
    auto open = places->open_.lock();
    std::size_t total = 0;
    for (const auto& [each, count] : *open) total += count;
    if (total >= kStreams) return Error(ErrorCode::Overloaded, fmt::format("this server serves {} event streams at once", kStreams));
    if ((*open)[user] >= kStreamsOfUser)
      return Error(ErrorCode::Overloaded, fmt::format("you have {} event streams open; end one first", kStreamsOfUser));
    ++(*open)[user];
    return std::shared_ptr<void>(places.get(), [places, user](void*) {
      auto left = places->open_.lock();
      if (--(*left)[user] == 0) left->erase(user);
    });
  }

 private:
  Guarded<std::map<std::uint64_t, std::size_t>> open_;
};

// A change as it is told to those who may see the object, but not the journal: what changed, and not who did it and why.
std::string change_text(const model::JournalRecord& record, bool with_author) {
  contract::Change change = convert(record);
  if (!with_author) {
    change.actor.clear();
    change.on_behalf_of.clear();
    change.request_id.clear();
    change.reason.clear();
    change.change_reference.clear();
  }
  return json::write(change);
}

class EventBody final : public http_server::BodySource {
 public:
  EventBody(Services& services, const Call& call, std::uint64_t after, EventFilter filter, std::shared_ptr<void> place)
      : services_(services),
        bearer_(call.bearer),
        principal_(call.principal),
        subscription_(services.events, call.principal, after, std::move(filter)),
        place_(std::move(place)) {}

  io::Task<Result<std::string>> next(io::Deadline deadline) override {
    // At once, so that a client knows that it is connected and where it stands.
    if (std::exchange(first_, false)) co_return fmt::format("retry: 2000\nid: {}\n\n", subscription_.sequence());
    // A session that ended, a token that was revoked, a user who was disabled: the stream ends, and coming back is refused.
    IPAM_CO_TRY(principal_, services_.access.authenticate(bearer_));
    subscription_.set_principal(principal_);
    const auto piece = co_await subscription_.next(deadline.at_most(kHeartbeat));
    if (!piece.ok() && piece.error().code == ErrorCode::DeadlineExceeded) {
      // With the place up to which nothing was of interest, so that coming back costs no second look at it.
      co_return fmt::format(": heartbeat\nid: {}\n\n", subscription_.sequence());
    }
    if (!piece.ok()) co_return piece.error();
    std::string text;
    const bool with_author = may(principal_.access_group, service::Operation::ReadJournal);
    for (const Event& event : piece->events) {
      if (event.record) {
        text += fmt::format("id: {}\nevent: change\ndata: {}\n\n", event.record->sequence, change_text(*event.record, with_author));
      } else {
        text += fmt::format("event: {}\ndata: {}\n\n", event.live->type, event.live->data);
      }
    }
    co_return text;
  }

 private:
  Services& services_;
  const Secret bearer_;
  service::Principal principal_;
  service::Subscription subscription_;
  const std::shared_ptr<void> place_;  // shared with nobody: it gives the place back when the stream ends
  bool first_ = true;
};

template <class F>
Result<void> read_each(const wire::http1::Query& query, std::string_view name, F&& read_one) {
  const auto text = query.find(name);
  if (!text) return {};
  const auto parts = split(*text, ',');
  if (parts.size() > 50) return Error::field("/" + std::string(name), "takes at most 50 values");
  for (const std::string_view part : parts) {
    if (auto done = read_one(part); !done.ok()) return Error::field("/" + std::string(name), done.error().message);
  }
  return {};
}

Result<EventFilter> read_filter(const wire::http1::Query& query) {
  static constexpr std::array<std::string_view, 6> kKnown{"from", "type", "object_type", "kind", "actor", "object_id"};
  for (const auto& [name, value] : query) {
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      return Error::field("/" + name, "is not a parameter of the event stream; there are from, type, object_type, kind, actor and object_id");
    }
  }
  EventFilter filter;
  IPAM_TRY(read_each(query, "type", [&](std::string_view text) -> Result<void> {
    if (text != "change" && text != "operation" && text != "task") return Error(ErrorCode::InvalidArgument, "must be change, operation or task");
    filter.types.emplace_back(text);
    return {};
  }));
  IPAM_TRY(read_each(query, "object_type", [&](std::string_view text) -> Result<void> {
    std::string known;
    boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, model::ObjectTypes>>([&](auto type) {
      known += (known.empty() ? "" : ", ") + std::string(model::type_name<typename decltype(type)::type>());
      if (model::type_name<typename decltype(type)::type>() == text) filter.object_types.emplace_back(text);
    });
    if (filter.object_types.empty() || filter.object_types.back() != text) return Error(ErrorCode::InvalidArgument, "must be one of " + known);
    return {};
  }));
  IPAM_TRY(read_each(query, "kind", [&](std::string_view text) -> Result<void> {
    const auto kind = model::enum_from_text<model::ChangeKind>(text);
    if (!kind) return Error(ErrorCode::InvalidArgument, "must be one of created, updated, deleted");
    filter.kinds.push_back(*kind);
    return {};
  }));
  IPAM_TRY(read_each(query, "actor", [&](std::string_view text) -> Result<void> {
    filter.actors.emplace_back(text);
    return {};
  }));
  IPAM_TRY(read_each(query, "object_id", [&](std::string_view text) -> Result<void> {
    filter.object_ids.push_back(IPAM_TRY(contract::ObjectId::parse(text)).value);
    return {};
  }));
  return filter;
}

// After which sequence: Last-Event-ID as a browser sends it when it comes back, else ?from= (the first one wanted), else what comes from now on.
Result<std::uint64_t> read_after(const Call& call, std::uint64_t newest) {
  if (const auto last = call.request.headers.find("Last-Event-ID")) {
    const auto sequence = parse_integer<std::uint64_t>(trim(*last));
    if (!sequence) return Error(ErrorCode::InvalidArgument, "header Last-Event-ID must be the id of an event of this stream");
    return *sequence;
  }
  const auto from = call.query().find("from");
  if (!from) return newest;
  const auto sequence = parse_integer<std::uint64_t>(*from, 1);
  if (!sequence) return Error::field("/from", "must be a sequence number, from 1");
  return *sequence - 1;
}

io::Task<Result<std::unique_ptr<http_server::BodySource>>> open_stream(Services* services, std::shared_ptr<StreamPlaces> places, Call call) {
  IPAM_CO_TRY(EventFilter filter, read_filter(call.query()));
  IPAM_CO_TRY(const std::uint64_t after, read_after(call, services->ledger.sequence()));
  // Filters by author would tell what is not told: who did what.
  if (!filter.actors.empty()) {
    IPAM_CO_CHECK(authorize(call.principal, service::Operation::ReadJournal));
  }
  IPAM_CO_TRY(auto place, StreamPlaces::take(places, call.principal.user_id.value));
  co_return std::unique_ptr<http_server::BodySource>(std::make_unique<EventBody>(*services, call, after, std::move(filter), std::move(place)));
}

}  // namespace

void add_event_routes(Routes& routes, Services& services) {
  routes.add_stream("/api/v1/events",
                    [all = &services, places = std::make_shared<StreamPlaces>()](Call call) { return open_stream(all, places, std::move(call)); });
  // Here and not at the start of the server, because what an event says is the API's.
  services.operations.on_change([&services](const service::OperationView& view) {
    services.events.publish({"operation", json::write(convert(view.operation, view.parts)), service::Operation::ReadTasks});
  });
  services.scheduler.on_change([&services](const tasks::TaskView& view) {
    services.events.publish({"task", json::write(convert(view)), service::Operation::ReadTasks});
  });
}

}  // namespace ipam::api
