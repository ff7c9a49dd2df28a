#include "base/strings.h"
#include "cli/document.h"
#include "cli/event_parser.h"
#include "cli/special_verbs.h"
#include "cli/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::cli {
namespace {

constexpr Duration kFirstPause = std::chrono::seconds(1);
constexpr Duration kLongestPause = std::chrono::seconds(30);

// One event as a line for people: "42  2026-11-25T07:14:02Z  admin  created subnet 10.1.0.0/24".
std::string spoken(const StreamEvent& event, const boost::json::value& data) {
  if (event.type == "task") {
    const std::string message = csv_value(data, "last_message");
    return fmt::format("task  {}  {}{}", csv_value(data, "name"), csv_value(data, "last_result"), message.empty() ? "" : "  " + message);
  }
  if (event.type != "change") {
    return fmt::format("{}  {} {}  {} %  {}", event.type, csv_value(data, "kind"), csv_value(data, "subject"), csv_value(data, "percent"),
                       csv_value(data, "state"));
  }
  std::string type = csv_value(data, "object_type");
  std::replace(type.begin(), type.end(), '_', ' ');
  const std::string actor = csv_value(data, "actor");
  return fmt::format("{}  {}  {}{} {} {}", csv_value(data, "sequence"), csv_value(data, "at"), actor.empty() ? "" : actor + "  ",
                     csv_value(data, "kind"), type, csv_value(data, "object_name"));
}

// What an event of this type is known by.
const char* name_field(std::string_view type) {
  if (type == "change") return "sequence";
  return type == "task" ? "name" : "id";
}

Result<void> write_event(Session& session, const StreamEvent& event, bool first) {
  const auto data = json::parse(event.data);
  if (!data.ok()) return Error(ErrorCode::Malformed, "an event of the stream is not JSON; this ipam may be older or newer than the server");
  switch (session.invocation().format) {
    case Format::Table: session.print(printable(spoken(event, *data)) + '\n'); break;
    // One event a line, so that a program can read each as it comes.
    case Format::Json: session.print(compact_json(boost::json::object{{"event", event.type}, {"data", *data}}) + '\n'); break;
    case Format::Csv: {
      if (first) session.print(csv_record({"event", "sequence", "at", "actor", "kind", "object_type", "object_id", "object_name"}));
      std::vector<std::string> fields{event.type};
      for (const char* name : {"sequence", "at", "actor", "kind", "object_type", "object_id", "object_name"})
        fields.push_back(csv_value(*data, name));
      session.print(csv_record(fields));
      break;
    }
    case Format::Plain: session.print(printable(csv_value(*data, name_field(event.type))) + '\n');
  }
  return {};
}

}  // namespace

Result<int> run_events_tail(Session& session, const Noun& events) {
  Api* api = IPAM_TRY(session.api());
  Query query = session.invocation().query;
  if (session.invocation().from) query.emplace_back("from", std::to_string(*session.invocation().from));
  const auto limit = session.invocation().limit;
  std::uint64_t written = 0;
  std::optional<std::string> last_id;
  Duration pause = kFirstPause;
  bool taken = true;
  while (true) {
    EventParser parser;
    const auto take = [&](std::string_view piece) -> Result<bool> {
      pause = kFirstPause;
      for (const StreamEvent& event : IPAM_TRY(parser.feed(piece))) {
        IPAM_TRY(write_event(session, event, written == 0));
        if (++written == limit) return false;
      }
      // A program that reads from a pipe is to have each event when it comes, not when a buffer is full.
      taken = session.host().flush();
      return taken;
    };
    const auto streamed = api->stream(events.path, query, last_id, take);
    if (parser.last_id()) last_id = parser.last_id();
    if (limit && written == *limit) return 0;
    if (!taken) return 0;  // the root of the process tells that standard output did not take everything
    // A server that restarts, or a proxy that cuts off what lasts long: go on after what was seen. What never began is told.
    const bool may_come_back = streamed.ok() || streamed.error().code == ErrorCode::Unavailable ||
                               streamed.error().code == ErrorCode::DeadlineExceeded || streamed.error().code == ErrorCode::Overloaded;
    if (!may_come_back || !last_id) {
      if (!streamed.ok()) return streamed.error();
      return 0;
    }
    if (session.host().terminals().error) session.note(fmt::format("ipam: the stream ended; it is asked for again in {}\n", format_duration(pause)));
    session.host().pause(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

}  // namespace ipam::cli
