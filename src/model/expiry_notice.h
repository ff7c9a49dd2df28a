// What was last told of an address that expires, so that it is told once. Bookkeeping. Thread rule: plain values.
#pragma once

#include "base/clock.h"
#include "model/describe.h"

namespace ipam::model {

enum class ExpiryNoticeKind : std::uint8_t { Alert, Expired };
BOOST_DESCRIBE_ENUM(ExpiryNoticeKind, Alert, Expired)

struct ExpiryNotice {
  std::uint64_t address_id = 0;
  Time expires_at{};  // the date that it was about
  ExpiryNoticeKind kind = ExpiryNoticeKind::Alert;
  Time told_at{};

  bool operator==(const ExpiryNotice&) const = default;
};
BOOST_DESCRIBE_STRUCT(ExpiryNotice, (), (address_id, expires_at, kind, told_at))

}  // namespace ipam::model
