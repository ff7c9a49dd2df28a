#include "base/strings.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/restore_plan.h"
#include "cli/special_verbs.h"
#include "contract/backup.h"
#include "contract/server_config.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

constexpr Duration kPause = std::chrono::milliseconds(300);

std::string backup_path(const Noun& backups, Session& session) { return backups.path + '/' + percent_encoded(session.invocation().subject); }

Result<contract::RestorePlan> ask_for_plan(Session& session, const std::string& path) {
  Api* api = IPAM_TRY(session.api());
  auto answer = IPAM_TRY(api->write("POST", path + ":restore" + (session.dry_run() ? "" : "?dry_run=true"), {}));
  // In a dry run the session has taken the result out of it already.
  if (session.dry_run()) return decode<contract::RestorePlan>(answer);
  auto plan = restore_plan_in(answer);
  if (!plan) return Error(ErrorCode::Malformed, "the server's answer is not that of a dry run");
  return *std::move(plan);
}

// When the server that answers now began to serve.
Result<Time> started_at(Api& api) { return IPAM_TRY(decode<contract::ServerConfig>(IPAM_TRY(api.get("/api/v1/server_config")))).started_at; }

Result<std::optional<contract::Restoration>> newest_restoration(Api& api) {
  const auto page = IPAM_TRY(decode<contract::List<contract::Restoration>>(IPAM_TRY(api.get("/api/v1/restorations", {{"limit", "1"}}))));
  if (page.items.empty()) return std::optional<contract::Restoration>{};
  return std::optional<contract::Restoration>(page.items.front());
}

// Until another server answers than the one that began then.
Result<void> wait_for_restart(Session& session, Time before) {
  const Duration timeout = IPAM_TRY(parse_duration(session.invocation().timeout));
  Api* api = IPAM_TRY(session.api());
  ProgressLine progress(session);
  const Time begin = session.host().now();
  while (true) {
    const auto now = started_at(*api);
    if (now.ok() && *now != before) return {};
    const bool away = !now.ok() && now.error().code != ErrorCode::Unavailable && now.error().code != ErrorCode::DeadlineExceeded;
    if (away) return now.error();
    const Duration elapsed = session.host().now() - begin;
    if (elapsed >= timeout) {
      return Error(ErrorCode::DeadlineExceeded, fmt::format("the server does not answer after {}; its log tells how far it is, and `ipam restoration "
                                                            "list` what came of it",
                                                            format_duration(timeout)));
    }
    progress.show("the restore", elapsed);
    session.host().pause(kPause);
  }
}

const Noun& noun_named(const std::vector<Noun>& nouns, std::string_view name) {
  return *std::find_if(nouns.begin(), nouns.end(), [&](const Noun& noun) { return noun.name == name; });
}

}  // namespace

Result<int> run_backup_create(Session& session, const Noun& backups) {
  const auto body = IPAM_TRY(make_body(*backups.add, session.invocation().given, session.host().now()));
  const auto started = IPAM_TRY(IPAM_TRY(session.api())->write("POST", backups.path, compact_json(body)));
  return follow_operation(session, started);
}

Result<int> run_backup_verify(Session& session, const Noun& backups) {
  const auto started = IPAM_TRY(IPAM_TRY(session.api())->write("POST", backup_path(backups, session) + ":verify", {}));
  return follow_operation(session, started);
}

Result<int> run_backup_restore(Session& session, const Noun& backups) {
  const std::string path = backup_path(backups, session);
  const auto plan = IPAM_TRY(ask_for_plan(session, path));
  if (session.dry_run()) return plan.obstacle.empty() ? 0 : 1;
  session.note(printable_lines(restore_plan_text(plan)));
  if (!plan.obstacle.empty()) return Error(ErrorCode::FailedPrecondition, plan.obstacle);
  if (!session.agrees("Restore it?")) return Error(ErrorCode::Cancelled, "nothing was restored");
  Api* api = IPAM_TRY(session.api());
  const Time before = IPAM_TRY(started_at(*api));
  const auto last = IPAM_TRY(newest_restoration(*api));
  IPAM_TRY(api->write("POST", path + ":restore", {}));
  IPAM_TRY(wait_for_restart(session, before));
  const auto made = IPAM_TRY(newest_restoration(*api));
  if (!made || (last && made->id == last->id)) {
    return Error(ErrorCode::FailedPrecondition,
                 "the backup could not be restored and the database is as it was; the server's log says why (IPAM-5208)");
  }
  session.say(fmt::format("Restored. Changes that are lost: {}; `ipam lost-change list --restoration {}` shows them.", made->lost_records,
                          made->id.to_string()));
  const std::vector<Noun> nouns = backup_nouns();
  IPAM_TRY(print_record(session, noun_named(nouns, "restoration"), IPAM_TRY(api->get("/api/v1/restorations/" + made->id.to_string()))));
  return 0;
}

}  // namespace ipam::cli
