// Table: where the rows of a described struct live. Columns are the struct's fields, in order and by name; the migrations write the same names, and
// the contract suite compares them. Thread rule: immutable after first use.
#pragma once

#include "model/allocation_cursor.h"
#include "model/kept_answer.h"
#include "model/object.h"
#include "model/operation.h"
#include "model/task_state.h"
#include "model/utilization.h"
#include "store/value.h"

namespace ipam::store {

// Bookkeeping of the store itself.
struct Counter {
  std::string name;  // "id_block"
  std::int64_t value = 0;
};
BOOST_DESCRIBE_STRUCT(Counter, (), (name, value))

struct ColumnType {
  CellType cell = CellType::Integer;
  bool nullable = false;
};

struct Table {
  std::string_view name;
  std::vector<std::string_view> columns;
  std::size_t key_columns = 1;         // the first so many columns are the primary key
  bool versioned = false;              // has `revision` as its second column: updates and deletes compare it
  std::vector<ColumnType> types = {};  // of the columns

  // Position of a column, or -1.
  int find_column(std::string_view column) const;
};

// Name and key of the table of T; the columns come from the description of T.
template <class T>
struct TableInfo {
  static constexpr std::string_view name = {};
};

#define IPAM_TABLE(type, table_name, keys, has_revision) \
  template <>                                            \
  struct TableInfo<type> {                               \
    static constexpr std::string_view name = table_name; \
    static constexpr std::size_t key_columns = keys;     \
    static constexpr bool versioned = has_revision;      \
  }
IPAM_TABLE(model::AddressSpace, "address_space", 1, true);
IPAM_TABLE(model::Block, "block", 1, true);
IPAM_TABLE(model::Subnet, "subnet", 1, true);
IPAM_TABLE(model::Range, "address_range", 1, true);
IPAM_TABLE(model::Address, "address", 1, true);
IPAM_TABLE(model::Credential, "credential", 1, true);
IPAM_TABLE(model::ManagedServer, "managed_server", 1, true);
IPAM_TABLE(model::ServerAccess, "server_access", 1, true);
IPAM_TABLE(model::DhcpServer, "dhcp_server", 1, true);
IPAM_TABLE(model::DhcpScope, "dhcp_scope", 1, true);
IPAM_TABLE(model::DhcpPool, "dhcp_pool", 1, true);
IPAM_TABLE(model::DhcpReservation, "dhcp_reservation", 1, true);
IPAM_TABLE(model::DnsZone, "dns_zone", 1, true);
IPAM_TABLE(model::DiscoveryTarget, "discovery_target", 1, true);
IPAM_TABLE(model::DiscoveredServer, "discovered_server", 1, false);
IPAM_TABLE(model::DiscoveryDomain, "discovery_domain", 1, true);
IPAM_TABLE(model::DomainServer, "domain_server", 1, false);
IPAM_TABLE(model::DomainStatus, "domain_status", 1, false);
IPAM_TABLE(model::User, "user_account", 1, true);
IPAM_TABLE(model::Token, "token", 1, true);
IPAM_TABLE(model::ServerChange, "server_change", 1, true);
IPAM_TABLE(model::Restoration, "restoration", 1, true);
IPAM_TABLE(model::CustomField, "custom_field", 1, true);
IPAM_TABLE(model::CustomFieldValue, "custom_field_value", 1, true);
IPAM_TABLE(model::CustomFieldAssociation, "custom_field_association", 1, true);
IPAM_TABLE(model::LogicalGroup, "logical_group", 1, true);
IPAM_TABLE(model::Quota, "quota", 1, true);
IPAM_TABLE(model::CustomUse, "custom_use", 4, false);
IPAM_TABLE(model::LostRecord, "lost_record", 2, false);
IPAM_TABLE(model::JournalRecord, "journal", 1, false);
IPAM_TABLE(model::Lease, "lease", 2, false);
IPAM_TABLE(model::ScopeUtilization, "scope_utilization", 2, false);
IPAM_TABLE(model::UtilizationSample, "utilization_sample", 3, false);
IPAM_TABLE(model::ServerStatus, "server_status", 1, false);
IPAM_TABLE(model::AccessStatus, "access_status", 2, false);
IPAM_TABLE(model::ZoneStatus, "zone_status", 1, false);
IPAM_TABLE(model::DnsRecord, "dns_record", 1, false);
IPAM_TABLE(model::Session, "session", 1, false);
IPAM_TABLE(model::TaskState, "task_state", 1, false);
IPAM_TABLE(model::TaskOutcome, "task_outcome", 2, false);
IPAM_TABLE(model::KeptAnswer, "kept_answer", 1, false);
IPAM_TABLE(model::AllocationCursor, "allocation_cursor", 2, false);
IPAM_TABLE(model::Operation, "operation", 1, false);
IPAM_TABLE(model::OperationPart, "operation_part", 2, false);
IPAM_TABLE(Counter, "counter", 1, false);
#undef IPAM_TABLE

template <class T>
concept Stored = !TableInfo<T>::name.empty();

template <Stored T>
const Table& table() {
  static const Table instance = [] {
    Table made{TableInfo<T>::name, {}, TableInfo<T>::key_columns, TableInfo<T>::versioned};
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
      using Field = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
      made.columns.push_back(member.name);
      made.types.push_back({cell_type<Field>(), detail::IsOptional<Field>::value});
    });
    return made;
  }();
  return instance;
}

// The cells of a row, in the order of the table's columns.
template <Stored T>
std::vector<Value> to_cells(const T& object) {
  std::vector<Value> cells;
  cells.reserve(table<T>().columns.size());
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
      [&](auto member) { cells.push_back(to_value(object.*member.pointer)); });
  return cells;
}

template <Stored T>
Result<T> from_row(const Row& row) {
  T object{};
  int column = 0;
  std::optional<Error> failed;
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
    if (failed) return;
    auto cell = from_cell<std::remove_cvref_t<decltype(object.*member.pointer)>>(row, column++);
    if (cell.ok()) {
      object.*member.pointer = std::move(cell).value();
    } else {
      failed = std::move(cell).error();
      failed->detail = std::string(TableInfo<T>::name) + "." + member.name + " " + failed->detail;
    }
  });
  if (failed) return *std::move(failed);
  return object;
}

}  // namespace ipam::store
