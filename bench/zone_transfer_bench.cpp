// How long it takes to receive, verify and read a zone: zone_transfer_bench HOST PORT ZONE KEYS_FILE KEY prints one line of JSON.
// The file has "NAME ALGORITHM SECRET" a line. bench/zone_transfer.py runs it against the lab beside dig (figure P11).
#include "base/file.h"
#include "base/strings.h"
#include "client/dns/client.h"
#include "driver/bind9/transfer_adapter.h"
#include "io/blocking.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdio>

namespace {

using namespace ipam;  // NOLINT: a program of one file

// Takes records as a collection does, as text, and keeps only how many octets they are.
class CountingSink final : public driver::RecordSink {
 public:
  io::Task<Result<void>> begin(Content, std::uint32_t) override { co_return Result<void>(); }
  io::Task<Result<void>> accept(std::vector<driver::RecordDifference> chunk) override {
    records += chunk.size();
    for (const driver::RecordDifference& each : chunk) octets += each.record.name.size() + each.record.data.size();
    co_return Result<void>();
  }
  std::size_t records = 0;
  std::size_t octets = 0;
};

double seconds(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

Result<wire::dns::TsigKey> key_in(const std::string& file, const std::string& name) {
  const std::string content = IPAM_TRY(read_file(file, 1U << 20U));
  for (const std::string_view line : split(content, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() == 3 && words[0] == name) return wire::dns::TsigKey::create(words[0], words[1], Secret(std::string(words[2])));
  }
  return Error(ErrorCode::NotFound, "no such key in the file");
}

Result<std::string> measure(char** argv) {
  const SystemClock clock;
  io::Resolver resolver(1);
  io::BlockingLoop loop;
  client::dns::ClientOptions options;
  options.host = argv[1];
  options.port = parse_integer<std::uint16_t>(argv[2]).value_or(53);
  options.key = IPAM_TRY(key_in(argv[4], argv[5]));
  client::dns::Client client(resolver, clock, options);
  const wire::dns::Name zone = IPAM_TRY(wire::dns::Name::parse(argv[3]));
  CountingSink sink;
  driver::bind9::TransferAdapter adapter(sink);
  const MonotonicTime start = clock.monotonic();
  const auto outcome = IPAM_TRY(loop.run(client.transfer(wire::dns::Transfer::full(zone), adapter, {}, io::Deadline::after(std::chrono::hours(1)))));
  IPAM_TRY(loop.run(adapter.finish()));
  const double elapsed = std::chrono::duration<double>(clock.monotonic() - start).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return fmt::format(R"({{"records": {}, "messages": {}, "signed": {}, "bytes": {}, "seconds": {:.3f}, "cpu_seconds": {:.3f}, "peak_mib": {}}})",
                     sink.records, outcome.messages, outcome.signed_messages, outcome.bytes, elapsed,
                     seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss / 1024);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fputs("usage: zone_transfer_bench HOST PORT ZONE KEYS_FILE KEY\n", stderr);
    return 2;
  }
  const auto line = measure(argv);
  std::puts(line.ok() ? line->c_str() : line.error().describe().c_str());
  return line.ok() ? 0 : 1;
}
