// Tables for people: aligned columns that fit the terminal, with colours and utilization bars where the terminal can show them.
// Thread rule: plain values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ipam::cli {

// How text may look where it goes. Without colours and with ASCII it is what a pipe or an old terminal gets.
struct Style {
  bool colours = false;
  bool unicode = false;
  std::size_t columns = 0;  // 0: as wide as it takes
};

enum class Align { Left, Right };
enum class Tone { Plain, Good, Warning, Bad, Faint };

// Whether a column may be cut to fit a narrow terminal. What identifies an object, numbers and times may not.
enum class Width { Whole, MayCut };

struct Heading {
  std::string text;
  Align align = Align::Left;
  Width width = Width::Whole;
};

// One value. With a percentage it is drawn as a bar and a number; its text is then not used.
struct Cell {
  std::string text;
  Tone tone = Tone::Plain;
  std::optional<double> percent;
};

using Row = std::vector<Cell>;

// "▕██████▏ 62 %", or "[######    ] 62 %" in ASCII. The bar is ten columns wide, filled to the eighth of a column where Unicode allows, and never
// looks empty or full when it is not.
std::string draw_bar(double percent, const Style& style);

// Rows under a heading line. Every row has as many cells as there are headings. Too wide a table is narrowed where it may be cut and
// text is longest, down to eight columns each; what is cut is marked. Cells are made printable here.
std::string draw_table(const std::vector<Heading>& headings, const std::vector<Row>& rows, const Style& style);

// One object, a line each: "Name    app7". Cells with neither text nor percentage are left out.
std::string draw_record(const std::vector<Heading>& headings, const Row& row, const Style& style);

std::string coloured(std::string text, Tone tone, const Style& style);

}  // namespace ipam::cli
