// The nouns of who is signed in and who was refused: session, lockout, refusal.
#include "cli/security_nouns.h"

#include "cli/cells.h"
#include "contract/security.h"

namespace ipam::cli {
namespace {

Noun session_noun() {
  using T = contract::OpenSession;
  Noun noun{"session", {}, "session", "sessions", "/api/v1/sessions", {"id"}};
  noun.table = view_of(std::vector<Column<T>>{field("Id", &T::id), field("User", &T::user_name), field("From", &T::address),
                                              field("Signed in (UTC)", &T::created_at), field("Last used (UTC)", &T::last_used_at),
                                              field("Ends (UTC)", &T::expires_at)});
  noun.record = noun.table;
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.subject = "ID";
  noun.filters = {{"--user", "NAME", "user", "Only of this user"}};
  noun.list_help = {"List who is signed in: your own sessions, or all for an administrator.", "ipam session list --user alice", ""};
  noun.delete_help = {"End a session at once, wherever it is used.", "ipam session revoke 65541", ""};
  return noun;
}

Noun lockout_noun() {
  using T = contract::Lockout;
  Noun noun{"lockout", {}, "lockout", "lockouts", "/api/v1/lockouts", {"name"}};
  noun.table = view_of(std::vector<Column<T>>{field("Name", &T::name), field("Kind", &T::kind), field("Failures", &T::failures),
                                              field("Last failure (UTC)", &T::last_failure_at), field("Waits until (UTC)", &T::blocked_until)});
  noun.record = noun.table;
  noun.table_sort = "name";
  noun.csv = csv_columns_of<T>();
  noun.keys = {Key::Name};
  noun.name_query = "name";
  noun.subject = "NAME";
  noun.list_help = {"List the user names and client addresses whose sign-ins have failed, and how long they wait.", "ipam lockout list", ""};
  noun.delete_help = {"Forget the failed sign-ins of a user name or a client address.", "ipam lockout lift alice", ""};
  return noun;
}

Noun refusal_noun() {
  using T = contract::Refusal;
  Noun noun{"refusal", {}, "refusal", "refusals", "/api/v1/refusals", {"id"}};
  noun.table = view_of(std::vector<Column<T>>{field("Last (UTC)", &T::last_at), field("Count", &T::count),
                                              computed<T>("Status", [](const T& refusal) { return cell(std::to_string(refusal.status)); }),
                                              field("User", &T::user_name), field("From", &T::address), field("Method", &T::method),
                                              field("Route", &T::route), field("Request", &T::request_id), field("Why", &T::detail)});
  noun.table_sort = "last_at";
  noun.csv = csv_columns_of<T>();
  noun.filters = {{"--user", "NAME", "user_name", "Only of this user"},
                  {"--from", "ADDRESS", "address", "Only from this client address"},
                  {"--status", "CODE", "status", "Only with this answer: 401, 403 or 429"},
                  {"--since", "TIME", "last_at__gte", "Only since this time, such as 2026-11-23T06:00:00Z"}};
  noun.list_help = {"List the requests that were refused: who, from where, for what, how often.", "ipam refusal list --status 403", ""};
  return noun;
}

}  // namespace

RemovalWords removal_words(const Noun& noun) {
  if (noun.name == "session") return {"revoke", "Revoked"};
  if (noun.name == "lockout") return {"lift", "Lifted"};
  return {"delete", "Deleted"};
}

std::vector<Noun> security_nouns() { return {session_noun(), lockout_noun(), refusal_noun()}; }

}  // namespace ipam::cli
