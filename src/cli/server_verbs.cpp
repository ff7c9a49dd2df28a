#include "base/strings.h"
#include "cli/document.h"
#include "cli/lookup.h"
#include "cli/output.h"
#include "cli/special_verbs.h"
#include "cli/status_cells.h"
#include "cli/text.h"
#include "cli/verbs.h"
#include "contract/server.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

int exit_status_of(contract::Availability availability) {
  switch (availability) {
    case contract::Availability::Reachable: return 0;
    case contract::Availability::AccessDenied: return error_code_row(ErrorCode::PermissionDenied).exit_status;
    case contract::Availability::Faulty: return error_code_row(ErrorCode::Malformed).exit_status;
    default: return error_code_row(ErrorCode::Unavailable).exit_status;
  }
}

std::string found_text(const std::string& name, const contract::VerifyAnswer& answer, const Style& style) {
  const contract::ServerStatus& status = answer.status;
  const Cell shown = availability_cell(status.availability);
  std::string text = printable(name) + " is " + coloured(shown.text, shown.tone, style);
  if (!status.version.empty()) text += ", version " + printable(status.version);
  std::string problem = status.problem;
  if (problem.starts_with(name + ": ")) problem.erase(0, name.size() + 2);
  if (!problem.empty()) text += ": " + printable(problem);
  text += '\n';
  if (!status.capabilities.empty()) text += "  It can: " + printable(join(status.capabilities, ", ")) + '\n';
  for (const std::string& finding : answer.findings) text += "  " + coloured("!", Tone::Warning, style) + ' ' + printable(finding) + '\n';
  return text;
}

Result<boost::json::value> verify(Session& session, const Noun& servers, const boost::json::value& server) {
  return IPAM_TRY(session.api())->write("POST", object_path(servers, server) + ":verify", {});
}

}  // namespace

Result<int> run_server_add(Session& session, const Noun& servers) {
  const auto server = IPAM_TRY(add_object(session, servers));
  print_written(session, servers, server, fmt::format("Added {}.", call_it(servers, server)));
  if (session.invocation().verification == Verification::Skip || session.dry_run()) return 0;
  const auto answer = IPAM_TRY(decode<contract::VerifyAnswer>(IPAM_TRY(verify(session, servers, server))));
  const bool looked_at = session.is(Format::Table);
  const std::string text = found_text(own_name(servers, server), answer, looked_at ? session.style() : Style{});
  if (looked_at) session.print(text);
  if (!looked_at && answer.status.availability != contract::Availability::Reachable) session.note(text);
  return exit_status_of(answer.status.availability);
}

Result<int> run_server_verify(Session& session, const Noun& servers) {
  Api* api = IPAM_TRY(session.api());
  const auto server = IPAM_TRY(find_object(*api, servers, session.invocation().subject, {}));
  const auto json = IPAM_TRY(verify(session, servers, server));
  const auto answer = IPAM_TRY(decode<contract::VerifyAnswer>(json));
  switch (session.invocation().format) {
    case Format::Json: session.print(pretty_json(json) + '\n'); break;
    case Format::Csv:
      session.print(csv_record({"name", "availability", "version", "problem"}));
      session.print(csv_record(
          {own_name(servers, server), csv_value(json, "status.availability"), csv_value(json, "status.version"), csv_value(json, "status.problem")}));
      break;
    case Format::Plain: session.print(printable(csv_value(json, "status.availability")) + '\n'); break;
    case Format::Table: session.print(found_text(own_name(servers, server), answer, session.style()));
  }
  return exit_status_of(answer.status.availability);
}

}  // namespace ipam::cli
