// TextWriter: a page in Prometheus' text exposition format 0.0.4.
//
//   TextWriter page;
//   page.family("ipamd_requests_total", Type::Counter, "Answered requests.");
//   page.sample({{"route", "/api/v1/subnets"}, {"status", "200"}}, 12);
//
// Samples belong to the family named last. Thread rule: one thread.
#pragma once

#include "metrics/histogram.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ipam::metrics {

enum class Type { Counter, Gauge, Histogram };

class TextWriter {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

  void family(std::string_view name, Type type, std::string_view help);
  void sample(const Labels& labels, double value);
  void sample(double value) { sample({}, value); }
  // One family with one sample.
  void single(std::string_view name, Type type, std::string_view help, double value);
  void histogram(const Labels& labels, const Histogram::Reading& reading);
  std::string take() { return std::move(text_); }

 private:
  void line(std::string_view suffix, const Labels& labels, std::string_view bound, double value);

  std::string name_;
  std::string text_;
};

}  // namespace ipam::metrics
