// Legend: what the ids of events mean, by the text at the head of the file, which is the authority, and by a list of known ids for what the text
// does not say or says in another language. Thread rule: a plain value.
#pragma once

#include "wire/dhcp_audit_log/event.h"

#include <map>

namespace ipam::wire::dhcp_audit_log {

// Of the list of known ids.
EventKind known_kind(std::uint16_t id);
// By what an English legend says ("A lease was renewed by a client."); nothing when it is not understood.
std::optional<EventKind> kind_of_meaning(std::string_view meaning);

class Legend {
 public:
  static constexpr std::size_t kMaxEntries = 256;
  static constexpr std::size_t kMaxMeaning = 400;

  // Takes "10<tab>A new IP address was leased to a client." and answers whether the line is such an entry. "50+" is the entry of 50 and all above.
  bool take(std::string_view line);
  void clear() { entries_.clear(); }
  bool empty() const { return entries_.empty(); }

  EventKind kind(std::uint16_t id) const;
  // Printable; empty when the legend does not have the id.
  std::string_view meaning(std::uint16_t id) const;

 private:
  struct Entry {
    std::string meaning;
    std::optional<EventKind> kind;
    bool and_above = false;
  };
  const Entry* find(std::uint16_t id) const;

  std::map<std::uint16_t, Entry> entries_;
};

}  // namespace ipam::wire::dhcp_audit_log
