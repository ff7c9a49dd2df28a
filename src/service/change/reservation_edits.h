// ReservationEdits: what a person wants of DHCP reservations, as changes with before and after on the server of the scope.
//
// Errors: InvalidArgument with the field (an address in no scope, or in one on several servers: say which; an identifier that is none), AlreadyExists
// (the address, or the client in this scope), NotFound, FailedPrecondition (another revision than
// the caller has seen). Thread rule: any thread that may block on the database.
#pragma once

#include "service/access/principal.h"
#include "service/change/change_service.h"

namespace ipam::service {

struct NewReservation {
  ip::Address address;
  model::ReservationIdentifier identifier_type = model::ReservationIdentifier::HardwareAddress;
  std::string identifier;  // as text: "02:00:00:00:00:01", hexadecimal octets for the other types
  std::string hostname;
  std::optional<std::string> server;  // name or id
  std::optional<std::string> space;   // id
};

struct ReservationPatch {
  std::optional<ip::Address> address;
  std::optional<model::ReservationIdentifier> identifier_type;
  std::optional<std::string> identifier;
  std::optional<std::string> hostname;
};

class ReservationEdits {
 public:
  explicit ReservationEdits(store::Store& store) : store_(store) {}

  Result<std::vector<WantedChange>> add(const Principal& principal, const NewReservation& reservation);
  Result<std::vector<WantedChange>> change(const Principal& principal, model::Id<model::DhcpReservation> id,
                                           std::optional<std::uint64_t> expected_revision, const ReservationPatch& patch);
  Result<std::vector<WantedChange>> remove(const Principal& principal, model::Id<model::DhcpReservation> id,
                                           std::optional<std::uint64_t> expected_revision);

 private:
  store::Store& store_;
};

}  // namespace ipam::service
