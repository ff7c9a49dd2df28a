// PagedBody: the body of an answer that is made page by page on the database pool while it is sent: an export, the failed rows of an import.
//
// Each page is a read of its own, so no read of the database lasts as long as the client takes; what changes meanwhile may be told as it was or as it
// is. Thread rule: the connection's I/O thread; the pages are made by the pool.
#pragma once

#include "http_server/body_source.h"
#include "io/worker_pool.h"

#include <functional>

namespace ipam::api {

class PagedBody final : public http_server::BodySource {
 public:
  // The next page; empty: there are no more.
  using NextPage = std::function<Result<std::string>()>;

  PagedBody(io::WorkerPool& pool, NextPage next) : pool_(pool), next_(std::move(next)) {}

  io::Task<Result<std::string>> next(io::Deadline deadline) override {
    const auto page = [make = next_] { return make(); };
    co_return co_await pool_.run(page, std::move(deadline));
  }

 private:
  io::WorkerPool& pool_;
  const NextPage next_;
};

}  // namespace ipam::api
