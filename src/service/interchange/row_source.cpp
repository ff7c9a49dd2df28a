#include "service/interchange/row_source.h"

#include "base/strings.h"
#include "json/codec.h"
#include "wire/csv/writer.h"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

namespace ipam::service::interchange {
namespace {

constexpr std::size_t kMaxLine = std::size_t{256} << 10U;

class CsvSource final : public RowSource {
 public:
  explicit CsvSource(OnRow on_row)
      : on_row_(std::move(on_row)),
        reader_({[this](const wire::csv::Header& header) { return take_header(header); }, [this](const wire::csv::Row& row) { return take(row); }},
                {.row_bytes = kMaxLine, .columns = kMaxColumns}) {}

  Result<void> feed(std::string_view piece) override { return reader_.feed(piece); }
  Result<void> finish() override { return reader_.finish(); }
  const std::vector<std::string>& names() const override { return names_; }

 private:
  Result<void> take_header(const wire::csv::Header& header) {
    names_ = header.names;
    return {};
  }

  Result<void> take(const wire::csv::Row& row) {
    SourceRow given;
    given.number = row.number;
    given.problem = row.problem;
    given.cells.reserve(row.fields.size());
    for (const std::string_view field : row.fields) given.cells.emplace_back(std::string(wire::csv::unguard(field)));
    return on_row_(std::move(given));
  }

  const OnRow on_row_;
  std::vector<std::string> names_;
  wire::csv::Reader reader_;
};

std::string text_of(const boost::json::value& value, const char* separator = "; ");

template <class Items, class ToText>
std::string joined(const Items& items, const char* separator, const ToText& to_text) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : separator) + to_text(item);
  return text;
}

std::string text_of(const boost::json::value& value, const char* separator) {
  if (value.is_null()) return {};
  if (const auto* text = value.if_string()) return std::string(text->data(), text->size());
  if (const auto* list = value.if_array()) return joined(*list, separator, [](const boost::json::value& item) { return text_of(item, ", "); });
  if (const auto* object = value.if_object()) {
    return joined(*object, separator,
                  [](const boost::json::key_value_pair& member) { return std::string(member.key()) + "=" + text_of(member.value()); });
  }
  return boost::json::serialize(value);
}

class JsonLinesSource final : public RowSource {
 public:
  explicit JsonLinesSource(OnRow on_row) : on_row_(std::move(on_row)) {}

  Result<void> feed(std::string_view piece) override {
    while (!piece.empty()) {
      const auto end = piece.find('\n');
      const std::string_view part = piece.substr(0, end);
      if (line_.size() + part.size() <= kMaxLine) {
        line_ += part;
      } else {
        is_too_long_ = true;
      }
      if (end == std::string_view::npos) return {};
      IPAM_TRY(end_line());
      piece.remove_prefix(end + 1);
    }
    return {};
  }

  Result<void> finish() override {
    if (!line_.empty() || is_too_long_) IPAM_TRY(end_line());
    return {};
  }

  const std::vector<std::string>& names() const override { return names_; }

 private:
  Result<void> end_line() {
    ++number_;
    SourceRow row;
    row.number = number_;
    std::string_view text = trim(line_);
    if (number_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const bool is_nothing = text.empty() && !is_too_long_;
    if (is_too_long_) {
      row.problem = fmt::format("is longer than {} bytes", kMaxLine);
    } else if (!is_nothing) {
      row.line = std::string(text);
      read(text, row);
    }
    line_.clear();
    is_too_long_ = false;
    return is_nothing ? Result<void>() : on_row_(std::move(row));
  }

  void read(std::string_view text, SourceRow& row) {
    row.cells.resize(names_.size());
    const auto value = json::parse(text);
    const auto* object = value.ok() ? value->if_object() : nullptr;
    if (object == nullptr) {
      row.problem = value.ok() ? "is no JSON object" : "is not JSON: " + value.error().message;
      row.line.clear();
      return;
    }
    for (const auto& member : *object) {
      const std::string name(member.key());
      auto [place, is_new] = places_.try_emplace(name, names_.size());
      if (is_new && names_.size() == kMaxColumns) {
        places_.erase(place);
        row.problem = fmt::format("the file has more than {} fields", kMaxColumns);
        return;
      }
      if (is_new) names_.push_back(name);
      row.cells.resize(names_.size());
      row.cells[place->second] = text_of(member.value());
    }
  }

  const OnRow on_row_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> places_;
  std::string line_;
  bool is_too_long_ = false;
  std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<RowSource> make_row_source(model::ImportFormat format, RowSource::OnRow on_row) {
  if (format == model::ImportFormat::JsonLines) return std::make_unique<JsonLinesSource>(std::move(on_row));
  return std::make_unique<CsvSource>(std::move(on_row));
}

}  // namespace ipam::service::interchange
