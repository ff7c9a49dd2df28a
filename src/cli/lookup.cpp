#include "cli/lookup.h"

#include "base/strings.h"
#include "cli/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::cli {
namespace {

constexpr std::uint64_t kMostMatches = 20;

struct Search {
  Query query;
  std::vector<std::pair<std::string, std::string>> equal;  // fields that must have these values
};

bool has(const Noun& noun, Key key) { return std::find(noun.keys.begin(), noun.keys.end(), key) != noun.keys.end(); }

bool matches(const boost::json::value& item, const Search& search) {
  return std::all_of(search.equal.begin(), search.equal.end(),
                     [&](const auto& field) { return equals_ignoring_case(text_field(item, field.first), field.second); });
}

// What to ask for, by what the text looks like.
Result<Search> search_for(const Noun& noun, const std::string& text) {
  if (has(noun, Key::Prefix) && text.find('/') != std::string::npos) {
    const auto prefix = IPAM_TRY(ip::Prefix::parse(text)).to_string();
    return Search{{{noun.prefix_query, prefix}}, {{"prefix", prefix}}};
  }
  if (has(noun, Key::Range)) {
    if (const auto range = ip::Range::parse(text); range.ok()) {
      return Search{{{"within", covering_prefix(*range).to_string()}}, {{"first", range->first().to_string()}, {"last", range->last().to_string()}}};
    }
  }
  if (has(noun, Key::Address)) {
    if (const auto address = ip::Address::parse(text); address.ok()) {
      return Search{{{"address", address->to_string()}}, {{"address", address->to_string()}}};
    }
  }
  // The field that the query is about: "name" of "name__contains".
  Search search{{}, {{noun.name_query.empty() ? "name" : noun.name_query.substr(0, noun.name_query.find("__")), text}}};
  if (!noun.name_query.empty()) search.query.emplace_back(noun.name_query, text);
  return search;
}

std::string describe(const Noun& noun, const boost::json::value& item) {
  std::string line = fmt::format("\n  id {}: {}", text_field(item, "id"), own_name(noun, item));
  for (const char* field : {"name", "space", "server"}) {
    const std::string value = text_field(item, field);
    if (!value.empty() && value != own_name(noun, item)) line += fmt::format(", {} {}", field, value);
  }
  return line;
}

}  // namespace

ip::Prefix covering_prefix(const ip::Range& range) {
  int length = ip::bit_count(range.family());
  while (length > 0 && !ip::Prefix::containing(range.first(), length).contains(range.last())) --length;
  return ip::Prefix::containing(range.first(), length);
}

std::string object_path(const Noun& noun, const boost::json::value& item) {
  const std::string id = text_field(item, "id");
  return noun.path + '/' + percent_encoded(id.empty() ? text_field(item, "name") : id);
}

Result<boost::json::value> find_object(Api& api, const Noun& noun, const std::string& text, const Query& qualifiers) {
  const bool by_path = noun.keys.empty();  // tasks: the name is the path
  if (by_path) return api.get(noun.path + '/' + percent_encoded(text));
  const bool by_id = parse_integer<std::uint64_t>(text).has_value();
  if (by_id) {
    auto item = api.get(noun.path + '/' + text);
    if (item.ok() || item.error().code != ErrorCode::NotFound) return item;
  }
  Search search = IPAM_TRY(search_for(noun, text));
  search.query.insert(search.query.end(), qualifiers.begin(), qualifiers.end());
  std::vector<boost::json::value> found;
  const auto take = [&](const boost::json::value& item) -> Result<void> {
    if (matches(item, search) && found.size() < kMostMatches) found.push_back(item);
    return {};
  };
  IPAM_TRY(api.list(noun.path, search.query, std::nullopt, take));
  if (found.size() == 1) return found.front();
  if (found.empty()) return Error(ErrorCode::NotFound, fmt::format("there is no {} '{}'", noun.one, shorten(text, 100)));
  std::string message = fmt::format("{} {} are called '{}'; say which by its id", found.size(), noun.many, shorten(text, 100));
  for (const Filter& qualifier : noun.qualifiers) message += " or with " + qualifier.flags;
  for (const auto& item : found) message += describe(noun, item);
  return Error(ErrorCode::InvalidArgument, message);
}

}  // namespace ipam::cli
