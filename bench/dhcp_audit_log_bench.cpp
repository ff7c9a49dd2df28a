// How quickly lines of a DHCP audit log are parsed, beside sqlite3's .import of the same lines into a table with indexes on address and client (P8):
//
//   dhcp_audit_log_bench LINES PAIRS      prints a line of JSON a pair
//
// A working day of a large server: one line in five a new lease, the others renewals and DNS updates, in the 19 columns of a current server. Nothing
// is stored here; the figure of the tracking store is its own.
#include "base/clock.h"
#include "base/file.h"
#include "support/temporary_folder.h"
#include "wire/dhcp_audit_log/reader.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

using namespace ipam;  // NOLINT: a program of one file

constexpr std::string_view kHeader =
    "ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,"
    "VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.\r\n";

void write_log(const std::filesystem::path& path, std::size_t lines) {
  std::ofstream file(path, std::ios::binary);
  file << kHeader;
  for (std::size_t n = 0; n < lines; ++n) {
    const std::size_t second = n * 86'400 / lines, client = n * 2'654'435'761U % 65'536;
    const auto place = fmt::format("11/28/26,{:02}:{:02}:{:02}", second / 3'600, second / 60 % 60, second % 60);
    const auto who = fmt::format("10.{}.{}.{},pc{}.contoso.test", client >> 12U, client >> 8U & 15U, client & 255U, client);
    if (n % 5 >= 3) {
      file << fmt::format("{},{},DNS Update {},{},,,0,6,,,,,,,,,0\r\n", n % 5 == 3 ? 30 : 32, place, n % 5 == 3 ? "Request" : "Successful", who);
    } else {
      file << fmt::format("{},{},{},{},02005E{:06X},,{},0,,,,0x4D53465420352E30,MSFT 5.0,,,,0\r\n", n % 5 == 0 ? 10 : 11, place,
                          n % 5 == 0 ? "Assign" : "Renew", who, client, 1'000'000 + n);
    }
  }
}

double seconds_since(MonotonicTime start) { return std::chrono::duration<double>(SystemClock().monotonic() - start).count(); }

double parse(const std::filesystem::path& path, std::size_t lines) {
  const MonotonicTime start = SystemClock().monotonic();
  std::size_t events = 0;
  wire::dhcp_audit_log::Reader reader(
      {.on_event = [&](const wire::dhcp_audit_log::Event&) -> Result<void> {
         ++events;
         return {};
       },
       .on_bad = [](const wire::log_lines::BadLine& line) -> Result<void> { return Error(ErrorCode::Malformed, line.reason); }});
  read_pieces(path, [&](std::string_view piece, std::uint64_t, std::uint64_t) { return reader.feed(piece); }).value();
  if (events != lines) throw std::runtime_error(fmt::format("{} events of {} lines", events, lines));
  return seconds_since(start);
}

double import(const std::filesystem::path& folder, const std::filesystem::path& log) {
  const auto database = folder / "imported.db";
  std::filesystem::remove(database);
  const std::string columns =
      "id,date,time,description,address,host,client,user,transaction_id,q,probation,correlation,dhcid,v1,v2,u1,u2,relay,error";
  const std::string command = fmt::format(
      "sqlite3 '{}' 'CREATE TABLE event ({});' 'CREATE INDEX by_address ON event (address, date, time);' "
      "'CREATE INDEX by_client ON event (client, date, time);' '.mode csv' '.import --skip 1 \"{}\" event'",
      database.string(), columns, log.string());
  const MonotonicTime start = SystemClock().monotonic();
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  return seconds_since(start);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: dhcp_audit_log_bench LINES PAIRS\n", stderr);
    return 2;
  }
  const auto lines = static_cast<std::size_t>(std::atoll(argv[1]));
  const test::TemporaryFolder folder;
  const auto log = folder.path() / "DhcpSrvLog-Sat.log";
  write_log(log, lines);
  for (int pair = 0; pair < std::atoi(argv[2]); ++pair) {
    const double reference = import(folder.path(), log), ours = parse(log, lines);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print(R"({{"lines": {}, "bytes": {}, "seconds": {:.3f}, "reference_seconds": {:.3f}, "rate_ratio": {:.2f}, "peak_mib": {}}})"
               "\n",
               lines, std::filesystem::file_size(log), ours, reference, reference / ours, usage.ru_maxrss / 1024);
    std::fflush(stdout);
  }
  return 0;
}
