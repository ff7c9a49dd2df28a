// Readies libsodium, which must happen before its first use. Only for the sources of this room. Thread rule: any thread, as often as wanted.
#pragma once

namespace ipam::crypto {

void ensure_library();

}  // namespace ipam::crypto
