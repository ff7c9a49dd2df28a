// The fields that an object of the plan has in a query: those of its description, under the names of the API, and what is computed of it. Thread
// rule: immutable after first use.
#pragma once

#include "service/planning/expiry.h"
#include "service/planning/fullness.h"
#include "service/planning/overlap.h"
#include "store/value.h"

#include <algorithm>
#include <span>

namespace ipam::service::search {

// Word: an enumerator. Space: the id of an address space, by its name. Numbers, Texts: lists, kept as the text of their JSON.
enum class QueryKind : std::uint8_t {
  Text,
  Word,
  Integer,
  Id,
  Space,
  Time,
  Address,
  Prefix,
  HardwareAddress,
  ClientId,
  Numbers,
  Texts,
  Category,
  Expiry,
  Duplicate,
  Computed
};

// What the index knows of an object of the plan. Status: under, optimal or over, by its thresholds. Overlap: of a range, with others. Mapped: whether
// it lies in what such an object should lie in: an address in a range, a subnet, range or block in a block.
enum class Computed : std::uint8_t { Utilization, Used, Free, Capacity, Status, Overlap, Mapped };
inline constexpr bool is_word(Computed what) { return what == Computed::Status || what == Computed::Overlap || what == Computed::Mapped; }
enum class Truth : std::uint8_t { False, True };
BOOST_DESCRIBE_ENUM(Truth, False, True)

struct QueryField {
  std::string_view name;
  std::string_view column;  // of the store; of Category that with the place
  QueryKind kind = QueryKind::Text;
  bool nullable = false;
  std::string (*choices)() = nullptr;  // of words: those that there are, for people
  bool (*is_choice)(std::string_view) = nullptr;
  Computed computed = Computed::Utilization;  // of QueryKind::Computed
};

namespace detail {

template <class F>
constexpr QueryKind kind_of() {
  if constexpr (store::detail::IsOptional<F>::value) {
    return kind_of<typename F::value_type>();
  } else if constexpr (std::is_same_v<F, std::string>) {
    return QueryKind::Text;
  } else if constexpr (model::DescribedEnum<F>) {
    return QueryKind::Word;
  } else if constexpr (std::is_integral_v<F>) {
    return QueryKind::Integer;
  } else if constexpr (std::is_same_v<F, model::Id<model::AddressSpace>>) {
    return QueryKind::Space;
  } else if constexpr (store::detail::IsId<F>::value) {
    return QueryKind::Id;
  } else if constexpr (std::is_same_v<F, ipam::Time>) {
    return QueryKind::Time;
  } else if constexpr (std::is_same_v<F, ip::Address>) {
    return QueryKind::Address;
  } else if constexpr (std::is_same_v<F, ip::Prefix>) {
    return QueryKind::Prefix;
  } else if constexpr (std::is_same_v<F, ip::HardwareAddress>) {
    return QueryKind::HardwareAddress;
  } else if constexpr (std::is_same_v<F, ip::ClientId>) {
    return QueryKind::ClientId;
  } else if constexpr (std::is_same_v<F, std::vector<std::uint16_t>>) {
    return QueryKind::Numbers;
  } else {
    return QueryKind::Texts;
  }
}

template <class F>
void add_choices(QueryField& field) {
  if constexpr (model::DescribedEnum<F>) {
    field.choices = model::enum_choices<F>;
    field.is_choice = [](std::string_view text) { return model::enum_from_text<F>(text).has_value(); };
  }
}

// A field whose values are those of an enumeration.
template <model::DescribedEnum E>
QueryField word_field(std::string_view name, QueryKind kind, Computed computed = Computed::Status) {
  QueryField field{.name = name, .kind = kind, .computed = computed};
  add_choices<E>(field);
  return field;
}

}  // namespace detail

// Where an object of this kind lies: the columns of its first and its last address, or twice that of its prefix.
template <class T>
inline constexpr std::string_view kFirstColumn = "prefix";
template <>
inline constexpr std::string_view kFirstColumn<model::Range> = "first";
template <>
inline constexpr std::string_view kFirstColumn<model::Address> = "address";
template <class T>
inline constexpr std::string_view kLastColumn = kFirstColumn<T>;
template <>
inline constexpr std::string_view kLastColumn<model::Range> = "last";

template <class T>
inline constexpr bool kHasPlace = !std::is_same_v<T, model::AddressSpace>;
template <class T>
inline constexpr bool kHasUtilization = kHasPlace<T> && !std::is_same_v<T, model::Address>;

template <class T>
std::span<const QueryField> query_fields() {
  static const std::vector<QueryField> all = [] {
    std::vector<QueryField> fields;
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
      using F = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
      const std::string_view column = member.name;
      if (column == "custom" || column == "revision") return;
      QueryField field{column, column, detail::kind_of<F>(), store::detail::IsOptional<F>::value};
      // "space_id" is asked for by the name of the space; an object's own id stays one.
      constexpr std::string_view kOfAnother = "_id";
      if (field.kind == QueryKind::Space && !column.ends_with(kOfAnother)) field.kind = QueryKind::Id;
      if (field.kind == QueryKind::Space) field.name.remove_suffix(kOfAnother.size());
      detail::add_choices<F>(field);
      fields.push_back(field);
    });
    if constexpr (kHasPlace<T>) fields.push_back({"category", kFirstColumn<T>, QueryKind::Category});
    if constexpr (kHasUtilization<T>) {
      const auto add = [&](std::string_view name, Computed computed) {
        fields.push_back({.name = name, .kind = QueryKind::Computed, .computed = computed});
      };
      add("utilization", Computed::Utilization);
      add("used", Computed::Used);
      add("free", Computed::Free);
      add("capacity", Computed::Capacity);
      fields.push_back(detail::word_field<Fullness>("status", QueryKind::Computed, Computed::Status));
    }
    if constexpr (std::is_same_v<T, model::Range>) fields.push_back(detail::word_field<Overlap>("overlap", QueryKind::Computed, Computed::Overlap));
    if constexpr (kHasPlace<T>) fields.push_back(detail::word_field<Truth>("mapped", QueryKind::Computed, Computed::Mapped));
    if constexpr (std::is_same_v<T, model::Address>) {
      fields.push_back(detail::word_field<ExpiryStatus>("expiry_status", QueryKind::Expiry));
      fields.push_back(detail::word_field<Truth>("duplicate", QueryKind::Duplicate));
    }
    return fields;
  }();
  return all;
}

}  // namespace ipam::service::search
