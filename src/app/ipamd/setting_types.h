// What settings are made of. Thread rule: plain values.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ipam::app {

struct ListenAddress {
  std::string address;
  std::uint16_t port = 0;
};

}  // namespace ipam::app
