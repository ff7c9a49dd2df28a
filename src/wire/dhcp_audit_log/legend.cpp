#include "wire/dhcp_audit_log/legend.h"

#include "base/strings.h"
#include "wire/log_lines/text.h"

#include <algorithm>
#include <array>

namespace ipam::wire::dhcp_audit_log {
namespace {

using enum EventKind;

struct KnownId {
  std::uint16_t id;
  EventKind kind;
};

// By id, so that it can be searched.
constexpr std::array<KnownId, 56> kKnownIds{{
    {0, LogStarted},
    {1, LogStopped},
    {2, LogPaused},
    {10, NewLease},
    {11, Renewal},
    {12, Release},
    {13, AddressInUse},
    {14, PoolExhausted},
    {15, Denial},
    {16, Deletion},
    {17, Expiry},
    {18, ExpiryWithDns},
    {20, BootpLease},
    {21, DynamicBootpLease},
    {22, BootpPoolExhausted},
    {23, BootpDeletion},
    {24, CleanupBegun},
    {25, CleanupEnded},
    {30, DnsUpdateRequested},
    {31, DnsUpdateFailed},
    {32, DnsUpdateMade},
    {33, Dropped},
    {34, DnsQueueFull},
    {35, DnsUpdateFailed},
    {36, Dropped},
    {11000, Solicit},
    {11001, Advertise},
    {11002, NewLease},
    {11003, Confirm},
    {11004, Renewal},
    {11005, Rebind},
    {11006, Decline},
    {11007, Release},
    {11008, InformationRequest},
    {11009, PoolExhausted},
    {11010, LogStarted},
    {11011, LogStopped},
    {11012, LogPaused},
    {11013, Other},
    {11014, AddressInUse},
    {11015, AddressInUse},
    {11016, Deletion},
    {11017, Expiry},
    {11018, Expiry},
    {11019, ExpiryWithDns},
    {11020, CleanupBegun},
    {11021, CleanupEnded},
    {11022, DnsUpdateRequested},
    {11023, DnsUpdateFailed},
    {11024, DnsUpdateMade},
    {11028, DnsQueueFull},
    {11029, DnsUpdateFailed},
    {11030, StatelessPurge},
    {11031, StatelessExpiry},
    {11032, StatelessRequest},
    {11033, Other},
}};

// In this order: the first whose words are all there.
struct Phrase {
  std::array<std::string_view, 3> words;
  EventKind kind;
};
constexpr std::array<Phrase, 36> kPhrases{{
    {{"log was started", "", ""}, LogStarted},
    {{"log was stopped", "", ""}, LogStopped},
    {{"paused", "disk", ""}, LogPaused},
    {{"stateless", "purged", ""}, StatelessPurge},
    {{"stateless", "expired", ""}, StatelessExpiry},
    {{"stateless", "request", ""}, StatelessRequest},
    {{"dynamic bootp", "leased", ""}, DynamicBootpLease},
    {{"bootp", "leased", ""}, BootpLease},
    {{"bootp", "exhausted", ""}, BootpPoolExhausted},
    {{"bootp", "deleted", ""}, BootpDeletion},
    {{"address was leased", "", ""}, NewLease},
    {{"lease was renewed", "", ""}, Renewal},
    {{"lease was released", "", ""}, Release},
    {{"in use on the network", "", ""}, AddressInUse},
    {{"exhausted", "", ""}, PoolExhausted},
    {{"lease was denied", "", ""}, Denial},
    {{"expired", "dns", "not been deleted"}, Expiry},
    {{"expired", "dns", "deleted"}, ExpiryWithDns},
    {{"expired", "", ""}, Expiry},
    {{"lease was deleted", "", ""}, Deletion},
    {{"cleanup", "beg", ""}, CleanupBegun},
    {{"cleanup", "statistics", ""}, CleanupEnded},
    {{"dns update", "queue", ""}, DnsQueueFull},
    {{"dns update", "failed", ""}, DnsUpdateFailed},
    {{"dns update", "successful", ""}, DnsUpdateMade},
    {{"dns update request", "", ""}, DnsUpdateRequested},
    {{"packet dropped", "", ""}, Dropped},
    {{"rogue server", "", ""}, Authorization},
    {{"solicit", "", ""}, Solicit},
    {{"advertise", "", ""}, Advertise},
    {{"confirm", "", ""}, Confirm},
    {{"rebind", "", ""}, Rebind},
    {{"decline", "", ""}, Decline},
    {{"information", "request", ""}, InformationRequest},
    {{"dhcpv6 renew", "", ""}, Renewal},
    {{"dhcpv6 release", "", ""}, Release},
}};

constexpr std::array<std::string_view, 34> kNames{"other",
                                                  "log_started",
                                                  "log_stopped",
                                                  "log_paused",
                                                  "new_lease",
                                                  "renewal",
                                                  "release",
                                                  "address_in_use",
                                                  "pool_exhausted",
                                                  "denial",
                                                  "deletion",
                                                  "expiry",
                                                  "expiry_with_dns",
                                                  "bootp_lease",
                                                  "dynamic_bootp_lease",
                                                  "bootp_pool_exhausted",
                                                  "bootp_deletion",
                                                  "cleanup_begun",
                                                  "cleanup_ended",
                                                  "dns_update_requested",
                                                  "dns_update_failed",
                                                  "dns_update_made",
                                                  "dns_queue_full",
                                                  "dropped",
                                                  "authorization",
                                                  "solicit",
                                                  "advertise",
                                                  "confirm",
                                                  "rebind",
                                                  "decline",
                                                  "information_request",
                                                  "stateless_request",
                                                  "stateless_purge",
                                                  "stateless_expiry"};

}  // namespace

std::string_view to_string(EventKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

LeaseEffect lease_effect(EventKind kind) {
  switch (kind) {
    case NewLease:
    case BootpLease:
    case DynamicBootpLease: return LeaseEffect::Begins;
    case Renewal:
    case Confirm:
    case Rebind: return LeaseEffect::GoesOn;
    case Release:
    case AddressInUse:
    case Deletion:
    case Expiry:
    case ExpiryWithDns:
    case BootpDeletion:
    case Decline: return LeaseEffect::Ends;
    default: return LeaseEffect::None;
  }
}

EventKind known_kind(std::uint16_t id) {
  const auto found =
      std::lower_bound(kKnownIds.begin(), kKnownIds.end(), id, [](const KnownId& known, std::uint16_t wanted) { return known.id < wanted; });
  if (found != kKnownIds.end() && found->id == id) return found->kind;
  return id >= 50 && id < 11'000 ? Authorization : Other;
}

std::optional<EventKind> kind_of_meaning(std::string_view meaning) {
  const std::string lower = to_lower(meaning);
  for (const Phrase& phrase : kPhrases) {
    if (std::all_of(phrase.words.begin(), phrase.words.end(), [&](std::string_view word) { return lower.find(word) != std::string::npos; })) {
      return phrase.kind;
    }
  }
  return std::nullopt;
}

bool Legend::take(std::string_view line) {
  line = trim(line);
  std::size_t digits = 0;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  const auto id = parse_integer<std::uint16_t>(line.substr(0, digits));
  if (!id || digits > 5) return false;
  std::string_view rest = line.substr(digits);
  const bool and_above = rest.starts_with('+');
  if (and_above) rest.remove_prefix(1);
  if (rest.empty() || (rest.front() != ' ' && rest.front() != '\t')) return false;
  const std::string_view meaning = trim(rest);
  if (meaning.empty()) return false;
  if (entries_.size() >= kMaxEntries) return true;
  entries_[*id] = {shorten(log_lines::printable(meaning), kMaxMeaning), kind_of_meaning(meaning), and_above};
  return true;
}

const Legend::Entry* Legend::find(std::uint16_t id) const {
  const auto after = entries_.upper_bound(id);
  if (after == entries_.begin()) return nullptr;
  const auto& [first, entry] = *std::prev(after);
  return first == id || entry.and_above ? &entry : nullptr;
}

EventKind Legend::kind(std::uint16_t id) const {
  const Entry* entry = find(id);
  return entry != nullptr && entry->kind ? *entry->kind : known_kind(id);
}

std::string_view Legend::meaning(std::uint16_t id) const {
  const Entry* entry = find(id);
  return entry == nullptr ? std::string_view() : entry->meaning;
}

}  // namespace ipam::wire::dhcp_audit_log
