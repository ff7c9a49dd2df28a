#include "driver/kea/kea_reservation_edit.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/json_spans.h"
#include "driver/kea/kea_reservation.h"
#include "driver/kea/kea_secrets.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

constexpr std::string_view kReservations = "reservations";
constexpr std::array<std::string_view, 5> kIdentifierFields{"hw-address", "client-id", "duid", "circuit-id", "flex-id"};

std::string quoted(std::string_view text) { return json::serialize(json::string_view(text)); }

std::string kept_text(const ObservedReservation& kept) {
  return kept.delegated_length ? fmt::format("{}/{}", kept.address.to_string(), *kept.delegated_length) : kept.address.to_string();
}

bool same_place(const ObservedReservation& a, const ObservedReservation& b) {
  return a.address == b.address && a.delegated_length == b.delegated_length;
}

// One object of "reservations" while it is edited: what it keeps, for whom. All of `kept` have its identifier, host name and options.
struct Item {
  std::string_view text;  // empty: it is new
  std::vector<ObservedReservation> original;
  std::vector<ObservedReservation> kept;
  bool touched = false;
};

struct Scope {
  std::string_view subnet;
  std::optional<std::string_view> reservations;
  std::vector<Item> items;
};

std::optional<std::string_view> find_subnet(Service service, std::string_view configuration, std::uint64_t id) {
  const std::string wanted = std::to_string(id);
  const auto among = [&](std::string_view object) -> std::optional<std::string_view> {
    const auto list = json_member(object, subnets_of(service));
    if (!list) return std::nullopt;
    for (const std::string_view subnet : json_items(*list).value_or(std::vector<std::string_view>())) {
      if (json_member(subnet, "id") == wanted) return subnet;
    }
    return std::nullopt;
  };
  if (const auto found = among(configuration)) return found;
  const auto networks = json_member(configuration, "shared-networks");
  if (!networks) return std::nullopt;
  for (const std::string_view network : json_items(*networks).value_or(std::vector<std::string_view>())) {
    if (const auto found = among(network)) return found;
  }
  return std::nullopt;
}

Result<Item> read_item(Service service, std::string_view text) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return Error(ErrorCode::Malformed, "a reservation of the configuration is no object");
  Item item{.text = text};
  item.original = IPAM_TRY(read_reservation(service, value.get_object()));
  item.kept = item.original;
  return item;
}

Result<Scope> read_scope(Service service, std::string_view configuration, const std::string& key) {
  const auto number = parse_scope_key(key);
  if (!number || number->service != service) return Error(ErrorCode::InvalidArgument, fmt::format("\"{}\" is no scope of Kea's", shorten(key, 40)));
  const auto subnet = find_subnet(service, configuration, number->id);
  if (!subnet) return Error(ErrorCode::Conflict, fmt::format("the server has no scope {}; read its configuration again", key));
  Scope scope{.subnet = *subnet, .reservations = json_member(*subnet, kReservations)};
  if (!scope.reservations) return scope;
  for (const std::string_view text : json_items(*scope.reservations).value_or(std::vector<std::string_view>())) {
    auto item = read_item(service, text);
    if (!item.ok()) return located(std::move(item).error(), "scope " + key);
    scope.items.push_back(std::move(*item));
  }
  return scope;
}

// What the caller asks for, before the server is asked.
Result<void> check_wish(Service service, const ObservedReservation& wish) {
  const auto refuse = [&](std::string_view why) {
    return Error(ErrorCode::InvalidArgument, fmt::format("the reservation of {}: {}", kept_text(wish), why));
  };
  if (wish.address.family() != family_of(service)) return refuse(fmt::format("its scope is one of {}", protocol_of(service)));
  if (wish.delegated_length && service == Service::Dhcp4) return refuse("DHCPv4 delegates no prefixes");
  if (wish.identifier.empty()) return refuse("the client's identifier is missing");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (wish.hostname.size() > 255 || !is_clean_text(wish.hostname) || std::any_of(wish.hostname.begin(), wish.hostname.end(), is_control))
    return refuse("the host name has more than 255 or unprintable characters");
  if (wish.options.empty()) return {};
  json::error_code error;
  const json::value options = json::parse(wish.options, error);
  if (error || !options.is_array()) return refuse("its options are no JSON array as Kea writes \"option-data\"");
  if (wish.options.find(kRemoved) != std::string::npos) return refuse("its options hold a secret that was removed when they were read; write it out");
  return {};
}

