#include "wire/csv/writer.h"

namespace ipam::wire::csv {
namespace {

bool needs_quotes(std::string_view field, char separator) {
  if (field.empty()) return false;
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  if (is_blank(field.front()) || is_blank(field.back())) return true;
  for (const char c : field) {
    if (c == separator || c == '"' || c == '\r' || c == '\n') return true;
  }
  return false;
}

void write_field(std::string_view field, std::string& text, char separator) {
  if (!needs_quotes(field, separator)) {
    text += field;
    return;
  }
  text += '"';
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
}

template <class Field>
void write(std::span<const Field> fields, std::string& text, const Format& format) {
  if (fields.size() == 1 && fields.front().empty()) text += "\"\"";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += format.separator;
    write_field(fields[i], text, format.separator);
  }
  text += format.line_end;
}

}  // namespace

void write_row(std::span<const std::string_view> fields, std::string& text, const Format& format) { write(fields, text, format); }
void write_row(std::span<const std::string> fields, std::string& text, const Format& format) { write(fields, text, format); }

bool needs_guard(std::string_view value) {
  const auto first = value.find_first_not_of('\'');
  return first != std::string_view::npos && std::string_view("=+-@\t\r").find(value[first]) != std::string_view::npos;
}

std::string guard(std::string_view value) { return needs_guard(value) ? "'" + std::string(value) : std::string(value); }

std::string_view unguard(std::string_view value) { return value.starts_with('\'') && needs_guard(value) ? value.substr(1) : value; }

}  // namespace ipam::wire::csv
