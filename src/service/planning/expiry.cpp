#include "service/planning/expiry.h"

namespace ipam::service {

std::optional<ExpiryStatus> expiry_of(const std::optional<Time>& expires_at, Time now, Duration alert) {
  if (!expires_at) return std::nullopt;
  if (*expires_at <= now) return ExpiryStatus::Expired;
  return *expires_at <= now + alert ? ExpiryStatus::Alert : ExpiryStatus::Active;
}

store::Condition with_expiry(ExpiryStatus status, Time now, Duration alert) {
  store::Condition condition{{}, store::Comparison::Holds, {}};
  switch (status) {
    case ExpiryStatus::Expired:
      condition.column = "expires_at IS NOT NULL AND expires_at <= ?";
      condition.values = {store::to_value(now)};
      break;
    case ExpiryStatus::Alert:
      condition.column = "expires_at IS NOT NULL AND expires_at > ? AND expires_at <= ?";
      condition.values = {store::to_value(now), store::to_value(now + alert)};
      break;
    case ExpiryStatus::Active:
      condition.column = "expires_at IS NOT NULL AND expires_at > ?";
      condition.values = {store::to_value(now + alert)};
      break;
  }
  return condition;
}

}  // namespace ipam::service
