// The nodes of a logical group: for each value of the next of its fields the objects that have it below the node where one stands, with their
// utilization summed. Computed when it is asked for; the memory is that of the answer.
// Errors: PermissionDenied, InvalidArgument (on /node: a value that the field has not, or a way longer than the group has fields), those of the
// store. Thread rule: any thread that may block on the database.
#pragma once

#include "service/planning/planning_service.h"

namespace ipam::service {

struct GroupNode {
  std::string value;  // as a person reads it; empty: objects that say nothing there
  std::uint64_t objects = 0;
  occupancy::Usage usage;  // of subnets and ranges
};

// `way`: the values from the top of the group down to the node, empty texts for objects that say nothing; none: the top. Nodes come by their values.
Result<std::vector<GroupNode>> group_nodes(store::Store& store, PlanningService& planning, const Principal& principal,
                                           const model::LogicalGroup& group, const std::vector<std::string>& way);

// The subnets or ranges below a node, of ranges those that count in sums; at most `limit`. Errors: also FailedPrecondition: there are more; the group
// is of other objects.
Result<std::vector<std::uint64_t>> group_members(store::Store& store, PlanningService& planning, const Principal& principal,
                                                 const model::LogicalGroup& group, const std::vector<std::string>& way, std::size_t limit);

}  // namespace ipam::service
