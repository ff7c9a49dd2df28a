// The changes of a model::ServerChange as they are stored and told by the journal: JSON with what was there before and what is there after.
//
//   [{"records":{"zone":"corp.example","view":"_default","name":"app7.corp.example","type":"A","before":[],"after":[{"data":"10.0.0.5","ttl":3600}]},
//     "reservation":null}]
//
// Thread rule: pure functions.
#pragma once

#include "driver/driver.h"

namespace ipam::service {

std::string changes_to_text(const std::vector<driver::Change>& changes);
// Errors: Internal (the text is damaged, or of a later version).
Result<std::vector<driver::Change>> changes_from_text(std::string_view text);

}  // namespace ipam::service
