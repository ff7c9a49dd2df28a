// Whatever the log holds: pieces make no difference, what is told is printable, and every logon has a key.
#include "wire/samba_audit/reader.h"

#include "base/strings.h"

#include <cstdlib>

namespace {

using namespace ipam;  // NOLINT: a program of one file
using namespace ipam::wire::samba_audit;

std::vector<Logon> read(std::string_view text, std::size_t piece) {
  std::vector<Logon> logons;
  Reader reader({.on_logon = [&](const Logon& logon) -> Result<void> {
                   for (const std::string* each : {&logon.account, &logon.domain, &logon.workstation, &logon.service, &logon.status}) {
                     if (!is_clean_text(*each)) std::abort();
                   }
                   if (deduplication_key(logon).empty()) std::abort();
                   logons.push_back(logon);
                   return {};
                 },
                 .on_bad = [](const wire::log_lines::BadLine& line) -> Result<void> {
                   if (!is_clean_text(line.text)) std::abort();
                   return {};
                 }});
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!reader.feed(text.substr(at, piece)).ok()) std::abort();
  }
  if (!reader.finish().ok() || reader.offset() != text.size()) std::abort();
  return logons;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (read(text, size + 1) != read(text, 13)) std::abort();
  return 0;
}
