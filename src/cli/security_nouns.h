// The nouns of who is signed in and who was refused, and what taking one of them away is called. Thread rule: immutable after it is made.
#pragma once

#include "cli/noun.h"

namespace ipam::cli {

std::vector<Noun> security_nouns();

// "delete", "Deleted"; of a session "revoke", "Revoked"; of a lockout "lift", "Lifted".
struct RemovalWords {
  std::string verb;
  std::string done;
};
RemovalWords removal_words(const Noun& noun);

}  // namespace ipam::cli
