// Element: an event as a tree, as its XML would have it. Thread rule: a plain value.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::wire::even6 {

struct Element {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  // all character data directly within the element, references and CDATA resolved; may hold control characters
  std::vector<Element> children;

  const Element* find_child(std::string_view child) const;
  // Empty when there is none.
  std::string_view attribute(std::string_view attribute_name) const;
  // XML 1.0 without white space between elements; what XML cannot hold is left out.
  std::string to_xml() const;

  bool operator==(const Element&) const = default;
};

// "&lt;" for '<' and so on; control characters that XML 1.0 cannot hold are left out.
std::string xml_escaped(std::string_view text);

}  // namespace ipam::wire::even6
