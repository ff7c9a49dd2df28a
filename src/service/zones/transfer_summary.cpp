#include "service/zones/transfer_summary.h"

#include "json/codec.h"

#include <fmt/format.h>

namespace ipam::service {
namespace {

using Kind = driver::RecordDifference::Kind;

std::string told(const driver::RecordDifference& difference) {
  std::string json = difference.kind == Kind::Added ? R"({"kind":"added","name":)" : R"({"kind":"removed","name":)";
  json::append_string(json, difference.record.name);
  json += ",\"type\":";
  json::append_string(json, difference.record.type);
  json += ",\"data\":";
  json::append_string(json, difference.record.data);
  return json + fmt::format(",\"ttl\":{}}}", difference.record.ttl);
}

}  // namespace

void TransferSummary::add(const driver::RecordDifference& difference) {
  if (versions_.empty() || (versions_.back().serial != difference.serial && versions_.size() < kMaxVersions)) versions_.emplace_back();
  Version& version = versions_.back();
  version.serial = difference.serial;
  ++(difference.kind == Kind::Added ? version.added : version.removed);
  const driver::ObservedRecord& record = difference.record;
  line_.clear();
  fmt::format_to(std::back_inserter(line_), "{}{} {} {} {}\n", difference.kind == Kind::Added ? '+' : '-', record.name, record.ttl, record.type,
                 record.data);
  version.hash.add(as_bytes(line_));
  if (content_ == Content::FirstLoad || told_ >= kMaxDifferences) {
    ++version.omitted;
    return;
  }
  ++told_;
  version.differences.push_back(told(difference));
}

std::vector<std::string> TransferSummary::to_json(const std::string& route, std::uint32_t serial) const {
  std::vector<std::string> list;
  std::optional<std::uint32_t> before = before_;
  for (const Version& version : versions_) {
    const bool last = &version == &versions_.back();
    std::string json = R"({"content":)";
    json::append_string(json, content_ == Content::FirstLoad ? "first load" : content_ == Content::Whole ? "whole" : "differences");
    json += ",\"route\":";
    json::append_string(json, route);
    json += before ? fmt::format(",\"serial_before\":{}", *before) : std::string(",\"serial_before\":null");
    json += fmt::format(",\"serial\":{},\"added\":{},\"removed\":{},\"digest\":\"{}\",\"differences\":[{}],\"omitted\":{}}}",
                        last ? serial : version.serial, version.added, version.removed, to_hex(version.hash.digest()), join(version.differences, ","),
                        version.omitted);
    list.push_back(std::move(json));
    before = version.serial;
  }
  return list;
}

}  // namespace ipam::service
