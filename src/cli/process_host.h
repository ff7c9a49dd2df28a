// ProcessHost: the real process: its environment, streams, terminal and clock. Thread rule: one thread.
#pragma once

#include "cli/host.h"

namespace ipam::cli {

class ProcessHost final : public Host {
 public:
  std::optional<std::string> variable(const std::string& name) const override;
  Terminals terminals() const override;
  void write_output(std::string_view text) override;
  void write_error(std::string_view text) override;
  bool flush() override;
  std::optional<std::string> read_line() override;
  Result<Secret> read_secret(const std::string& prompt) override;
  Time now() const override { return clock_.now(); }
  void pause(Duration duration) override;

 private:
  SystemClock clock_;
};

}  // namespace ipam::cli
