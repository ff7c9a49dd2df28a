#include "cli/restore_plan.h"

#include "cli/api.h"
#include "cli/text.h"

#include <fmt/format.h>

namespace ipam::cli {

std::optional<contract::RestorePlan> restore_plan_in(const boost::json::value& dry_run) {
  const auto* answer = dry_run.if_object();
  const auto* result = answer == nullptr ? nullptr : answer->if_contains("result");
  if (result == nullptr || !result->is_object() || !result->get_object().contains("obstacle")) return std::nullopt;
  auto plan = decode<contract::RestorePlan>(*result);
  if (!plan.ok()) return std::nullopt;
  return *std::move(plan);
}

std::string restore_plan_text(const contract::RestorePlan& plan) {
  std::string text = fmt::format("Backup {} holds the changes up to {}, of {}; the database is at {}.\n", plan.backup.name, plan.backup.sequence,
                                 format_time(std::chrono::floor<std::chrono::seconds>(plan.backup.created_at)), plan.sequence);
  if (!plan.obstacle.empty()) return text + "It cannot be restored: " + plan.obstacle + ".\n";
  if (!plan.continues) {
    text += "The database does not go on from this backup; what came after it is told when it is restored.\n";
  } else {
    text +=
        fmt::format("{} came after it; what they did is undone, and they are listed afterwards.\n", counted(plan.lost_records, "change", "changes"));
    text += fmt::format("Kept, so that nobody gets them a second time: {}, {}, {}.\n", counted(plan.kept_blocks, "block", "blocks"),
                        counted(plan.kept_subnets, "subnet", "subnets"), counted(plan.kept_addresses, "address", "addresses"));
  }
  return text + "Users, tokens and sign-ins stay as they are. The server starts anew and answers nobody meanwhile.\n";
}

}  // namespace ipam::cli
