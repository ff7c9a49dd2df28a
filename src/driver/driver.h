// Driver: the one way Cadastre speaks to a managed server, whatever the product. No agent runs on the server: a driver uses the product's own
// protocol. A driver observes and changes; it stores nothing, decides nothing and knows no other product.
//
// Facets (DhcpReader, DnsReader, Changer): what a product (or this one server, as it is configured) cannot do is a null facet or an absent
// capability, never a call that pretends. Errors: Unavailable (not reached or not able to answer now; the message names the server's URL and what was
// tried), Unauthenticated and PermissionDenied (the server refuses the credential; the message says what to correct), Malformed (the answer is not
// what the protocol says, or larger than Limits allow; what of it is quoted is shortened), Unsupported (the server lacks the command; the message
// names the hook or version that brings it), FailedPrecondition (the server refuses, in its own words; or its certificate is not trusted),
// DeadlineExceeded, Cancelled. Every message begins with the server's name. No error holds a secret. Hostile servers: every answer is bounded in
// bytes, depth and count; a driver never trusts an order, a length or a count that it has not checked. Time: each call ends at its deadline, or
// earlier when the deadline's token says so; one request to the server ends at Limits::request_timeout too. Thread rule: a driver belongs to one job
// at a time, one call after the other, on one executor; it is destroyed there.
#pragma once

#include "base/secret.h"
#include "io/deadline.h"
#include "io/task.h"
#include "model/dhcp.h"
#include "model/dns.h"

#include <memory>
#include <variant>
#include <vector>

namespace ipam::driver {

// A further way to a server, see model::ServerAccess.
struct AccessEndpoint {
  model::AccessKind kind = model::AccessKind::Dns;
  std::string url;
  std::string user_name;  // of a TSIG key its name
  std::string algorithm;  // of a TSIG key
  Secret secret;
  model::CredentialKind credential_kind = model::CredentialKind::UserPassword;
  model::TlsTrust tls_trust = model::TlsTrust::SystemAuthorities;
  std::string fingerprint;
};

// How a server is reached and what to sign in with.
struct Endpoint {
  std::string server_name;  // for messages
  std::string url;
  std::string user_name;
  Secret password;  // or what the kind of credential has for a secret
  model::CredentialKind credential_kind = model::CredentialKind::UserPassword;
  model::TlsTrust tls_trust = model::TlsTrust::SystemAuthorities;
  std::string tls_fingerprint;
  std::vector<AccessEndpoint> accesses = {};

  // Null when the server has no such access.
  const AccessEndpoint* find(model::AccessKind kind) const;
};

struct Limits {
  Duration request_timeout = std::chrono::seconds(30);
  std::size_t response_bytes = 256U << 20U;
  std::size_t scopes = 100'000;
  std::size_t reservations = 2'000'000;
  std::size_t leases = 20'000'000;
  std::size_t zones = 1'000'000;
  std::size_t records = 50'000'000;  // of one zone
};

// How one access was found.
struct AccessReport {
  model::AccessKind kind = model::AccessKind::Dns;
  model::ServerAvailability availability = model::ServerAvailability::Unknown;
  std::string problem;  // the failing step and what would mend it
};

// What a first contact tells.
struct ProbeReport {
  std::string version;
  std::vector<std::string> capabilities;  // sorted names, of which the product's page in docs/ says what each brings
  std::vector<std::string> findings;      // what an operator should mend, each with the remedy ("load libdhcp_lease_cmds.so to …")
  std::vector<AccessReport> accesses;     // of each access of the endpoint: one that fails costs what it brings, and not the probe
  std::string high_availability;          // state of this partner in its product's words: "hot-standby primary"; empty without
};

struct ObservedPool {
  ip::Address first;
  ip::Address last;
  std::optional<std::uint8_t> delegated_length;  // as in model::DhcpPool

  bool operator==(const ObservedPool&) const = default;
};

struct ObservedReservation {
  ip::Address address;
  model::ReservationIdentifier identifier_type = model::ReservationIdentifier::HardwareAddress;
  Bytes identifier;
  std::string hostname;
  std::optional<std::uint8_t> delegated_length;  // as in model::DhcpReservation
  std::string options;

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

// As in model::DhcpServer.
struct ObservedDhcpServer {
  std::string options;
  std::string option_definitions;
  std::string client_classes;
  std::string high_availability;
  std::string lease_database;

  bool operator==(const ObservedDhcpServer&) const = default;
};

struct ObservedConfiguration {
  ObservedDhcpServer server;
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
  std::optional<std::uint32_t> iaid;
  std::optional<std::uint8_t> delegated_length;

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

// ---- DNS -----------------------------------------------------------------------------------------------------------------------------------
// Names of zones and records as in model/dns.h; data in presentation format, unknown types as RFC 3597 writes them.

struct ObservedZone {
  std::string name;
  std::string view;
  model::ZoneKind kind = model::ZoneKind::Primary;
  model::ZoneHealth health = model::ZoneHealth::Unknown;
  std::string problem;                  // what is wrong and what would mend it; empty when all is well
  std::optional<std::uint32_t> serial;  // nothing when the zone is not loaded or has none
  std::optional<Time> loaded_at;
  std::optional<Time> refresh_at;  // of a secondary: when it asks its primary next
  std::optional<Time> expires_at;  // of a secondary: until when it answers without its primary

  bool operator==(const ObservedZone&) const = default;
};

struct ObservedZones {
  std::vector<ObservedZone> zones;  // ascending by view and name, each once
  std::vector<std::string> findings;
};

struct ObservedRecord {
  std::string name;
  std::string type;  // "AAAA", "TYPE65280"
  std::string data;
  std::uint32_t ttl = 0;

