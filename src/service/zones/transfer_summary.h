// TransferSummary: what the journal says of a zone's transfer: for a first load one record with the number of its rows and their digest, afterwards
// one for each version of the zone that was passed, with counts, digest and the differences themselves up to a bound.
//
// The digest is SHA-256 over one line a difference, in their order: "+www.corp.example 3600 A 10.0.0.5\n"; a first load's rows are in the order of
// their ids. Thread rule: one job.
#pragma once

#include "crypto/running_hash.h"
#include "driver/driver.h"

namespace ipam::service {

class TransferSummary {
 public:
  // Beyond so many, further versions are told together with the last one; and so many differences are told in all.
  static constexpr std::size_t kMaxVersions = 100;
  static constexpr std::size_t kMaxDifferences = 1'000;

  enum class Content { FirstLoad, Whole, Differences };

  TransferSummary(Content content, std::optional<std::uint32_t> known_serial) : content_(content), before_(known_serial) {}

  void add(const driver::RecordDifference& difference);
  // JSON objects for Transaction::summarize, in the order of the versions. `route` and `serial` as the driver answered.
  std::vector<std::string> to_json(const std::string& route, std::uint32_t serial) const;
  bool empty() const { return versions_.empty(); }

 private:
  struct Version {
    std::uint32_t serial = 0;
    std::uint64_t added = 0;
    std::uint64_t removed = 0;
    crypto::RunningHash hash;
    std::vector<std::string> differences;  // as JSON
    std::uint64_t omitted = 0;
  };

  const Content content_;
  const std::optional<std::uint32_t> before_;
  std::vector<Version> versions_;
  std::size_t told_ = 0;
  std::string line_;
};

}  // namespace ipam::service
