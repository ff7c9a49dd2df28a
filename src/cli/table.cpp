#include "cli/table.h"

#include "base/assert.h"
#include "cli/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace ipam::cli {
namespace {

constexpr int kBarWidth = 10;
constexpr std::size_t kLeastWidth = 8;
constexpr std::string_view kGap = "  ";

std::string spaces(std::size_t count) { return std::string(count, ' '); }

struct Drawn {
  std::string text;
  std::size_t width = 0;
};

Drawn draw_cell(const Cell& cell, const Style& style) {
  std::string text = cell.percent ? draw_bar(*cell.percent, style) : printable(cell.text);
  const std::size_t width = display_width(text);
  return {std::move(text), width};
}

// Takes columns from the widest that may shrink until the table fits or nothing can give any more.
void narrow(std::vector<std::size_t>& widths, const std::vector<bool>& may_shrink, std::size_t available) {
  std::size_t total = (widths.size() - 1) * kGap.size();
  for (const std::size_t width : widths) total += width;
  while (total > available) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (may_shrink[i] && widths[i] > kLeastWidth && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr) return;
    --*widest;
    --total;
  }
}

void append_line(std::string& out, const std::vector<Drawn>& cells, const Row* row, const std::vector<Heading>& headings,
                 const std::vector<std::size_t>& widths, const Style& style) {
  std::string line;
  std::size_t pending = 0;  // padding is written before the next cell only, so that no line ends in spaces
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string text = fit(cells[i].text, widths[i], style.unicode ? "…" : "..");
    const std::size_t padding = widths[i] - std::min(widths[i], display_width(text));
    if (headings[i].align == Align::Right) pending += padding;
    if (!text.empty()) {
      line += spaces(pending);
      line += coloured(std::move(text), row != nullptr ? (*row)[i].tone : Tone::Faint, style);
      pending = 0;
    }
    pending += kGap.size();
    if (headings[i].align == Align::Left) pending += padding;
  }
  out += line;
  out += '\n';
}

}  // namespace

std::string coloured(std::string text, Tone tone, const Style& style) {
  if (!style.colours || tone == Tone::Plain || text.empty()) return text;
  constexpr std::array<std::string_view, 5> kCodes{"", "32", "33", "31", "2"};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes.at(static_cast<std::size_t>(tone)), text);
}

std::string draw_bar(double percent, const Style& style) {
  constexpr std::array<std::string_view, 8> kParts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double share = std::isfinite(percent) ? std::clamp(percent, 0.0, 100.0) / 100 : 0;
  const int steps = style.unicode ? 8 : 1;
  int filled = static_cast<int>(std::lround(share * kBarWidth * steps));
  if (share > 0) filled = std::max(filled, 1);
  if (share < 1) filled = std::min(filled, kBarWidth * steps - 1);
  const int whole = filled / steps;
  const int part = filled % steps;
  std::string bar;
  for (int i = 0; i < whole; ++i) bar += style.unicode ? "█" : "#";
  bar += kParts.at(static_cast<std::size_t>(part));
  bar += spaces(static_cast<std::size_t>(kBarWidth - whole - (part > 0 ? 1 : 0)));
  const bool tiny = share > 0 && share < 0.01;
  const bool almost = share > 0.99 && share < 1;
  const std::string number = tiny ? "<1" : almost ? ">99" : fmt::format("{:.0f}", share * 100);
  return fmt::format("{}{}{} {:>3} %", style.unicode ? "▕" : "[", bar, style.unicode ? "▏" : "]", number);
}

std::string draw_table(const std::vector<Heading>& headings, const std::vector<Row>& rows, const Style& style) {
  std::vector<std::vector<Drawn>> drawn;
  std::vector<std::size_t> widths;
  std::vector<bool> may_shrink;
  auto& top = drawn.emplace_back();
  for (const Heading& heading : headings) {
    top.push_back({heading.text, display_width(heading.text)});
    widths.push_back(top.back().width);
    may_shrink.push_back(heading.width == Width::MayCut);
  }
  for (const Row& row : rows) {
    IPAM_ASSERT(row.size() == headings.size(), "a row must have a cell for each heading");
    auto& line = drawn.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      line.push_back(draw_cell(row[i], style));
      widths[i] = std::max(widths[i], line.back().width);
    }
  }
  if (style.columns > 0 && !widths.empty()) narrow(widths, may_shrink, style.columns);
  std::string out;
  for (std::size_t i = 0; i < drawn.size(); ++i) append_line(out, drawn[i], i == 0 ? nullptr : &rows[i - 1], headings, widths, style);
  return out;
}

std::string draw_record(const std::vector<Heading>& headings, const Row& row, const Style& style) {
  IPAM_ASSERT(row.size() == headings.size(), "a row must have a cell for each heading");
  std::size_t width = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].percent || !row[i].text.empty()) width = std::max(width, display_width(headings[i].text));
  }
  std::string out;
  for (std::size_t i = 0; i < row.size(); ++i) {
    Drawn cell = draw_cell(row[i], style);
    if (cell.text.empty()) continue;
    const std::string label = headings[i].text + spaces(width - display_width(headings[i].text));
    out += coloured(label, Tone::Faint, style) + std::string(kGap) + coloured(std::move(cell.text), row[i].tone, style) + '\n';
  }
  return out;
}

}  // namespace ipam::cli