  bool operator==(const ObservedRecord&) const = default;
};

struct RecordDifference {
  enum class Kind { Added, Removed };
  Kind kind = Kind::Added;
  ObservedRecord record;
  std::uint32_t serial = 0;  // of the version of the zone that the difference leads to
};

struct ZoneRequest {
  std::string name;
  std::string view;
  std::optional<std::uint32_t> known_serial;  // of what the caller has: only what changed since then is asked for
};

// Takes a zone's records as they come in, in chunks of at most 1 000.
class RecordSink {
 public:
  enum class Content {
    Whole,        // what follows is the whole zone, in no order, each record Added
    Differences,  // what follows leads from the known serial to the new one, in order
  };
  virtual ~RecordSink() = default;
  // Before the first chunk. An error of either ends the transfer and is answered by it.
  virtual io::Task<Result<void>> begin(Content content, std::uint32_t serial) = 0;
  virtual io::Task<Result<void>> accept(std::vector<RecordDifference> chunk) = 0;
};

struct ZoneTransfer {
  std::string route;  // "AXFR", "IXFR", signed or not: "AXFR signed by key.example"
  std::uint32_t serial = 0;
  bool up_to_date = false;  // the known serial is the newest: the sink was not asked
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
};

// Reading DNS.
class DnsReader {
 public:
  virtual ~DnsReader() = default;
  // Every zone with its serial and health.
  virtual io::Task<Result<ObservedZones>> collect_zones(io::Deadline deadline) = 0;
  // Reads the records of one zone. It succeeds only if the transfer was complete and, with a TSIG key, every message verified: only then may the sink
  // keep what it took. Errors beside the usual: Stale (the zone's serial went back: ask for the whole), NotFound (no such zone).
  virtual io::Task<Result<ZoneTransfer>> transfer_zone(ZoneRequest zone, RecordSink& sink, io::Deadline deadline) = 0;
};

// ---- changes -------------------------------------------------------------------------------------------------------------------------------
// A change says what is there before and what shall be there after, in the terms of the domain; so the inverse of a change is the change with both
// exchanged, and a plan can be refused when the server holds something else. docs/decisions/0020 tells how it was tried on other products.

// A DHCP reservation of one scope: nothing before: it is made; nothing after: it is removed.
struct ReservationChange {
  std::string scope_key;
  std::optional<ObservedReservation> before;
  std::optional<ObservedReservation> after;

  bool operator==(const ReservationChange&) const = default;
};

// All records of one name and type in a zone. Records of `before` and `after` have the set's name and type.
struct RecordSetChange {
  std::string zone;
  std::string view;
  std::string name;
  std::string type;
  std::vector<ObservedRecord> before;  // empty: there is no such set
  std::vector<ObservedRecord> after;

  bool operator==(const RecordSetChange&) const = default;
};

using Change = std::variant<ReservationChange, RecordSetChange>;
Change inverse(const Change& change);
// "reserve 10.0.0.5 for 02:00:…", "app7.corp.example A: add 10.0.0.5".
std::string describe(const Change& change);

struct PlannedStep {
  std::string what;     // a sentence
  std::string request;  // exactly what would be sent, as text, without secrets
};

struct Plan {
  std::vector<Change> changes;
  std::vector<PlannedStep> steps;
  std::vector<std::string> losses;    // what the server would hold no longer, one a line
  std::vector<std::string> warnings;  // effects beyond the changes themselves
  Duration pause{};                   // for how long the server is expected not to serve its clients; zero: not at all
  std::string state;                  // of the server, for a person: "zone corp.example has serial 2026112501"
  std::string fingerprint;            // of that state, for apply
};

struct Applied {
  // Unknown: the server was asked, and what became of it could not be learnt; the next collection will tell.
  enum class Outcome { Made, Unknown };
  Outcome outcome = Outcome::Made;
  std::string problem;          // of Unknown: why, and what the server was last seen to hold
  std::vector<Change> changes;  // `after` as it was read back, or as it was asked for
  std::string state;            // as in Plan, now
  std::string fingerprint;
};

// Changing a server. What the driver does not understand in a configuration survives untouched.
class Changer {
 public:
  virtual ~Changer() = default;
  // Asks the server and tells what would be done; changes nothing. Errors beside the usual: Conflict (the server holds something else than `before`:
  // the message says what), InvalidArgument (no change at all; what the server would refuse, in its own words if asked), Unsupported (of this kind).
  virtual io::Task<Result<Plan>> plan(std::vector<Change> changes, io::Deadline deadline) = 0;
  // Carries out a plan of this driver's: all of it or nothing, then reads back and compares. Errors beside the usual: Stale (the server was changed
  // since the plan was made: plan again). After an error nothing of the plan is in force. When the answer to the change itself is lost, the server is
  // read to learn what became of it; if that fails too, or a part can neither be finished nor taken back, the outcome is Unknown.
  virtual io::Task<Result<Applied>> apply(Plan plan, io::Deadline deadline) = 0;
};

class Driver {
 public:
  virtual ~Driver() = default;
  // Signs in and finds out what the server offers. The other calls may be made without it.
  virtual io::Task<Result<ProbeReport>> probe(io::Deadline deadline) = 0;
  // Each null when the product, or this server as it is reached, has no such thing.
  virtual DhcpReader* dhcp() = 0;
  virtual DnsReader* dns() = 0;
  virtual Changer* changer() = 0;
};

// Makes the driver of a product; the list of products stands in app/ipamd alone.
class Factory {
 public:
  virtual ~Factory() = default;
  // Errors: Unsupported (no driver for this product), InvalidArgument (the endpoint's URL).
  virtual Result<std::unique_ptr<Driver>> create(model::Product product, const Endpoint& endpoint, const Limits& limits) const = 0;
};

}  // namespace ipam::driver
