#include "cli/verbs.h"

#include "base/strings.h"
#include "cli/document.h"
#include "cli/history_verbs.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/secrets.h"
#include "cli/security_nouns.h"
#include "cli/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace ipam::cli {
namespace {

Result<Query> list_query(const Session& session, const Noun& noun) {
  const Invocation& asked = session.invocation();
  Query query = asked.query;
  if (noun.within && !asked.subject.empty()) {
    const ip::Range range = IPAM_TRY(ip::Range::parse(asked.subject));
    const ip::Prefix prefix = covering_prefix(range);
    if (range != ip::Range(prefix))
      return Error(ErrorCode::InvalidArgument, "'" + shorten(asked.subject, 100) + "' is not a prefix such as " + prefix.to_string());
    query.emplace_back("within", prefix.to_string());
  }
  for (const std::string& condition : asked.conditions) {
    const auto equals = condition.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error(ErrorCode::InvalidArgument, "--filter takes FIELD=VALUE, such as name__startswith=app; not '" + shorten(condition, 60) + "'");
    }
    query.emplace_back(condition.substr(0, equals), condition.substr(equals + 1));
  }
  const bool for_people = asked.format == Format::Table && !asks_for_past(asked);
  const std::string& sort = asked.sort.empty() && for_people ? noun.table_sort : asked.sort;
  if (!sort.empty()) query.emplace_back("sort", sort);
  // A query may ask for what is not counted.
  const bool asks = std::any_of(query.begin(), query.end(), [](const auto& parameter) { return parameter.first == "query"; });
  if (for_people && !asks) query.emplace_back("count", "exact");
  return query;
}

// The argument of `add` as the fields that it stands for.
Result<void> give_subject(const Noun& noun, const std::string& subject, GivenFields& given) {
  if (noun.subject_fields.size() == 2) {
    const ip::Range range = IPAM_TRY(ip::Range::parse(subject));
    given[noun.subject_fields[0]] = range.first().to_string();
    given[noun.subject_fields[1]] = range.last().to_string();
  } else if (!noun.subject_fields.empty()) {
    const std::string& field = noun.subject_fields.front();
    // Said here, because the message of the type says more than one about a field would.
    if (field == "prefix") IPAM_TRY(ip::Prefix::parse(subject));
    if (field == "address") IPAM_TRY(ip::Address::parse(subject));
    given[field] = subject;
  }
  return {};
}

// Puts secrets themselves in the place of the files that were named; asks for those that are needed.
Result<void> give_secrets(Session& session, const Body& body, GivenFields& given) {
  for (const Field& field : body.fields) {
    if (field.kind != FieldKind::Secret) continue;
    const bool wanted = given.contains(field.name) || field.required || (field.name == "password" && given.contains("user_name"));
    if (!wanted) continue;
    const std::string flag = field_option(field).flags;
    const std::string prompt = field.name == "password" ? "Password" : "Secret";
    given[field.name] = IPAM_TRY(get_secret(session.host(), given[field.name], prompt, flag, Repeat::Twice)).reveal();
  }
  return {};
}

Result<boost::json::object> request_body(Session& session, const Body& body, GivenFields given) {
  IPAM_TRY(give_secrets(session, body, given));
  // Who names a certificate means to trust it.
  if (given.contains("tls_fingerprint") && !given.contains("tls_trust"))
    given["tls_trust"] = given["tls_fingerprint"].empty() ? "system_authorities" : "fingerprint";
  return make_body(body, given, session.host().now());
}

Result<boost::json::value> find_subject(Session& session, const Noun& noun) {
  Api* api = IPAM_TRY(session.api());
  return find_object(*api, noun, session.invocation().subject, session.invocation().query);
}

}  // namespace

std::string call_it(const Noun& noun, const boost::json::value& item) {
  const std::string own = own_name(noun, item);
  const std::string name = text_field(item, "name");
  std::string text = noun.one + ' ' + own;
  if (!name.empty() && name != own) text += fmt::format(" '{}'", name);
  return printable(text);
}

Result<int> run_list(Session& session, const Noun& noun) {
  const Query query = IPAM_TRY(list_query(session, noun));
  Api* api = IPAM_TRY(session.api());
  const Noun shown = asks_for_past(session.invocation()) ? past_noun(noun) : noun;
  ListWriter writer(session, shown);
  const auto result = IPAM_TRY(api->list(noun.path, query, session.invocation().limit, [&](const auto& item) { return writer.add(item); }));
  writer.finish(result);
  return 0;
}

Result<int> run_show(Session& session, const Noun& noun) {
  if (asks_for_past(session.invocation())) {
    const auto past = IPAM_TRY(find_past(session, noun));
    IPAM_TRY(print_record(session, past_noun(noun), past));
    return 0;
  }
  boost::json::value item = IPAM_TRY(find_subject(session, noun));
  if (!noun.keys.empty()) item = IPAM_TRY(IPAM_TRY(session.api())->get(object_path(noun, item)));  // lists may tell less than the object itself
  IPAM_TRY(print_record(session, noun, item));
  return 0;
}

Result<boost::json::value> add_object(Session& session, const Noun& noun) {
  GivenFields given = session.invocation().given;
  IPAM_TRY(give_subject(noun, session.invocation().subject, given));
  const auto body = IPAM_TRY(request_body(session, *noun.add, std::move(given)));
  return IPAM_TRY(session.api())->write("POST", noun.path, compact_json(body));
}

Result<int> run_add(Session& session, const Noun& noun) {
  const auto item = IPAM_TRY(add_object(session, noun));
  print_written(session, noun, item, fmt::format("Added {}.", call_it(noun, item)));
  return 0;
}

Result<int> run_edit(Session& session, const Noun& noun) {
  if (session.invocation().given.empty()) return Error(ErrorCode::InvalidArgument, "nothing to change: name at least one field; --help lists them");
  const auto body = IPAM_TRY(request_body(session, *noun.edit, session.invocation().given));
  const auto found = IPAM_TRY(find_subject(session, noun));
  const auto item = IPAM_TRY(IPAM_TRY(session.api())->write("PATCH", object_path(noun, found), compact_json(body)));
  print_written(session, noun, item, fmt::format("Changed {}.", call_it(noun, item)));
  return 0;
}

Result<int> run_delete(Session& session, const Noun& noun) {
  const auto item = IPAM_TRY(find_subject(session, noun));
  const RemovalWords words = removal_words(noun);
  std::string verb = words.verb;
  verb.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(verb.front())));
  if (!session.agrees(fmt::format("{} {}?", verb, call_it(noun, item)))) return Error(ErrorCode::Cancelled, "nothing was deleted");
  const bool at_once = session.invocation().given.contains("force");
  IPAM_TRY(IPAM_TRY(session.api())->write("DELETE", object_path(noun, item) + (at_once ? "?force=true" : ""), {}));
  session.say(fmt::format("{} {}.", words.done, call_it(noun, item)));
  return 0;
}

}  // namespace ipam::cli
