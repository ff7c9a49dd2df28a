#include "cli/report.h"

#include "cli/text.h"

namespace ipam::cli {
namespace {

// "/addresses/0/name" as "addresses.0.name".
std::string field_path(std::string_view pointer) {
  if (pointer.starts_with('/')) pointer.remove_prefix(1);
  std::string path(pointer);
  for (char& c : path) c = c == '/' ? '.' : c;
  return path;
}

}  // namespace

std::string report(const Error& error) {
  std::string text = "ipam: " + printable_lines(error.message.empty() ? std::string(to_string(error.code)) : error.message) + '\n';
  for (const FieldError& field : error.fields) {
    const bool said = error.message.find(field.message) != std::string::npos && error.fields.size() == 1;
    if (!said) text += "  " + printable(field_path(field.pointer)) + ": " + printable(field.message) + '\n';
  }
  if (error.code == ErrorCode::Unauthenticated) text += "  Sign in with: ipam login\n";
  if (error.detail.starts_with("request ")) text += "  " + printable(error.detail) + '\n';  // other details are not for people
  return text;
}

}  // namespace ipam::cli
