#include "cli/utilization_verbs.h"

#include "base/strings.h"
#include "cli/cells.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/text.h"
#include "cli/verbs.h"
#include "contract/utilization.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::cli {
namespace {

// What the API calls the objects.
std::string measured_type(const Noun& noun) { return noun.name == "scope" ? "dhcp_scope" : noun.name; }

Query object_query(const Session& session, const Noun& noun, const boost::json::value& item) {
  Query query{{"object_type", measured_type(noun)}, {"object_id", text_field(item, "id")}};
  for (const auto& parameter : session.invocation().query) {
    if (parameter.first != "space" && parameter.first != "server") query.push_back(parameter);
  }
  return query;
}

Result<boost::json::value> find_subject(Session& session, const Noun& noun) {
  Query qualifiers;
  for (const auto& parameter : session.invocation().query) {
    if (parameter.first == "space" || parameter.first == "server") qualifiers.push_back(parameter);
  }
  Api* api = IPAM_TRY(session.api());
  return find_object(*api, noun, session.invocation().subject, qualifiers);
}

Cell number_cell(const std::optional<double>& value) {
  return value ? Cell{fmt::format("{:.6g}", *value), Tone::Plain, {}} : Cell{"-", Tone::Faint, {}};
}

Noun periods() {
  using T = contract::UtilizationPeriod;
  Noun noun{"utilization", {}, "period", "periods", "/api/v1/utilization_history", {"from"}};
  const auto number = [](std::string heading, std::optional<double> T::*member) {
    return computed<T>(
        std::move(heading), [member](const T& period) { return number_cell(period.*member); }, Align::Right);
  };
  noun.table = view_of(std::vector<Column<T>>{field("From (UTC)", &T::from),
                                              computed<T>("Utilization",
                                                          [](const T& period) -> Cell {
                                                            if (!period.percent) return {"not measured", Tone::Faint, {}};
                                                            return {{}, Tone::Plain, *period.percent};
                                                          }),
                                              number("Used", &T::used), number("Peak", &T::peak), number("Capacity", &T::capacity),
                                              number("Assigned", &T::assigned), number("Reserved", &T::reserved), number("Leased", &T::leased)});
  noun.csv = csv_columns_of<T>();
  return noun;
}

Result<int> run_trend(Session& session, const Noun& noun) {
  const auto item = IPAM_TRY(find_subject(session, noun));
  Api* api = IPAM_TRY(session.api());
  return print_periods(session, IPAM_TRY(api->get("/api/v1/utilization_history", object_query(session, noun, item))));
}

Result<int> run_forecast(Session& session, const Noun& noun) {
  const auto item = IPAM_TRY(find_subject(session, noun));
  Api* api = IPAM_TRY(session.api());
  const auto json = IPAM_TRY(api->get("/api/v1/utilization_forecast", object_query(session, noun, item)));
  if (session.invocation().format == Format::Json) {
    session.print(pretty_json(json) + '\n');
    return 0;
  }
  const auto forecast = IPAM_TRY(decode<contract::UtilizationForecast>(json));
  session.print(fmt::format("{} {}: {}\n", noun.one, own_name(noun, item), printable(forecast.text)));
  return 0;
}

Noun filling_noun(const Noun& noun) {
  using T = contract::FillingObject;
  Noun filling{noun.name, {}, noun.one, noun.many, "/api/v1/utilization_forecasts", {"name"}};
  filling.table = view_of(std::vector<Column<T>>{field("Name", &T::name), field("Space", &T::space), field("Earliest", &T::earliest),
                                                 field("Expected", &T::expected), field("Latest", &T::latest), field("Full", &T::text)});
  filling.csv = csv_columns_of<T>();
  return filling;
}

Result<int> run_filling(Session& session, const Noun& noun) {
  const Noun filling = filling_noun(noun);
  Query query{{"object_type", measured_type(noun)}};
  query.insert(query.end(), session.invocation().query.begin(), session.invocation().query.end());
  Api* api = IPAM_TRY(session.api());
  ListWriter writer(session, filling);
  writer.finish(IPAM_TRY(api->list(filling.path, query, session.invocation().limit, [&](const auto& item) { return writer.add(item); })));
  return 0;
}

// "400d": of older samples; or a time.
Result<Time> purged_before(Session& session) {
  const std::string& text = session.invocation().given.at("before");
  if (const auto time = parse_time(text); time.ok()) return *time;
  const auto age = parse_duration(text);
  if (age.ok() && *age > Duration::zero()) return std::chrono::floor<std::chrono::seconds>(session.host().now() - *age);
  return Error(ErrorCode::InvalidArgument, "--before: '" + shorten(text, 40) + "' is neither an age, such as 400d, nor a time in RFC 3339");
}

Result<int> run_purge(Session& session) {
  const Time before = IPAM_TRY(purged_before(session));
  const std::string question = fmt::format("Remove what was measured before {} of all objects, for good?", format_time(before));
  if (!session.agrees(question)) return Error(ErrorCode::Cancelled, "nothing was removed");
  Api* api = IPAM_TRY(session.api());
  const boost::json::object body{{"before", format_time(before)}};
  const auto json = IPAM_TRY(api->write("POST", "/api/v1/utilization_history:purge", compact_json(body)));
  if (session.is(Format::Json)) {
    session.print(pretty_json(json) + '\n');
    return 0;
  }
  const auto answer = IPAM_TRY(decode<contract::UtilizationPurgeAnswer>(json));
  session.print(fmt::format("{} measured before {} removed.\n", count_of(answer.removed, "sample"), format_time(before)));
  return 0;
}

bool is_measured(const Noun& noun) { return noun.name == "block" || noun.name == "subnet" || noun.name == "range" || noun.name == "scope"; }

CLI::App& add_measured_verb(CLI::App& noun_app, Invocation& invocation, const Noun& noun, const std::string& name, const VerbHelp& help, Verb verb) {
  CLI::App& command = add_verb(noun_app, invocation, noun, name, help, verb);
  command.add_option(noun.subject, invocation.subject, "The " + noun.one)->required()->type_name("");
  for (const Filter& qualifier : noun.qualifiers) add_query_option(command, invocation, qualifier);
  return command;
}

}  // namespace

