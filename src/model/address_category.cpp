#include "model/address_category.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace ipam::model {
namespace {

struct Entry {
  std::string_view prefix;
  AddressCategory category;
};

// The innermost entry counts.
constexpr std::array kV4{
    Entry{"0.0.0.0/0", AddressCategory::Public},
    Entry{"0.0.0.0/8", AddressCategory::SpecialPurpose},       // RFC 1122: this network
    Entry{"10.0.0.0/8", AddressCategory::Private},             // RFC 1918
    Entry{"100.64.0.0/10", AddressCategory::Shared},           // RFC 6598
    Entry{"127.0.0.0/8", AddressCategory::Loopback},           // RFC 1122
    Entry{"169.254.0.0/16", AddressCategory::LinkLocal},       // RFC 3927
    Entry{"172.16.0.0/12", AddressCategory::Private},          // RFC 1918
    Entry{"192.0.0.0/24", AddressCategory::SpecialPurpose},    // RFC 6890
    Entry{"192.0.2.0/24", AddressCategory::Documentation},     // RFC 5737
    Entry{"192.88.99.0/24", AddressCategory::SpecialPurpose},  // RFC 7526
    Entry{"192.168.0.0/16", AddressCategory::Private},         // RFC 1918
    Entry{"198.18.0.0/15", AddressCategory::Benchmarking},     // RFC 2544
    Entry{"198.51.100.0/24", AddressCategory::Documentation},  // RFC 5737
    Entry{"203.0.113.0/24", AddressCategory::Documentation},   // RFC 5737
    Entry{"224.0.0.0/4", AddressCategory::Multicast},          // RFC 5771
    Entry{"240.0.0.0/4", AddressCategory::Reserved},           // RFC 1112
    Entry{"255.255.255.255/32", AddressCategory::SpecialPurpose},
};
constexpr std::array kV6{
    Entry{"::/0", AddressCategory::Reserved},
    Entry{"::/128", AddressCategory::SpecialPurpose},          // RFC 4291: unspecified
    Entry{"::1/128", AddressCategory::Loopback},               // RFC 4291
    Entry{"::ffff:0:0/96", AddressCategory::SpecialPurpose},   // RFC 4291: IPv4-mapped
    Entry{"64:ff9b::/96", AddressCategory::SpecialPurpose},    // RFC 6052
    Entry{"64:ff9b:1::/48", AddressCategory::SpecialPurpose},  // RFC 8215
    Entry{"100::/64", AddressCategory::SpecialPurpose},        // RFC 6666
    Entry{"2000::/3", AddressCategory::GlobalUnicast},         // RFC 4291
    Entry{"2001::/23", AddressCategory::SpecialPurpose},       // RFC 2928
    Entry{"2001:2::/48", AddressCategory::Benchmarking},       // RFC 5180
    Entry{"2001:db8::/32", AddressCategory::Documentation},    // RFC 3849
    Entry{"2002::/16", AddressCategory::SpecialPurpose},       // RFC 3056
    Entry{"3fff::/20", AddressCategory::Documentation},        // RFC 9637
    Entry{"fc00::/7", AddressCategory::UniqueLocal},           // RFC 4193
    Entry{"fe80::/10", AddressCategory::LinkLocal},            // RFC 4291
    Entry{"ff00::/8", AddressCategory::Multicast},             // RFC 4291
};

struct Known {
  ip::Prefix prefix;
  AddressCategory category = AddressCategory::Public;
};

template <std::size_t N>
std::vector<Known> parse_all(const std::array<Entry, N>& entries) {
  std::vector<Known> known;
  for (const Entry& entry : entries) known.push_back({ip::Prefix::parse(entry.prefix).value(), entry.category});
  // Outermost first.
  std::stable_sort(known.begin(), known.end(), [](const Known& a, const Known& b) { return a.prefix.length() < b.prefix.length(); });
  return known;
}

const std::vector<Known>& registry(ip::Family family) {
  static const std::vector<Known> v4 = parse_all(kV4);
  static const std::vector<Known> v6 = parse_all(kV6);
  return family == ip::Family::V4 ? v4 : v6;
}

bool holds_small_exceptions(AddressCategory category) { return category == AddressCategory::Public || category == AddressCategory::GlobalUnicast; }
bool is_small_exception(AddressCategory category) {
  return category == AddressCategory::Documentation || category == AddressCategory::SpecialPurpose || category == AddressCategory::Benchmarking;
}

}  // namespace

std::vector<CategorySpan> spans_of(AddressCategory category) {
  std::vector<CategorySpan> spans;
  for (const ip::Family family : {ip::Family::V4, ip::Family::V6}) {
    for (const Known& known : registry(family)) {
      if (known.category != category) continue;
      CategorySpan span{known.prefix, {}};
      for (const Known& inner : registry(family)) {
        if (inner.category != category && inner.prefix != known.prefix && known.prefix.contains(inner.prefix)) span.except.push_back(inner.prefix);
      }
      spans.push_back(std::move(span));
    }
  }
  return spans;
}

AddressCategory category_of(ip::Address address) {
  AddressCategory category = AddressCategory::Reserved;
  for (const Known& known : registry(address.family())) {
    if (known.prefix.contains(address)) category = known.category;
  }
  return category;
}

AddressCategory category_of(const ip::Range& range) {
  AddressCategory category = AddressCategory::Reserved;
  bool mixed = false;
  // Outermost first: an entry around the range says what it is, one inside or across it may say that it is of several kinds.
  for (const Known& known : registry(range.family())) {
    const ip::Range entry(known.prefix);
    if (entry.contains(range)) {
      category = known.category;
      mixed = false;
    } else if (entry.overlaps(range) && known.category != category) {
      mixed = mixed || !(holds_small_exceptions(category) && is_small_exception(known.category));
    }
  }
  return mixed ? AddressCategory::Mixed : category;
}

}  // namespace ipam::model
