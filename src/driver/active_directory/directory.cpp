#include "driver/active_directory/directory.h"

#include "base/strings.h"
#include "model/dns_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::driver::active_directory {
namespace {

constexpr std::size_t kLongestText = 1024;
constexpr std::size_t kMostBytes = 256U << 20U;

}  // namespace

Result<Directory> Directory::open(client::ldap::Session& session, const std::string& domain, const EstateLimits& limits,
                                  const io::Deadline& deadline) {
  const Entry self = IPAM_TRY(
      session.read("", {"defaultNamingContext", "configurationNamingContext", "rootDomainNamingContext", "namingContexts", "dnsHostName"}, deadline));
  Directory directory(session, limits, deadline);
  directory.domain_ = self.first("defaultNamingContext");
  directory.configuration_ = self.first("configurationNamingContext");
  directory.root_ = self.first("rootDomainNamingContext");
  directory.host_ = host_name_of(self.first("dnsHostName"));
  if (const auto* partitions = self.find("namingContexts")) directory.partitions_ = *partitions;
  if (directory.domain_.empty() || directory.configuration_.empty() || directory.root_.empty())
    return Error(ErrorCode::FailedPrecondition,
                 session.place() + ": this is no domain controller of Active Directory: it names no domain of its own");
  const std::string own = name_of(directory.domain_).domain();
  if (!equals_ignoring_case(own, domain)) {
    return Error(ErrorCode::FailedPrecondition, fmt::format("{}: this is a domain controller of {}, not of {}; name one of {}", session.place(),
                                                            clean_text_of(own), domain, domain));
  }
  return directory;
}

bool Directory::holds(const std::string& partition) const {
  const DistinguishedName wanted = name_of(partition);
  return std::any_of(partitions_.begin(), partitions_.end(), [&](const std::string& each) { return name_of(each) == wanted; });
}

Result<void> Directory::search(const std::string& base, client::ldap::Depth depth, const std::string& filter, std::vector<std::string> attributes,
                               std::size_t most, const OnEntry& on_entry) {
  const client::ldap::Search search{.base = base, .depth = depth, .filter = filter, .attributes = std::move(attributes)};
  const auto searched = session_->search(search, {.entries = most, .bytes = kMostBytes}, on_entry, deadline_);
  if (searched.ok() || searched.error().code == ErrorCode::NotFound) return {};
  return searched.error();
}

void Directory::find(std::string finding) {
  if (findings_.size() < limits_.findings) findings_.push_back(std::move(finding));
}

std::string host_name_of(std::string_view text) {
  const auto name = model::parse_domain_name(text);
  return name.ok() && *name != "." ? *name : std::string();
}

std::string clean_text_of(std::string_view text) {
  if (!is_clean_text(text)) return {};
  std::string clean = shorten(trim(text), kLongestText);
  // The directory names what two controllers made at once "Zurich\nCNF:…".
  std::replace_if(
      clean.begin(), clean.end(), [](char each) { return each == '\n' || each == '\t'; }, ' ');
  return clean;
}

std::int64_t number_of(std::string_view text) { return parse_integer<std::int64_t>(text).value_or(0); }

DistinguishedName name_of(std::string_view text) {
  auto name = DistinguishedName::parse(text);
  return name.ok() ? *std::move(name) : DistinguishedName();
}

std::string key_of(const DistinguishedName& name) { return to_lower(name.to_string()); }

}  // namespace ipam::driver::active_directory
