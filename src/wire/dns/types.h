// The numbers of DNS that have names: record types, classes, operation codes, response codes and extended errors (the IANA registries; RFC 1035,
// 2136, 6895, 8914, 8945). A number without a name prints as RFC 3597 has it ("TYPE65280", "CLASS32") and reads so too. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipam::wire::dns {

// Only those that this code speaks of itself; every other number is a valid value too.
enum class RecordType : std::uint16_t {
  A = 1,
  Ns = 2,
  Cname = 5,
  Soa = 6,
  Ptr = 12,
  Hinfo = 13,
  Mx = 15,
  Txt = 16,
  Rp = 17,
  Afsdb = 18,
  Key = 25,
  Aaaa = 28,
  Loc = 29,
  Srv = 33,
  Naptr = 35,
  Kx = 36,
  Cert = 37,
  Dname = 39,
  Opt = 41,
  Ds = 43,
  Sshfp = 44,
  Rrsig = 46,
  Nsec = 47,
  Dnskey = 48,
  Dhcid = 49,
  Nsec3 = 50,
  Nsec3param = 51,
  Tlsa = 52,
  Smimea = 53,
  Cds = 59,
  Cdnskey = 60,
  Openpgpkey = 61,
  Zonemd = 63,
  Svcb = 64,
  Https = 65,
  Spf = 99,
  Tkey = 249,
  Tsig = 250,
  Ixfr = 251,
  Axfr = 252,
  Any = 255,
  Uri = 256,
  Caa = 257,
};
enum class RecordClass : std::uint16_t { In = 1, Chaos = 3, Hesiod = 4, None = 254, Any = 255 };
enum class Opcode : std::uint8_t { Query = 0, Status = 2, Notify = 4, Update = 5 };
enum class Rcode : std::uint16_t {
  NoError = 0,
  FormErr = 1,
  ServFail = 2,
  NxDomain = 3,
  NotImp = 4,
  Refused = 5,
  YxDomain = 6,
  YxRrset = 7,
  NxRrset = 8,
  NotAuth = 9,
  NotZone = 10,
  BadVers = 16,
  BadSig = 16,
  BadKey = 17,
  BadTime = 18,
  BadMode = 19,
  BadName = 20,
  BadAlg = 21,
  BadTrunc = 22,
  BadCookie = 23,
};

std::string to_string(RecordType type);
std::string to_string(RecordClass record_class);
std::string to_string(Rcode code);                    // "NXDOMAIN"; in a message's header, where 16 is BADVERS
std::string tsig_error_name(std::uint16_t code);      // "BADSIG"; in a TSIG record, where 16 is that
std::string extended_error_name(std::uint16_t code);  // "Stale Answer"; RFC 8914
// Any case. Nothing when there is no such type or class.
std::optional<RecordType> record_type_of(std::string_view mnemonic);
std::optional<RecordClass> record_class_of(std::string_view mnemonic);
// What exists in questions and messages only, never in a zone (RFC 6895 section 3.1): OPT and the numbers 128 to 255.
bool is_meta_type(RecordType type);

}  // namespace ipam::wire::dns
