#include "wire/dns/rdata_layout.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace ipam::wire::dns {
namespace {

using enum Field;

struct Layout {
  std::uint16_t type = 0;
  std::uint8_t count = 0;
  std::array<Field, 9> fields{};

  constexpr Layout(RecordType type_in, std::initializer_list<Field> list) : type(static_cast<std::uint16_t>(type_in)) {
    for (const Field field : list) fields[count++] = field;
  }
};

// Ascending by type.
constexpr Layout kLayouts[] = {
    {RecordType::A, {Ipv4}},
    {RecordType::Ns, {OldName}},
    {RecordType::Cname, {OldName}},
    {RecordType::Soa, {OldName, OldName, U32, U32, U32, U32, U32}},
    {RecordType::Ptr, {OldName}},
    {RecordType::Hinfo, {Text, Text}},
    {RecordType::Mx, {U16, OldName}},
    {RecordType::Txt, {Texts}},
    {RecordType::Rp, {Field::Name, Field::Name}},
    {RecordType::Afsdb, {U16, Field::Name}},
    {RecordType::Key, {U16, U8, U8, Base64}},
    {RecordType::Aaaa, {Ipv6}},
    {RecordType::Loc, {Field::Loc}},
    {RecordType::Srv, {U16, U16, U16, Field::Name}},
    {RecordType::Naptr, {U16, U16, Text, Text, Text, Field::Name}},
    {RecordType::Kx, {U16, Field::Name}},
    {RecordType::Cert, {U16, U16, U8, Base64}},
    {RecordType::Dname, {Field::Name}},
    {RecordType::Ds, {U16, U8, U8, Hex}},
    {RecordType::Sshfp, {U8, U8, Hex}},
    {RecordType::Rrsig, {Type, U8, U8, U32, Time, Time, U16, Field::Name, Base64}},
    {RecordType::Nsec, {Field::Name, Types}},
    {RecordType::Dnskey, {U16, U8, U8, Base64}},
    {RecordType::Dhcid, {Base64}},
    {RecordType::Nsec3, {U8, U8, U16, Salt, Hash, Types}},
    {RecordType::Nsec3param, {U8, U8, U16, Salt}},
    {RecordType::Tlsa, {U8, U8, U8, Hex}},
    {RecordType::Smimea, {U8, U8, U8, Hex}},
    {RecordType::Cds, {U16, U8, U8, Hex}},
    {RecordType::Cdnskey, {U16, U8, U8, Base64}},
    {RecordType::Openpgpkey, {Base64}},
    {RecordType::Zonemd, {U32, U8, U8, Hex}},
    {RecordType::Svcb, {U16, Field::Name, Parameters}},
    {RecordType::Https, {U16, Field::Name, Parameters}},
    {RecordType::Spf, {Texts}},
    {RecordType::Uri, {U16, U16, Value}},
    {RecordType::Caa, {U8, Tag, Value}},
};

}  // namespace

std::span<const Field> layout_of(RecordType type) {
  const auto number = static_cast<std::uint16_t>(type);
  const auto* found =
      std::lower_bound(std::begin(kLayouts), std::end(kLayouts), number, [](const Layout& row, std::uint16_t key) { return row.type < key; });
  if (found == std::end(kLayouts) || found->type != number) return {};
  return std::span(found->fields).first(found->count);
}

}  // namespace ipam::wire::dns