Result<int> print_periods(Session& session, const boost::json::value& answer) {
  if (session.is(Format::Json)) {
    session.print(pretty_json(answer) + '\n');
    return 0;
  }
  const Noun lines = periods();
  ListWriter writer(session, lines);
  const auto& list = answer.at("periods").as_array();
  for (const auto& period : list) IPAM_TRY(writer.add(period));
  writer.finish({list.size(), std::nullopt});
  return 0;
}

void add_period_options(CLI::App& command, Invocation& invocation) {
  add_query_option(command, invocation, {"--period", "DURATION", "period", "How far back, such as 7d (30d)"});
  add_query_option(command, invocation, {"--from", "TIME", "from", "From when, in place of --period"});
  add_query_option(command, invocation, {"--until", "TIME", "until", "Until when (now)"});
  add_query_option(command, invocation, {"--buckets", "N", "buckets", "Into how many periods the time is divided (12)"});
}

Result<int> run_measured_list(Session& session, const Noun& noun) {
  const Query& query = session.invocation().query;
  const bool asks_when = std::any_of(query.begin(), query.end(), [](const auto& parameter) { return parameter.first == "full_within"; });
  return asks_when ? run_filling(session, noun) : run_list(session, noun);
}

void add_utilization_options(CLI::App& list, Invocation& invocation, const Noun& noun) {
  if (!is_measured(noun)) return;
  add_query_option(list, invocation,
                   {"--full-within", "DURATION", "full_within", "Only what is full, or more probably than not will be within this time, such as 7d"});
  add_query_option(list, invocation, {"--level", "PERCENT", "level", "For --full-within: how full is full (100)"});
}

void add_utilization_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  if (!is_measured(noun)) return;
  const std::string own = noun.name == "range" ? "Printers" : "10.2.3.0/24";
  const VerbHelp trend{fmt::format("Show how full a {} was over time, as averages of equal periods.", noun.one),
                       fmt::format("ipam {} trend {} --period 90d --buckets 13", noun.name, own), "the utilization trend of the console"};
  CLI::App& showing = add_measured_verb(noun_app, invocation, noun, "trend", trend, run_trend);
  add_period_options(showing, invocation);
  const VerbHelp forecast{fmt::format("Say when a {} will be full, as a range of days that holds the truth with a stated probability.", noun.one),
                          fmt::format("ipam {} forecast {} --level 90", noun.name, own), ""};
  CLI::App& telling = add_measured_verb(noun_app, invocation, noun, "forecast", forecast, run_forecast);
  add_query_option(telling, invocation, {"--level", "PERCENT", "level", "How full is full (100)"});
}

void add_utilization_command(CLI::App& app, Invocation& invocation) {
  CLI::App& utilization = *app.add_subcommand("utilization", "What was measured of all objects together.");
  utilization.require_subcommand(1);
  const VerbHelp help{
      "Remove what was measured long ago. The newest sample before that time stays, because it goes on holding; older ones are thinned out anyway, "
      "to the "
      "peak and the last one of each day.",
      "ipam utilization purge --before 1000d", "Remove-IpamUtilizationData"};
  CLI::App& purge = *utilization.add_subcommand("purge", help.sentence);
  add_help(purge, help);
  add_common_options(purge, invocation);
  purge
      .add_option_function<std::string>(
          "--before", [&invocation](const std::string& text) { invocation.given["before"] = text; }, "An age, such as 400d, or a time")
      ->required()
      ->type_name("TIME");
  add_yes_option(purge, invocation);
  purge.callback([&invocation] { invocation.action = [](Session& session) { return run_purge(session); }; });
}

}  // namespace ipam::cli
