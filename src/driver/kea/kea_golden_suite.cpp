#include "driver/kea/kea_golden_suite.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ipam::driver::kea {

std::string golden(std::string_view name) {
  std::ifstream file(fmt::format("{}/tests/golden/kea/{}.json", IPAM_SOURCE_FOLDER, name), std::ios::binary);
  if (!file) throw std::runtime_error(fmt::format("no golden answer {}", name));
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string golden_with(std::string_view name, std::string_view from, std::string_view to) {
  std::string text = golden(name);
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error(fmt::format("{} is not in the golden answer {}", from, name));
  return text.replace(at, from.size(), to);
}

}  // namespace ipam::driver::kea
