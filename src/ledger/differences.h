// The journal's text of what a change did to an object: {"v":1,"fields":{"name":{"before":"a","after":"b"}}}. A creation lists every field that is
// not empty, a deletion likewise; an update lists what changed. A secret (password hash, token hash, sealed credential) is only said to have changed.
// Thread rule: pure functions.
#pragma once

#include "json/codec.h"
#include "model/object.h"

namespace ipam::ledger {

namespace detail {

template <class T>
inline constexpr std::string_view kSecretField = {};
template <>
inline constexpr std::string_view kSecretField<model::User> = "password_hash";
template <>
inline constexpr std::string_view kSecretField<model::Token> = "hash";
template <>
inline constexpr std::string_view kSecretField<model::Credential> = "sealed";

template <class T>
void append_field(std::string& out, const T& field) {
  if constexpr (std::is_same_v<T, Bytes>) {
    json::append_string(out, to_hex(field));
  } else if constexpr (json::detail::IsOptional<T>::value) {
    if (field) {
      append_field(out, *field);
    } else {
      out += "null";
    }
  } else {
    json::append(out, field);
  }
}

}  // namespace detail

// `before` or `after` may be null (creation, deletion), not both.
template <model::Journaled T>
std::string differences(const T* before, const T* after) {
  std::string fields;
  const T nothing{};
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
    const std::string_view name = member.name;
    if (name == "id" || name == "revision") return;
    const auto& old_value = (before != nullptr ? *before : nothing).*member.pointer;
    const auto& new_value = (after != nullptr ? *after : nothing).*member.pointer;
    // Enumerators have no "nothing": on creation and deletion they are always told.
    const bool always = model::DescribedEnum<std::remove_cvref_t<decltype(old_value)>> && (before == nullptr || after == nullptr);
    if (old_value == new_value && !always) return;
    fields += fields.empty() ? "" : ",";
    json::append_string(fields, name);
    fields += ":{";
    if (name == detail::kSecretField<T>) {
      fields += "\"changed\":true}";
      return;
    }
    if (before != nullptr) {
      fields += "\"before\":";
      detail::append_field(fields, old_value);
    }
    if (after != nullptr) {
      fields += before != nullptr ? ",\"after\":" : "\"after\":";
      detail::append_field(fields, new_value);
    }
    fields += '}';
  });
  return "{\"v\":1,\"fields\":{" + fields + "}}";
}

// {"v":1,"records":{…}}: what is told of an object beside its fields.
inline std::string summary(std::string_view topic, std::string_view content) {
  std::string text = "{\"v\":1,";
  json::append_string(text, topic);
  return text.append(":").append(content).append("}");
}

// The bytes of a record that its chain link covers: everything but the link itself.
std::string chained_text(const model::JournalRecord& record);

}  // namespace ipam::ledger
