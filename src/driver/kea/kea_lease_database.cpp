#include "driver/kea/kea_lease_database.h"

#include "base/strings.h"
#include "driver/kea/json_fields.h"
#include "driver/kea/kea_leases.h"
#include "wire/http1/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ipam::driver::kea {
namespace sql = client::sql;

namespace {

constexpr std::size_t kPage = 1000;  // LeaseSink's
constexpr std::string_view kScheme = "postgresql://";
constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::int64_t kInfinity = 0xFFFFFFFF;           // RFC 2131 section 3.3
constexpr std::int64_t kMaxSeconds = 253'402'300'799LL;  // the last second of the year 9999

// The columns that both tables have; the first is the address.
constexpr const char* kCommon =
    "hwaddr, valid_lifetime::bigint, extract(epoch from expire)::bigint, subnet_id::bigint, coalesce(hostname, ''), coalesce(state, 0)::bigint";
enum Column : int { kAddress, kHardwareAddress, kLifetime, kExpire, kSubnet, kHostname, kState, kClient, kIaid, kLength, kType };

std::string page_query4() {
  return fmt::format("SELECT address::bigint, {}, client_id FROM lease4 WHERE address > $1 ORDER BY address LIMIT {}", kCommon, kPage);
}
std::string cursor6() {
  return fmt::format(
      "BEGIN READ ONLY; DECLARE leases NO SCROLL CURSOR FOR SELECT host(address::inet), {}, duid, iaid::bigint & 4294967295, prefix_len::bigint, "
      "lease_type::bigint FROM lease6 ORDER BY address::inet",
      kCommon);
}

Error odd(std::string_view column, const std::string& address) {
  return {ErrorCode::Malformed, fmt::format("the lease of {} has an impossible {}", address.empty() ? "(no address)" : address, column)};
}

template <class Identifier>
Result<std::optional<Identifier>> identifier(const sql::Rows& rows, std::size_t row, int column, std::string_view name, const std::string& address) {
  if (rows.is_null(row, column) || rows.blob(row, column).empty()) return std::optional<Identifier>();
  auto read = Identifier::from_bytes(rows.blob(row, column));
  if (!read.ok()) return odd(name, address);
  return std::optional(std::move(read).value());
}

Result<ip::Address> read_address(Service service, const sql::Rows& rows, std::size_t row) {
  if (service == Service::Dhcp4) {
    const std::int64_t number = rows.integer(row, kAddress);
    if (number < 0 || number > 0xFFFFFFFF) return odd("address", std::to_string(number));
    return ip::Address::v4(static_cast<std::uint32_t>(number));
  }
  const auto address = ip::Address::parse(rows.text(row, kAddress));
  if (!address.ok() || address->family() != ip::Family::V6) return odd("address", shorten(rows.text(row, kAddress), 50));
  return *address;
}

// RFC 8415 section 21: 0 IA_NA, 1 IA_TA, 2 IA_PD as Kea numbers them.
Result<void> read_version6(const sql::Rows& rows, std::size_t row, ObservedLease& lease, const std::string& address) {
  lease.client_id = IPAM_TRY(identifier<ip::ClientId>(rows, row, kClient, "DUID", address));
  const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
  if (lease.client_id && std::all_of(lease.client_id->bytes().begin(), lease.client_id->bytes().end(), is_zero)) lease.client_id.reset();
  lease.iaid = static_cast<std::uint32_t>(rows.integer(row, kIaid));
  const std::int64_t type = rows.integer(row, kType), length = rows.integer(row, kLength);
  if (type < 0 || type > 2) return odd("type", address);
  if (type == 2) {
    if (length < 1 || length > 128) return odd("prefix length", address);
    lease.delegated_length = static_cast<std::uint8_t>(length);
  }
  return {};
}

Result<ObservedLease> read_row(Service service, const sql::Rows& rows, std::size_t row, Time now) {
  ObservedLease lease{.address = IPAM_TRY(read_address(service, rows, row))};
  const std::string address = lease.address.to_string();
  const std::int64_t lifetime = rows.integer(row, kLifetime), expire = rows.integer(row, kExpire), state = rows.integer(row, kState);
  const std::int64_t subnet = rows.integer(row, kSubnet);
  if (lifetime < 0 || lifetime > kInfinity) return odd("lifetime", address);
  if (expire < 0 || expire > kMaxSeconds) return odd("time of expiry", address);
  if (state < 0 || state > static_cast<std::int64_t>(kMostLeaseState)) return odd("state", address);
  if (subnet < 1 || subnet > static_cast<std::int64_t>(kMaxSubnetId)) return odd("subnet", address);
  // Of a lease without end Kea keeps when it began.
  lease.starts_at = Time(std::chrono::seconds(lifetime == kInfinity ? expire : std::max<std::int64_t>(expire - lifetime, 0)));
  lease.expires_at = lease.starts_at + std::chrono::seconds(lifetime);
  lease.state = lease_state(static_cast<std::uint64_t>(state), lease.expires_at, now);
  lease.scope_key = scope_key(service, static_cast<std::uint64_t>(subnet));
  lease.hardware_address = IPAM_TRY(identifier<ip::HardwareAddress>(rows, row, kHardwareAddress, "hardware address", address));
  lease.hostname = clean_hostname(rows.text(row, kHostname));
  if (service == Service::Dhcp4) {
    lease.client_id = IPAM_TRY(identifier<ip::ClientId>(rows, row, kClient, "client identifier", address));
  } else {
    IPAM_TRY(read_version6(rows, row, lease, address));
  }
  return lease;
}

// What is wrong, said for the one who set up Kea's database.
Error explained(Error error, const std::string& name) {
  if (error.code != ErrorCode::FailedPrecondition) return error;
  if (error.message.find("right") != std::string::npos) {
    return {ErrorCode::PermissionDenied,
            fmt::format("{}: the user may not read the leases; on the database: GRANT SELECT ON lease4, lease6 TO the user", name), error.detail};
  }
  if (error.message.find("lacks") != std::string::npos) {
    return {ErrorCode::FailedPrecondition, fmt::format("{} is no lease database of Kea; is this the right one?", name), error.detail};
  }
  if (error.message.find("password") != std::string::npos) error.code = ErrorCode::Unauthenticated;
  return error;
}

using Page = std::vector<ObservedLease>;

// One reading, on the pool's threads one after the other.
class Reading {
 public:
  Reading(Service service, std::unique_ptr<sql::Connection> connection) : service_(service), connection_(std::move(connection)) {}

