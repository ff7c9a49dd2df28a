// Verbs that change managed servers: record, reservation: add, edit, delete; change undo. Who sits at a terminal is shown first what would be sent,
// and is asked, when it costs a pause, takes something away or has warnings.
#include "base/strings.h"
#include "cli/change_plan.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/special_verbs.h"
#include "cli/text.h"
#include "cli/verbs.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::cli {
namespace {

struct Request {
  std::string method;
  std::string path;
  std::string body;
};

bool is_harmless(const contract::ChangePlan& plan) {
  return std::all_of(plan.servers.begin(), plan.servers.end(), [](const contract::ServerPlan& server) {
    return server.pause_seconds <= 0 && server.warnings.empty() && server.losses.empty();
  });
}

Result<bool> confirmed(Session& session, const Request& request) {
  if (session.dry_run() || session.invocation().confirmation == Confirmation::Given || !session.host().terminals().input) return true;
  Api* api = IPAM_TRY(session.api());
  const std::string path = request.path + (request.path.find('?') == std::string::npos ? "?" : "&") + "dry_run=true";
  const auto plan = plan_in(IPAM_TRY(api->write(request.method, path, request.body)));
  if (!plan) return Error(ErrorCode::Malformed, "the server's answer is not that of a dry run");
  if (is_harmless(*plan)) return true;
  session.note(printable_lines(plan_text(*plan)));
  return session.agrees("Go on?");
}

Result<int> carry_out(Session& session, const Request& request) {
  if (!IPAM_TRY(confirmed(session, request))) return Error(ErrorCode::Cancelled, "nothing was changed");
  Api* api = IPAM_TRY(session.api());
  const auto json = IPAM_TRY(api->write(request.method, request.path, request.body));
  if (session.dry_run()) return 0;
  if (session.is(Format::Json)) {
    session.print(pretty_json(json) + '\n');
    return 0;
  }
  const auto answer = IPAM_TRY(decode<contract::ChangeAnswer>(json));
  for (const contract::ServerChange& change : answer.changes) {
    for (const std::string& what : change.what) session.say(printable(fmt::format("Done on {}: {}.", change.server, what)));
  }
  if (answer.changes.empty()) return 0;
  const std::string id = answer.changes.back().id.to_string();
  session.say(fmt::format("To take it back: ipam change undo {}", id));
  if (!session.is(Format::Table)) session.print(id + '\n');
  return 0;
}

// The server says the same; it would not be asked, for a prefix is no address.
Result<void> check_is_no_delegated_prefix(const Noun& noun, const std::string& subject) {
  const bool is_of_addresses = std::find(noun.keys.begin(), noun.keys.end(), Key::Address) != noun.keys.end();
  if (!is_of_addresses || subject.find('/') == std::string::npos || !ip::Prefix::parse(subject).ok()) return {};
  return Error(ErrorCode::InvalidArgument,
               "a reservation of a delegated prefix cannot be made here, only one of an address; make it on the DHCP server, and the next collection "
               "shows it");
}

}  // namespace

Result<int> run_change_add(Session& session, const Noun& noun) {
  IPAM_TRY(check_is_no_delegated_prefix(noun, session.invocation().subject));
  GivenFields given = session.invocation().given;
  given[noun.subject_fields.front()] = session.invocation().subject;
  const auto body = IPAM_TRY(make_body(*noun.add, given, session.host().now()));
  return carry_out(session, {"POST", noun.path, compact_json(body)});
}

Result<int> run_change_edit(Session& session, const Noun& noun) {
  if (session.invocation().given.empty()) return Error(ErrorCode::InvalidArgument, "nothing to change: name at least one field; --help lists them");
  const auto body = IPAM_TRY(make_body(*noun.edit, session.invocation().given, session.host().now()));
  Api* api = IPAM_TRY(session.api());
  const auto item = IPAM_TRY(find_object(*api, noun, session.invocation().subject, session.invocation().query));
  return carry_out(session, {"PATCH", object_path(noun, item), compact_json(body)});
}

Result<int> run_change_delete(Session& session, const Noun& noun) {
  Api* api = IPAM_TRY(session.api());
  const auto item = IPAM_TRY(find_object(*api, noun, session.invocation().subject, session.invocation().query));
  std::string path = object_path(noun, item);
  if (session.invocation().given.contains("ptr")) path += "?ptr=true";
  return carry_out(session, {"DELETE", path, {}});
}

Result<int> run_change_undo(Session& session, const Noun& changes) {
  const std::string& id = session.invocation().subject;
  if (!parse_integer<std::int64_t>(id, 1)) {
    return Error(ErrorCode::InvalidArgument, "'" + shorten(id, 40) + "' is no id of a change; `ipam change list` shows them");
  }
  return carry_out(session, {"POST", changes.path + '/' + id + ":undo", {}});
}

}  // namespace ipam::cli
