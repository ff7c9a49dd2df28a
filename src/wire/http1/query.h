// Percent-encoding (RFC 3986 section 2.1) and the query part of a target as name=value pairs. Thread rule: plain values and pure functions.
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::wire::http1 {

// The parameters of a query in their order; a name may come several times.
class Query {
 public:
  using Parameter = std::pair<std::string, std::string>;

  Query() = default;
  explicit Query(std::vector<Parameter> parameters) : parameters_(std::move(parameters)) {}
  // "a=1&b=x%20y&flag": '+' is a space, a name without '=' has an empty value. Errors: Malformed (percent-encoding, more than 1,000 parameters).
  static Result<Query> parse(std::string_view text);

  // The first value of this name.
  std::optional<std::string_view> find(std::string_view name) const;
  void add(std::string name, std::string value) { parameters_.emplace_back(std::move(name), std::move(value)); }
  // Encoded, without '?'.
  std::string to_string() const;

  auto begin() const { return parameters_.begin(); }
  auto end() const { return parameters_.end(); }
  std::size_t size() const { return parameters_.size(); }
  bool empty() const { return parameters_.empty(); }
  bool operator==(const Query&) const = default;

 private:
  std::vector<Parameter> parameters_;
};

enum class PlusSign { Literal, Space };

// Errors: Malformed (not two hexadecimal digits after '%', an encoded NUL).
Result<std::string> percent_decode(std::string_view text, PlusSign plus = PlusSign::Literal);
// Everything but letters, digits and "-._~" is encoded: safe as one path segment, or as a name or value of a query.
std::string percent_encode(std::string_view text);

}  // namespace ipam::wire::http1
