#include "wire/http1/target.h"

#include "base/strings.h"

namespace ipam::wire::http1 {
namespace {

// RFC 3986 appendix A: what a path and a query may hold without percent-encoding.
bool is_allowed(char c) {
  constexpr std::string_view kPunctuation = "-._~%!$&'()*+,;=:@/?[]";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kPunctuation.find(c) != std::string_view::npos;
}

}  // namespace

Result<Target> parse_target(std::string_view method, std::string_view text) {
  if (text == "*" && method == "OPTIONS") return Target{"*", {}};
  for (const char c : text) {
    if (!is_allowed(c)) return Error(ErrorCode::Malformed, "the target of the request has a character that must be percent-encoded");
  }
  std::string_view rest = text;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(rest.substr(0, scheme.size()), scheme)) continue;
    rest.remove_prefix(scheme.size());
    const auto path = rest.find_first_of("/?");
    if (path == 0 || rest.empty()) return Error(ErrorCode::Malformed, "the target of the request has no host");
    rest = path == std::string_view::npos ? "/" : rest.substr(path);
    break;
  }
  const auto mark = rest.find('?');
  Target target;
  target.path = rest.substr(0, mark);
  if (target.path.empty() && rest.size() < text.size()) target.path = "/";  // "http://host?query"
  if (target.path.empty() || target.path.front() != '/') return Error(ErrorCode::Malformed, "the target of the request is not a path");
  (void)IPAM_TRY(percent_decode(target.path));
  if (mark != std::string_view::npos) target.query = IPAM_TRY(Query::parse(rest.substr(mark + 1)));
  return target;
}

}  // namespace ipam::wire::http1
