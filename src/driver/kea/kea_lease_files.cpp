#include "driver/kea/kea_lease_files.h"

#include "base/strings.h"
#include "client/http/url.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/kea_leases.h"
#include "wire/kea_lease_file/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::driver::kea {
namespace sftp = client::sftp;
namespace lease_file = wire::kea_lease_file;

namespace {

constexpr std::string_view kScheme = "sftp://";
constexpr std::size_t kChunk = 1000;                // LeaseSink's
constexpr std::uint64_t kMostBytes = 16ULL << 30U;  // of one file
constexpr int kAttempts = 4;
constexpr std::size_t kCompleted = 0, kSecond = 1, kFirst = 2, kBase = 3;
constexpr std::array<std::string_view, 4> kSuffixes{".completed", ".2", ".1", ""};

using Statuses = std::array<std::optional<sftp::FileStatus>, kSuffixes.size()>;

Result<Statuses> look(sftp::Session& session, const std::string& path, const io::Deadline& deadline) {
  Statuses statuses;
  for (std::size_t i = 0; i < kSuffixes.size(); ++i) statuses[i] = IPAM_TRY(session.find_status(path + std::string(kSuffixes[i]), deadline));
  return statuses;
}

Result<void> take_row(FileLeases& leases, lease_file::Row row, std::size_t most) {
  if (row.valid_lifetime == 0) {
    leases.erase(row.address);
    return {};
  }
  if (row.subnet_id == 0) return Error(ErrorCode::Malformed, fmt::format("the lease of {} has no subnet", row.address.to_string()));
  const bool is_prefix = row.type == lease_file::LeaseType::Prefix;
  if (is_prefix && row.prefix_length == 0) return Error(ErrorCode::Malformed, fmt::format("the prefix {} has no length", row.address.to_string()));
  leases[row.address] = {row.valid_lifetime,
                         row.subnet_id,
                         row.expire,
                         row.iaid,
                         row.state,
                         is_prefix ? row.prefix_length : std::uint8_t{0},
                         std::move(row.hardware_address),
                         std::move(row.client_id),
                         clean_hostname(row.hostname)};
  if (leases.size() > most) return Error(ErrorCode::Malformed, fmt::format("there are more than {} leases, which is more than is read", most));
  return {};
}

struct Pass {
  FileLeases leases;
  bool changed = false;  // a clean-up came between: the leases are worth nothing
};

Result<Pass> read_once(sftp::Session& session, Service service, const std::string& path, std::size_t most, const io::Deadline& deadline) {
  const Statuses before = IPAM_TRY(look(session, path, deadline));
  if (!before[kBase]) return Error(ErrorCode::FailedPrecondition, fmt::format("there is no lease file {}; correct the path of the access", path));
  Pass pass;
  std::uint64_t base_bytes = 0;
  for (std::size_t i = 0; i < kSuffixes.size(); ++i) {
    const bool is_merged = before[kCompleted] && (i == kSecond || i == kFirst);
    if (!before[i] || is_merged) continue;
    lease_file::Reader reader(family_of(service), [&](lease_file::Row row) { return take_row(pass.leases, std::move(row), most); });
    const auto feed = [&](std::string_view piece) { return reader.feed(piece); };
    const std::string name = path + std::string(kSuffixes[i]);
    const auto bytes = session.read(name, kMostBytes, feed, deadline);
    if (!bytes.ok() && bytes.error().code == ErrorCode::NotFound) return Pass{.leases = {}, .changed = true};
    if (!bytes.ok()) return located(bytes.error(), name);
    // A file that has just been made has no line yet.
    if (*bytes > 0) {
      if (auto finished = reader.finish(); !finished.ok()) return located(std::move(finished).error(), name);
    }
    if (i == kBase) base_bytes = *bytes;
  }
  const Statuses after = IPAM_TRY(look(session, path, deadline));
  // A clean-up replaces the file by a new one, which is smaller, and leaves another one beside it.
  pass.changed = !std::equal(before.begin(), before.begin() + kBase, after.begin()) || !after[kBase] || after[kBase]->size < before[kBase]->size ||
                 base_bytes < before[kBase]->size;
  return pass;
}

Result<ObservedLease> to_lease(Service service, const ip::Address& address, FileLease& from, Time now) {
  const auto odd = [&](std::string_view what) {
    return Error(ErrorCode::Malformed, fmt::format("the lease of {} has an impossible {}", address.to_string(), what));
  };
  ObservedLease lease{.address = address};
  lease.starts_at = Time(std::chrono::seconds(from.expire > from.lifetime ? from.expire - from.lifetime : 0));
  lease.expires_at = lease.starts_at + std::chrono::seconds(from.lifetime);
  lease.state = lease_state(from.state, lease.expires_at, now);
  lease.scope_key = scope_key(service, from.subnet_id);
  lease.hostname = std::move(from.hostname);
  if (!from.hardware_address.empty()) {
    auto hardware_address = ip::HardwareAddress::from_bytes(from.hardware_address);
    if (!hardware_address.ok()) return odd("hardware address");
    lease.hardware_address = *hardware_address;
  }
  // The DUID that stands in a declined lease of DHCPv6 is zeros.
  const bool is_zero = std::all_of(from.client_id.begin(), from.client_id.end(), [](std::uint8_t byte) { return byte == 0; });
  if (!from.client_id.empty() && !(service == Service::Dhcp6 && is_zero)) {
    auto client_id = ip::ClientId::from_bytes(from.client_id);
    if (!client_id.ok()) return odd("client identifier");
    lease.client_id = std::move(client_id).value();
  }
  if (service == Service::Dhcp6) {
    lease.iaid = from.iaid;
    if (from.delegated_length != 0) lease.delegated_length = from.delegated_length;
  }
  return lease;
}

}  // namespace

