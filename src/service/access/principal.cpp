#include "service/access/principal.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace ipam::service {
namespace {

using model::Group;

// The smallest groups that have the operation; IpamAdministrators has every one.
struct Grant {
  Operation operation;
  std::vector<Group> groups;
};

const std::vector<Grant>& grants() {
  static const std::vector<Group> kEveryone{Group::IpamUsers};
  static const std::vector<Group> kPlanners{Group::IpamAsmAdministrators};
  static const std::vector<Group> kPlannersAndManagers{Group::IpamAsmAdministrators, Group::IpamMsmAdministrators};
  static const std::vector<Group> kManagers{Group::IpamMsmAdministrators};
  static const std::vector<Group> kAnyAdministrator{Group::IpamAsmAdministrators, Group::IpamMsmAdministrators, Group::IpamIpAuditAdministrators};
  static const std::vector<Group> kAdministrators{Group::IpamAdministrators};
  static const std::vector<Group> kAuditors{Group::IpamIpAuditAdministrators};
  static const std::vector<Grant> table{
      {Operation::ReadAddressPlan, kEveryone},
      {Operation::ChangeAddressSpace, kPlanners},
      {Operation::ChangeBlock, kPlanners},
      {Operation::ChangeSubnet, kPlanners},
      {Operation::ChangeRange, kPlannersAndManagers},
      {Operation::ChangeAddress, kPlannersAndManagers},
      {Operation::ChangeCustomFields, kPlanners},
      {Operation::ChangeQuotas, kAdministrators},
      {Operation::ReadServers, kEveryone},
      {Operation::ChangeServers, kManagers},
      {Operation::ReadCredentials, kManagers},
      {Operation::ChangeCredentials, kManagers},
      {Operation::ReadDhcp, kEveryone},
      {Operation::ReadDns, kEveryone},
      {Operation::ChangeDhcpReservations, kManagers},
      {Operation::ChangeDnsRecords, kManagers},
      {Operation::ReadDiscovery, kEveryone},
      {Operation::ChangeDiscovery, kManagers},
      {Operation::ReadTasks, kEveryone},
      {Operation::RunTask, kAnyAdministrator},
      {Operation::ChangeTask, kAdministrators},
      {Operation::ReadJournal, kAnyAdministrator},
      {Operation::ManageUsers, kAdministrators},
      {Operation::ManageBackups, kAdministrators},
      {Operation::PurgeUtilization, kAdministrators},
      {Operation::ReadTracking, kAuditors},
      {Operation::ManageOwnTokens, kEveryone},
  };
  return table;
}

const std::vector<Group>& groups_with(Operation operation) {
  for (const Grant& grant : grants()) {
    if (grant.operation == operation) return grant.groups;
  }
  static const std::vector<Group> nobody_but_administrators{Group::IpamAdministrators};
  return nobody_but_administrators;
}

}  // namespace

bool includes(Group group, Group other) { return group == other || group == Group::IpamAdministrators || other == Group::IpamUsers; }

bool may(Group group, Operation operation) {
  for (const Group granted : groups_with(operation)) {
    if (includes(group, granted)) return true;
  }
  return false;
}

Result<void> authorize(const Principal& principal, Operation operation) {
  if (may(principal.access_group, operation)) return {};
  std::string groups;
  for (const Group group : groups_with(operation)) groups += model::enum_to_text(group) + ", ";
  if (groups_with(operation) != std::vector<Group>{Group::IpamAdministrators}) groups += model::enum_to_text(Group::IpamAdministrators) + ", ";
  groups.resize(groups.size() - 2);
  return Error(ErrorCode::PermissionDenied, fmt::format("operation {} needs one of the groups {}; {} is in {}", model::enum_to_text(operation),
                                                        groups, principal.user_name, model::enum_to_text(principal.access_group)));
}

model::ChangeContext change_context(const Principal& principal, const model::ChangeContext& request) {
  model::ChangeContext context = request;
  context.actor = principal.user_name;
  return context;
}

}  // namespace ipam::service
