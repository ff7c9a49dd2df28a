#include "cli/secrets.h"

#include "base/file.h"

#include <algorithm>

namespace ipam::cli {
namespace {

constexpr std::size_t kLongest = 4096;

Result<Secret> first_line(std::string text, const std::string& where) {
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.empty()) return Error(ErrorCode::InvalidArgument, where + " is empty");
  return Secret(std::move(text));
}

}  // namespace

Result<Secret> get_secret(Host& host, const std::string& file, const std::string& prompt, const std::string& option, Repeat repeat) {
  const bool ask = host.terminals().input;
  if (!file.empty() && file != "-") return first_line(IPAM_TRY(read_file(file, kLongest)), file);
  if (file == "-" && !ask) return first_line(host.read_line().value_or(std::string()), "standard input");
  if (!ask) return Error(ErrorCode::FailedPrecondition, "there is no terminal to ask on: give " + option + " FILE, or - for standard input");
  Secret secret = IPAM_TRY(host.read_secret(prompt + ": "));
  if (secret.empty()) return Error(ErrorCode::InvalidArgument, "nothing was typed");
  if (repeat == Repeat::Twice) {
    const Secret again = IPAM_TRY(host.read_secret(prompt + " again: "));
    if (again.reveal() != secret.reveal()) return Error(ErrorCode::InvalidArgument, "what was typed is not the same twice");
  }
  return secret;
}

}  // namespace ipam::cli
