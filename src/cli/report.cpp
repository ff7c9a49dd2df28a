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

std::string report(const Error& error, Advice when_unauthenticated) {
  std::string message = error.message.empty() ? std::string(to_string(error.code)) : error.message;
  // An error about one field begins with its pointer: a person reads the field's name.
  const bool about_one = error.fields.size() == 1 && message == error.fields[0].pointer + ": " + error.fields[0].message;
  if (about_one) message = field_path(error.fields[0].pointer) + ": " + error.fields[0].message;
  std::string text = "ipam: " + printable_lines(message) + '\n';
  for (const FieldError& field : error.fields) {
    if (!about_one) text += "  " + printable(field_path(field.pointer)) + ": " + printable(field.message) + '\n';
  }
  if (error.code == ErrorCode::Unauthenticated && when_unauthenticated == Advice::SignIn) text += "  Sign in with: ipam login\n";
  if (error.detail.starts_with("request ")) text += "  " + printable(error.detail) + '\n';  // other details are not for people
  return text;
}

}  // namespace ipam::cli
