// A list of findings that a server cannot flood. Thread rule: a plain value.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace ipam::driver::kea {

// Findings are for people: a server with a thousand odd pools needs a sentence, not a thousand.
class Findings {
 public:
  void add(std::string finding) {
    if (list_.size() < kMost) {
      list_.push_back(std::move(finding));
    } else {
      ++more_;
    }
  }
  std::vector<std::string> take() && {
    if (more_ > 0) list_.push_back(fmt::format("and {} more like these", more_));
    return std::move(list_);
  }

 private:
  static constexpr std::size_t kMost = 100;
  std::vector<std::string> list_;
  std::size_t more_ = 0;
};

}  // namespace ipam::driver::kea
