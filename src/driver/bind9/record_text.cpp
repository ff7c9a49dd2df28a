#include "driver/bind9/record_text.h"

namespace ipam::driver::bind9 {

std::string model_name(const wire::dns::Name& name) {
  std::string text = name.lowered().to_string();
  if (!name.is_root()) text.pop_back();
  return text;
}

ObservedRecord observed(const wire::dns::ResourceRecord& record) {
  return {model_name(record.owner), wire::dns::to_string(record.type), record.rdata_text(), record.ttl};
}

Result<wire::dns::ResourceRecord> wire_record(const ObservedRecord& record) {
  return wire::dns::make_record(record.name, record.type, record.ttl, record.data);
}

bool same_data(const wire::dns::ResourceRecord& a, const wire::dns::ResourceRecord& b) {
  if (a.type != b.type) return false;
  const auto name_a = wire::dns::name_in(a.type, a.rdata), name_b = wire::dns::name_in(b.type, b.rdata);
  return name_a && name_b ? *name_a == *name_b : a.rdata == b.rdata;
}

}  // namespace ipam::driver::bind9
