// Names as MS-DNSP spells them: UTF-8 as it is, where DNS's presentation format escapes every octet that is not printable ASCII. A dot or a backslash
// within a label stands after a backslash. Thread rule: pure functions.
#pragma once

#include "wire/dns/name.h"

namespace ipam::wire::dnsp {

// With or without the final dot. Errors: InvalidArgument, as those of Name::parse.
Result<dns::Name> parse_name(std::string_view text);
// With the final dot; the root is ".".
std::string name_text(const dns::Name& name);

}  // namespace ipam::wire::dnsp
