// House: everything that ipamd is made of below its listener, wired as in app/ipamd/daemon.cpp, on a database in a temporary folder, with a manual
// clock and managed servers in memory. Coroutines run on the test's own thread by run().
// Thread rule: one test thread; what it holds has its own rules.
#pragma once

#include "api/api.h"
#include "driver/fake_driver_suite.h"
#include "integration/faulty_store.h"
#include "io/blocking.h"
#include "service/discovery/domain_service.h"
#include "store/sqlite/sqlite_store.h"
#include "support/temporary_folder.h"
#include "tasks/collection_tasks.h"

#include <gtest/gtest.h>

namespace ipam::test {

// Addresses that show signs of life though nothing is recorded of them; all others are silent.
class FakeReachability : public service::Reachability {
 public:
  using service::Reachability::Reachability;
  io::Task<Result<std::string>> sign_of_life(ip::Address address, service::Checks checks, io::Deadline deadline) override;

  std::map<std::string, std::string> signs;
  std::optional<Error> failure;
  std::size_t asked = 0;
};

struct House {
  explicit House(const ledger::LedgerOptions& ledger_options = {}, std::vector<tasks::TaskDefinition> task_definitions = {});
  ~House() { close(); }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  // As a stop and a start of the program: the folder, the clock and the managed servers stay.
  void restart();

  template <class T>
  T run(io::Task<T> task) {
    return loop.run(std::move(task));
  }
  // Lets every coroutine that was spawned before come to its first wait for another thread.
  void settle();
  // Runs what the coroutines of the loop have to do until `done` holds.
  void run_until(const std::function<bool()>& done);

  // Work on the ledger, awaited on this thread.
  Result<ledger::Receipt> write(ledger::Work work, const std::string& actor = "tester");
  template <class T>
  T put(T object) {
    T made;
    const auto receipt = write([&](ledger::Transaction& transaction) -> Result<void> {
      made = IPAM_TRY(transaction.create(object));
      return {};
    });
    EXPECT_TRUE(receipt.ok()) << receipt.error().describe();
    return made;
  }
  // Every stored row of T.
  template <class T>
  std::vector<T> rows(std::vector<store::Condition> where = {}) {
    std::vector<T> all;
    const auto reader = store->open_reader();
    EXPECT_TRUE(reader.ok());
    const auto read = store::for_each<T>(**reader, {.where = std::move(where)}, [&](T row) -> Result<bool> {
      all.push_back(std::move(row));
      return true;
    });
    EXPECT_TRUE(read.ok()) << read.error().describe();
    return all;
  }
  // Where the index differs from one that is loaded anew from the database, and what its own recount finds: nothing, unless there is a defect.
  std::string index_defect();
  Result<void> verify_journal();
  // The whole text of the journal.
  std::string journal_text();

  model::AddressSpace default_space();
  model::Subnet add_subnet(const std::string& prefix);
  // A DHCP scope of a managed server that is made for it, as a collection leaves it.
  model::DhcpScope add_scope(const std::string& prefix);

  TemporaryFolder folder;
  ManualClock clock{parse_time("2026-11-23T08:00:00Z").value()};
  driver::FakeFactory drivers;
  io::BlockingLoop loop;
  io::Resolver resolver;
  FakeReachability reachability{resolver};
  std::unique_ptr<store::sqlite::SqliteStore> sqlite;
  std::unique_ptr<FaultyStore> store;
  std::unique_ptr<occupancy::Index> index;
  std::unique_ptr<crypto::Sealer> sealer;
  std::unique_ptr<io::WorkerPool> database;
  std::unique_ptr<io::WorkerPool> hashing;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<service::AccessService> access;
  std::unique_ptr<service::RefusalLog> refusals;
  std::unique_ptr<service::PlanningService> planning;
  std::unique_ptr<service::AllocationService> allocation;
  std::unique_ptr<service::InventoryService> inventory;
  std::unique_ptr<service::ServerAccesses> accesses;
  std::unique_ptr<service::Collector> collector;
  std::unique_ptr<service::DhcpView> dhcp;
  std::unique_ptr<service::DnsView> dns;
  std::unique_ptr<service::Upkeep> upkeep;
  std::unique_ptr<service::UtilizationSampler> sampler;
  std::unique_ptr<service::UtilizationHistory> utilization;
  std::unique_ptr<service::ProvisionService> provision;
  std::unique_ptr<service::SearchService> search;
  std::unique_ptr<service::SavedSearches> saved_searches;
  std::unique_ptr<service::ChangeService> changes;
  std::unique_ptr<service::DiscoveryService> discovery;
  std::unique_ptr<service::DomainService> domains;
  std::unique_ptr<tasks::Scheduler> scheduler;
  std::unique_ptr<service::AnswerKeeper> answers;
  std::unique_ptr<service::EventHub> events;
  std::unique_ptr<service::OperationRunner> operations;

 private:
  void open();
  void close();

  const ledger::LedgerOptions ledger_options_;
  const std::vector<tasks::TaskDefinition> task_definitions_;
};

// Someone of this group.
service::Principal member_of(model::Group group, const std::string& name = "tester");
inline service::Principal administrator() { return member_of(model::Group::IpamAdministrators); }

ip::Address address(const std::string& text);
ip::Prefix prefix(const std::string& text);
ip::Range range(const std::string& text);

}  // namespace ipam::test
