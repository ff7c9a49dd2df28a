// Operations on whole subnets: split, merge, resize, plan. Each shows the subnets as they are afterwards; --dry-run is the preview.
#include "base/strings.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/special_verbs.h"
#include "cli/text.h"
#include "contract/subnet_operations.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

Result<int> tell(Session& session, const Noun& subnets, const boost::json::value& json, const std::string& sentence) {
  const auto answer = IPAM_TRY(decode<contract::SubnetsAnswer>(json));
  switch (session.invocation().format) {
    case Format::Table: {
      std::vector<std::string> prefixes;
      for (const contract::Subnet& subnet : answer.subnets) prefixes.push_back(subnet.prefix.to_string());
      session.say(sentence + (prefixes.size() == 1 ? " " + prefixes.front() + "." : ":\n" + join(prefixes, "\n")));
      break;
    }
    case Format::Json:
      if (!session.dry_run()) session.print(pretty_json(json) + '\n');
      break;
    case Format::Csv: {
      ListWriter writer(session, subnets);
      for (const auto& item : json.at("subnets").as_array()) IPAM_TRY(writer.add(item));
      writer.finish({});
      break;
    }
    case Format::Plain:
      for (const contract::Subnet& subnet : answer.subnets) session.print(subnet.prefix.to_string() + '\n');
  }
  return 0;
}

template <class Request>
Result<int> change_one(Session& session, const Noun& subnets, const char* verb, const char* done) {
  const Invocation& asked = session.invocation();
  Api* api = IPAM_TRY(session.api());
  const auto body = IPAM_TRY(make_body(body_of<Request>(), asked.given, session.host().now()));
  const auto subnet = IPAM_TRY(find_object(*api, subnets, asked.subject, asked.query));
  const auto json = IPAM_TRY(api->write("POST", object_path(subnets, subnet) + ":" + verb, compact_json(body)));
  return tell(session, subnets, json, fmt::format("{} subnet {} {}", done, own_name(subnets, subnet), verb == std::string("split") ? "into" : "to"));
}

// "/26=web", "50=desks": a length or a number of hosts, and perhaps a name.
Result<boost::json::object> wanted_subnet(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string size = text.substr(0, equals);
  boost::json::object wanted;
  const bool is_length = size.starts_with('/');
  const auto number = parse_integer<std::uint64_t>(is_length ? size.substr(1) : size);
  if (!number) return Error(ErrorCode::InvalidArgument, "--subnet: '" + shorten(text, 60) + "' is not /LENGTH[=NAME] or HOSTS[=NAME]");
  wanted[is_length ? "length" : "hosts"] = *number;
  if (equals != std::string::npos) wanted["name"] = text.substr(equals + 1);
  return wanted;
}

}  // namespace

Body subnet_split_body() { return body_of<contract::SubnetSplitRequest>(); }
Body subnet_resize_body() { return body_of<contract::SubnetResizeRequest>(); }

Result<int> run_subnet_split(Session& session, const Noun& subnets) {
  return change_one<contract::SubnetSplitRequest>(session, subnets, "split", "Split");
}

Result<int> run_subnet_resize(Session& session, const Noun& subnets) {
  return change_one<contract::SubnetResizeRequest>(session, subnets, "resize", "Resized");
}

Result<int> run_subnet_merge(Session& session, const Noun& subnets) {
  Api* api = IPAM_TRY(session.api());
  boost::json::array ids;
  std::vector<std::string> called;
  for (const std::string& text : session.invocation().conditions) {
    const auto subnet = IPAM_TRY(find_object(*api, subnets, text, session.invocation().query));
    ids.emplace_back(text_field(subnet, "id"));
    called.push_back(own_name(subnets, subnet));
  }
  boost::json::object body;
  body["subnets"] = std::move(ids);
  const auto json = IPAM_TRY(api->write("POST", subnets.path + ":merge", compact_json(body)));
  return tell(session, subnets, json, fmt::format("Merged {} into", join(called, ", ")));
}

Result<int> run_subnet_plan(Session& session, const Noun& subnets, const std::vector<Noun>& nouns) {
  const Invocation& asked = session.invocation();
  Api* api = IPAM_TRY(session.api());
  boost::json::object body;
  for (const auto& [name, value] : asked.query) body[name] = value;  // --space
  body["from"] = IPAM_TRY(place_for_subnets(*api, nouns, asked.subject, asked.query));
  boost::json::array wanted;
  for (const std::string& text : asked.conditions) wanted.push_back(IPAM_TRY(wanted_subnet(text)));
  body["subnets"] = std::move(wanted);
  const auto json = IPAM_TRY(api->write("POST", subnets.path + ":plan", compact_json(body)));
  return tell(session, subnets, json, fmt::format("Planned in {}", asked.subject));
}

}  // namespace ipam::cli
