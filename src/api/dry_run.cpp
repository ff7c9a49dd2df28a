#include "api/dry_run.h"

#include "api/convert.h"
#include "contract/exchange.h"

#include <fmt/format.h>

namespace ipam::api {

Result<bool> asks_for_dry_run(const Route& route, const wire::http1::Query& query) {
  // A list has parameters of its own and says itself that it does not know this one.
  if (route.method == "GET") return false;
  const auto value = query.find("dry_run");
  if (!value || *value == "false") return false;
  if (*value != "true") return Error::field("/dry_run", "must be true or false");
  if (route.options.dry_run == DryRun::Refused) {
    return Error(ErrorCode::Unsupported, fmt::format("{} {} cannot be tried without being done; nothing was changed", route.method, route.path));
  }
  return true;
}

Reply dry_run_reply(const Reply& reply, const std::vector<model::JournalRecord>& would_be) {
  contract::DryRunAnswer answer;
  answer.status = reply.status;
  for (const model::JournalRecord& record : would_be) answer.changes.push_back(convert(record));
  if (!reply.body.empty()) answer.result.text = reply.body;
  Reply told = Reply::json(answer);
  return told.with("X-Ipam-Dry-Run", "true");
}

}  // namespace ipam::api
