// How long the driver takes to read all leases of one Kea: kea_leases_bench URL USER PASSWORD_FILE prints one line of JSON.
// bench/kea_leases.py runs it against the lab beside a pager that does nothing with what it reads (figure P12).
#include "counting_sink.h"
#include "driver/kea/kea_driver.h"
#include "io/blocking.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using bench::CountingSink;

double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

Result<std::string> measure(const driver::Endpoint& endpoint) {
  const SystemClock clock;
  io::Resolver resolver(1);
  io::BlockingLoop loop;
  const auto kea = IPAM_TRY(driver::kea::KeaDriver::create(endpoint, {}, clock, resolver));
  CountingSink sink;
  const MonotonicTime start = clock.monotonic();
  const auto collection = IPAM_TRY(loop.run(kea->dhcp()->collect_leases(sink, io::Deadline::after(std::chrono::hours(1)))));
  const double elapsed = std::chrono::duration<double>(clock.monotonic() - start).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return fmt::format(R"({{"route": "{}", "leases": {}, "seconds": {:.3f}, "cpu_seconds": {:.3f}, "peak_mib": {}}})", collection.route, sink.leases,
                     elapsed, seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss / 1024);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: kea_leases_bench URL USER PASSWORD_FILE\n", stderr);
    return 2;
  }
  std::ifstream file(argv[3], std::ios::binary);
  const std::string password{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto line = measure({.server_name = "bench", .url = argv[1], .user_name = argv[2], .password = Secret(password)});
  std::puts(line.ok() ? line->c_str() : line.error().describe().c_str());
  return line.ok() ? 0 : 1;
}
