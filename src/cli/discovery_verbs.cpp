#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/secrets.h"
#include "cli/special_verbs.h"
#include "contract/discovery.h"

#include <fmt/format.h>

namespace ipam::cli {

Body accept_body() { return body_of<contract::DiscoveredServerAccept>(); }

Result<int> run_accept(Session& session, const Noun& found) {
  GivenFields given = session.invocation().given;
  if (given.contains("user_name") || given.contains("password")) {
    given["password"] = IPAM_TRY(get_secret(session.host(), given["password"], "Password", "--password-file", Repeat::Twice)).reveal();
  }
  const auto body = IPAM_TRY(make_body(accept_body(), given, session.host().now()));
  Api* api = IPAM_TRY(session.api());
  const auto item = IPAM_TRY(find_object(*api, found, session.invocation().subject, session.invocation().query));
  const auto made = IPAM_TRY(api->write("POST", object_path(found, item) + ":accept", compact_json(body)));
  print_written(
      session, found, made,
      fmt::format("{} is now the managed server {}; \"ipam server verify {}\" signs in to it.", own_name(found, made), given["name"], given["name"]));
  return 0;
}

}  // namespace ipam::cli
