// Takes secrets out of a configuration before anything else sees it. Kea answers config-get with its passwords in clear. What is secret is decided by
// an explicit list of key names, at any depth, also in user contexts and hook parameters; and user information in URLs goes too.
// Thread rule: pure functions.
#pragma once

#include <boost/json/value.hpp>

#include <string_view>

namespace ipam::driver::kea {

inline constexpr std::string_view kRemoved = "(removed)";

bool is_secret_key(std::string_view key);
void remove_secrets(boost::json::value& value);

}  // namespace ipam::driver::kea
