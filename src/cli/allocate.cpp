#include "base/strings.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/special_verbs.h"
#include "cli/text.h"
#include "contract/allocation.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::cli {
namespace {

const Noun& noun_of(const std::vector<Noun>& nouns, std::string_view name) {
  return *std::find_if(nouns.begin(), nouns.end(), [&](const Noun& noun) { return noun.name == name; });
}

// What the three kinds of allocation differ in.
struct Kind {
  std::string_view noun;
  std::string_view items;  // of the answer
  Body body;
};

Kind kind_of(const Noun& noun) {
  if (noun.name == "subnet") return {"subnet", "subnets", body_of<contract::SubnetAllocateRequest>()};
  if (noun.name == "range") return {"range", "ranges", body_of<contract::RangeAllocateRequest>()};
  return {"address", "addresses", body_of<contract::AllocateRequest>()};
}

// The prefix of the object of this noun, or nothing when there is none.
Result<std::optional<std::string>> find_prefix(Api& api, const Noun& noun, const std::string& text, const Query& qualifiers) {
  const auto found = find_object(api, noun, text, qualifiers);
  if (found.ok()) return std::optional<std::string>(text_field(*found, "prefix"));
  if (found.error().code != ErrorCode::NotFound) return found.error();
  return std::optional<std::string>{};
}

// A prefix and a range are taken as they are, and so is an id where the API knows it; anything else is a name.
Result<std::string> resolve_from(Api& api, const Noun& noun, const std::vector<Noun>& nouns, const std::string& text, const Query& qualifiers) {
  if (noun.name == "subnet") return place_for_subnets(api, nouns, text, qualifiers);
  if (text.find('/') != std::string::npos) return IPAM_TRY(ip::Prefix::parse(text)).to_string();
  if (const auto range = ip::Range::parse(text); range.ok()) return range->to_string();
  if (noun.name == "address") {
    if (parse_integer<std::uint64_t>(text)) return text;
    auto range = find_object(api, noun_of(nouns, "range"), text, qualifiers);
    if (range.ok()) return text_field(*range, "id");
    if (range.error().code != ErrorCode::NotFound) return std::move(range).error();
  }
  if (auto subnet = IPAM_TRY(find_prefix(api, noun_of(nouns, "subnet"), text, qualifiers))) return *std::move(subnet);
  return Error(ErrorCode::NotFound,
               std::string("there is no ") + (noun.name == "address" ? "range and no subnet '" : "subnet '") + shorten(text, 100) + "'");
}

// The places of a request, by whatever name they were given.
Result<void> resolve_places(Api& api, const Noun& noun, const std::vector<Noun>& nouns, const std::string& from, GivenFields& given) {
  Query qualifiers;
  if (const auto space = given.find("space"); space != given.end()) qualifiers.emplace_back("space", space->second);
  given["from"] = IPAM_TRY(resolve_from(api, noun, nouns, from, qualifiers));
  const auto more = given.find("then_from");
  if (more == given.end()) return {};
  std::vector<std::string> places;
  for (const std::string_view place : split(more->second, ',')) {
    places.push_back(IPAM_TRY(resolve_from(api, noun, nouns, std::string(trim(place)), qualifiers)));
  }
  more->second = join(places, ",");
  return {};
}

// What was made on servers, a line each; of a dry run what would be.
std::string servers_told(const boost::json::value& answer) {
  std::string text;
  const auto tell = [&](std::string_view list, std::string_view lines) {
    const auto* found = answer.as_object().if_contains(list);
    if (found == nullptr || !found->is_array()) return;
    for (const auto& server : found->as_array()) {
      for (const auto& line : server.at(lines).as_array()) {
        text += fmt::format("\n{}: {}", text_field(server, "server"), printable(std::string(line.as_string())));
      }
    }
  };
  if (const auto* passed = answer.as_object().if_contains("passed_over"); passed != nullptr && passed->is_array()) {
    for (const auto& each : passed->as_array()) {
      text += fmt::format("\n{} seems to be in use: it {}", text_field(each, "address"), printable(text_field(each, "sign")));
    }
  }
  tell("changes", "what");
  tell("plans", "changes");
  return text;
}

std::string sentence_about(const Noun& noun, const std::vector<std::string>& called, const boost::json::value& answer, const std::string& from) {
  const boost::json::value* as_of = answer.as_object().if_contains("lease_data_as_of");
  std::string text = called.size() == 1 ? "Allocated " + (noun.name == "address" ? std::string() : noun.one + " ") + called.front()
                                        : fmt::format("Allocated {} {}", called.size(), noun.many);
  const auto& items = answer.at(kind_of(noun).items).as_array();
  const std::string name = items.empty() ? std::string() : text_field(items.front(), "name");
  if (!name.empty()) text += (noun.name == "address" ? " for " : " ") + (noun.name == "address" ? name : "'" + name + "'");
  text += " in " + from;
  if (as_of != nullptr && as_of->is_string()) {
    const Time time = parse_time(std::string(as_of->as_string())).value_or(Time{});
    text += ", by leases as of " + format_time(std::chrono::floor<std::chrono::seconds>(time));
  }
  text += called.size() == 1 ? "." : ":\n" + join(called, "\n");
  return text + servers_told(answer);
}

}  // namespace

