#include "base/strings.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/special_verbs.h"
#include "cli/text.h"
#include "contract/address_plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::cli {
namespace {

const Noun& noun_of(const std::vector<Noun>& nouns, std::string_view name) {
  return *std::find_if(nouns.begin(), nouns.end(), [&](const Noun& noun) { return noun.name == name; });
}

// A prefix, a range and an id are taken as they are; anything else is the name of a range or else of a subnet.
Result<std::string> resolve_from(Api& api, const std::vector<Noun>& nouns, const std::string& text, const Query& qualifiers) {
  if (text.find('/') != std::string::npos) return IPAM_TRY(ip::Prefix::parse(text)).to_string();
  if (const auto range = ip::Range::parse(text); range.ok()) return range->to_string();
  if (parse_integer<std::uint64_t>(text)) return text;
  auto range = find_object(api, noun_of(nouns, "range"), text, qualifiers);
  if (range.ok()) return text_field(*range, "id");
  if (range.error().code != ErrorCode::NotFound) return std::move(range).error();
  const auto subnet = find_object(api, noun_of(nouns, "subnet"), text, qualifiers);
  if (subnet.ok()) return text_field(*subnet, "prefix");
  if (subnet.error().code != ErrorCode::NotFound) return subnet.error();
  return Error(ErrorCode::NotFound, "there is no range and no subnet '" + shorten(text, 100) + "'");
}

std::string sentence_about(const contract::AllocateAnswer& answer, const std::string& from) {
  std::vector<std::string> addresses;
  for (const auto& address : answer.addresses) addresses.push_back(address.address.to_string());
  const std::string name = answer.addresses.empty() ? std::string() : answer.addresses.front().name;
  std::string text = addresses.size() == 1 ? "Allocated " + addresses.front() : fmt::format("Allocated {} addresses", addresses.size());
  if (!name.empty()) text += " for " + name;
  text += " in " + from;
  if (answer.lease_data_as_of) text += ", by leases as of " + format_time(std::chrono::floor<std::chrono::seconds>(*answer.lease_data_as_of));
  text += addresses.size() == 1 ? "." : ":";
  if (addresses.size() != 1) text += "\n" + join(addresses, "\n");
  return text;
}

}  // namespace

Body allocate_body() { return body_of<contract::AllocateRequest>(); }

Result<int> run_allocate(Session& session, const std::vector<Noun>& nouns) {
  const Invocation& asked = session.invocation();
  GivenFields given = asked.given;
  Query qualifiers;
  if (const auto space = given.find("space"); space != given.end()) qualifiers.emplace_back("space", space->second);
  Api* api = IPAM_TRY(session.api());
  given["from"] = IPAM_TRY(resolve_from(*api, nouns, asked.subject, qualifiers));
  const auto body = IPAM_TRY(make_body(allocate_body(), given, session.host().now()));
  const auto json = IPAM_TRY(api->write("POST", "/api/v1/addresses:allocate", compact_json(body)));
  const auto answer = IPAM_TRY(decode<contract::AllocateAnswer>(json));
  switch (asked.format) {
    case Format::Table: session.say(sentence_about(answer, asked.subject)); break;
    case Format::Json:
      if (!session.dry_run()) session.print(pretty_json(json) + '\n');
      break;
    case Format::Csv: {
      ListWriter writer(session, noun_of(nouns, "address"));
      for (const auto& item : json.at("addresses").as_array()) IPAM_TRY(writer.add(item));
      writer.finish({});
      break;
    }
    case Format::Plain:
      for (const auto& address : answer.addresses) session.print(address.address.to_string() + '\n');
  }
  return 0;
}

}  // namespace ipam::cli
