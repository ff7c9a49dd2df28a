// Lease files over a real sshd: what a clean-up of Kea's leaves beside the file, and what no Kea wrote.
#include "driver/kea/kea_lease_files.h"

#include "client/sftp/sshd_suite.h"
#include "driver/fake_driver_suite.h"
#include "io/blocking.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

namespace ipam::driver::kea {
namespace {

using ::testing::HasSubstr;

constexpr const char* kHeader = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n";

io::Deadline soon() { return io::Deadline::after(std::chrono::seconds(60)); }

class KeaLeaseFiles : public testing::Test {
 protected:
  client::sftp::Sshd sshd_;
  const std::string path_ = sshd_.folder() / "kea-leases4.csv";
  std::unique_ptr<client::sftp::Session> session_ = client::sftp::Session::open(sshd_.options(), soon()).value();

  void write(const std::string& suffix, const std::string& rows) { std::ofstream(path_ + suffix) << kHeader << rows; }
  static std::string row(const std::string& address, const std::string& hostname, int lifetime = 3600) {
    return fmt::format("{},02:00:00:00:00:01,,{},4102444800,7,0,0,{},0,\n", address, lifetime, hostname);
  }
  Result<FileLeases> read(std::size_t most = 1000) { return read_lease_files(*session_, Service::Dhcp4, path_, most, soon()); }
  // "address=hostname", in order.
  std::string summary() {
    const auto leases = read();
    if (!leases.ok()) return leases.error().describe();
    std::string text;
    for (const auto& [address, lease] : *leases) text += fmt::format("{}={} ", address.to_string(), lease.hostname);
    return text;
  }
};

TEST_F(KeaLeaseFiles, LaterLinesAndLaterFilesWin) {
  write("", row("10.0.0.10", "new") + row("10.0.0.9", "a") + row("10.0.0.9", "b") + row("10.0.0.3", "gone", 0));
  write(".1", row("10.0.0.10", "middle") + row("10.0.0.4", "kept"));
  write(".2", row("10.0.0.10", "old") + row("10.0.0.3", "gone") + row("10.0.0.4", "older"));
  EXPECT_EQ(summary(), "10.0.0.4=kept 10.0.0.9=b 10.0.0.10=new ");
  // It stands for both of the others.
  write(".completed", row("10.0.0.2", "cleaned"));
  EXPECT_EQ(summary(), "10.0.0.2=cleaned 10.0.0.9=b 10.0.0.10=new ");
}

TEST_F(KeaLeaseFiles, AFileThatIsNotThereOrNoneOfKeaIsToldWithItsName) {
  EXPECT_THAT(summary(), HasSubstr("there is no lease file " + path_));
  std::ofstream(path_) << "secret-of-another-file\nsecond line\n";
  EXPECT_THAT(summary(), testing::AllOf(HasSubstr("kea-leases4.csv: line 1"), testing::Not(HasSubstr("secret-of-another-file"))));
  std::ofstream(path_, std::ios::trunc) << "";
  EXPECT_EQ(summary(), "");
}

TEST_F(KeaLeaseFiles, MoreLeasesThanAreReadEndTheCollection) {
  write("", row("10.0.0.1", "a") + row("10.0.0.2", "b"));
  EXPECT_TRUE(read(2).ok());
  EXPECT_EQ(read(1).error().code, ErrorCode::Malformed);
}

TEST_F(KeaLeaseFiles, TheAccessNamesHostPortAndMaybeThePath) {
  io::WorkerPool pool("the test's clients", 1, 10);
  const auto create = [&](const std::string& url) {
    const AccessEndpoint access{.kind = model::AccessKind::LeaseFile, .url = url, .user_name = "reader"};
    return LeaseFiles::create(access, {}, pool);
  };
  EXPECT_EQ(create("sftp://kea1.example/").value()->path(), "");
  EXPECT_EQ(create("sftp://kea1.example:2222").value()->path(), "");
  EXPECT_EQ(create("sftp://[2001:db8::1]:22/var/lib/kea/kea-leases4.csv").value()->path(), "/var/lib/kea/kea-leases4.csv");
  for (const char* url : {"http://kea1/", "sftp://", "sftp://kea1/a?b", "sftp://kea1/%41"}) EXPECT_FALSE(create(url).ok()) << url;
}

}  // namespace
}  // namespace ipam::driver::kea
