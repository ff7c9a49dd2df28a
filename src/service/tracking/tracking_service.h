// TrackingService: who held an address, and when; and who asked that.
//
// The answers stand on lease intervals: what DHCP servers told with each collection. So each says how sure it is, on what it stands, and up to when
// each server was read. Every question is recorded with its purpose before it is answered; an answer that cannot be recorded is not given.
// Errors: PermissionDenied (ReadTracking), those of the store and the ledger. Thread rule: questions block on the database; `record` runs on an I/O
// executor.
#pragma once

#include "ledger/ledger.h"
#include "service/access/principal.h"
#include "store/tracking_tables.h"

namespace ipam::service {

// Certain: the client dealt with the server at or after that instant. Likely: its lease was running, and nothing else is known. Possible: it may have
// ended before, as the reason says.
enum class Certainty : std::uint8_t { Certain, Likely, Possible };
BOOST_DESCRIBE_ENUM(Certainty, Certain, Likely, Possible)

// A client that held the address at the instant, or may have.
struct Holder {
  Certainty certainty = Certainty::Likely;
  std::string reason;                           // why not surer, in a sentence; empty when it is certain
  std::vector<model::LeaseInterval> intervals;  // one a server that told of it: failover partners tell of the same client
};

// Up to when a server's leases are known.
struct TrackingSource {
  model::Id<model::ManagedServer> server_id;
  std::string server;
  std::optional<Time> complete_until;  // the last collection of all its leases; nothing: there was none
};

struct WhoHeld {
  std::vector<Holder> holders;  // the surest first
  // The DHCP servers whose leases are of this address space, by name; also those that were never read.
  std::vector<TrackingSource> sources;
};

class TrackingService {
 public:
  TrackingService(store::Store& store, ledger::Ledger& ledger, const Clock& clock) : store_(store), ledger_(ledger), clock_(clock) {}

  Result<WhoHeld> who_held(const Principal& principal, model::Id<model::AddressSpace> space, const ip::Address& address, Time at);
  // Conditions on columns of lease_interval.
  Result<store::Page<model::LeaseInterval>> list_intervals(const Principal& principal, const store::Query& query);
  Result<store::Page<model::TrackingQuery>> list_queries(const Principal& principal, const store::Query& query);
  Result<std::uint64_t> count_queries(const Principal& principal, const std::vector<store::Condition>& where);

  // Keeps that the question was asked. `request` carries the request's id.
  io::Task<Result<void>> record(Principal principal, std::string question, std::string purpose, std::uint64_t answers, model::ChangeContext request);

 private:
  store::Store& store_;
  ledger::Ledger& ledger_;
  const Clock& clock_;
};

// How sure it is that the interval held at the instant, which is not before its beginning; nothing when it did not. With the reason of a doubt.
std::optional<std::pair<Certainty, std::string>> certainty_at(const model::LeaseInterval& interval, Time at, std::optional<Time> complete_until);

}  // namespace ipam::service
