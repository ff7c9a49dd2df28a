#include "wire/dns/update.h"

namespace ipam::wire::dns {
namespace {

ResourceRecord bare(const Name& name, RecordType type, RecordClass record_class) { return {name, type, record_class, 0, {}}; }

}  // namespace

Update::Update(const Name& zone) {
  message_.header.opcode = Opcode::Update;
  message_.questions.push_back({zone, RecordType::Soa, RecordClass::In});
}

Update& Update::require_rrset(const Name& name, RecordType type) {
  message_.answers.push_back(bare(name, type, RecordClass::Any));
  return *this;
}

Update& Update::require_no_rrset(const Name& name, RecordType type) {
  message_.answers.push_back(bare(name, type, RecordClass::None));
  return *this;
}

Update& Update::require_name(const Name& name) { return require_rrset(name, RecordType::Any); }
Update& Update::require_no_name(const Name& name) { return require_no_rrset(name, RecordType::Any); }

Update& Update::require_exactly(const std::vector<ResourceRecord>& rrset) {
  for (ResourceRecord record : rrset) {
    record.ttl = 0;
    message_.answers.push_back(std::move(record));
  }
  return *this;
}

Update& Update::add(const ResourceRecord& record) {
  message_.authorities.push_back(record);
  return *this;
}

Update& Update::remove(const ResourceRecord& record) {
  message_.authorities.push_back({record.owner, record.type, RecordClass::None, 0, record.rdata});
  return *this;
}

Update& Update::remove_rrset(const Name& name, RecordType type) {
  message_.authorities.push_back(bare(name, type, RecordClass::Any));
  return *this;
}

Update& Update::remove_name(const Name& name) { return remove_rrset(name, RecordType::Any); }

}  // namespace ipam::wire::dns
