// Ping: whether a host answers an ICMP echo request (RFC 792; RFC 4443, section 4).
//
// The kernel lets a program send them by a datagram socket where its group lies in net.ipv4.ping_group_range, or by a raw socket where it has
// CAP_NET_RAW; the first that is allowed is used. Thread rule: on an I/O executor.
#pragma once

#include "io/deadline.h"
#include "io/task.h"

#include <optional>
#include <string>

namespace ipam::io {

struct PingOptions {
  int attempts = 2;
  Duration wait = std::chrono::seconds(1);  // for the answer to each
};

// How long the first answer took; nothing when none came. Errors: InvalidArgument (no numeric address), FailedPrecondition (neither kind of socket is
// allowed, with what would mend it), Cancelled. An address to which there is no route answers nothing.
Task<Result<std::optional<Duration>>> ping(std::string address, PingOptions options, Deadline deadline);

}  // namespace ipam::io