  Result<Page> next(Time now, const io::Deadline& deadline) {
    const sql::Rows rows = IPAM_TRY(service_ == Service::Dhcp4 ? next_by_key(deadline) : next_of_cursor(deadline));
    Page page;
    page.reserve(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      page.push_back(IPAM_TRY(read_row(service_, rows, row, now)));
      if (last_ && page.back().address <= *last_) {
        return Error(ErrorCode::Malformed,
                     fmt::format("the lease of {} comes after that of {}", page.back().address.to_string(), last_->to_string()));
      }
      last_ = page.back().address;
    }
    return page;
  }

 private:
  Result<sql::Rows> next_by_key(const io::Deadline& deadline) {
    const std::int64_t after = last_ ? static_cast<std::int64_t>(last_->number()) : -1;
    const std::array parameters{sql::Parameter::of(after)};
    return connection_->query(page_query4(), parameters, deadline);
  }
  Result<sql::Rows> next_of_cursor(const io::Deadline& deadline) {
    if (!declared_) IPAM_TRY(connection_->run(cursor6(), deadline));
    declared_ = true;
    return connection_->query(fmt::format("FETCH {} FROM leases", kPage), {}, deadline);
  }

  const Service service_;
  const std::unique_ptr<sql::Connection> connection_;
  std::optional<ip::Address> last_;
  bool declared_ = false;
};

}  // namespace

