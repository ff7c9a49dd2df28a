// Housekeeper: what has to be done every some seconds whether or not anybody asks: storing what was counted in memory, removing what has ended.
// Thread rule: started and stopped by one thread; it works on an I/O executor.
#pragma once

#include "io/task.h"
#include "service/access/access_service.h"
#include "service/access/refusal_log.h"

#include <stop_token>

namespace ipam::app {

class Housekeeper {
 public:
  static constexpr Duration kPeriod = std::chrono::seconds(10);

  Housekeeper(service::AccessService& access, service::RefusalLog& refusals) : access_(access), refusals_(refusals) {}

  void start(const io::Executor& executor);
  // Before the ledger's: begins nothing more, and writes what is left.
  void stop();

 private:
  io::Task<void> keep_house();

  service::AccessService& access_;
  service::RefusalLog& refusals_;
  std::stop_source stop_;
};

}  // namespace ipam::app
