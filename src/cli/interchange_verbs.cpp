#include "base/strings.h"
#include "cli/document.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/special_verbs.h"
#include "cli/text.h"
#include "contract/interchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace ipam::cli {
namespace {

using contract::OperationState;

constexpr std::size_t kPiece = 256 * 1024;

bool is_json_lines(const std::string& path) {
  const std::string name = to_lower(path);
  return name.ends_with(".jsonl") || name.ends_with(".ndjson");
}

bool names(const Query& query, std::string_view name) {
  return std::any_of(query.begin(), query.end(), [&](const auto& parameter) { return parameter.first == name; });
}

// The file, read while it is sent.
Result<FileBody> open_file(const std::string& path, ProgressLine& progress) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  const auto file = std::make_shared<std::ifstream>(path, std::ios::binary);  // shared with what reads it
  if (error || !*file) return Error(ErrorCode::NotFound, fmt::format("{}: it cannot be read, or is no file", path));
  FileBody body{size, {}};
  body.next = [file, path, size, sent = std::uint64_t{0}, &progress]() mutable -> Result<std::string> {
    std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size - sent)), '\0');
    file->read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (static_cast<std::size_t>(file->gcount()) != piece.size()) return Error(ErrorCode::Unavailable, path + ": it cannot be read to its end");
    sent += piece.size();
    progress.show(100.0 * static_cast<double>(sent) / static_cast<double>(size), "sending " + path);
    return piece;
  };
  return body;
}

// The rows that failed, into a file of the caller.
Result<void> write_errors(Api& api, const std::string& id, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  const auto take = [&](std::string_view piece) -> Result<bool> {
    file.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    return file.good();
  };
  if (file.good()) IPAM_TRY(api.stream("/api/v1/imports/" + id + "/errors", {}, std::nullopt, take));
  file.close();
  if (!file.good()) return Error(ErrorCode::Unavailable, path + ": the rows that failed could not be written there");
  return {};
}

Result<int> tell_end(Session& session, const Noun& imports, const contract::Import& import, const boost::json::value& json) {
  const std::string id = import.id.to_string();
  const auto error_file = session.invocation().given.find("error_file");
  if (import.failed > 0 && error_file != session.invocation().given.end()) {
    IPAM_TRY(write_errors(*IPAM_TRY(session.api()), id, error_file->second));
  }
  if (session.is(Format::Table)) {
    session.say(printable(import.message));
    if (!import.columns_without_place.empty()) {
      session.say(printable("Columns that have no place here and were left out: " + join(import.columns_without_place, ", ")));
    }
    if (import.failed > 0 && error_file == session.invocation().given.end()) {
      session.say(fmt::format("`ipam import errors {}` shows the rows that failed.", id));
    }
    if (import.dry_run) session.say(fmt::format("Nothing was changed. `ipam import results {}` shows what came of each row.", id));
    if (import.resumable) session.say(fmt::format("`ipam import resume {}` goes on with it.", id));
  } else {
    IPAM_TRY(print_record(session, imports, json));
  }
  return import.state == OperationState::Succeeded && import.failed == 0 ? 0 : 1;
}

Result<int> follow(Session& session, const Noun& imports, const boost::json::value& started) {
  const auto import = IPAM_TRY(decode<contract::Import>(started));
  const std::string id = import.id.to_string();
  if (session.invocation().waiting == Waiting::DoNotWait) {
    print_written(session, imports, started, fmt::format("Started import {}; `ipam import show {}` tells how far it is.", id, id));
    return 0;
  }
  IPAM_TRY(wait_for_operation(session, import.operation_id.to_string()));
  const auto json = IPAM_TRY(IPAM_TRY(session.api())->get(imports.path + '/' + id));
  return tell_end(session, imports, IPAM_TRY(decode<contract::Import>(json)), json);
}

// Pieces to standard output as they come.
Result<int> pass_on(Session& session, const std::string& path, const Query& query) {
  const auto take = [&](std::string_view piece) -> Result<bool> {
    session.print(piece);
    return session.host().flush();
  };
  IPAM_TRY(IPAM_TRY(session.api())->stream(path, query, std::nullopt, take));
  return 0;
}

}  // namespace

