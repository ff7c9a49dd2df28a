#include "cli/change_plan.h"

#include "base/strings.h"
#include "cli/api.h"

#include <fmt/format.h>

namespace ipam::cli {

std::optional<contract::ChangePlan> plan_in(const boost::json::value& dry_run) {
  const auto* answer = dry_run.if_object();
  const auto* result = answer == nullptr ? nullptr : answer->if_contains("result");
  if (result == nullptr || !result->is_object() || !result->get_object().contains("servers")) return std::nullopt;
  auto plan = decode<contract::ChangePlan>(*result);
  if (!plan.ok()) return std::nullopt;
  return *std::move(plan);
}

std::string plan_text(const contract::ChangePlan& plan) {
  std::string text;
  for (const contract::ServerPlan& server : plan.servers) {
    text += fmt::format("On {}{}:\n", server.server, server.state.empty() ? "" : " (" + server.state + ")");
    if (server.pause_seconds > 0)
      text += fmt::format("  PAUSE: the server is expected to serve no client for about {:.1f} s.\n", server.pause_seconds);
    for (const contract::PlannedStep& step : server.steps) {
      text += "  " + step.what + '\n';
      for (const std::string_view line : split(step.request, '\n')) {
        if (!line.empty()) text += fmt::format("    {}\n", line);
      }
    }
    for (const std::string& loss : server.losses) text += "  Lost: " + loss + '\n';
    for (const std::string& warning : server.warnings) text += "  Warning: " + warning + '\n';
  }
  return text;
}

}  // namespace ipam::cli
