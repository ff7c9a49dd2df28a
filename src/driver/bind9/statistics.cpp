#include "driver/bind9/statistics.h"

#include "base/strings.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace ipam::driver::bind9 {
namespace json = boost::json;

namespace {

constexpr std::size_t kQuotedBytes = 120;
constexpr std::size_t kMostFindings = 100;

Error malformed(std::string why) { return {ErrorCode::Malformed, "the statistics channel's answer: " + std::move(why)}; }

Result<json::value> parse(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return malformed("it is not JSON; is this the right URL?");
  if (!value.is_object()) return malformed("it is not an object");
  return value;
}

Result<std::string> text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name));
  if (value == nullptr || !value->is_string()) return malformed(fmt::format("the text \"{}\" is missing", name));
  return std::string(value->get_string());
}

// A time, or nothing where there is none; BIND writes the epoch for "never".
Result<std::optional<Time>> time_in(const json::object& object, std::string_view name) {
  if (!object.contains(json::string_view(name))) return std::optional<Time>();
  const std::string text = IPAM_TRY(text_in(object, name));
  const auto time = parse_time(text);
  if (!time.ok()) return malformed(fmt::format("\"{}\" is no time: {}", name, shorten(text, kQuotedBytes)));
  if (time->time_since_epoch().count() == 0) return std::optional<Time>();
  return std::optional<Time>(*time);
}

std::optional<model::ZoneKind> kind_of(std::string_view type) {
  using enum model::ZoneKind;
  // The older words are those of BIND before 9.14.
  static constexpr std::array<std::pair<std::string_view, model::ZoneKind>, 10> kKinds{{{"primary", Primary},
                                                                                        {"master", Primary},
                                                                                        {"secondary", Secondary},
                                                                                        {"slave", Secondary},
                                                                                        {"mirror", Mirror},
                                                                                        {"stub", Stub},
                                                                                        {"static-stub", StaticStub},
                                                                                        {"forward", Forward},
                                                                                        {"hint", Hint},
                                                                                        {"redirect", Redirect}}};
  if (type == "builtin") return std::nullopt;  // BIND's own
  for (const auto& [word, kind] : kKinds) {
    if (word == type) return kind;
  }
  return Other;
}

Result<ListedZone> read_zone(const json::object& object, std::string_view view, std::string_view name, model::ZoneKind kind) {
  ListedZone zone;
  zone.view = view;
  zone.kind = kind;
  auto parsed = wire::dns::Name::parse(name);
  if (!parsed.ok()) return malformed(parsed.error().message);
  zone.name = std::move(parsed).value();
  if (const json::value* serial = object.if_contains("serial")) {
    const auto* number = serial->if_int64();
    if (number == nullptr || *number < 0 || *number > 0xFFFFFFFFLL) return malformed("a serial is not a number of 32 bits");
    zone.serial = static_cast<std::uint32_t>(*number);
  }
  zone.loaded_at = IPAM_TRY(time_in(object, "loaded"));
  zone.refresh_at = IPAM_TRY(time_in(object, "refresh"));
  zone.expires_at = IPAM_TRY(time_in(object, "expires"));
  return zone;
}

Result<void> read_view(const json::value& value, std::string_view view, const Limits& limits, ListedZones& listed) {
  const json::object* object = value.if_object();
  if (object == nullptr) return malformed("a view is not an object");
  const json::value* zones = object->if_contains("zones");
  if (zones == nullptr) return {};
  if (!zones->is_array()) return malformed("\"zones\" is not an array");
  for (const json::value& each : zones->get_array()) {
    const json::object* zone = each.if_object();
    if (zone == nullptr) return malformed("a zone is not an object");
    listed.told = true;
    listed.counted = listed.counted || zone->contains("rcodes") || zone->contains("qtypes");
    const std::string record_class = IPAM_TRY(text_in(*zone, "class"));
    const std::string type = IPAM_TRY(text_in(*zone, "type"));
    const std::string name = IPAM_TRY(text_in(*zone, "name"));
    const auto kind = kind_of(type);
    if (record_class != "IN" || !kind) continue;
    if (listed.zones.size() >= limits.zones) return malformed(fmt::format("it lists more than {} zones, which is more than is read", limits.zones));
    auto read = read_zone(*zone, view, name, *kind);
    if (read.ok()) {
      listed.zones.push_back(std::move(read).value());
    } else if (listed.findings.size() < kMostFindings) {
      listed.findings.push_back(fmt::format("zone {} is passed over: {}", shorten(name, kQuotedBytes), read.error().message));
    }
  }
  return {};
}

}  // namespace

Result<ServerStatus> read_status(const std::string& text) {
  const json::value value = IPAM_TRY(parse(text));
  ServerStatus status;
  status.version = shorten(IPAM_TRY(text_in(value.get_object(), "version")), kQuotedBytes);
  if (!is_clean_text(status.version)) return malformed("its version is not text");
  const auto now = IPAM_TRY(time_in(value.get_object(), "current-time"));
  if (!now) return malformed("the time \"current-time\" is missing");
  status.now = *now;
  return status;
}

Result<ListedZones> read_zones(const std::string& text, const Limits& limits) {
  const json::value value = IPAM_TRY(parse(text));
  ListedZones listed;
  const json::value* views = value.get_object().if_contains("views");
  if (views == nullptr) return listed;
  if (!views->is_object()) return malformed("\"views\" is not an object");
  for (const auto& [key, view] : views->get_object()) {
    const std::string_view name(key.data(), key.size());
    if (name.size() > 255 || !is_clean_text(name)) return malformed("a view has no usable name");
    IPAM_TRY(read_view(view, name, limits, listed));
  }
  const auto order = [](const ListedZone& a, const ListedZone& b) { return std::tie(a.view, a.name) < std::tie(b.view, b.name); };
  const auto same = [](const ListedZone& a, const ListedZone& b) { return std::tie(a.view, a.name) == std::tie(b.view, b.name); };
  std::sort(listed.zones.begin(), listed.zones.end(), order);
  if (std::adjacent_find(listed.zones.begin(), listed.zones.end(), same) != listed.zones.end()) return malformed("it lists a zone twice");
  return listed;
}

}  // namespace ipam::driver::bind9
