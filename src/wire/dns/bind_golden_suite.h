// What dig and nsupdate asked a real BIND, and what it answered: tests/golden/bind, recorded by tests/lab/record_bind_golden.py. Thread rule:
// functions.
#pragma once

#include "wire/dns/tsig.h"

#include <vector>

namespace ipam::wire::dns {

// The file's content; it throws when there is none.
Bytes golden(const std::string& file);
// The messages of a recorded TCP stream.
std::vector<Bytes> golden_messages(const std::string& file);
TsigKey golden_key(const std::string& name);
// The digest and the time of the TSIG record at the end of a recorded request.
struct GoldenSignature {
  Bytes mac;
  Time time;
};
GoldenSignature golden_signature(const Bytes& request, std::size_t digest_size);

}  // namespace ipam::wire::dns
