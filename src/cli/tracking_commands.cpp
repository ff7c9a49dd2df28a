// `ipam who` and `ipam track`: who held an address, and when.
#include "base/strings.h"
#include "cli/cells.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/output.h"
#include "cli/text.h"
#include "contract/tracking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace ipam::cli {
namespace {

const Filter kSpace{"--space", "NAME", "space", "The address space (Default)"};
const Filter kPurpose{"--purpose", "TEXT", "purpose", "Why it is asked, such as a ticket: kept with the question"};

// A time, or how long ago: "2h".
Result<Time> instant(const std::string& option, const std::string& text, Time now) {
  if (const auto time = parse_time(text); time.ok()) return *time;
  if (const auto ago = parse_duration(text); ago.ok() && *ago >= Duration::zero()) return std::chrono::floor<std::chrono::seconds>(now - *ago);
  return Error(ErrorCode::InvalidArgument,
               fmt::format("{}: '{}' is neither a time in RFC 3339 nor how long ago it was, such as 2h", option, shorten(text, 40)));
}

Result<void> add_instant(const Session& session, Time now, const char* option, const char* parameter, Query& query) {
  const auto& given = session.invocation().given;
  const auto text = given.find(parameter);
  if (text == given.end()) return {};
  query.emplace_back(parameter, format_time(IPAM_TRY(instant(option, text->second, now))));
  return {};
}

void add_instant_option(CLI::App& command, Invocation& invocation, const char* option, const char* parameter, const char* help) {
  command
      .add_option_function<std::string>(
          option, [&invocation, parameter](const std::string& text) { invocation.given[parameter] = text; }, help)
      ->type_name("TIME");
}

std::string client_text(const contract::AddressHolder& holder) {
  if (holder.hardware_address) return holder.hardware_address->to_string();
  return holder.client_id ? holder.client_id->to_string() : std::string("an unknown client");
}

std::string evidence_line(const contract::LeaseInterval& interval) {
  const std::string end =
      interval.ended_at ? fmt::format("to {} ({})", cell(*interval.ended_at).text, cell(interval.ending).text) : std::string("on, no end is known");
  return fmt::format("  {} leased it from {} {}; last renewed {}, then given until {}", interval.server, cell(interval.began_at).text, end,
                     cell(interval.renewed_at).text, cell(interval.expires_at).text);
}

std::string who_text(const contract::WhoAnswer& answer) {
  std::string text = fmt::format("{} in {} at {} (UTC)\n", answer.address.to_string(), answer.space, cell(answer.at).text);
  if (answer.holders.empty()) text += "No lease is known that covers it.\n";
  if (answer.holders.size() > 1) text += fmt::format("{} clients may have held it:\n", answer.holders.size());
  for (const contract::AddressHolder& holder : answer.holders) {
    text += fmt::format("{}{}: {}{}\n", client_text(holder), holder.hostname.empty() ? "" : ", " + holder.hostname, cell(holder.certainty).text,
                        holder.reason.empty() ? "" : ": " + holder.reason);
    for (const contract::LeaseInterval& interval : holder.evidence) text += evidence_line(interval) + '\n';
  }
  if (answer.plan) {
    const contract::PlannedThen& plan = *answer.plan;
    text += fmt::format("The plan had it as {} ({}{}{})\n", plan.name.empty() ? "an address without a name" : plan.name, cell(plan.state).text,
                        plan.owner.empty() ? "" : ", owner " + plan.owner, plan.description.empty() ? "" : ", " + plan.description);
  }
  for (const contract::TrackingSource& source : answer.sources) {
    text += source.complete_until ? fmt::format("Leases of {} are known up to {}\n", source.server, cell(*source.complete_until).text)
                                  : fmt::format("Leases of {} were never read\n", source.server);
  }
  return printable_lines(text);
}

Noun interval_noun() {
  using T = contract::LeaseInterval;
  Noun noun{"track", {}, "lease", "leases", "/api/v1/lease_intervals", {"address"}};
  noun.table = view_of(std::vector<Column<T>>{field("Address", &T::address), field("Client", &T::hardware_address), field("Host name", &T::hostname),
                                              field("From (UTC)", &T::began_at), field("To (UTC)", &T::ended_at), field("Ended", &T::ending),
                                              field("Renewed (UTC)", &T::renewed_at), field("Until (UTC)", &T::expires_at),
                                              field("Server", &T::server), field("Space", &T::space)});
  noun.csv = csv_columns_of<T>();
  return noun;
}

Result<int> run_who(Session& session) {
  Query query{{"address", session.invocation().subject}};
  IPAM_TRY(add_instant(session, session.host().now(), "--at", "at", query));
  query.insert(query.end(), session.invocation().query.begin(), session.invocation().query.end());
  const auto json = IPAM_TRY(IPAM_TRY(session.api())->get("/api/v1/who", query));
  if (session.is(Format::Json)) {
    session.print(pretty_json(json) + '\n');
    return 0;
  }
  const auto answer = IPAM_TRY(decode<contract::WhoAnswer>(json));
  if (session.is(Format::Table)) {
    session.print(who_text(answer));
    return 0;
  }
  const Noun noun = interval_noun();
  ListWriter writer(session, noun);
  std::size_t count = 0;
  for (const auto& holder : json.at("holders").as_array()) {
    for (const auto& interval : holder.at("evidence").as_array()) IPAM_TRY(writer.add(interval)), ++count;
  }
  writer.finish({count, std::nullopt});
  return 0;
}

// A prefix or address, a MAC, client id or DUID, or a host name with * at its end.
std::pair<std::string, std::string> subject_parameter(const std::string& text) {
  if (ip::Address::parse(text).ok()) return {"address", text};
  if (ip::Prefix::parse(text).ok()) return {"within", text};
  // A host name may be of hexadecimal digits too, but is not that long.
  constexpr std::ptrdiff_t kMacDigits = 12;
  const auto digits = std::count_if(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (digits >= kMacDigits && (ip::HardwareAddress::parse(text).ok() || ip::ClientId::parse(text).ok())) return {"client", text};
  if (text.ends_with('*')) return {"hostname__startswith", text.substr(0, text.size() - 1)};
  return {"hostname", text};
}

Result<int> run_track(Session& session) {
  Query query{subject_parameter(session.invocation().subject)};
  const Time now = session.host().now();
  IPAM_TRY(add_instant(session, now, "--from", "from", query));
  IPAM_TRY(add_instant(session, now, "--until", "until", query));
  query.insert(query.end(), session.invocation().query.begin(), session.invocation().query.end());
  const Noun noun = interval_noun();
  Api* api = IPAM_TRY(session.api());
  ListWriter writer(session, noun);
  writer.finish(IPAM_TRY(api->list(noun.path, query, session.invocation().limit, [&](const auto& item) { return writer.add(item); })));
  return 0;
}

}  // namespace

void add_tracking_commands(CLI::App& app, Invocation& invocation) {
  const VerbHelp who{
      "Say who held an address at an instant: by the leases that DHCP servers told, with the evidence and how sure it is, and by the plan as it was. "
      "The question is recorded.",
      "ipam who 10.1.2.34 --at 2026-11-27T13:23:00Z --purpose 'Case 4711'", "the IP address tracking of the console"};
  CLI::App& asking = *app.add_subcommand("who", who.sentence);
  add_help(asking, who);
  add_common_options(asking, invocation);
  asking.add_option("ADDRESS", invocation.subject, "The address")->required()->type_name("");
  add_instant_option(asking, invocation, "--at", "at", "When: a time in RFC 3339, or how long ago, such as 2h (now)");
  add_query_option(asking, invocation, kSpace);
  add_query_option(asking, invocation, kPurpose);
  asking.callback([&invocation] { invocation.action = run_who; });

  const VerbHelp track{"List which client held which address from when until when. The question is recorded.",
                       "ipam track 02:00:5e:10:00:01 --from 30d --purpose 'Case 4711'", "Get-IpamIpAddressAuditEvent"};
  CLI::App& listing = *app.add_subcommand("track", track.sentence);
  add_help(listing, track);
  add_common_options(listing, invocation);
  listing
      .add_option("SUBJECT", invocation.subject, "An address, a prefix, a MAC, a client id or DUID, or a host name ('laptop*': all that begin so)")
      ->required()
      ->type_name("");
  add_instant_option(listing, invocation, "--from", "from", "Only what held since then: a time, or how long ago, such as 30d");
  add_instant_option(listing, invocation, "--until", "until", "Only what began until then");
  add_query_option(listing, invocation, kSpace);
  add_query_option(listing, invocation, kPurpose);
  add_limit_option(listing, invocation, "Stop after so many; otherwise all are listed");
  listing.callback([&invocation] { invocation.action = run_track; });
}

std::vector<Noun> tracking_nouns() {
  using T = contract::TrackingQuery;
  Noun noun{"tracking-query", {}, "tracking query", "tracking queries", "/api/v1/tracking_queries", {"id"}};
  noun.table = view_of(std::vector<Column<T>>{field("At (UTC)", &T::at), field("Who", &T::user_name), field("Question", &T::question),
                                              field("Purpose", &T::purpose), field("Answers", &T::answers)});
  noun.csv = csv_columns_of<T>();
  noun.table_sort = "-at";
  noun.list_help = {"List who asked who held an address, and why.", "ipam tracking-query list --filter user_name=alice", ""};
  return {noun};
}

}  // namespace ipam::cli
