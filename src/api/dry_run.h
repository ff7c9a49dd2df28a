// Dry runs: ?dry_run=true on a write runs it to its end and undoes it (ledger/exchange.h); the answer tells what the write would have answered and
// what the journal would say. Thread rule: pure functions.
#pragma once

#include "api/route.h"
#include "model/journal.h"
#include "wire/http1/query.h"

namespace ipam::api {

// Errors: InvalidArgument (neither true nor false; not a write), Unsupported (this write cannot be tried without being done).
Result<bool> asks_for_dry_run(const Route& route, const wire::http1::Query& query);

// 200 with a contract::DryRunAnswer, whatever the write's own status would be.
Reply dry_run_reply(const Reply& reply, const std::vector<model::JournalRecord>& would_be);

}  // namespace ipam::api
