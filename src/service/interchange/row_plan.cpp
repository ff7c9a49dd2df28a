#include "service/interchange/row_plan.h"

#include "service/interchange/cell_text.h"

#include <fmt/format.h>

namespace ipam::service::interchange {
namespace {

template <class T>
constexpr bool kHasPrefix = std::is_same_v<T, model::Block> || std::is_same_v<T, model::Subnet>;

// A value's error with the column that it stands in.
Error in_column(std::string_view column, const Error& error) { return {ErrorCode::InvalidArgument, fmt::format("{}: {}", column, reason_of(error))}; }

// "Site=London; Region=South": as PowerShell's CustomConfiguration and the API's custom_fields are told.
Result<void> read_custom(std::string_view text, NamedChanges& changes) {
  for (const std::string_view part : list_parts(text, ";")) {
    const auto sign = part.find('=');
    if (sign == std::string_view::npos)
      return Error(ErrorCode::InvalidArgument, fmt::format("'{}' is not written as field=value", shorten(part, 40)));
    changes[std::string(trim(part.substr(0, sign)))] = std::string(trim(part.substr(sign + 1)));
  }
  return {};
}

}  // namespace

std::string reason_of(const Error& error) {
  std::string text;
  for (const FieldError& field : error.fields) {
    const std::string_view name = field.pointer.starts_with('/') ? std::string_view(field.pointer).substr(1) : std::string_view(field.pointer);
    text += fmt::format("{}{}{}{}", text.empty() ? "" : "; ", name, name.empty() ? "" : ": ", field.message);
  }
  return text.empty() ? error.message : text;
}

template <class T>
constexpr model::ImportKind kKind = std::is_same_v<T, model::Block>    ? model::ImportKind::Block
                                    : std::is_same_v<T, model::Subnet> ? model::ImportKind::Subnet
                                    : std::is_same_v<T, model::Range>  ? model::ImportKind::Range
                                                                       : model::ImportKind::Address;

template <class T>
Result<void> RowPlan<T>::prepare() {
  for (const auto& [given, meant] : request_.columns) columns_[column_key(given)] = meant;
  if (request_.layout.empty()) return {};
  layout_ = find_layout(request_.layout, kKind<T>);
  if (layout_ != nullptr) return {};
  return Error::field("/profile", fmt::format("there is no built-in profile {} for {}; there are {}", request_.layout, model::enum_to_text(kKind<T>),
                                              layout_names()));
}

template <class T>
std::optional<std::string> RowPlan<T>::meant_by(const std::string& name) const {
  const std::string key = column_key(name);
  const std::string* meant = nullptr;
  if (layout_ != nullptr) {
    const auto found = layout_->columns.find(key);
    if (found != layout_->columns.end()) meant = &found->second;
  }
  if (const auto found = columns_.find(key); found != columns_.end()) meant = &found->second;
  if (meant == nullptr) return name;
  return meant->empty() ? std::nullopt : std::optional(*meant);
}

template <class T>
std::string RowPlan<T>::text_of(std::size_t column, std::string_view cell) const {
  return layout_ == nullptr ? std::string(trim(cell)) : layout_->read(keys_[column], cell);
}

template <class T>
std::string RowPlan<T>::differences(const T& before, const T& after) const {
  std::string text;
  const auto add = [&](std::string_view name, const std::string& was, const std::string& is) {
    if (was != is) text += fmt::format("{}{}: {} → {}", text.empty() ? "" : "; ", name, was.empty() ? "(empty)" : was, is.empty() ? "(empty)" : is);
  };
  const Surroundings nowhere;
  for (const Column<T>& column : columns<T>()) {
    if (column.role == Role::Field && column.write != nullptr) add(column.names.front(), column.write(before, nowhere), column.write(after, nowhere));
  }
  const auto had = catalog_->texts_of(before.custom), has = catalog_->texts_of(after.custom);
  for (const auto& [name, value] : had) add(name, value, has.contains(name) ? has.at(name) : std::string());
  for (const auto& [name, value] : has) {
    if (!had.contains(name)) add(name, {}, value);
  }
  return text;
}

template <class T>
Result<void> RowPlan<T>::learn(const std::vector<std::string>& names, bool all) {
  for (std::size_t i = uses_.size(); i < names.size(); ++i) {
    keys_.push_back(column_key(names[i]));
    const auto meant = meant_by(names[i]);
    if (!meant) {
      uses_.push_back({nullptr, Meaning::None, names[i], {}});
      continue;
    }
    Use use{find_column<T>(*meant), Meaning::None, names[i], {}};
    if (use.column == nullptr) {
      const std::string key = column_key(*meant);
      if (const model::CustomField* custom = find_custom(*meant)) {
        use.meaning = Meaning::Custom;
        use.field = custom->name;
      } else if (key == "customfields" || key == "customconfiguration") {
        use.meaning = Meaning::ManyCustom;
      } else if (!names[i].empty()) {
        unplaced_.push_back(names[i]);
      }
      uses_.push_back(std::move(use));
      continue;
    }
    const std::string_view first = use.column->names.front();
    if (use.column->role == Role::Field) use.meaning = Meaning::Field;
    if (use.column->role == Role::Key) use.meaning = Meaning::Key;
    if (use.column->role == Role::Place) {
      use.meaning = first == "Network"            ? Meaning::Network
                    : first == "Start IP address" ? Meaning::Start
                    : first == "End IP address"   ? Meaning::End
                                                  : Meaning::Space;
    }
    const bool may_repeat = use.column->role == Role::Derived || use.meaning == Meaning::Space;
    for (const Use& other : uses_) {
      if (other.column == use.column && !may_repeat) {
        return Error(ErrorCode::Malformed, fmt::format("columns '{}' and '{}' are the same field", other.name, use.name));
      }
    }
    uses_.push_back(std::move(use));
  }
  if (!all) return {};
  const auto has = [&](Meaning meaning) { return std::any_of(uses_.begin(), uses_.end(), [&](const Use& use) { return use.meaning == meaning; }); };
  for (const Column<T>& column : columns<T>()) {
    if (column.role != Role::Key) continue;
    if (std::any_of(uses_.begin(), uses_.end(), [&](const Use& use) { return use.column == &column; })) continue;
    if (kHasPrefix<T> && has(Meaning::Start) && has(Meaning::End)) continue;
    return Error(ErrorCode::Malformed,
                 fmt::format("the header has no column '{}'; it has {}", column.names.front(), shorten(join(names, ", "), 300)));
  }
  return {};
}

template <class T>
const model::CustomField* RowPlan<T>::find_custom(std::string_view header) const {
  const std::string_view name = trim(header);
  // Digits alone would be taken for an id.
  if (name.empty() || parse_integer<std::uint64_t>(name)) return nullptr;
  if (const auto* field = catalog_->find_field(name)) return field;
  // "DeviceType" of PowerShell, "device_type" of a program.
  std::string spaced;
  for (const char c : name) {
    const bool is_upper = c >= 'A' && c <= 'Z', after_upper = !spaced.empty() && spaced.back() >= 'A' && spaced.back() <= 'Z';
    if (is_upper && !after_upper && !spaced.empty() && spaced.back() != ' ') spaced += ' ';
    spaced += c == '_' || c == '-' ? ' ' : c;
  }
  if (const auto* field = catalog_->find_field(spaced)) return field;
  return column_key(name) == "vmmlogicalnetwork" ? catalog_->find_field("Logical Network") : nullptr;
}

template <class T>
PlannedRow<T> RowPlan<T>::plan(SourceRow given) {
  PlannedRow<T> row;
  row.number = given.number;
  row.cells = std::move(given.cells);
  row.line = std::move(given.line);
  row.problem = std::move(given.problem);
  if (!row.problem.empty()) return row;
  if (auto read_all = read(row); !read_all.ok()) row.problem = reason_of(read_all.error());
  return row;
}

template <class T>
Result<void> RowPlan<T>::read(PlannedRow<T>& row) {
  Places places;
  bool has_key = true;
  std::optional<Error> wrong;
  std::size_t keys = 0;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (!row.cells[i]) continue;
    const Use& use = uses_[i];
    keys += use.meaning == Meaning::Key ? 1 : 0;
    // On with the others: which object is meant is told even of a row that is wrong.
    if (auto done = read_cell(use, text_of(i, *row.cells[i]), row, places, has_key); !done.ok() && !wrong) wrong = std::move(done).error();
  }
  if (!row.object.space_id) row.object.space_id = IPAM_TRY(space(request_.space));
  if (keys == 0) has_key = false;
  if (!std::is_same_v<T, model::Range> || keys == 2) {
    if (auto located = locate(row, places, has_key); !located.ok() && !wrong) wrong = std::move(located).error();
  } else if (!wrong) {
    wrong = Error(ErrorCode::InvalidArgument, "Start IP address and End IP address must be given");
  }
  if (!row.has_key && !wrong) wrong = Error(ErrorCode::InvalidArgument, fmt::format("{}: must be given", columns<T>().front().names.front()));
  if (wrong) return *std::move(wrong);
  if (!row.custom.empty()) IPAM_TRY(catalog_->apply(row.object.custom, row.custom));
  return model::check(row.object);
}

