#include "store/store_contract_suite.h"

namespace ipam::store {

void StoreContract::SetUp() {
  database_ = GetParam()();
  reopen();
}

void StoreContract::reopen() {
  store_.reset();
  auto opened = database_->open();
  ASSERT_TRUE(opened.ok()) << opened.error().describe();
  store_ = std::move(opened).value();
}

std::unique_ptr<Reader> StoreContract::reader() { return store_->open_reader().value(); }

}  // namespace ipam::store
