#include "service/history/past_names.h"

namespace ipam::service {

Result<std::string> PastNames::space(model::Id<model::AddressSpace> id) {
  const auto* space = IPAM_TRY(object(spaces_, id));
  return *space ? (*space)->name : id.to_string();
}

Result<std::map<std::string, std::string>> PastNames::custom_fields(const model::CustomValues& values) {
  std::map<std::string, std::string> texts;
  for (const auto& [field_id, value] : values) {
    const auto* field = IPAM_TRY(object(fields_, model::Id<model::CustomField>{parse_integer<std::uint64_t>(field_id).value_or(0)}));
    const std::string name = *field ? (*field)->name : field_id;
    texts[name] = value;
    if (!*field || (*field)->kind != model::CustomFieldKind::Choice) continue;
    const auto* choice = IPAM_TRY(object(values_, model::Id<model::CustomFieldValue>{parse_integer<std::uint64_t>(value).value_or(0)}));
    if (*choice) texts[name] = (*choice)->text;
  }
  return texts;
}

}  // namespace ipam::service
