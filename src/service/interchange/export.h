// Exports: objects as rows of CSV, in the columns of Microsoft's IPAM and ours; importing them again changes nothing. Thread rule: pure functions.
#pragma once

#include "service/interchange/column.h"

#include <string>

namespace ipam::service::interchange {

// Guarded: no spreadsheet takes a value for a formula (wire/csv/writer.h); importing takes that back.
enum class Formulas { Guarded, Plain };

// Appends the header, and one object.
// `custom`: names of the custom fields that have a column each.
template <class T>
void write_header(const std::vector<std::string>& custom, std::string& text);
template <class T>
void write_object(const T& object, const Surroundings& around, const std::vector<std::string>& custom, Formulas formulas, std::string& text);

}  // namespace ipam::service::interchange
