// /api/v1/imports: files into the address plan.
#include "api/fields.h"
#include "api/operations.h"
#include "api/paged_body.h"
#include "contract/interchange.h"
#include "service/interchange/import_profiles.h"
#include "service/interchange/layout.h"
#include "wire/csv/writer.h"

#include <fmt/format.h>

#include <array>

namespace ipam::api {
namespace {

using model::Import;
using service::interchange::ImportRequest;

constexpr std::array kImportFields{ListField{"id", "id", FieldKind::Id},
                                   ListField{"kind", "kind", FieldKind::Text, Sortable::Yes, choices_of<model::ImportKind>},
                                   ListField{"mode", "mode", FieldKind::Text, Sortable::Yes, choices_of<model::ImportMode>},
                                   ListField{"file_name", "file_name"},
                                   ListField{"actor", "actor"},
                                   ListField{"started_at", "started_at", FieldKind::Time}};
constexpr std::size_t kMaxFileName = 255;
constexpr std::size_t kUploadsAtOnce = 8;

contract::Import to_answer(Services& services, const Import& import) {
  contract::Import answer;
  answer.id = to_id(import.id);
  answer.operation_id = to_id(import.operation_id);
  answer.kind = convert_enum<contract::ImportKind>(import.kind);
  answer.format = convert_enum<contract::ImportFormat>(import.format);
  answer.mode = convert_enum<contract::ImportMode>(import.mode);
  answer.dry_run = import.dry_run;
  answer.file_name = import.file_name;
  answer.sha256 = to_hex(import.digest);
  answer.bytes = import.bytes;
  answer.actor = import.actor;
  answer.node = import.node;
  answer.rows = import.rows;
  answer.created = import.created;
  answer.updated = import.updated;
  answer.unchanged = import.unchanged;
  answer.removed = import.removed;
  answer.failed = import.failed;
  if (!import.unplaced.empty()) {
    for (const std::string_view column : split(import.unplaced, '\n')) answer.columns_without_place.emplace_back(column);
  }
  answer.message = import.message;
  answer.started_at = import.started_at;
  answer.ended_at = import.ended_at;
  answer.state = import.complete ? contract::OperationState::Succeeded : contract::OperationState::Waiting;
  const auto reader = services.store.open_reader();
  if (!reader.ok() || !import.operation_id) return answer;
  const auto operation = store::find_where<model::Operation>(**reader, {{"id", store::Comparison::Equal, store::to_value(import.operation_id)}});
  if (!operation.ok() || !*operation) return answer;
  answer.state = convert_enum<contract::OperationState>((*operation)->state);
  if (answer.message.empty()) answer.message = (*operation)->message;
  answer.resumable = !import.complete && model::is_over((*operation)->state);
  return answer;
}

// Takes the file to the disk, from its first byte on.
class SpooledUpload final : public Upload {
 public:
  explicit SpooledUpload(Services& services) : services_(services) {}

  io::Task<Result<void>> take(std::string piece, io::Deadline deadline) override {
    const auto write = [kept = kept_, &imports = services_.imports, piece = std::move(piece)]() -> Result<void> {
      if (!kept->spool) kept->spool = IPAM_TRY(imports.receive());
      return kept->spool->write(piece);
    };
    co_return co_await services_.database.run(write, std::move(deadline));
  }
  std::string fingerprint() const override { return kept_->spool ? to_hex(kept_->spool->digest()) : std::string(); }
  // Null when nothing came.
  service::Spool* spool() { return kept_->spool.get(); }

 private:
  struct Kept {
    std::shared_ptr<service::Spool> spool;
  };

  Services& services_;
  const std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();  // shared with a write that outlasts its deadline
};

template <class E>
Result<E> read_choice(const wire::http1::Query& query, std::string_view name, std::optional<E> otherwise) {
  const auto text = query.find(name);
  if (!text && otherwise) return *otherwise;
  const auto value = text ? model::enum_from_text<E>(*text) : std::nullopt;
  if (!value) return Error::field("/" + std::string(name), fmt::format("must be one of {}", join(choices_of<E>(), ", ")));
  return *value;
}

Result<bool> read_flag(const wire::http1::Query& query, std::string_view name) {
  const auto text = query.find(name);
  if (!text || *text == "false") return false;
  if (*text == "true") return true;
  return Error::field("/" + std::string(name), "must be true or false");
}

Result<void> check_names(const wire::http1::Query& query, std::span<const std::string_view> known) {
  for (const auto& [name, value] : query) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return Error::field("/" + name, "is not a parameter of this request");
    }
  }
  return {};
}

