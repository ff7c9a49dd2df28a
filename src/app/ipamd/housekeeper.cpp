#include "app/ipamd/housekeeper.h"

#include "base/log.h"
#include "io/sleep.h"

namespace ipam::app {

void Housekeeper::start(const io::Executor& executor) { io::spawn(executor, keep_house(), "the housekeeper"); }

void Housekeeper::stop() {
  if (!stop_.request_stop()) return;
  refusals_.flush_and_wait();
}

io::Task<void> Housekeeper::keep_house() {
  const io::Deadline stopped = io::Deadline::never().with(stop_.get_token());
  while (true) {
    const auto slept = co_await io::sleep_for(kPeriod, stopped);
    if (!slept.ok()) co_return;
    const auto tidied = co_await access_.tidy();
    const auto flushed = co_await refusals_.flush();
    for (const auto* done : {&tidied, &flushed}) {
      if (!done->ok() && done->error().code != ErrorCode::Cancelled)
        log::warning("IPAM-1005 bookkeeping not stored", {{"error", done->error().describe()}});
    }
  }
}

}  // namespace ipam::app
