#include "wire/dns/types.h"

#include "base/strings.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace ipam::wire::dns {
namespace {

using Row = std::pair<std::uint16_t, std::string_view>;

constexpr Row kTypes[] = {
    {1, "A"},           {2, "NS"},     {3, "MD"},          {4, "MF"},      {5, "CNAME"},     {6, "SOA"},    {7, "MB"},     {8, "MG"},
    {9, "MR"},          {10, "NULL"},  {11, "WKS"},        {12, "PTR"},    {13, "HINFO"},    {14, "MINFO"}, {15, "MX"},    {16, "TXT"},
    {17, "RP"},         {18, "AFSDB"}, {19, "X25"},        {20, "ISDN"},   {21, "RT"},       {24, "SIG"},   {25, "KEY"},   {26, "PX"},
    {28, "AAAA"},       {29, "LOC"},   {30, "NXT"},        {33, "SRV"},    {35, "NAPTR"},    {36, "KX"},    {37, "CERT"},  {39, "DNAME"},
    {41, "OPT"},        {42, "APL"},   {43, "DS"},         {44, "SSHFP"},  {45, "IPSECKEY"}, {46, "RRSIG"}, {47, "NSEC"},  {48, "DNSKEY"},
    {49, "DHCID"},      {50, "NSEC3"}, {51, "NSEC3PARAM"}, {52, "TLSA"},   {53, "SMIMEA"},   {55, "HIP"},   {59, "CDS"},   {60, "CDNSKEY"},
    {61, "OPENPGPKEY"}, {62, "CSYNC"}, {63, "ZONEMD"},     {64, "SVCB"},   {65, "HTTPS"},    {99, "SPF"},   {104, "NID"},  {105, "L32"},
    {106, "L64"},       {107, "LP"},   {108, "EUI48"},     {109, "EUI64"}, {249, "TKEY"},    {250, "TSIG"}, {251, "IXFR"}, {252, "AXFR"},
    {255, "ANY"},       {256, "URI"},  {257, "CAA"},       {258, "AVC"},   {32769, "DLV"},
};
constexpr Row kClasses[] = {{1, "IN"}, {3, "CH"}, {4, "HS"}, {254, "NONE"}, {255, "ANY"}};
constexpr Row kRcodes[] = {{0, "NOERROR"}, {1, "FORMERR"}, {2, "SERVFAIL"}, {3, "NXDOMAIN"}, {4, "NOTIMP"},   {5, "REFUSED"},   {6, "YXDOMAIN"},
                           {7, "YXRRSET"}, {8, "NXRRSET"}, {9, "NOTAUTH"},  {10, "NOTZONE"}, {16, "BADVERS"}, {23, "BADCOOKIE"}};
constexpr Row kTsigErrors[] = {{0, "NOERROR"},  {16, "BADSIG"},  {17, "BADKEY"}, {18, "BADTIME"},
                               {19, "BADMODE"}, {20, "BADNAME"}, {21, "BADALG"}, {22, "BADTRUNC"}};
constexpr std::string_view kExtendedErrors[] = {"Other",
                                                "Unsupported DNSKEY Algorithm",
                                                "Unsupported DS Digest Type",
                                                "Stale Answer",
                                                "Forged Answer",
                                                "DNSSEC Indeterminate",
                                                "DNSSEC Bogus",
                                                "Signature Expired",
                                                "Signature Not Yet Valid",
                                                "DNSKEY Missing",
                                                "RRSIGs Missing",
                                                "No Zone Key Bit Set",
                                                "NSEC Missing",
                                                "Cached Error",
                                                "Not Ready",
                                                "Blocked",
                                                "Censored",
                                                "Filtered",
                                                "Prohibited",
                                                "Stale NXDOMAIN Answer",
                                                "Not Authoritative",
                                                "Not Supported",
                                                "No Reachable Authority",
                                                "Network Error",
                                                "Invalid Data"};

template <std::size_t N>
std::string name_of(const Row (&rows)[N], std::uint16_t number, std::string_view prefix) {
  for (const Row& row : rows) {
    if (row.first == number) return std::string(row.second);
  }
  return fmt::format("{}{}", prefix, number);
}

template <std::size_t N>
std::optional<std::uint16_t> number_of(const Row (&rows)[N], std::string_view name, std::string_view prefix) {
  for (const Row& row : rows) {
    if (equals_ignoring_case(row.second, name)) return row.first;
  }
  if (name.size() <= prefix.size() || !equals_ignoring_case(name.substr(0, prefix.size()), prefix)) return std::nullopt;
  return parse_integer<std::uint16_t>(name.substr(prefix.size()));
}

}  // namespace

std::string to_string(RecordType type) { return name_of(kTypes, static_cast<std::uint16_t>(type), "TYPE"); }
std::string to_string(RecordClass record_class) { return name_of(kClasses, static_cast<std::uint16_t>(record_class), "CLASS"); }
std::string to_string(Rcode code) { return name_of(kRcodes, static_cast<std::uint16_t>(code), "RCODE"); }
std::string tsig_error_name(std::uint16_t code) { return name_of(kTsigErrors, code, "RCODE"); }

std::string extended_error_name(std::uint16_t code) {
  return code < std::size(kExtendedErrors) ? std::string(kExtendedErrors[code]) : fmt::format("extended error {}", code);
}

std::optional<RecordType> record_type_of(std::string_view mnemonic) {
  const auto number = number_of(kTypes, mnemonic, "TYPE");
  return number ? std::optional(static_cast<RecordType>(*number)) : std::nullopt;
}

std::optional<RecordClass> record_class_of(std::string_view mnemonic) {
  const auto number = number_of(kClasses, mnemonic, "CLASS");
  return number ? std::optional(static_cast<RecordClass>(*number)) : std::nullopt;
}

bool is_meta_type(RecordType type) {
  const auto number = static_cast<std::uint16_t>(type);
  return type == RecordType::Opt || (number >= 128 && number <= 255) || number == 0;
}

}  // namespace ipam::wire::dns
