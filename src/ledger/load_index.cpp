#include "base/log.h"
#include "ledger/ledger.h"

#include <map>

namespace ipam::ledger {
namespace {

// Changes to one space are applied this many at a time, so that a large load needs no second copy of itself.
constexpr std::size_t kChunk = 10'000;

class Loader {
 public:
  Loader(store::Reader& reader, occupancy::Index& index) : reader_(reader), index_(index) {}
  ~Loader() = default;

  template <store::Stored T>
  Result<void> load() {
    IPAM_TRY(store::for_each<T>(reader_, {}, [&](T object) -> Result<bool> {
      if constexpr (std::is_same_v<T, model::AddressSpace>) {
        index_.edit(object.id.value, [](occupancy::SpaceIndex&) {});
      } else {
        auto& pending = pending_[object.space_id.value];
        for (auto& delta : deltas_of(object, Direction::Add)) pending.push_back(std::move(delta));
        if (pending.size() >= kChunk) flush(object.space_id.value, pending);
      }
      ++rows_;
      return true;
    }));
    for (auto& [space, pending] : pending_) flush(space, pending);
    return {};
  }

  std::uint64_t rows() const { return rows_; }

 private:
  void flush(std::uint64_t space, std::vector<occupancy::Delta>& deltas) {
    if (deltas.empty()) return;
    index_.edit(space, [&](occupancy::SpaceIndex& draft) {
      for (const auto& delta : deltas) draft.apply(delta);
    });
    deltas.clear();
  }

  store::Reader& reader_;
  occupancy::Index& index_;
  std::map<std::uint64_t, std::vector<occupancy::Delta>> pending_;
  std::uint64_t rows_ = 0;
};

}  // namespace

Result<void> load_index(store::Store& store, occupancy::Index& index) {
  const auto reader = IPAM_TRY(store.open_reader());
  return load_index(*reader, index);
}

Result<void> load_index(store::Reader& reader, occupancy::Index& index) {
  const auto started = std::chrono::steady_clock::now();
  Loader loader(reader, index);
  IPAM_TRY(loader.load<model::AddressSpace>());
  IPAM_TRY(loader.load<model::Block>());
  IPAM_TRY(loader.load<model::Subnet>());
  IPAM_TRY(loader.load<model::Range>());
  IPAM_TRY(loader.load<model::DhcpPool>());
  IPAM_TRY(loader.load<model::DhcpReservation>());
  IPAM_TRY(loader.load<model::Address>());
  IPAM_TRY(loader.load<model::Lease>());
  index.set_position(IPAM_TRY(store::ChangeFeed::position(reader)));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  log::info("IPAM-3001 index loaded", {{"objects", loader.rows()}, {"milliseconds", took.count()}});
  return {};
}

}  // namespace ipam::ledger
