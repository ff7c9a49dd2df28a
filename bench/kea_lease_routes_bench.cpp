// How long the driver takes for the leases of a Kea where that keeps them, beside the quickest program that only moves the same bytes (figure P12):
//
//   kea_lease_routes_bench database|file LEASES PAIRS      prints a line of JSON a pair
//
// "database" is Kea's own schema in a real PostgreSQL, beside psql's COPY; "file" a lease file behind a real sshd, beside OpenSSH's sftp.
#include "client/sftp/sshd_suite.h"
#include "counting_sink.h"
#include "driver/kea/kea_lease_database.h"
#include "driver/kea/kea_lease_files.h"
#include "io/blocking.h"
#include "support/postgres_cluster.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using bench::CountingSink;
using driver::kea::Service;

constexpr const char* kSchema = "/usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql";
const SystemClock kClock;

io::Deadline long_enough() { return io::Deadline::after(std::chrono::hours(1)); }

template <class F>
double seconds_of(F&& work) {
  const MonotonicTime start = kClock.monotonic();
  work();
  return std::chrono::duration<double>(kClock.monotonic() - start).count();
}

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

// Where leases are kept, and the two ways to have them.
class Route {
 public:
  virtual ~Route() = default;
  virtual Result<std::size_t> read() = 0;  // by the driver; answers how many there were
  virtual void move_bytes() = 0;           // by the program that does nothing else
};

class DatabaseRoute final : public Route {
 public:
  explicit DatabaseRoute(std::size_t leases) {
    connect("postgres")->run("CREATE DATABASE kea", long_enough()).value();
    std::ifstream file(kSchema);
    const std::string schema((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto kea = connect("kea");
    kea->run(schema, long_enough()).value();
    // The triggers count every row in one other row, which a million times takes longer than everything else.
    kea->run(fmt::format("ALTER TABLE lease4 DISABLE TRIGGER USER; INSERT INTO lease4 (address, hwaddr, valid_lifetime, expire, subnet_id, hostname, "
                         "state) SELECT 167772160 + n, "
                         "decode('02' || lpad(to_hex(n), 10, '0'), 'hex'), 3600, now() + interval '1 hour', 1, 'host-' || n || '.example', 0 "
                         "FROM generate_series(1, {}) n; ANALYZE lease4",
                         leases),
             long_enough())
        .value();
    database_ = driver::kea::LeaseDatabase::create({.kind = model::AccessKind::LeaseDatabase, .url = url(), .user_name = "ipam"}, {}, pool_).value();
  }
  Result<std::size_t> read() override {
    CountingSink sink;
    driver::kea::CollectedLeases collected;
    IPAM_TRY(loop_.run(database_->collect(Service::Dhcp4, sink, kClock, collected, long_enough())));
    return sink.leases;
  }
  void move_bytes() override { run(fmt::format("psql -X -q -d '{}' -U ipam -c 'COPY lease4 TO STDOUT' > /dev/null", url())); }

 private:
  static std::string url() { return fmt::format("postgresql://127.0.0.1:{}/kea", test::shared_postgres_cluster().port()); }
  static std::unique_ptr<client::sql::Connection> connect(const std::string& database) {
    return client::sql::Connection::open({.url = test::shared_postgres_cluster().url(database), .statement_timeout = Duration::zero()}, long_enough())
        .value();
  }

  io::BlockingLoop loop_;
  io::WorkerPool pool_{"the clients", 2, 100};
  std::unique_ptr<driver::kea::LeaseDatabase> database_;
};

class FileRoute final : public Route {
 public:
  explicit FileRoute(std::size_t leases) {
    std::ofstream file(path_);
    file << "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n";
    for (std::size_t n = 1; n <= leases; ++n) {
      file << fmt::format("10.{}.{}.{},02:00:{:02x}:{:02x}:{:02x}:{:02x},,3600,4102444800,1,0,0,host-{}.example,0,\n", n >> 16U, n >> 8U & 255U,
                          n & 255U, n >> 24U & 255U, n >> 16U & 255U, n >> 8U & 255U, n & 255U, n);
    }
  }
  Result<std::size_t> read() override {
    const auto options = sshd_.options();
    const driver::AccessEndpoint access{.kind = model::AccessKind::LeaseFile,
                                        .url = fmt::format("sftp://127.0.0.1:{}{}", options.port, path_.string()),
                                        .user_name = options.user_name,
                                        .secret = options.secret,
                                        .credential_kind = model::CredentialKind::SshKey,
                                        .tls_trust = model::TlsTrust::Fingerprint,
                                        .fingerprint = options.host_key_fingerprint};
    const auto files = IPAM_TRY(driver::kea::LeaseFiles::create(access, {}, pool_));
    CountingSink sink;
    driver::kea::CollectedLeases collected;
    IPAM_TRY(loop_.run(files->collect(Service::Dhcp4, path_, sink, kClock, collected, long_enough())));
    return sink.leases;
  }
  void move_bytes() override {
    const auto options = sshd_.options();
    run(
        fmt::format("sftp -q -P {} -i '{}' -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR '{}@127.0.0.1:{}' /dev/null "
                    "> /dev/null",
                    options.port, (sshd_.folder() / "user_key").string(), options.user_name, path_.string()));
  }

 private:
  client::sftp::Sshd sshd_;
  const std::filesystem::path path_ = sshd_.folder() / "kea-leases4.csv";
  io::BlockingLoop loop_;
  io::WorkerPool pool_{"the clients", 2, 100};
};

int measure(const std::string& name, std::size_t leases, int pairs) {
  const std::unique_ptr<Route> route =
      name == "database" ? std::unique_ptr<Route>(new DatabaseRoute(leases)) : std::unique_ptr<Route>(new FileRoute(leases));
  for (int pair = 0; pair < pairs; ++pair) {
    const double reference = seconds_of([&] { route->move_bytes(); });
    Result<std::size_t> read = std::size_t{0};
    const double ours = seconds_of([&] { read = route->read(); });
    if (!read.ok() || *read != leases) {
      std::fprintf(stderr, "%s\n", read.ok() ? fmt::format("{} leases of {}", *read, leases).c_str() : read.error().describe().c_str());
      return 1;
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::puts(fmt::format(R"({{"route": "{}", "leases": {}, "seconds": {:.3f}, "reference_seconds": {:.3f}, "ratio": {:.3f}, "peak_mib": {}}})", name,
                          *read, ours, reference, ours / reference, usage.ru_maxrss / 1024)
                  .c_str());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: kea_lease_routes_bench database|file LEASES PAIRS\n", stderr);
    return 2;
  }
  return measure(argv[1], static_cast<std::size_t>(std::atoll(argv[2])), std::atoi(argv[3]));
}
