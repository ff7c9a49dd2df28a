#include "cli/document.h"

#include "base/strings.h"
#include "json/codec.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

// json::append_string leaves these as they are, which is right for a wire and wrong for a terminal: DEL, C1 controls (C2 80 to C2 9F), and the
// marks of direction and line ends around U+2028 and U+2066.
void append_text(std::string& out, std::string_view text) {
  std::string quoted;
  json::append_string(quoted, text);
  const auto byte = [&](std::size_t i) -> unsigned { return i < quoted.size() ? static_cast<unsigned char>(quoted[i]) : 0; };
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (byte(i) == 0x7F) {
      out += "\\u007f";
    } else if (byte(i) == 0xC2 && byte(i + 1) >= 0x80 && byte(i + 1) <= 0x9F) {
      out += fmt::format("\\u00{:02x}", byte(++i));
    } else if (byte(i) == 0xD8 && byte(i + 1) == 0x9C) {
      out += "\\u061c";
      ++i;
    } else if (byte(i) == 0xE2 && (byte(i + 1) == 0x80 || byte(i + 1) == 0x81)) {
      const unsigned code = 0x2000 | (byte(i + 1) & 0x3FU) << 6U | (byte(i + 2) & 0x3FU);
      const bool steers = code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
      out += steers ? fmt::format("\\u{:04x}", code) : quoted.substr(i, 3);
      i += 2;
    } else {
      out += quoted[i];
    }
  }
}

void append_scalar(std::string& out, const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::string: append_text(out, std::string_view(value.get_string())); break;
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
    case boost::json::kind::int64: out += std::to_string(value.get_int64()); break;
    case boost::json::kind::uint64: out += std::to_string(value.get_uint64()); break;
    case boost::json::kind::double_: json::append_double(out, value.get_double()); break;
    default: out += "null";
  }
}

enum class Layout { Compact, Indented };

void append_json(std::string& out, const boost::json::value& value, Layout layout, std::size_t depth) {
  const auto line = [&](std::size_t level) {
    if (layout == Layout::Indented) out += '\n' + std::string(level * 2, ' ');
  };
  bool first = true;
  const auto next = [&] {
    if (!first) out += ',';
    first = false;
    line(depth + 1);
  };
  if (value.is_array()) {
    out += '[';
    for (const auto& item : value.get_array()) next(), append_json(out, item, layout, depth + 1);
    if (!first) line(depth);
    out += ']';
  } else if (value.is_object()) {
    out += '{';
    for (const auto& entry : value.get_object()) {
      next();
      append_text(out, std::string_view(entry.key()));
      out += layout == Layout::Indented ? ": " : ":";
      append_json(out, entry.value(), layout, depth + 1);
    }
    if (!first) line(depth);
    out += '}';
  } else {
    append_scalar(out, value);
  }
}

}  // namespace

std::string pretty_json(const boost::json::value& value, std::size_t depth) {
  std::string out;
  append_json(out, value, Layout::Indented, depth);
  return out;
}

std::string compact_json(const boost::json::value& value) {
  std::string out;
  append_json(out, value, Layout::Compact, 0);
  return out;
}

std::string csv_record(const std::vector<std::string>& fields) {
  std::string out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    const std::string& field = fields[i];
    const bool quote = field.find_first_of(",\"\r\n") != std::string::npos || (!field.empty() && (field.front() == ' ' || field.back() == ' '));
    if (!quote) {
      out += field;
      continue;
    }
    out += '"';
    for (const char c : field) out += c == '"' ? "\"\"" : std::string(1, c);
    out += '"';
  }
  return out + "\r\n";
}

std::string csv_value(const boost::json::value& item, std::string_view path) {
  const boost::json::value* value = &item;
  for (const std::string_view name : split(path, '.')) {
    const auto* object = value->if_object();
    value = object != nullptr ? object->if_contains(name) : nullptr;
    if (value == nullptr) return {};
  }
  if (value->is_null()) return {};
  if (value->is_string()) return std::string(std::string_view(value->get_string()));
  if (!value->is_array()) return compact_json(*value);
  std::vector<std::string> parts;
  for (const auto& element : value->get_array()) {
    parts.push_back(element.is_string() ? std::string(std::string_view(element.get_string())) : compact_json(element));
  }
  return join(parts, " ");
}

}  // namespace ipam::cli