// What may be asked for in the target; all of it is known before the file comes.
Result<Import> read_wish(const wire::http1::Query& query) {
  constexpr std::array<std::string_view, 16> kKnown{"delete_mapped_addresses",
                                                    "map",
                                                    "profile",
                                                    "take",
                                                    "live",
                                                    "kind",
                                                    "format",
                                                    "mode",
                                                    "space",
                                                    "within",
                                                    "range_id",
                                                    "managed_by",
                                                    "service_instance",
                                                    "create_subnets",
                                                    "file_name",
                                                    "dry_run"};
  IPAM_TRY(check_names(query, kKnown));
  Import wish;
  wish.kind = IPAM_TRY(read_choice<model::ImportKind>(query, "kind", std::nullopt));
  wish.format = IPAM_TRY(read_choice<model::ImportFormat>(query, "format", model::ImportFormat::Csv));
  wish.mode = IPAM_TRY(read_choice<model::ImportMode>(query, "mode", model::ImportMode::AddOrUpdate));
  wish.file_name = std::string(query.find("file_name").value_or(""));
  if (wish.file_name.size() > kMaxFileName || !is_clean_text(wish.file_name)) return Error::field("/file_name", "must be text of at most 255 bytes");
  return wish;
}

// ?profile= (kept, or built in) and ?map=, which goes before it.
Result<void> read_columns(Services& services, const Call& call, ImportRequest& request) {
  if (const auto name = call.query().find("profile")) {
    if (service::interchange::is_layout(*name)) {
      request.layout = to_lower(*name);
    } else {
      service::ImportProfiles profiles(services.store, services.ledger, services.clock);
      const auto profile = IPAM_TRY(profiles.find(call.principal, *name));
      if (!profile) {
        return Error::field(
            "/profile", fmt::format("there is no import profile '{}'; built in are {}", shorten(*name, 60), service::interchange::layout_names()));
      }
      request.columns = profile->columns;
    }
  }
  if (const auto text = call.query().find("map")) {
    const auto columns = service::read_column_map(*text);
    if (!columns.ok()) return Error::field("/map", columns.error().message);
    for (const auto& [given, meant] : *columns) request.columns[given] = meant;
  }
  return {};
}

Result<ImportRequest> read_request(Services& services, const Call& call) {
  const wire::http1::Query& query = call.query();
  ImportRequest request;
  request.space = std::string(query.find("space").value_or(""));
  request.create_subnets = IPAM_TRY(read_flag(query, "create_subnets"));
  request.service_instance = std::string(query.find("service_instance").value_or(""));
  IPAM_TRY(read_columns(services, call, request));
  request.live = IPAM_TRY(read_flag(query, "live"));
  request.delete_mapped_addresses = IPAM_TRY(read_flag(query, "delete_mapped_addresses"));
  if (const auto text = query.find("take")) {
    for (const std::string_view word : split(*text, ',')) {
      const std::string outcome(trim(word));
      if (outcome != "created" && outcome != "updated" && outcome != "removed" && outcome != "seen") {
        return Error::field("/take", "must be one or more of created, updated, removed, seen, with commas between");
      }
      request.take.push_back(outcome);
    }
  }
  if (query.find("managed_by")) {
    request.managed_by = model::enum_to_text(IPAM_TRY(read_choice<model::ManagedBy>(query, "managed_by", std::nullopt)));
  }
  if (const auto within = query.find("within")) {
    const auto prefix = ip::Prefix::parse(*within);
    if (!prefix.ok()) return Error::field("/within", prefix.error().message);
    request.first = prefix->first();
    request.last = prefix->last();
  }
  if (const auto text = query.find("range_id")) {
    const auto id = contract::ObjectId::parse(*text);
    if (!id.ok()) return Error::field("/range_id", id.error().message);
    const auto range = IPAM_TRY(services.planning.get<model::Range>(call.principal, from_id<model::Range>(*id)));
    request.first = range.first;
    request.last = range.last;
    request.space = range.space_id.to_string();
  }
  return request;
}

