#include "wire/even6/event.h"

#include "base/strings.h"
#include "wire/log_lines/text.h"

#include <charconv>

namespace ipam::wire::even6 {
namespace {

using log_lines::printable;

Error malformed() { return {ErrorCode::Malformed, "an event of the log lacks what every event has, or has a number or a time that is none"}; }

// An element's text as a number; 0 when it is not there. False when it is there and no number.
template <class T>
bool read_number(const Element& system, std::string_view name, T& number) {
  const Element* element = system.find_child(name);
  if (element == nullptr || element->text.empty()) return true;
  const auto read = parse_integer<T>(trim(element->text));
  number = read.value_or(0);
  return read.has_value();
}

bool read_keywords(const Element& system, std::uint64_t& keywords) {
  const Element* element = system.find_child("Keywords");
  if (element == nullptr || element->text.empty()) return true;
  std::string_view text = trim(element->text);
  if (!text.starts_with("0x")) return false;
  text.remove_prefix(2);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), keywords, 16);
  return error == std::errc() && end == text.data() + text.size();
}

std::string text_of(const Element& system, std::string_view name) {
  const Element* element = system.find_child(name);
  return element == nullptr ? std::string() : printable(element->text);
}

std::string attribute_of(const Element& system, std::string_view name, std::string_view attribute) {
  const Element* element = system.find_child(name);
  return element == nullptr ? std::string() : printable(element->attribute(attribute));
}

}  // namespace

std::optional<std::string_view> Event::find(std::string_view name) const {
  for (const auto& [each, value] : data) {
    if (each == name) return value;
  }
  return std::nullopt;
}

Result<Event> read_event(const Element& root) {
  const Element* system = root.name == "Event" ? root.find_child("System") : nullptr;
  if (system == nullptr || system->find_child("EventID") == nullptr) return malformed();
  Event event;
  if (!read_number(*system, "EventID", event.id) || !read_number(*system, "Version", event.version) || !read_number(*system, "Level", event.level) ||
      !read_number(*system, "Task", event.task) || !read_number(*system, "Opcode", event.opcode) ||
      !read_number(*system, "EventRecordID", event.record_id) || !read_keywords(*system, event.keywords)) {
    return malformed();
  }
  event.provider = attribute_of(*system, "Provider", "Name");
  event.provider_guid = attribute_of(*system, "Provider", "Guid");
  event.channel = text_of(*system, "Channel");
  event.computer = text_of(*system, "Computer");
  event.user_sid = attribute_of(*system, "Security", "UserID");
  if (const std::string time = attribute_of(*system, "TimeCreated", "SystemTime"); !time.empty()) {
    const auto read = parse_time(time);
    if (!read.ok()) return malformed();
    event.time = *read;
  }
  if (const Element* data = root.find_child("EventData")) {
    for (const Element& each : data->children) event.data.emplace_back(printable(each.attribute("Name")), printable(each.text));
  } else if (const Element* user_data = root.find_child("UserData"); user_data != nullptr && !user_data->children.empty()) {
    for (const Element& each : user_data->children.front().children) event.data.emplace_back(printable(each.name), printable(each.text));
  }
  return event;
}

}  // namespace ipam::wire::even6
