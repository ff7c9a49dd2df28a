// Claims: who says that an address is theirs: the record of the plan, reservations of DHCP servers, and live leases. There is one record for an
// address of a space, so what other systems know as duplicate addresses are claims that disagree: two different clients for one address.
//
// Clients disagree when both hardware addresses are known and differ, or, where one is not known, both DHCP client identifiers (DUIDs). A claim that
// names no client disagrees with nobody. Failover partners that lease to the same client agree.
// Errors: those of the store. Thread rule: any thread that may block on the database.
#pragma once

#include "model/dhcp.h"
#include "service/access/principal.h"
#include "store/store.h"

namespace ipam::service {

enum class ClaimKind : std::uint8_t { Record, Reservation, Lease };
BOOST_DESCRIBE_ENUM(ClaimKind, Record, Reservation, Lease)

struct Claim {
  ClaimKind kind = ClaimKind::Record;
  std::uint64_t id = 0;  // of the record or reservation; leases have none
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<Bytes> client_id;
  std::string name;                                          // of the host
  std::optional<model::Id<model::ManagedServer>> server_id;  // of a reservation or lease
  std::optional<Time> until;                                 // of a lease
};

struct DuplicateAddress {
  model::Id<model::AddressSpace> space_id;
  ip::Address address;
  std::vector<Claim> claims;  // the record first, then reservations, then leases
};

struct DuplicatePage {
  std::vector<DuplicateAddress> items;  // by space and address
  std::string next_cursor;              // empty: that were all
};

// All claims on one address, also those that agree. A record that cools down claims nothing.
Result<std::vector<Claim>> claims_on(store::Reader& reader, model::Id<model::AddressSpace> space, const ip::Address& address);
bool disagree(const std::vector<Claim>& claims);

// The reservations of one address; those of delegated prefixes are none.
Result<std::vector<model::DhcpReservation>> reservations_on(store::Reader& reader, model::Id<model::AddressSpace> space, const ip::Address& address);

// Of a list of leases: that the lease holds an address now, as model::occupies() says of its state.
store::Condition is_live_lease();
// Of a list of addresses: that a reservation or a live lease disagrees with the record.
store::Condition has_rival_claim();

// Addresses whose claims disagree, also such that have no record. `where`: conditions on space_id and address; `cursor`: empty, or of the page
// before. Errors: also PermissionDenied, InvalidArgument (the cursor).
Result<DuplicatePage> list_duplicates(store::Reader& reader, const Principal& principal, const std::vector<store::Condition>& where,
                                      std::string_view cursor, std::size_t limit);

}  // namespace ipam::service
