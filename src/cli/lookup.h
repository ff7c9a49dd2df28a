// Finding the object that a person means by a prefix, range, address, name or id. Thread rule: one thread.
#pragma once

#include "cli/api.h"
#include "cli/noun.h"
#include "ip/range.h"

namespace ipam::cli {

// The one object that `text` means; `qualifiers` (space, server) tell objects of one name apart.
// Errors: NotFound; InvalidArgument (several are meant: the message lists them; a prefix with host bits); those of the API.
Result<boost::json::value> find_object(Api& api, const Noun& noun, const std::string& text, const Query& qualifiers);

// Where the API keeps the object.
std::string object_path(const Noun& noun, const boost::json::value& item);

// The smallest prefix that holds the whole range.
ip::Prefix covering_prefix(const ip::Range& range);

}  // namespace ipam::cli
