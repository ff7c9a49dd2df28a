// The verbs that every noun shares. Each returns the exit status, or what went wrong. Thread rule: one thread.
#pragma once

#include "cli/noun.h"
#include "cli/session.h"

namespace ipam::cli {

Result<int> run_list(Session& session, const Noun& noun);
Result<int> run_show(Session& session, const Noun& noun);
Result<int> run_add(Session& session, const Noun& noun);
Result<int> run_edit(Session& session, const Noun& noun);
Result<int> run_delete(Session& session, const Noun& noun);

// The parts of run_add for commands that do more: the request of `add`, and "subnet 10.2.3.0/24 'Web servers'" for sentences.
Result<boost::json::value> add_object(Session& session, const Noun& noun);
std::string call_it(const Noun& noun, const boost::json::value& item);

}  // namespace ipam::cli
