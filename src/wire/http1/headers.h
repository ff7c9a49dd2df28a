// Headers: the fields of a message in their order, names compared without regard to case. A message has a dozen, so a search is a walk.
// Thread rule: a plain value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipam::wire::http1 {

struct Field {
  std::string name;
  std::string value;

  bool operator==(const Field&) const = default;
};

class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  // Replaces every field of this name by one.
  void set(std::string name, std::string value);
  void remove(std::string_view name);

  bool contains(std::string_view name) const { return find(name).has_value(); }
  // The first value; valid until the headers change.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // Whether a comma-separated list of tokens (Connection, Expect, …) holds this token, in any of the fields of this name.
  bool lists_token(std::string_view name, std::string_view token) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }
  bool empty() const { return fields_.empty(); }
  bool operator==(const Headers&) const = default;

 private:
  std::vector<Field> fields_;
};

// Whether the text is a token (RFC 9110 section 5.6.2): what a method or a field name may be.
bool is_token(std::string_view text);

}  // namespace ipam::wire::http1