template <class T>
Result<void> RowPlan<T>::read_cell(const Use& use, std::string_view text, PlannedRow<T>& row, Places& places, bool& has_key) {
  if (use.meaning == Meaning::None) return {};
  if (use.meaning == Meaning::Custom) {
    row.custom[use.field] = std::string(text);
    return {};
  }
  if (use.meaning == Meaning::ManyCustom) return read_custom(text, row.custom);
  if (use.meaning == Meaning::Field || use.meaning == Meaning::Key) {
    if (use.meaning == Meaning::Key && text.empty()) {
      has_key = false;
      if (kHasPrefix<T>) return {};
      return Error(ErrorCode::InvalidArgument, fmt::format("{}: must be given", use.name));
    }
    auto done = use.column->read(row.object, text);
    if (done.ok()) return {};
    if (use.meaning == Meaning::Key) has_key = false;
    return in_column(use.name, done.error());
  }
  if (text.empty()) return {};
  if (use.meaning == Meaning::Space) {
    auto found = space(text);
    if (!found.ok()) return in_column(use.name, found.error());
    row.object.space_id = *found;
  } else if (use.meaning == Meaning::Network) {
    auto prefix = ip::Prefix::parse(text);
    if (!prefix.ok()) return in_column(use.name, prefix.error());
    places.network = *prefix;
  } else {
    auto address = ip::Address::parse(text);
    if (!address.ok()) return in_column(use.name, address.error());
    (use.meaning == Meaning::Start ? places.start : places.end) = *address;
  }
  return {};
}

