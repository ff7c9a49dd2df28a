#include "wire/even6/element.h"

namespace ipam::wire::even6 {
namespace {

void append_xml(std::string& out, const Element& element) {
  out += '<';
  out += element.name;
  for (const auto& [name, value] : element.attributes) {
    out += ' ';
    out += name;
    out += "=\"";
    out += xml_escaped(value);
    out += '"';
  }
  if (element.text.empty() && element.children.empty()) {
    out += "/>";
    return;
  }
  out += '>';
  out += xml_escaped(element.text);
  for (const Element& child : element.children) append_xml(out, child);
  out += "</";
  out += element.name;
  out += '>';
}

}  // namespace

const Element* Element::find_child(std::string_view child) const {
  for (const Element& each : children) {
    if (each.name == child) return &each;
  }
  return nullptr;
}

std::string_view Element::attribute(std::string_view attribute_name) const {
  for (const auto& [each, value] : attributes) {
    if (each == attribute_name) return value;
  }
  return {};
}

std::string Element::to_xml() const {
  std::string out;
  append_xml(out, *this);
  return out;
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      case '\t':
      case '\n':
      case '\r': out += c; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

}  // namespace ipam::wire::even6
