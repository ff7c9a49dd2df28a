#include "http_server/router.h"

#include "base/assert.h"
#include "base/strings.h"

#include <algorithm>

namespace ipam::http_server {

struct Router::Node {
  // "{name}" or "{name}:verb" as one segment.
  struct Parameter {
    std::string name;
    std::string verb;  // with its ':'; empty for a plain parameter
    std::unique_ptr<Node> next;
  };

  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::vector<Parameter> parameters;  // with a verb first
  std::map<std::string, const Route*, std::less<>> methods;

  Node& child(std::string_view segment);
};

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string_view> segments_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  return split(path, '/');
}

}  // namespace

Router::Node& Router::Node::child(std::string_view segment) {
  IPAM_ASSERT(!segment.empty(), "a segment of a path template is not empty");
  if (!segment.starts_with('{')) {
    auto& next = literals[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    return *next;
  }
  const auto close = segment.find('}');
  IPAM_ASSERT(close != std::string_view::npos && close > 1, "a parameter of a path template is {name}");
  const std::string name(segment.substr(1, close - 1)), verb(segment.substr(close + 1));
  IPAM_ASSERT(verb.empty() || verb.starts_with(':'), "only a verb follows a parameter");
  for (Parameter& parameter : parameters) {
    if (parameter.verb != verb) continue;
    IPAM_ASSERT(parameter.name == name, "one parameter of a path has one name");
    return *parameter.next;
  }
  const auto place = verb.empty() ? parameters.end() : parameters.begin();
  return *parameters.insert(place, Parameter{name, verb, std::make_unique<Node>()})->next;
}

const std::string& RequestContext::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& parameter) { return parameter.first == name; });
  IPAM_ASSERT(found != parameters.end(), "the route has no such parameter");
  return found->second;
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Route route) {
  IPAM_ASSERT(route.path.starts_with('/') && wire::http1::is_token(route.method) && route.handler, "a route has a method, a path and a handler");
  if (route.name.empty()) route.name = route.path;
  const Route& added = *routes_.emplace_back(std::make_unique<Route>(std::move(route)));
  Node* node = root_.get();
  if (added.path != "/") {
    for (const std::string_view segment : segments_of(added.path)) node = &node->child(segment);
  }
  IPAM_ASSERT(node->methods.emplace(added.method, &added).second, added.method + " " + added.path + " is routed twice");
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  std::vector<std::string> segments;
  if (path != "/") {
    for (const std::string_view segment : segments_of(path)) {
      auto decoded = wire::http1::percent_decode(segment);
      if (!decoded.ok() || decoded->empty()) return {};
      segments.push_back(std::move(decoded).value());
    }
  }
  const std::string_view sought = method == "HEAD" ? "GET" : method;
  Match found;
  Parameters parameters;
  // Goes on after a node without the method: "GET /a/{id}" answers /a/x also where "POST /a/x" exists. Bounded by the depth of the templates.
  const auto walk = [&](const auto& self, const Node& node, std::size_t depth) -> bool {
    if (depth == segments.size()) {
      const auto route = node.methods.find(sought);
      if (route != node.methods.end()) {
        found.route = route->second;
        found.parameters = parameters;
        return true;
      }
      for (const auto& [allowed, unused] : node.methods) found.allowed.push_back(allowed);
      return false;
    }
    const std::string& segment = segments[depth];
    const auto literal = node.literals.find(segment);
    if (literal != node.literals.end() && self(self, *literal->second, depth + 1)) return true;
    for (const Node::Parameter& parameter : node.parameters) {
      if (segment.size() <= parameter.verb.size() || !segment.ends_with(parameter.verb)) continue;
      parameters.emplace_back(parameter.name, segment.substr(0, segment.size() - parameter.verb.size()));
      if (self(self, *parameter.next, depth + 1)) return true;
      parameters.pop_back();
    }
    return false;
  };
  walk(walk, *root_, 0);
  if (found.route != nullptr) {
    found.allowed.clear();
  } else if (!found.allowed.empty()) {
    if (std::find(found.allowed.begin(), found.allowed.end(), "GET") != found.allowed.end()) found.allowed.push_back("HEAD");
    found.allowed.push_back("OPTIONS");
    std::sort(found.allowed.begin(), found.allowed.end());
    found.allowed.erase(std::unique(found.allowed.begin(), found.allowed.end()), found.allowed.end());
  }
  return found;
}

}  // namespace ipam::http_server
