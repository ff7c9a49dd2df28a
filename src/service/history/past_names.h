// PastNames: what an object of the plan referred to was called at a moment: its address space, its custom fields and their choices. What the journal
// cannot tell any more is called by its id. Remembers what it has read, for one request. Thread rule: as the reader.
#pragma once

#include "service/history/past_object.h"

#include <map>

namespace ipam::service {

class PastNames {
 public:
  PastNames(store::Reader& reader, const Moment& moment) : reader_(reader), moment_(moment) {}

  Result<std::string> space(model::Id<model::AddressSpace> id);
  Result<std::map<std::string, std::string>> custom_fields(const model::CustomValues& values);

 private:
  template <model::Journaled T>
  Result<const std::optional<T>*> object(std::map<std::uint64_t, std::optional<T>>& known, model::Id<T> id) {
    const auto found = known.find(id.value);
    if (found != known.end()) return &found->second;
    auto read = IPAM_TRY(find_at(reader_, id, moment_.sequence));
    return &(known[id.value] = std::move(read));
  }

  store::Reader& reader_;
  const Moment& moment_;
  std::map<std::uint64_t, std::optional<model::AddressSpace>> spaces_;
  std::map<std::uint64_t, std::optional<model::CustomField>> fields_;
  std::map<std::uint64_t, std::optional<model::CustomFieldValue>> values_;
};

}  // namespace ipam::service
