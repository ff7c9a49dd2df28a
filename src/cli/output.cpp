#include "cli/output.h"

#include "cli/change_plan.h"
#include "cli/document.h"
#include "cli/restore_plan.h"
#include "cli/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace ipam::cli {
namespace {

std::string csv_line(const Noun& noun, const boost::json::value& item) {
  std::vector<std::string> fields;
  for (const std::string& column : noun.csv) fields.push_back(csv_value(item, column));
  return csv_record(fields);
}

// A file gets what the server said, byte for byte; a terminal nothing that could steer it.
void print_csv(Session& session, const std::string& text) { session.print(session.host().terminals().output ? printable_lines(text) : text); }

std::string plain_line(const Noun& noun, const boost::json::value& item) { return printable(own_name(noun, item)) + '\n'; }

}  // namespace

void ListWriter::begin_document() {
  if (session_.is(Format::Json)) session_.print("[");
  if (session_.is(Format::Csv)) print_csv(session_, csv_record(noun_.csv));
}

Result<void> ListWriter::add(const boost::json::value& item) {
  if (written_ == 0) begin_document();
  switch (session_.invocation().format) {
    case Format::Table: rows_.push_back(IPAM_TRY(noun_.table.row(item))); break;
    case Format::Json: session_.print((written_ == 0 ? "\n  " : ",\n  ") + pretty_json(item, 1)); break;
    case Format::Csv: print_csv(session_, csv_line(noun_, item)); break;
    case Format::Plain: session_.print(plain_line(noun_, item)); break;
  }
  ++written_;
  return {};
}

void ListWriter::finish(const Api::ListResult& result) {
  if (written_ == 0) begin_document();
  if (session_.is(Format::Json)) session_.print(written_ == 0 ? "]\n" : "\n]\n");
  if (!session_.is(Format::Table)) return;
  const Style style = session_.style();
  const std::uint64_t total = std::max(result.total.value_or(0), result.shown);
  if (!rows_.empty()) session_.print(draw_table(noun_.table.headings, rows_, style));
  const std::string last = result.shown == 0 && total == 0 ? "no " + noun_.many
                           : result.total                  ? fmt::format("{} of {}", result.shown, counted(total, noun_.one, noun_.many))
                                                           : counted(result.shown, noun_.one, noun_.many);
  session_.print(coloured(last, Tone::Faint, style) + '\n');
}

Result<void> print_record(Session& session, const Noun& noun, const boost::json::value& item) {
  switch (session.invocation().format) {
    case Format::Table: {
      const Style style = session.style();
      session.print(draw_record(noun.record.headings, IPAM_TRY(noun.record.row(item)), style));
      if (noun.details) session.print(noun.details(item, style));
      break;
    }
    case Format::Json: session.print(pretty_json(item) + '\n'); break;
    case Format::Csv: print_csv(session, csv_record(noun.csv) + csv_line(noun, item)); break;
    case Format::Plain: session.print(plain_line(noun, item)); break;
  }
  return {};
}

void print_dry_runs(Session& session) {
  if (session.used_api() == nullptr) return;
  for (const boost::json::value& told : session.used_api()->dry_runs()) {
    if (session.is(Format::Json)) session.print(pretty_json(told) + '\n');
    if (!session.is(Format::Table)) continue;
    if (const auto plan = plan_in(told)) {
      session.print("Nothing was changed. This would be done:\n" + printable_lines(plan_text(*plan)));
      continue;
    }
    if (const auto plan = restore_plan_in(told)) {
      session.print("Nothing was changed.\n" + printable_lines(restore_plan_text(*plan)));
      continue;
    }
    const auto* changes = told.as_object().if_contains("changes");
    const bool none = changes == nullptr || !changes->is_array() || changes->get_array().empty();
    session.print(none ? "Nothing would change.\n" : "Nothing was changed. This would be:\n");
    if (none) continue;
    for (const auto& change : changes->get_array()) {
      std::string type = csv_value(change, "object_type");
      std::replace(type.begin(), type.end(), '_', ' ');
      session.print(printable(fmt::format("  {} {} {}", csv_value(change, "kind"), type, csv_value(change, "object_name"))) + '\n');
    }
  }
}

void print_written(Session& session, const Noun& noun, const boost::json::value& item, std::string_view sentence) {
  switch (session.invocation().format) {
    case Format::Table: session.say(sentence); break;
    case Format::Json:
      if (!session.dry_run()) session.print(pretty_json(item) + '\n');
      break;
    case Format::Csv: print_csv(session, csv_record(noun.csv) + csv_line(noun, item)); break;
    case Format::Plain: session.print(plain_line(noun, item)); break;
  }
}

}  // namespace ipam::cli