// What start, end and network say together.
template <class T>
Result<void> RowPlan<T>::locate(PlannedRow<T>& row, const Places& places, bool has_key) const {
  row.has_key = has_key;
  if constexpr (kHasPrefix<T>) {
    if (places.start && places.end) {
      const ip::Prefix extent = IPAM_TRY(prefix_of(*places.start, *places.end));
      if (has_key && !row.object.prefix.contains(extent)) {
        return Error(ErrorCode::InvalidArgument, fmt::format("{} lies outside the network {}", extent.to_string(), row.object.prefix.to_string()));
      }
      row.object.prefix = extent;
      row.has_key = true;
    }
    if (!row.has_key) return Error(ErrorCode::InvalidArgument, "Network: must be given");
  }
  if constexpr (std::is_same_v<T, model::Range>) {
    if (!has_key) return {};
    const auto range = IPAM_TRY(ip::Range::create(row.object.first, row.object.last));
    if (places.network && !(places.network->contains(range.first()) && places.network->contains(range.last()))) {
      return Error(ErrorCode::InvalidArgument, fmt::format("{} lies outside the network {}", range.to_string(), places.network->to_string()));
    }
    row.network = places.network;
    if (row.object.managed_by == model::ManagedBy::MsDhcp) {
      return Error(ErrorCode::InvalidArgument,
                   "Managed by Service: a range of MS DHCP is a scope of its server and comes from there; it is not imported");
    }
  }
  return {};
}

template <class T>
Result<model::Id<model::AddressSpace>> RowPlan<T>::space(std::string_view name) {
  const std::string_view wanted = name.empty() ? PlanningService::kDefaultSpace : name;
  if (const auto known = spaces_.find(wanted); known != spaces_.end()) return known->second;
  const auto found = IPAM_TRY(parts_.planning.find_space(principal_, wanted));
  spaces_.emplace(wanted, found.id);
  return found.id;
}

template <class T>
Result<void> RowPlan<T>::apply(const PlannedRow<T>& row, T& object) const {
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (row.cells[i] && uses_[i].meaning == Meaning::Field) IPAM_TRY(uses_[i].column->read(object, text_of(i, *row.cells[i])));
  }
  return row.custom.empty() ? Result<void>() : catalog_->apply(object.custom, row.custom);
}

template class RowPlan<model::Block>;
template class RowPlan<model::Subnet>;
template class RowPlan<model::Range>;
template class RowPlan<model::Address>;

}  // namespace ipam::service::interchange
