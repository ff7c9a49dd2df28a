// Principal: on whose behalf a call is made; Operation: what it wants to do; authorize(): whether it may. Every function of the service floor that a
// route can reach takes a Principal and asks here first, so that no way in (API, listener, later ones) can forget it.
//
// The table of operations and groups stands in principal.cpp, after Microsoft IPAM's five groups (MS-IPAMM2, section 3.1.4.3).
// Thread rule: plain values and pure functions.
#pragma once

#include "model/access.h"
#include "model/journal.h"

namespace ipam::service {

struct Principal {
  model::Id<model::User> user_id;
  std::string user_name;
  model::Group access_group = model::Group::IpamUsers;
};

enum class Operation {
  ReadAddressPlan,
  ChangeAddressSpace,
  ChangeBlock,
  ChangeSubnet,
  ChangeRange,
  ChangeAddress,
  ChangeCustomFields,
  ChangeQuotas,
  ReadServers,
  ChangeServers,
  ReadCredentials,
  ChangeCredentials,
  ReadDhcp,
  ReadDns,
  ChangeDhcpReservations,
  ChangeDnsRecords,
  ReadDiscovery,
  ChangeDiscovery,
  ReadTasks,
  RunTask,
  ChangeTask,
  ReadJournal,
  ManageUsers,
  ManageBackups,
  PurgeUtilization,
  ReadTracking,
  ManageOwnTokens,
};
BOOST_DESCRIBE_ENUM(Operation, ReadAddressPlan, ChangeAddressSpace, ChangeBlock, ChangeSubnet, ChangeRange, ChangeAddress, ChangeCustomFields,
                    ChangeQuotas, ReadServers, ChangeServers, ReadCredentials, ChangeCredentials, ReadDhcp, ReadDns, ChangeDhcpReservations,
                    ChangeDnsRecords, ReadDiscovery, ChangeDiscovery, ReadTasks, RunTask, ChangeTask, ReadJournal, ManageUsers, ManageBackups,
                    PurgeUtilization, ReadTracking, ManageOwnTokens)

// Whether members of `group` have all rights of `other`.
bool includes(model::Group group, model::Group other);
bool may(model::Group group, Operation operation);
// Errors: PermissionDenied, naming the operation and the groups that have it.
Result<void> authorize(const Principal& principal, Operation operation);

// Who asks for a change and why, as the journal will say it. `request` carries the caller's reason, reference and request id.
model::ChangeContext change_context(const Principal& principal, const model::ChangeContext& request);

}  // namespace ipam::service
