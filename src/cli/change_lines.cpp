#include "cli/change_lines.h"

#include "cli/cells.h"
#include "cli/document.h"

#include <algorithm>
#include <array>

namespace ipam::cli {
namespace {

using boost::json::object;
using boost::json::value;

// What every line of a change has, beside the field.
constexpr const char* kOfChange[] = {"sequence", "at", "actor", "on_behalf_of", "kind", "reason", "change_reference"};

// Fields that hold the id of another object: where that is found, and what it is called there.
struct Reference {
  std::string_view field;
  const char* shown;
  const char* collection;
  const char* name;
};
constexpr std::array<Reference, 7> kReferences{{{"space_id", "space", "address_spaces", "name"},
                                                {"provider_id", "provider", "address_spaces", "name"},
                                                {"subnet_id", "subnet", "subnets", "prefix"},
                                                {"server_id", "server", "servers", "name"},
                                                {"credential_id", "credential", "credentials", "name"},
                                                {"scope_id", "scope", "dhcp_scopes", "prefix"},
                                                {"field_id", "field", "custom_fields", "name"}}};

const Reference* reference_of(std::string_view field) {
  const auto* const found = std::find_if(kReferences.begin(), kReferences.end(), [&](const Reference& each) { return each.field == field; });
  return found == kReferences.end() ? nullptr : found;
}

object line_of(const std::string& field, const object& sides) {
  object line;
  line["field"] = field;
  for (const char* side : {"before", "after"}) line[side] = csv_value(value(sides), side);
  if (sides.contains("changed")) line["after"] = "(changed)";  // of a secret that is all that is known
  return line;
}

const object* fields_of(const value& change) {
  const auto* whole = change.if_object();
  const auto* differences = whole != nullptr ? whole->if_contains("differences") : nullptr;
  const auto* document = differences != nullptr ? differences->if_object() : nullptr;
  const auto* fields = document != nullptr ? document->if_contains("fields") : nullptr;
  return fields != nullptr ? fields->if_object() : nullptr;
}

std::string text_in(const object& sides, const char* side, const std::string& key) {
  const auto* values = sides.if_contains(side);
  return values != nullptr ? csv_value(*values, key) : std::string();
}

}  // namespace

Noun change_line_noun() {
  Noun noun{"history", {}, "change", "changes", "/api/v1/journal", {"sequence"}};
  const auto heading = [](const char* text, Width width = Width::Whole) { return Heading{text, Align::Left, width}; };
  noun.table.headings = {heading("Change"),
                         heading("At (UTC)"),
                         heading("Who"),
                         heading("What"),
                         heading("Field"),
                         heading("Before", Width::MayCut),
                         heading("After", Width::MayCut),
                         heading("Reason", Width::MayCut),
                         heading("Reference", Width::MayCut)};
  noun.table.row = [](const value& line) -> Result<Row> {
    Row row;
    for (const char* name : {"sequence", "at", "actor", "kind", "field", "before", "after", "reason", "change_reference"}) {
      const std::string text = csv_value(line, name);
      const auto at = name == std::string_view("at") ? parse_time(text) : Result<Time>(Error(ErrorCode::InvalidArgument, ""));
      row.push_back(at.ok() ? cell(*at) : cell(text));
    }
    return row;
  };
  noun.csv = {"sequence", "at", "actor", "on_behalf_of", "kind", "field", "before", "after", "reason", "change_reference"};
  return noun;
}

std::vector<value> ChangeLines::lines_of(const value& change, bool repeats) {
  std::vector<object> lines;
  if (const object* fields = fields_of(change)) {
    for (const auto& entry : *fields) {
      const auto* sides = entry.value().if_object();
      if (sides == nullptr) continue;
      if (entry.key() == "custom") {
        add_custom(lines, *sides);
      } else if (reference_of(std::string_view(entry.key().data(), entry.key().size())) != nullptr) {
        add_reference(lines, *sides, std::string(entry.key()));
      } else {
        lines.push_back(line_of(std::string(entry.key()), *sides));
      }
    }
  }
  if (lines.empty()) lines.emplace_back();
  std::vector<value> told;
  for (object& line : lines) {
    for (const char* name : kOfChange) {
      if (repeats || told.empty()) line[name] = csv_value(change, name);
    }
    told.emplace_back(std::move(line));
  }
  return told;
}

void ChangeLines::add_reference(std::vector<object>& lines, const object& sides, const std::string& field) {
  const Reference& reference = *reference_of(field);
  object named = sides;
  for (const char* side : {"before", "after"}) {
    const std::string id = csv_value(value(sides), side);
    if (id.empty() || id == "0") continue;
    const std::string name = csv_value(known(std::string("/api/v1/") + reference.collection + '/' + percent_encoded(id)), reference.name);
    if (!name.empty()) named[side] = name;
  }
  lines.push_back(line_of(reference.shown, named));
}

void ChangeLines::add_custom(std::vector<object>& lines, const object& sides) {
  std::map<std::string, object> by_field;
  for (const char* side : {"before", "after"}) {
    const auto* values = sides.if_contains(side);
    const auto* map = values != nullptr ? values->if_object() : nullptr;
    if (map == nullptr) continue;
    for (const auto& entry : *map) {
      const std::string id(entry.key());
      if (text_in(sides, "before", id) == text_in(sides, "after", id)) continue;
      by_field[id][side] = value_text(id, text_in(sides, side, id));
    }
  }
  for (const auto& [id, both] : by_field) lines.push_back(line_of(field_name(id), both));
}

const value& ChangeLines::known(const std::string& path) {
  const auto [found, fresh] = known_.try_emplace(path);
  if (fresh) {
    if (auto item = api_.get(path); item.ok()) found->second = *std::move(item);
  }
  return found->second;
}

std::string ChangeLines::field_name(const std::string& id) {
  const std::string name = csv_value(known("/api/v1/custom_fields/" + percent_encoded(id)), "name");
  return name.empty() ? "custom field " + id : name;
}

std::string ChangeLines::value_text(const std::string& field, const std::string& text) {
  if (csv_value(known("/api/v1/custom_fields/" + percent_encoded(field)), "kind") != "choice") return text;
  const std::string choice = csv_value(known("/api/v1/custom_field_values/" + percent_encoded(text)), "text");
  return choice.empty() ? text : choice;
}

}  // namespace ipam::cli