Error differs(const ReservationChange& change, const Scope& scope) {
  const ObservedReservation& place = change.before ? *change.before : *change.after;
  for (const Item& item : scope.items) {
    for (const ObservedReservation& kept : item.original) {
      if (same_place(kept, place)) {
        return {ErrorCode::Conflict,
                fmt::format("{}: the server keeps {} for {} {} \"{}\"; read its configuration again", describe(change), kept_text(kept),
                            identifier_field_of(kept.identifier_type), to_hex(kept.identifier, ':'), kept.hostname)};
      }
    }
  }
  return {ErrorCode::Conflict,
          fmt::format("{}: the server has no reservation of {}; read its configuration again", describe(change), kept_text(place))};
}

Result<void> carry_out(Service service, const ReservationChange& change, Scope& scope, std::vector<std::string>& warnings) {
  if (!change.before && !change.after) return Error(ErrorCode::InvalidArgument, "a change with nothing before and nothing after is none");
  if (change.after) IPAM_TRY(check_wish(service, *change.after));
  Item* holder = nullptr;
  if (change.before) {
    for (Item& item : scope.items) {
      const bool is_original = std::find(item.original.begin(), item.original.end(), *change.before) != item.original.end();
      const auto kept = std::find_if(item.kept.begin(), item.kept.end(), [&](const auto& each) { return same_place(each, *change.before); });
      if (!is_original || kept == item.kept.end()) continue;
      item.kept.erase(kept);
      item.touched = true;
      holder = &item;
      break;
    }
    if (holder == nullptr) return differs(change, scope);
  }
  if (!change.after) return {};
  const ObservedReservation& after = *change.after;
  for (const Item& item : scope.items) {
    for (const ObservedReservation& kept : item.kept) {
      if (same_place(kept, after)) return differs({change.scope_key, std::nullopt, after}, scope);
    }
  }
  // A client has one object with all that is kept for it, one host name and one set of options.
  if (holder == nullptr || holder->original.size() > 1) {
    const auto is_same_client = [&](const Item& item) {
      return service == Service::Dhcp6 && !item.kept.empty() && item.kept.front().identifier_type == after.identifier_type &&
             item.kept.front().identifier == after.identifier;
    };
    const auto own = std::find_if(scope.items.begin(), scope.items.end(), is_same_client);
    if (own != scope.items.end()) {
      holder = &*own;
    } else if (holder == nullptr || !holder->kept.empty()) {
      scope.items.emplace_back();
      holder = &scope.items.back();
    }
  }
  for (ObservedReservation& sibling : holder->kept) {
    if (sibling.hostname == after.hostname && sibling.options == after.options) continue;
    warnings.push_back(fmt::format("{} is kept for the same client: its host name and options become the same", kept_text(sibling)));
    sibling.hostname = after.hostname;
    sibling.options = after.options;
  }
  holder->kept.push_back(after);
  holder->touched = true;
  return {};
}

// The members that say what is kept for whom, by Kea's names.
std::map<std::string_view, std::string> members_of(Service service, const std::vector<ObservedReservation>& kept) {
  std::map<std::string_view, std::string> members;
  if (kept.empty()) return members;
  const ObservedReservation& first = kept.front();
  members[identifier_field_of(first.identifier_type)] = quoted(to_hex(first.identifier, ':'));
  members["hostname"] = quoted(first.hostname);
  members["option-data"] = first.options.empty() ? "[]" : first.options;
  if (service == Service::Dhcp4) {
    members["ip-address"] = quoted(first.address.to_string());
    return members;
  }
  std::string addresses, prefixes;
  for (const ObservedReservation& each : kept) {
    std::string& list = each.delegated_length ? prefixes : addresses;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", quoted(kept_text(each)));
  }
  members["ip-addresses"] = "[" + addresses + "]";
  members["prefixes"] = "[" + prefixes + "]";
  return members;
}

// The object as it shall stand. Members that say the same as before, and all that this program does not know, stay as they are written.
std::string render(Service service, const Item& item) {
  const auto before = members_of(service, item.original);
  auto after = members_of(service, item.kept);
  std::string text;
  const auto add = [&](std::string_view key, std::string_view value) { text += fmt::format("{}\"{}\": {}", text.empty() ? "" : ", ", key, value); };
  for (const JsonMember& member : json_members(item.text).value_or(std::vector<JsonMember>())) {
    const auto now = after.find(member.key);
    const auto then = before.find(member.key);
    const bool is_identifier = std::find(kIdentifierFields.begin(), kIdentifierFields.end(), member.key) != kIdentifierFields.end();
    if (now == after.end()) {
      if (!is_identifier) add(member.key, member.value);
      continue;
    }
    const bool is_same = then != before.end() && then->second == now->second;
    add(member.key, is_same ? member.value : std::string_view(now->second));
    after.erase(now);
  }
  for (const auto& [key, value] : after) add(key, value);
  return "{" + text + "}";
}