Result<std::string> connection_url(const AccessEndpoint& access) {
  const std::string_view url = access.url;
  const auto bad = [](std::string_view why) { return Error(ErrorCode::InvalidArgument, fmt::format("the lease database's URL {}", why)); };
  if (!url.starts_with(kScheme)) return bad("must start with postgresql://, as in postgresql://db1.example:5432/kea");
  if (url.find('@') != std::string_view::npos) return bad("must not hold a user or password; name a credential instead");
  if (access.tls_trust == model::TlsTrust::Fingerprint) {
    return Error(ErrorCode::InvalidArgument,
                 "a lease database's certificate cannot be pinned by its fingerprint; let the access trust the system's authorities, or name another "
                 "in its URL: ?sslmode=verify-full&sslrootcert=FILE");
  }
  const auto question = url.find('?');
  const std::string_view place = url.substr(kScheme.size(), question == std::string_view::npos ? question : question - kScheme.size());
  const auto slash = place.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash + 1 == place.size())
    return bad("must name a host and a database, as in postgresql://db1.example:5432/kea");
  bool says_mode = false;
  if (question != std::string_view::npos) {
    for (const std::string_view parameter : split(url.substr(question + 1), '&')) {
      const std::string_view name = parameter.substr(0, parameter.find('='));
      if (name != "sslmode" && name != "sslrootcert") return bad("may set sslmode and sslrootcert, and nothing else");
      says_mode = says_mode || name == "sslmode";
    }
  }
  std::string text =
      fmt::format("{}{}{}", kScheme, access.user_name.empty() ? "" : wire::http1::percent_encode(access.user_name) + "@", url.substr(kScheme.size()));
  const bool local = place.starts_with("127.") || place.starts_with("[::1]") || place.starts_with("localhost");
  if (!says_mode && !local) {
    text += question == std::string_view::npos ? '?' : '&';
    text += fmt::format("sslmode=verify-full{}",
                        url.find("sslrootcert=") == std::string_view::npos ? fmt::format("&sslrootcert={}", kSystemAuthorities) : "");
  }
  return text;
}

Result<std::unique_ptr<LeaseDatabase>> LeaseDatabase::create(const AccessEndpoint& access, const Limits& limits, io::WorkerPool& blocking) {
  sql::ConnectOptions options;
  options.url = IPAM_TRY(connection_url(access));
  IPAM_TRY(sql::check_url(options.url));
  options.password = access.secret;
  options.name = "the lease database " + access.url.substr(0, access.url.find('?'));
  options.statement_timeout = limits.request_timeout;
  options.read_only = true;
  const bool exposed = options.url.find("sslmode=disable") != std::string::npos || options.url.find("sslmode=allow") != std::string::npos ||
                       options.url.find("sslmode=prefer") != std::string::npos || options.url.find("sslmode=require") != std::string::npos;
  return std::unique_ptr<LeaseDatabase>(new LeaseDatabase(std::move(options), limits, blocking, exposed));
}

io::Task<Result<void>> LeaseDatabase::probe(Service service, io::Deadline deadline) {
  const io::Deadline until = deadline.at_most(limits_.request_timeout);
  auto job = [options = options_, service, until]() -> Result<void> {
    const auto connection = IPAM_TRY(sql::Connection::open(options, until));
    IPAM_TRY(connection->query(service == Service::Dhcp4 ? "SELECT address FROM lease4 LIMIT 1" : "SELECT address FROM lease6 LIMIT 1", {}, until));
    return {};
  };
  auto outcome = co_await blocking_.run(job, deadline);
  if (!outcome.ok()) co_return explained(std::move(outcome).error(), options_.name);
  co_return outcome;
}

io::Task<Result<void>> LeaseDatabase::collect(Service service, LeaseSink& sink, const Clock& clock, CollectedLeases& collected,
                                              io::Deadline deadline) {
  const io::Deadline until = deadline.at_most(limits_.request_timeout);
  auto open = [options = options_, service, until]() -> Result<std::shared_ptr<Reading>> {
    return std::make_shared<Reading>(service, IPAM_TRY(sql::Connection::open(options, until)));
  };
  // Shared with the pool, which may outlive a caller that leaves.
  auto reading = co_await blocking_.run(open, deadline);
  if (!reading.ok()) co_return explained(std::move(reading).error(), options_.name);
  while (true) {
    const io::Deadline page_end = deadline.at_most(limits_.request_timeout);
    auto read = [reading = *reading, now = clock.now(), page_end]() -> Result<Page> { return reading->next(now, page_end); };
    auto page = co_await blocking_.run(read, deadline);
    if (!page.ok()) co_return explained(std::move(page).error(), options_.name);
    if (page->empty()) break;
    const bool last = page->size() < kPage;
    collected.leases += page->size();
    if (collected.leases > limits_.leases) {
      co_return Error(ErrorCode::Malformed, fmt::format("{} has more than {} leases, which is more than is read", options_.name, limits_.leases));
    }
    collected.delivered = true;
    auto accepted = co_await sink.accept(std::move(*page));
    collected.refused = !accepted.ok();
    if (!accepted.ok()) co_return std::move(accepted).error();
    if (last) break;
  }
  co_return Result<void>();
}

}  // namespace ipam::driver::kea
