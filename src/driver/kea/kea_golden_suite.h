// The recorded answers of a real Kea, for tests (tests/golden/kea). Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace ipam::driver::kea {

// The answer recorded as `name`.json. Throws when there is none.
std::string golden(std::string_view name);
// The same with the first `from` in it replaced. Throws when there is none: the test would test nothing.
std::string golden_with(std::string_view name, std::string_view from, std::string_view to);

}  // namespace ipam::driver::kea