namespace {

// Sends the file; the import as it was begun.
Result<boost::json::value> send_file(Session& session, const Noun& imports, const std::string& kind, const Query& more) {
  const std::string& path = session.invocation().subject;
  Query query{{"kind", kind}};
  for (const auto& parameter : session.invocation().query) query.push_back(parameter);
  query.insert(query.end(), more.begin(), more.end());
  if (!names(query, "format") && is_json_lines(path)) query.emplace_back("format", "json_lines");
  query.emplace_back("file_name", std::filesystem::path(path).filename().string());
  ProgressLine progress(session);
  FileBody file = IPAM_TRY(open_file(path, progress));
  return IPAM_TRY(session.api())->upload(imports.path, query, std::move(file), is_json_lines(path) ? "application/x-ndjson" : "text/csv");
}

Query compared(const std::string& kind) {
  Query query{{"mode", "synchronize"}};
  if (kind == "address") query.emplace_back("live", "true");
  return query;
}

}  // namespace

Result<int> run_import(Session& session, const Noun& imports, const std::string& kind) {
  const auto started = IPAM_TRY(send_file(session, imports, kind, {}));
  return follow(session, imports, started);
}

Result<std::string> run_reconcile_check(Session& session, const Noun& imports, const std::string& kind) {
  Query query = compared(kind);
  if (!session.dry_run()) query.emplace_back("dry_run", "true");
  const auto answer = IPAM_TRY(send_file(session, imports, kind, query));
  // The answer of a dry run has what would be answered inside.
  const auto* result = answer.is_object() ? answer.as_object().if_contains("result") : nullptr;
  const auto started = IPAM_TRY(decode<contract::Import>(result != nullptr ? *result : answer));
  const std::string id = started.id.to_string();
  IPAM_TRY(wait_for_operation(session, started.operation_id.to_string()));
  Api* api = IPAM_TRY(session.api());
  const auto import = IPAM_TRY(decode<contract::Import>(IPAM_TRY(api->get(imports.path + '/' + id))));
  if (import.state != OperationState::Succeeded) return Error(ErrorCode::FailedPrecondition, import.message);
  if (session.is(Format::Table) && !import.columns_without_place.empty()) {
    session.say(printable("Columns that have no place here: " + join(import.columns_without_place, ", ")));
  }
  if (session.is(Format::Table)) session.say(printable(import.message));
  return id;
}

Result<int> run_reconcile_import(Session& session, const Noun& imports, const std::string& kind, const std::string& outcomes) {
  Query query = compared(kind);
  query.emplace_back("take", outcomes);
  const auto started = IPAM_TRY(send_file(session, imports, kind, query));
  return follow(session, imports, started);
}

Result<int> run_import_resume(Session& session, const Noun& imports) {
  const std::string path = imports.path + '/' + percent_encoded(session.invocation().subject) + ":resume";
  return follow(session, imports, IPAM_TRY(IPAM_TRY(session.api())->write("POST", path, {})));
}

Result<int> run_import_rows(Session& session, const Noun& imports, const std::string& what) {
  return pass_on(session, imports.path + '/' + percent_encoded(session.invocation().subject) + '/' + what, {});
}

Result<int> run_export(Session& session, const Noun& exports, const std::string& kinds) {
  Query query = session.invocation().query;
  if (session.is(Format::Json)) query.emplace_back("format", "json_lines");
  if (!session.invocation().subject.empty()) query.emplace_back("within", session.invocation().subject);
  if (!session.invocation().sort.empty()) query.emplace_back("sort", session.invocation().sort);
  for (const std::string& condition : session.invocation().conditions) {
    const auto sign = condition.find('=');
    if (sign == std::string::npos) return Error(ErrorCode::InvalidArgument, "--filter " + condition + ": write it as FIELD=VALUE");
    query.emplace_back(condition.substr(0, sign), condition.substr(sign + 1));
  }
  return pass_on(session, exports.path + '/' + kinds, query);
}

}  // namespace ipam::cli
