#include "service/interchange/export.h"

#include "wire/csv/writer.h"

namespace ipam::service::interchange {

template <class T>
void write_header(const std::vector<std::string>& custom, std::string& text) {
  std::vector<std::string_view> names;
  for (const Column<T>& column : columns<T>()) {
    if (column.write != nullptr) names.push_back(column.names.front());
  }
  names.insert(names.end(), custom.begin(), custom.end());
  wire::csv::write_row(std::span<const std::string_view>(names), text);
}

template <class T>
void write_object(const T& object, const Surroundings& around, const std::vector<std::string>& custom, Formulas formulas, std::string& text) {
  std::vector<std::string> cells;
  const auto add = [&](std::string cell) { cells.push_back(formulas == Formulas::Guarded ? wire::csv::guard(cell) : std::move(cell)); };
  for (const Column<T>& column : columns<T>()) {
    if (column.write != nullptr) add(column.write(object, around));
  }
  for (const std::string& name : custom) {
    const auto value = around.custom.find(name);
    add(value == around.custom.end() ? std::string() : value->second);
  }
  wire::csv::write_row(std::span<const std::string>(cells), text);
}

#define IPAM_EXPORTED(T)                                                        \
  template void write_header<T>(const std::vector<std::string>&, std::string&); \
  template void write_object<T>(const T&, const Surroundings&, const std::vector<std::string>&, Formulas, std::string&)
IPAM_EXPORTED(model::Block);
IPAM_EXPORTED(model::Subnet);
IPAM_EXPORTED(model::Range);
IPAM_EXPORTED(model::Address);
#undef IPAM_EXPORTED

}  // namespace ipam::service::interchange