std::string without_secrets(std::string_view text) {
  json::error_code error;
  json::value value = json::parse(text, error);
  if (error) return "(unreadable)";
  remove_secrets(value);
  return json::serialize(value);
}

std::string render_list(Service service, const Scope& scope) {
  std::string list;
  for (const Item& item : scope.items) {
    if (item.touched && item.kept.empty()) continue;
    list += list.empty() ? "" : ", ";
    list += item.touched ? render(service, item) : std::string(item.text);
  }
  return "[" + list + "]";
}

// What the request makes of the objects of one scope.
std::string request_text(Service service, std::uint64_t id, const std::vector<Item>& items) {
  std::string text = fmt::format("\"{}\" with \"id\": {}, in \"{}\":", subnets_of(service), id, kReservations);
  for (const Item& item : items) {
    if (!item.touched) continue;
    if (!item.text.empty()) text += "\n- " + without_secrets(item.text);
    if (!item.kept.empty()) text += "\n+ " + without_secrets(render(service, item));
  }
  return text;
}

}  // namespace

Result<ReservationEdit> edit_reservations(Service service, std::string_view configuration, const std::vector<ReservationChange>& changes) {
  ReservationEdit edit;
  std::map<std::string, Scope> scopes;
  for (const ReservationChange& change : changes) {
    auto known = scopes.find(change.scope_key);
    if (known == scopes.end()) known = scopes.emplace(change.scope_key, IPAM_TRY(read_scope(service, configuration, change.scope_key))).first;
    IPAM_TRY(carry_out(service, change, known->second, edit.warnings));
    if (change.before && (!change.after || !same_place(*change.before, *change.after))) {
      edit.losses.push_back(fmt::format("the reservation of {} for {} {}", kept_text(*change.before),
                                        identifier_field_of(change.before->identifier_type), to_hex(change.before->identifier, ':')));
    }
  }
  TextEdit text(configuration);
  for (const auto& [key, scope] : scopes) {
    std::string list = render_list(service, scope);
    if (scope.reservations) {
      text.replace(*scope.reservations, std::move(list));
    } else {
      text.replace(scope.subnet.substr(1, 0), fmt::format("\"{}\": {}, ", kReservations, list));
    }
    std::string what = "in scope " + key;
    for (const ReservationChange& change : changes) {
      if (change.scope_key == key) what += fmt::format("{} {}", what.ends_with(key) ? ":" : ";", describe(change));
    }
    edit.steps.push_back({std::move(what), request_text(service, parse_scope_key(key)->id, scope.items)});
  }
  edit.configuration = std::move(text).finish();
  return edit;
}

std::optional<std::vector<ReservationChange>> read_back(Service service, std::string_view configuration, std::vector<ReservationChange> changes) {
  const auto find_kept = [](const Scope& scope, const ObservedReservation& wanted) -> const ObservedReservation* {
    for (const Item& item : scope.items) {
      for (const ObservedReservation& kept : item.kept) {
        if (same_place(kept, wanted) && kept.identifier == wanted.identifier && kept.identifier_type == wanted.identifier_type &&
            kept.hostname == wanted.hostname) {
          return &kept;
        }
      }
    }
    return nullptr;
  };
  std::map<std::string, Scope> scopes;
  for (ReservationChange& change : changes) {
    auto known = scopes.find(change.scope_key);
    if (known == scopes.end()) {
      auto scope = read_scope(service, configuration, change.scope_key);
      if (!scope.ok()) return std::nullopt;
      known = scopes.emplace(change.scope_key, std::move(*scope)).first;
    }
    if (change.after) {
      const ObservedReservation* kept = find_kept(known->second, *change.after);
      if (kept == nullptr) return std::nullopt;
      change.after = *kept;  // with its options as the server writes them
    } else if (change.before && find_kept(known->second, *change.before) != nullptr) {
      return std::nullopt;
    }
  }
  return changes;
}

}  // namespace ipam::driver::kea