io::Task<Result<std::string>> import_job(Services* services, service::Principal principal, model::Id<Import> id, model::ChangeContext change,
                                         service::OperationProgress progress) {
  progress.begin_part(1);
  const auto told = [progress](int percent) mutable {
    progress.set_percent(percent);
    return !progress.cancelled();
  };
  const auto work = [services, principal, id, change, operation = progress.id(), told] {
    return services->imports.run(principal, id, operation, change, told);
  };
  auto done = co_await services->imports.pool().run(work);
  co_await progress.end_part(1, done);
  const auto import = services->imports.get(principal, id);
  if (import.ok()) progress.set_result(json::write(to_answer(*services, *import)));
  co_return done;
}

io::Task<Result<Reply>> start(Services* services, Call call, Import import) {
  const std::string subject = import.file_name.empty() ? "import " + import.id.to_string() : import.file_name;
  const service::OperationPlan plan{"import", subject, {"rows"}};
  const auto principal = call.principal;
  const auto id = import.id;
  model::ChangeContext change = call.change;
  change.exchange = nullptr;  // a dry run is the import's own, and it is longer than this request
  const service::OperationRunner::Job job = [services, principal, id, change](service::OperationProgress progress) {
    return import_job(services, principal, id, change, std::move(progress));
  };
  IPAM_CO_TRY(const auto operation, co_await services->operations.begin(call.principal, plan, call.change, job));
  import.operation_id = operation.id;
  contract::Import answer = to_answer(*services, import);
  Reply reply = Reply::json(answer, 202);
  reply.with("Location", "/api/v1/imports/" + id.to_string());
  co_return reply;
}

Result<std::shared_ptr<Upload>> open_upload(Services& services, const Call& call, const wire::http1::Query& query) {
  const Import wish = IPAM_TRY(read_wish(query));
  IPAM_TRY(service::ImportService::authorize_import(call.principal, wish.kind));
  return std::shared_ptr<Upload>(std::make_shared<SpooledUpload>(services));
}

io::Task<Result<Reply>> create_import(Services* services, Call call) {
  IPAM_CO_TRY(Import wish, read_wish(call.query()));
  wish.dry_run = ledger::Exchange::is_dry_run(call.change);
  const auto upload = std::static_pointer_cast<SpooledUpload>(call.upload);
  const auto keep = [services, &call, &wish, upload]() -> Result<Import> {
    if (upload->spool() == nullptr) return Error(ErrorCode::InvalidArgument, "there is no file: send it as the body of the request");
    const ImportRequest request = IPAM_TRY(read_request(*services, call));
    return services->imports.create(call.principal, wish, request, *upload->spool());
  };
  IPAM_CO_TRY(Import import, co_await services->database.run(keep));
  co_return co_await start(services, std::move(call), std::move(import));
}

io::Task<Result<Reply>> resume_import(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<Import>());
  IPAM_CO_TRY(Import import, services->imports.check_resume(call.principal, id));
  if (!to_answer(*services, import).resumable) co_return Error(ErrorCode::FailedPrecondition, "this import runs; there is nothing to resume");
  co_return co_await start(services, std::move(call), std::move(import));
}

Result<Reply> import_page(Services& services, const Call& call) {
  ListQuery list = IPAM_TRY(read_list_query(call.query(), kImportFields, {}));
  // The newest first: what a person looks for.
  if (list.query.sort.empty()) list.query.sort.push_back({"id", true});
  const auto page = IPAM_TRY(services.imports.list(call.principal, list.query));
  auto answer = to_list<contract::Import>(page, [&](const Import& import) { return to_answer(services, import); });
  IPAM_TRY(add_total<Import>(services, list, answer.total));
  return Reply::json(answer);
}

io::Task<Result<Reply>> get_import(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<Import>());
  IPAM_CO_TRY(const auto import, services->imports.get(call.principal, id));
  co_return Reply::json(to_answer(*services, import));
}

void write_cells(const std::vector<std::string>& cells, std::string& text) {
  std::vector<std::string> guarded;
  for (const std::string& cell : cells) guarded.push_back(wire::csv::guard(cell));
  wire::csv::write_row(std::span<const std::string>(guarded), text);
}