Result<FileLeases> read_lease_files(sftp::Session& session, Service service, const std::string& path, std::size_t most_leases,
                                    const io::Deadline& deadline) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Pass pass = IPAM_TRY(read_once(session, service, path, most_leases, deadline));
    if (!pass.changed) return std::move(pass.leases);
  }
  return Error(ErrorCode::Unavailable, fmt::format("{} is cleaned up again and again while it is read; make Kea's lfc-interval longer", path));
}

Result<std::unique_ptr<LeaseFiles>> LeaseFiles::create(const AccessEndpoint& access, const Limits& limits, io::WorkerPool& blocking) {
  const auto bad = [](std::string_view why) {
    return Error(ErrorCode::InvalidArgument, fmt::format("the lease file's URL is written as sftp://HOST:PORT/PATH; {}", why));
  };
  const std::string_view url = access.url;
  if (!url.starts_with(kScheme)) return bad("it begins otherwise");
  const std::string_view rest = url.substr(kScheme.size());
  // The parts are those of an HTTP URL.
  const auto parsed = client::http::Url::parse("http://" + std::string(rest));
  if (!parsed.ok()) return bad(parsed.error().message);
  if (parsed->target.find_first_of("?%") != std::string::npos) return bad("a query or an escaped character does not belong in it");
  const std::string_view after_host = rest.starts_with('[') ? rest.substr(rest.find(']') + 1) : rest;
  const bool has_port = after_host.substr(0, after_host.find('/')).find(':') != std::string_view::npos;
  sftp::SessionOptions options;
  options.host = parsed->host;
  options.port = has_port ? parsed->port : 22;
  options.user_name = access.user_name;
  options.sign_in = access.credential_kind == model::CredentialKind::SshKey ? sftp::SignIn::PrivateKey : sftp::SignIn::Password;
  options.secret = access.secret;
  if (access.tls_trust == model::TlsTrust::Fingerprint) options.host_key_fingerprint = access.fingerprint;
  return std::unique_ptr<LeaseFiles>(new LeaseFiles(std::move(options), parsed->target == "/" ? "" : parsed->target, limits, blocking));
}

io::Task<Result<void>> LeaseFiles::probe(Service service, std::string path, io::Deadline deadline) {
  const io::Deadline until = deadline.at_most(limits_.request_timeout);
  auto job = [options = options_, service, path = std::move(path), until]() -> Result<void> {
    const auto session = IPAM_TRY(sftp::Session::open(options, until));
    bool seen = false;
    lease_file::Reader reader(family_of(service), [&](lease_file::Row) -> Result<void> {
      seen = true;
      return Error(ErrorCode::Cancelled, "the probe has seen enough");
    });
    auto read = session->read(
        path, kMostBytes, [&](std::string_view piece) { return reader.feed(piece); }, until);
    if (!read.ok() && !seen) return std::move(read).error();
    if (read.ok() && *read > 0) {
      if (auto finished = reader.finish(); !finished.ok()) return located(std::move(finished).error(), path);
    }
    return {};
  };
  co_return co_await blocking_.run(job, deadline);
}

io::Task<Result<void>> LeaseFiles::collect(Service service, std::string path, LeaseSink& sink, const Clock& clock, CollectedLeases& collected,
                                           io::Deadline deadline) {
  const std::size_t most = limits_.leases - std::min<std::size_t>(limits_.leases, collected.leases);
  const Duration to_sign_in = limits_.request_timeout;
  auto job = [options = options_, service, path = std::move(path), most, to_sign_in, deadline]() -> Result<std::shared_ptr<FileLeases>> {
    const auto session = IPAM_TRY(sftp::Session::open(options, deadline.at_most(to_sign_in)));
    return std::make_shared<FileLeases>(IPAM_TRY(read_lease_files(*session, service, path, most, deadline)));
  };
  IPAM_CO_TRY(const std::shared_ptr<FileLeases> leases, co_await blocking_.run(job, deadline));
  std::vector<ObservedLease> chunk;
  const Time now = clock.now();
  while (!leases->empty()) {
    const auto first = leases->begin();
    IPAM_CO_TRY(ObservedLease lease, to_lease(service, first->first, first->second, now));
    chunk.push_back(std::move(lease));
    leases->erase(first);
    if (chunk.size() < kChunk && !leases->empty()) continue;
    collected.leases += chunk.size();
    collected.delivered = true;
    std::vector<ObservedLease> full = std::exchange(chunk, {});
    auto accepted = co_await sink.accept(std::move(full));
    collected.refused = !accepted.ok();
    if (!accepted.ok()) co_return std::move(accepted).error();
  }
  co_return Result<void>();
}

}  // namespace ipam::driver::kea
