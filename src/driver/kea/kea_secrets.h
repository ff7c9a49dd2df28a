// Takes secrets out of a configuration before anything else sees it. Kea answers config-get with its passwords in clear. What is secret is decided by
// an explicit list of key names, at any depth, also in user contexts and hook parameters; and user information in URLs goes too.
// Thread rule: pure functions.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ipam::driver::kea {

inline constexpr std::string_view kRemoved = "(removed)";

bool is_secret_key(std::string_view key);
void remove_secrets(boost::json::value& value);
// The texts (of at least 4 bytes) that remove_secrets would remove from this JSON, for messages that must not repeat them; none when it is no JSON.
std::vector<std::string> secrets_in(std::string_view text);

}  // namespace ipam::driver::kea
