// Driver: the one way Cadastre speaks to a managed server, whatever the product. No agent runs on the server: a driver uses the product's own
// protocol. A driver observes and changes; it stores nothing, decides nothing and knows no other product.
//
// Facets: what a product (or this one server, as it is configured) cannot do is a null facet or an absent capability, never a call that pretends.
// Errors: Unavailable (not reached or not able to answer now; the message names the server's URL and what was tried), Unauthenticated and
// PermissionDenied (the server refuses the credential; the message says what to correct), Malformed (the answer is not what the protocol says, or
// larger than Limits allow; what of it is quoted is shortened), Unsupported (the server lacks the command; the message names the hook or version that
// brings it), FailedPrecondition (the server refuses, in its own words; or its certificate is not trusted), DeadlineExceeded, Cancelled. Every
// message begins with the server's name. No error holds a secret. Hostile servers: every answer is bounded in bytes, depth and count; a driver never
// trusts an order, a length or a count that it has not checked. Time: each call ends at its deadline, or earlier when the deadline's token says so;
// one request to the server ends at Limits::request_timeout too. Thread rule: a driver belongs to one job at a time, one call after the other, on one
// executor; it is destroyed there.
#pragma once

#include "base/secret.h"
#include "io/deadline.h"
#include "io/task.h"
#include "model/dhcp.h"

#include <memory>
#include <vector>

namespace ipam::driver {

// How a server is reached and what to sign in with.
struct Endpoint {
  std::string server_name;  // for messages
  std::string url;
  std::string user_name;
  Secret password;
  model::TlsTrust tls_trust = model::TlsTrust::SystemAuthorities;
  std::string tls_fingerprint;
};

struct Limits {
  Duration request_timeout = std::chrono::seconds(30);
  std::size_t response_bytes = 256U << 20U;
  std::size_t scopes = 100'000;
  std::size_t reservations = 2'000'000;
  std::size_t leases = 20'000'000;
};

// What a first contact tells.
struct ProbeReport {
  std::string version;
  std::vector<std::string> capabilities;  // sorted names, of which the product's page in docs/ says what each brings
  std::vector<std::string> findings;      // what an operator should mend, each with the remedy ("load libdhcp_lease_cmds.so to …")
};

struct ObservedPool {
  ip::Address first;
  ip::Address last;

  bool operator==(const ObservedPool&) const = default;
};

struct ObservedReservation {
  ip::Address address;
  model::ReservationIdentifier identifier_type = model::ReservationIdentifier::HardwareAddress;
  Bytes identifier;
  std::string hostname;

  bool operator==(const ObservedReservation&) const = default;
};

struct ObservedScope {
  std::string key;  // unique on its server
  ip::Prefix prefix;
  std::string name;
  std::string shared_network;
  std::uint32_t lease_seconds = 0;
  std::string options;  // JSON array as the product has it
  std::vector<ObservedPool> pools;
  std::vector<ObservedReservation> reservations;

  bool operator==(const ObservedScope&) const = default;
};

struct ObservedConfiguration {
  std::vector<ObservedScope> scopes;  // ascending by key as the server numbers them
  std::string document;               // the whole configuration as JSON, secrets replaced; for display and comparison
  std::vector<std::string> findings;  // what was passed over and why ("scope 7: IPv6 …")
};

// The server's own counters of one scope. A scope whose counters the server does not tell, or tells impossibly, has none.
struct ObservedStatistics {
  std::string scope_key;
  std::uint64_t total = 0;     // addresses in its pools
  std::uint64_t assigned = 0;  // leases in use and declined ones; products count expired leases until they notice that they have expired
  std::uint64_t declined = 0;  // of these, the declined ones

  bool operator==(const ObservedStatistics&) const = default;
};

struct ObservedLease {
  ip::Address address;
  std::string scope_key;
  model::LeaseState state = model::LeaseState::Active;
  std::optional<ip::HardwareAddress> hardware_address;
  std::optional<ip::ClientId> client_id;
  std::string hostname;
  Time starts_at{};
  Time expires_at{};  // of a declined lease: when the server will offer the address again

  bool operator==(const ObservedLease&) const = default;
};

// Takes leases as they come in, in chunks of at most 1 000, in ascending order of address without repetition over the whole collection.
class LeaseSink {
 public:
  virtual ~LeaseSink() = default;
  // An error ends the collection and is answered by it.
  virtual io::Task<Result<void>> accept(std::vector<ObservedLease> chunk) = 0;
};

struct LeaseCollection {
  std::string route;  // which of the server's offers was used: "lease4-get-page"
  std::uint64_t leases = 0;
};

// Reading DHCP.
class DhcpReader {
 public:
  virtual ~DhcpReader() = default;
  virtual io::Task<Result<ObservedConfiguration>> collect_configuration(io::Deadline deadline) = 0;
  // Ascending by scope as the server numbers them.
  virtual io::Task<Result<std::vector<ObservedStatistics>>> collect_statistics(io::Deadline deadline) = 0;
  // Reads all leases by the fastest route the server offers. It succeeds only if the pass was complete: only then may absences be believed. A lease
  // whose time has passed is Expired, even where the server still counts it as in use. The sink must live until the call ends.
  virtual io::Task<Result<LeaseCollection>> collect_leases(LeaseSink& sink, io::Deadline deadline) = 0;
};

class Driver {
 public:
  virtual ~Driver() = default;
  // Signs in and finds out what the server offers. The other calls may be made without it.
  virtual io::Task<Result<ProbeReport>> probe(io::Deadline deadline) = 0;
  // Null when the product has no DHCP.
  virtual DhcpReader* dhcp() = 0;
};

// Makes the driver of a product; the list of products stands in app/ipamd alone.
class Factory {
 public:
  virtual ~Factory() = default;
  // Errors: Unsupported (no driver for this product), InvalidArgument (the endpoint's URL).
  virtual Result<std::unique_ptr<Driver>> create(model::Product product, const Endpoint& endpoint, const Limits& limits) const = 0;
};

}  // namespace ipam::driver
