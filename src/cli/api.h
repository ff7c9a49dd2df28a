// Api: the calls of the IPAM API as values: JSON in, JSON out, problems as errors, lists page by page.
//
// An Error made from a problem answer has the server's code, sentence and field errors; its detail is "request " and the id
// by which the server's log can be searched. Thread rule: one thread.
#pragma once

#include "base/result.h"
#include "cli/connection.h"
#include "json/codec.h"

#include <boost/json/value.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::cli {

// "within=10.0.0.0%2F8&…" in the order given.
using Query = std::vector<std::pair<std::string, std::string>>;
std::string percent_encoded(std::string_view text);
std::string target_of(std::string_view path, const Query& query);

enum class Effect { Write, DryRun };

// Who or what a write is for, kept in the journal; and how it is done.
struct WriteContext {
  std::string reason;
  std::string reference;
  std::string on_behalf_of;
  std::string idempotency_key;  // of a POST
  Effect effect = Effect::Write;
};

class Api {
 public:
  Api(std::unique_ptr<Connection> connection, WriteContext context) : connection_(std::move(connection)), context_(std::move(context)) {}

  Result<boost::json::value> get(std::string_view path, const Query& query = {});
  // An answer without content is null. Of a dry run the answer that the write would have had; the whole one is kept.
  Result<boost::json::value> write(std::string method, std::string_view path, std::string body);

  // A file as the body of a POST; of a dry run likewise the answer that it would have had.
  Result<boost::json::value> upload(std::string_view path, const Query& query, FileBody file, std::string_view content_type);

  const std::vector<boost::json::value>& dry_runs() const { return dry_runs_; }
  // The event stream, after the event with this id if one is given; `take` gets its bytes and ends it by answering false.
  Result<void> stream(std::string_view path, const Query& query, const std::optional<std::string>& last_id,
                      const std::function<Result<bool>(std::string_view)>& take);

  struct ListResult {
    std::uint64_t shown = 0;
    std::optional<std::uint64_t> total;
  };
  // Follows cursors until the list or `limit` ends, giving each item to `take`, which may fail and so end it.
  Result<ListResult> list(std::string_view path, Query query, std::optional<std::uint64_t> limit,
                          const std::function<Result<void>(const boost::json::value&)>& take);

 private:
  Result<boost::json::value> exchange(Call call);
  void add_context(Call& call) const;
  // Of a dry run the whole answer.
  Result<boost::json::value> try_out(Call call);

  std::unique_ptr<Connection> connection_;
  WriteContext context_;
  std::vector<boost::json::value> dry_runs_;
};

// A typed reading of an answer. Fields that this version does not know are ignored: the server may be newer.
template <class T>
Result<T> decode(const boost::json::value& json) {
  auto value = json::read_value<T>(json, json::UnknownFields::Ignore);
  if (!value.ok()) {
    return std::move(value).error().wrapped(ErrorCode::Malformed, "the server's answer is not understood (" + value.error().message +
                                                                      "); this ipam may be older or newer than the server");
  }
  return value;
}

}  // namespace ipam::cli