// A row as it was given, and why it failed.
std::string failed_row(const Import& import, const model::ImportRow& row) {
  if (import.format == model::ImportFormat::JsonLines) {
    std::string text = fmt::format("{{\"row\":{},\"error\":", row.number);
    json::append_string(text, row.reason);
    return text + ",\"object\":" + (row.text.empty() ? "null" : row.text) + "}\n";
  }
  std::string reason;
  write_cells({fmt::format("row {}: {}", row.number, row.reason)}, reason);
  return (row.text.empty() ? std::string() : row.text + ",") + reason;
}

std::string result_row(const model::ImportRow& row) {
  std::string text;
  write_cells({std::to_string(row.number), model::enum_to_text(row.outcome), row.object, row.reason}, text);
  return text;
}

// The rows that are kept of an import, made into text page by page.
Reply row_file(Services& services, const Call& call, const Import& import, bool failed_only, std::string head) {
  struct Pages {
    store::Query query;
    std::string head;
    bool over = false;
  };
  const auto pages = std::make_shared<Pages>();  // shared by the copies of one function
  pages->query.limit = ListQuery::kMaxLimit;
  pages->query.sort.push_back({"number", false});
  if (failed_only) pages->query.where.push_back({"outcome", store::Comparison::Equal, std::string("failed")});
  pages->head = std::move(head);
  const auto principal = call.principal;
  const auto next = [&services, principal, import, pages, failed_only]() -> Result<std::string> {
    std::string text = std::exchange(pages->head, {});
    while (!pages->over && text.size() < 64U * 1024) {
      const auto page = IPAM_TRY(services.imports.rows(principal, import.id, pages->query));
      for (const model::ImportRow& row : page.items) text += failed_only ? failed_row(import, row) : result_row(row);
      pages->over = page.next_cursor.empty();
      if (!pages->over) pages->query.after = IPAM_TRY(store::read_cursor(page.next_cursor));
    }
    return text;
  };
  Reply reply;
  reply.source = std::make_shared<PagedBody>(services.database, next);
  const bool is_csv = !failed_only || import.format == model::ImportFormat::Csv;
  reply.with("Content-Type", is_csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson");
  const std::string name = fmt::format("import-{}-{}.{}", import.id.to_string(), failed_only ? "errors" : "results", is_csv ? "csv" : "jsonl");
  reply.with("Content-Disposition", fmt::format("attachment; filename=\"{}\"", name));
  return reply;
}

io::Task<Result<Reply>> import_errors(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<Import>());
  IPAM_CO_TRY(const auto import, services->imports.get(call.principal, id));
  const bool is_csv = import.format == model::ImportFormat::Csv;
  std::string head = is_csv ? (import.header.empty() ? std::string() : import.header + ",") + "Import Error\r\n" : std::string();
  co_return row_file(*services, call, import, true, std::move(head));
}

io::Task<Result<Reply>> import_results(Services* services, Call call) {
  IPAM_CO_TRY(const auto id, call.id<Import>());
  IPAM_CO_TRY(const auto import, services->imports.get(call.principal, id));
  co_return row_file(*services, call, import, false, "Row,Outcome,Object,Reason\r\n");
}

}  // namespace

void add_import_routes(Routes& routes, Services& services) {
  Services* const all = &services;
  const OpenUpload open = [all](const Call& call, const wire::http1::Query& query) { return open_upload(*all, call, query); };
  routes.add_upload("POST", "/api/v1/imports", open, [all](Call call) { return create_import(all, std::move(call)); },
                    {.dry_run = DryRun::ByHandler, .body_bytes = services.imports.max_bytes(), .at_once = kUploadsAtOnce});
  routes.add("GET", "/api/v1/imports", [all](Call call) { return on_pool(all, import_page, std::move(call)); });
  routes.add("GET", "/api/v1/imports/{id}", [all](Call call) { return get_import(all, std::move(call)); });
  routes.add("GET", "/api/v1/imports/{id}/errors", [all](Call call) { return import_errors(all, std::move(call)); });
  routes.add("GET", "/api/v1/imports/{id}/results", [all](Call call) { return import_results(all, std::move(call)); });
  routes.add("POST", "/api/v1/imports/{id}:resume", [all](Call call) { return resume_import(all, std::move(call)); });
}

}  // namespace ipam::api