Result<std::string> place_for_subnets(Api& api, const std::vector<Noun>& nouns, const std::string& text, const Query& qualifiers) {
  if (text.find('/') != std::string::npos) return IPAM_TRY(ip::Prefix::parse(text)).to_string();
  if (parse_integer<std::uint64_t>(text)) return text;
  if (auto block = IPAM_TRY(find_prefix(api, noun_of(nouns, "block"), text, qualifiers))) return *std::move(block);
  return Error(ErrorCode::NotFound, "there is no block '" + shorten(text, 100) + "'");
}

Body allocate_body(const Noun& noun) { return kind_of(noun).body; }

Result<int> run_confirm(Session& session, const Noun& addresses) {
  const Invocation& asked = session.invocation();
  Api* api = IPAM_TRY(session.api());
  const auto body = IPAM_TRY(make_body(*addresses.edit, asked.given, session.host().now()));
  const auto address = IPAM_TRY(find_object(*api, addresses, asked.subject, asked.query));
  const auto json = IPAM_TRY(api->write("POST", object_path(addresses, address) + ":confirm", compact_json(body)));
  print_written(session, addresses, json, "Confirmed " + own_name(addresses, address) + ".");
  return 0;
}

Result<int> run_allocate(Session& session, const Noun& noun, const std::vector<Noun>& nouns) {
  const Invocation& asked = session.invocation();
  const Kind kind = kind_of(noun);
  GivenFields given = asked.given;
  Api* api = IPAM_TRY(session.api());
  IPAM_TRY(resolve_places(*api, noun, nouns, asked.subject, given));
  const auto body = IPAM_TRY(make_body(kind.body, given, session.host().now()));
  const auto json = IPAM_TRY(api->write("POST", noun.path + ":allocate", compact_json(body)));
  const boost::json::value* items = json.is_object() ? json.as_object().if_contains(kind.items) : nullptr;
  if (items == nullptr || !items->is_array()) return Error(ErrorCode::Malformed, "the server's answer names nothing that was allocated");
  std::vector<std::string> called;
  for (const auto& item : items->as_array()) {
    IPAM_TRY(noun.table.row(item));  // what the contract says
    called.push_back(own_name(noun, item));
  }
  switch (asked.format) {
    case Format::Table: session.say(sentence_about(noun, called, json, asked.subject)); break;
    case Format::Json:
      if (!session.dry_run()) session.print(pretty_json(json) + '\n');
      break;
    case Format::Csv: {
      ListWriter writer(session, noun);
      for (const auto& item : items->as_array()) IPAM_TRY(writer.add(item));
      writer.finish({});
      break;
    }
    case Format::Plain:
      for (const std::string& each : called) session.print(each + '\n');
  }
  return 0;
}

}  // namespace ipam::cli
