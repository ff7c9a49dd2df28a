#include "service/search/fullest.h"

namespace ipam::service::search {

std::vector<store::Value> FullnessPlace::to_cursor() const {
  std::vector<store::Value> cursor{fullness};
  cursor.insert(cursor.end(), cells.begin(), cells.end());
  return cursor;
}

Result<std::optional<FullnessPlace>> FullnessPlace::from_cursor(const std::vector<store::Value>& cursor, std::size_t cells) {
  if (cursor.empty()) return std::optional<FullnessPlace>{};
  const auto* fullness = std::get_if<std::int64_t>(&cursor.front());
  if (fullness == nullptr || cursor.size() != cells + 1) return Error::field("/cursor", "does not belong to this list; start again without it");
  return std::optional<FullnessPlace>({*fullness, {cursor.begin() + 1, cursor.end()}});
}

bool FullnessOrder::precedes(const FullnessPlace& a, const FullnessPlace& b) const {
  if (a.fullness != b.fullness) return fullest_first_ ? a.fullness > b.fullness : a.fullness < b.fullness;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (a.cells[i] != b.cells[i]) return keys_[i].descending ? a.cells[i] > b.cells[i] : a.cells[i] < b.cells[i];
  }
  return false;
}

}  // namespace ipam::service::search
