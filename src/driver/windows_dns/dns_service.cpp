#include "driver/windows_dns/dns_service.h"

#include <fmt/format.h>

namespace ipam::driver::windows_dns {
namespace {

using namespace wire::dnsp;
namespace ndr = wire::ndr;
using client::dcerpc::Connection;

constexpr std::uint32_t kNoChildren = 0x00010000;  // DNS_RPC_VIEW_NO_CHILDREN
constexpr std::uint16_t kSoaType = static_cast<std::uint16_t>(wire::dns::RecordType::Soa);

bool is_zone(const Zone& zone) {
  if (!zone.name || zone.name->empty() || zone.name->starts_with("..")) return false;
  return zone.type != static_cast<std::uint8_t>(ZoneType::Cache) && zone.type != static_cast<std::uint8_t>(ZoneType::SecondaryCache) &&
         (zone.flags & kAutoCreated) == 0;
}

}  // namespace

Error DnsService::named(Error error) const {
  if (!error.message.starts_with(url_)) error.message = fmt::format("{}: {}", url_, error.message);
  return error;
}

io::Task<Result<Bytes>> DnsService::call(Operation operation, Bytes parameters, io::Deadline deadline) {
  const io::Deadline share = deadline.at_most(limits_.request_timeout);
  const auto failed = [&](Error error) {
    connection_.reset();
    if (error.code == ErrorCode::DeadlineExceeded && !deadline.verdict()) {
      error = Error(ErrorCode::Unavailable, fmt::format("no answer within {}", format_duration(limits_.request_timeout)));
    }
    // A host that has no address is one that is not reached.
    if (error.code == ErrorCode::NotFound) error.code = ErrorCode::Unavailable;
    return named(std::move(error));
  };
  if (connection_ == nullptr) {
    auto opened = co_await Connection::open(services_, access_.target, kDnsServer, credential_, share);
    if (!opened.ok()) co_return failed(std::move(opened).error());
    connection_ = std::move(opened).value();
  }
  auto answer = co_await connection_->call(static_cast<std::uint16_t>(operation), std::move(parameters), limits_.response_bytes, share);
  if (!answer.ok()) co_return failed(std::move(answer).error());
  co_return answer;
}

io::Task<Result<Data>> DnsService::data(Operation operation, Bytes parameters, io::Deadline deadline) {
  IPAM_CO_TRY(const Bytes answer, co_await call(operation, std::move(parameters), deadline));
  auto response = ndr::read<DataResponse>(answer);
  if (!response.ok()) co_return named(std::move(response).error());
  if (response->result != 0) co_return named(result_error(response->result));
  co_return std::move(response->data);
}

io::Task<Result<ServerInfo>> DnsService::server_info(io::Deadline deadline) {
  Query2Request request;
  request.server = access_.target.host;
  request.operation = "ServerInfo";
  IPAM_CO_TRY(Data answer, co_await data(Operation::Query2, ndr::write(request), deadline));
  auto* info = std::get_if<std::optional<ServerInfo>>(&answer);
  if (info == nullptr || !*info) co_return named(Error(ErrorCode::Malformed, "the server does not tell of itself when it is asked to"));
  co_return **std::move(info);
}

io::Task<Result<ZoneInfo>> DnsService::zone_info(std::string zone, io::Deadline deadline) {
  Query2Request request;
  request.server = access_.target.host;
  request.zone = std::move(zone);
  request.operation = "ZoneInfo";
  IPAM_CO_TRY(Data answer, co_await data(Operation::Query2, ndr::write(request), deadline));
  auto* info = std::get_if<std::optional<ZoneInfo>>(&answer);
  if (info == nullptr || !*info) co_return named(Error(ErrorCode::Malformed, "the server does not tell of a zone when it is asked to"));
  co_return **std::move(info);
}

io::Task<Result<std::vector<Zone>>> DnsService::zones_of(std::uint32_t filter, io::Deadline deadline) {
  ComplexOperation2Request request;
  request.server = access_.target.host;
  request.operation = "EnumZones";
  request.data.emplace<std::uint32_t>(filter);
  IPAM_CO_TRY(Data answer, co_await data(Operation::ComplexOperation2, ndr::write(request), deadline));
  auto* list = std::get_if<std::optional<ZoneList>>(&answer);
  if (list == nullptr) co_return named(Error(ErrorCode::Malformed, "the server does not tell its zones when it is asked to"));
  std::vector<Zone> zones;
  if (!*list) co_return zones;
  for (auto& zone : (*list)->zones) {
    if (zone && is_zone(*zone)) zones.push_back(std::move(*zone));
  }
  if (zones.size() > limits_.zones) {
    co_return named(
        Error(ErrorCode::Malformed, fmt::format("the server has more than {} zones, the most that are read from one server", limits_.zones)));
  }
  co_return zones;
}

io::Task<Result<std::vector<Zone>>> DnsService::zones(io::Deadline deadline) {
  auto zones = co_await zones_of(kAllZones, deadline);
  if (zones.ok() && zones->empty()) co_return co_await zones_of(kAllZonesOfSamba, deadline);
  co_return zones;
}

io::Task<Result<Page>> DnsService::page(EnumRecords2Request request, io::Deadline deadline) {
  request.server = access_.target.host;
  IPAM_CO_TRY(const Bytes answer, co_await call(Operation::EnumRecords2, ndr::write(request), deadline));
  auto response = ndr::read<EnumRecords2Response>(answer);
  if (!response.ok()) co_return named(std::move(response).error());
  if (response->result != 0 && response->result != kMoreData) co_return named(result_error(response->result));
  Page page;
  page.buffer = std::move(response->buffer);
  page.more = response->result == kMoreData;
  auto nodes = read_nodes(page.buffer);
  if (!nodes.ok()) co_return named(std::move(nodes).error());
  page.nodes = std::move(nodes).value();
  co_return page;
}

io::Task<Result<std::optional<wire::dns::Soa>>> DnsService::soa(std::string zone, io::Deadline deadline) {
  EnumRecords2Request request;
  request.zone = std::move(zone);
  request.record_type = kSoaType;
  request.select |= kNoChildren;
  IPAM_CO_TRY(const Page answer, co_await page(std::move(request), deadline));
  std::optional<wire::dns::Soa> found;
  for (const Node& node : answer.nodes) {
    if (!node.name.empty() && node.name != "@") continue;
    for (const Record& record : node.records) {
      if (record.type != kSoaType) continue;
      const auto rdata = rdata_of(record);
      if (!rdata.ok()) co_return named(rdata.error());
      found = wire::dns::soa_in(*rdata);
    }
  }
  co_return found;
}

io::Task<Result<Page>> DnsService::records(std::string zone, std::string node, std::optional<std::string> start_child, io::Deadline deadline) {
  EnumRecords2Request request;
  request.zone = std::move(zone);
  request.node = std::move(node);
  request.start_child = std::move(start_child);
  co_return co_await page(std::move(request), deadline);
}

}  // namespace ipam::driver::windows_dns
