// Scripts by which shells complete the command line of ipam: nouns, verbs and options as they are at the time, and the names of objects, which the
// script asks ipam for (`ipam NOUN list -q`). Thread rule: pure functions.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace ipam::cli {

struct VerbWords {
  std::string name;
  std::string help;  // one sentence
  std::vector<std::string> options;
  bool takes_object = false;  // its argument is an object that exists
};

struct CommandWords {
  std::string name;
  std::vector<std::string> aliases;
  std::string help;
  std::vector<VerbWords> verbs;      // of a noun
  std::vector<std::string> options;  // of a command without verbs
  bool can_list = false;
};

// `shell` is bash, zsh or fish. Errors: InvalidArgument.
Result<std::string> completion_script(std::string_view shell, const std::vector<CommandWords>& commands);

}  // namespace ipam::cli
