#include "cli/history_verbs.h"

#include "base/strings.h"
#include "cli/cells.h"
#include "cli/change_lines.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/text.h"
#include "contract/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace ipam::cli {
namespace {

constexpr const char* kAsOf = "as_of";

bool is_planned(const Noun& noun) {
  return noun.name == "space" || noun.name == "block" || noun.name == "subnet" || noun.name == "range" || noun.name == "address";
}

std::string object_type(const Noun& noun) { return noun.name == "space" ? "address_space" : noun.name; }

// As the object is called in the journal; nothing for text that is no place.
std::optional<std::string> place_named(const Noun& noun, const std::string& text) {
  if (noun.own_name.size() == 2) {
    const auto range = ip::Range::parse(text);
    return range.ok() ? std::optional<std::string>(range->to_string()) : std::nullopt;
  }
  if (noun.own_name.front() == "address") {
    const auto address = ip::Address::parse(text);
    return address.ok() ? std::optional<std::string>(address->to_string()) : std::nullopt;
  }
  const auto prefix = ip::Prefix::parse(text);
  return noun.own_name.front() == "prefix" && prefix.ok() ? std::optional<std::string>(prefix->to_string()) : std::nullopt;
}

// The id of what is there, or of what was there last under this name.
Result<std::string> find_id(Session& session, const Noun& noun) {
  Api* api = IPAM_TRY(session.api());
  const std::string& text = session.invocation().subject;
  if (parse_integer<std::uint64_t>(text)) return text;
  const auto found = find_object(*api, noun, text, session.invocation().query);
  if (found.ok()) return text_field(*found, "id");
  if (found.error().code != ErrorCode::NotFound) return found.error();
  const std::string name = place_named(noun, text).value_or(text);
  std::string id;
  IPAM_TRY(api->list("/api/v1/journal", {{"object_type", object_type(noun)}, {"object_name", name}, {"sort", "-sequence"}}, 1,
                     [&](const boost::json::value& change) -> Result<void> {
                       id = text_field(change, "object_id");
                       return {};
                     }));
  if (id.empty()) return found.error();
  return id;
}

Result<int> run_history(Session& session, const Noun& noun) {
  const std::string id = IPAM_TRY(find_id(session, noun));
  Api* api = IPAM_TRY(session.api());
  const bool by_field = session.is(Format::Table) || session.is(Format::Csv);
  const Noun shown = change_line_noun();
  ListWriter writer(session, shown);
  ChangeLines lines(*api);
  const Query query{{"object_type", object_type(noun)}, {"object_id", id}};
  const auto result = IPAM_TRY(api->list(shown.path, query, session.invocation().limit, [&](const boost::json::value& change) -> Result<void> {
    if (!by_field) return writer.add(change);
    for (const auto& line : lines.lines_of(change, session.is(Format::Csv))) IPAM_TRY(writer.add(line));
    return {};
  }));
  writer.finish(result);
  return 0;
}

std::string sentence_of(const contract::UndoneChange& undone) {
  std::string type = undone.object_type;
  std::replace(type.begin(), type.end(), '_', ' ');
  const char* what = undone.kind == contract::ChangeKind::Created   ? "made again"
                     : undone.kind == contract::ChangeKind::Deleted ? "deleted"
                                                                    : "changed back";
  return printable(fmt::format("Undone {}: {} {} is {}.", undone.sequence, type, undone.object_name, what));
}

Result<int> run_undo(Session& session, const Noun& journal) {
  const std::string& sequence = session.invocation().subject;
  if (!parse_integer<std::uint64_t>(sequence, 1)) {
    return Error(ErrorCode::InvalidArgument, "'" + shorten(sequence, 40) + "' is no sequence of a change; `ipam journal list` shows them");
  }
  Api* api = IPAM_TRY(session.api());
  std::string path = journal.path + '/' + sequence + ":undo";
  if (session.invocation().given.contains("whole_request")) path += "?whole_request=true";
  const auto json = IPAM_TRY(api->write("POST", path, {}));
  if (session.dry_run()) return 0;
  if (session.is(Format::Json)) {
    session.print(pretty_json(json) + '\n');
    return 0;
  }
  const auto answer = IPAM_TRY(decode<contract::UndoAnswer>(json));
  if (session.is(Format::Csv)) session.print(csv_record(csv_columns_of<contract::UndoneChange>()));
  for (const auto& item : json.at("undone").as_array()) {
    if (session.is(Format::Plain)) session.print(text_field(item, "sequence") + '\n');
    if (!session.is(Format::Csv)) continue;
    std::vector<std::string> fields;
    for (const std::string& column : csv_columns_of<contract::UndoneChange>()) fields.push_back(csv_value(item, column));
    session.print(printable_lines(csv_record(fields)));
  }
  for (const contract::UndoneChange& undone : answer.undone) session.say(sentence_of(undone));
  return 0;
}

// "operating_system" → "Operating system".
std::string heading_of(const std::string& field) {
  std::string text = field;
  std::replace(text.begin(), text.end(), '_', ' ');
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

// As the views of the present show it; only custom fields are an object.
Cell cell_of(const boost::json::value& item, const std::string& field) {
  const auto* whole = item.if_object();
  const auto* value = whole != nullptr ? whole->if_contains(field) : nullptr;
  if (value == nullptr || !value->is_object()) return cell(csv_value(item, field));
  std::map<std::string, std::string> values;
  for (const auto& entry : value->get_object()) values[std::string(entry.key())] = csv_value(*value, entry.key());
  return cell(values);
}

View view_of_fields(std::vector<std::string> fields) {
  View view;
  for (const std::string& field : fields)
    view.headings.push_back({heading_of(field), Align::Left, view.headings.empty() ? Width::Whole : Width::MayCut});
  view.row = [fields = std::move(fields)](const boost::json::value& item) -> Result<Row> {
    Row row;
    for (const std::string& field : fields) row.push_back(cell_of(item, field));
    return row;
  };
  return view;
}

bool is_known_of_past(const std::string& field) {
  for (const char* unknown : {"subnets", "block_id", "range_id", "overlap", "use_for_utilization", "expiry_status", "duplicate"}) {
    if (field == unknown) return false;
  }
  return !field.starts_with("utilization.") && !field.starts_with("used_");
}

void add_as_of(CLI::App& command, Invocation& invocation, const std::string& help) {
  add_query_option(command, invocation, {"--as-of", "TIME", kAsOf, help});
}

}  // namespace

bool asks_for_past(const Invocation& invocation) {
  return std::any_of(invocation.query.begin(), invocation.query.end(), [](const auto& parameter) { return parameter.first == kAsOf; });
}

Noun past_noun(const Noun& noun) {
  Noun past = noun;
  std::vector<std::string> table = noun.own_name, record;
  for (const char* field : {"name", "state", "owner", "space", "description"}) {
    const bool has = std::find(noun.csv.begin(), noun.csv.end(), field) != noun.csv.end();
    if (has && std::find(table.begin(), table.end(), field) == table.end()) table.emplace_back(field);
  }
  std::copy_if(noun.csv.begin(), noun.csv.end(), std::back_inserter(record), is_known_of_past);
  past.table = view_of_fields(std::move(table));
  past.record = view_of_fields(std::move(record));
  past.details = {};
  return past;
}

Result<boost::json::value> find_past(Session& session, const Noun& noun) {
  Api* api = IPAM_TRY(session.api());
  const std::string& text = session.invocation().subject;
  Query as_of, qualifiers;
  for (const auto& parameter : session.invocation().query) (parameter.first == kAsOf ? as_of : qualifiers).push_back(parameter);
  const auto place = place_named(noun, text);
  if (!place) {
    const auto by_id = parse_integer<std::uint64_t>(text);
    const auto path = by_id ? noun.path + '/' + text : object_path(noun, IPAM_TRY(find_object(*api, noun, text, qualifiers)));
    return api->get(path, as_of);
  }
  Query query = as_of;
  query.insert(query.end(), qualifiers.begin(), qualifiers.end());
  query.emplace_back("within", covering_prefix(IPAM_TRY(ip::Range::parse(*place))).to_string());
  std::vector<boost::json::value> found;
  IPAM_TRY(api->list(noun.path, query, std::nullopt, [&](const boost::json::value& item) -> Result<void> {
    if (own_name(noun, item) == *place) found.push_back(item);
    return {};
  }));
  if (found.size() == 1) return found.front();
  if (found.empty()) return Error(ErrorCode::NotFound, fmt::format("there was no {} '{}' then", noun.one, *place));
  return Error(ErrorCode::InvalidArgument,
               fmt::format("{} {} were called '{}' then; say which by its id or with --space", found.size(), noun.many, *place));
}

void add_history_verbs(CLI::App& noun_app, Invocation& invocation, const Noun& noun) {
  const auto add = [&](const char* name, const VerbHelp& help, const std::string& subject, const std::string& subject_help,
                       Result<int> (*verb)(Session&, const Noun&)) -> CLI::App& {
    CLI::App& command = *noun_app.add_subcommand(name, help.sentence);
    add_help(command, help);
    add_common_options(command, invocation);
    command.add_option(subject, invocation.subject, subject_help)->required()->type_name("");
    command.callback([&invocation, &noun, verb] { invocation.action = [&noun, verb](Session& session) { return verb(session, noun); }; });
    return command;
  };
  if (noun.name == "journal") {
    CLI::App& undo = add("undo",
                         {"Take back a change of the address plan. Refused, with the reason, when something has come of it since.",
                          "ipam journal undo 48213 --whole-request --dry-run", ""},
                         "SEQUENCE", "The change, by its sequence in the journal", run_undo);
    undo.add_flag_function(
        "--whole-request", [&invocation](std::int64_t) { invocation.given["whole_request"] = "true"; },
        "Everything that was changed by the same request, at once");
    add_write_options(undo, invocation);
    add_key_option(undo, invocation);
  }
  if (!is_planned(noun)) return;
  const std::string own = noun.name == "space"     ? "Lab"
                          : noun.name == "range"   ? "10.2.3.10-10.2.3.99"
                          : noun.name == "address" ? "10.2.3.17"
                                                   : "10.2.3.0/24";
  CLI::App& history =
      add("history",
          {fmt::format("Show every change of one {}: when, who, why, and each field before and after; also of one that is gone.", noun.one),
           fmt::format("ipam {} history {}", noun.name, own), "Get-IpamConfigurationEvent"},
          noun.subject, "The " + noun.one, run_history);
  for (const Filter& qualifier : noun.qualifiers) add_query_option(history, invocation, qualifier);
  add_as_of(*noun_app.get_subcommand("show"), invocation, "As it was then: an instant, a date (its beginning in UTC) or a sequence of the journal");
  if (noun.within) {
    add_as_of(*noun_app.get_subcommand("list"), invocation,
              "As they were then: an instant, a date or a sequence; beside it there are WITHIN and --space");
  }
}

}  // namespace ipam::cli
