// Reader: takes octets in NDR's transfer syntax apart (C706 chapter 14, little-endian), without ever leaving them.
//
// The first thing that is wrong is remembered with the place where it is, and everything read after it is zero: `check` is asked once at the end.
// Octets that only align are skipped, whatever their value. Bounded: an array's elements must have room in what is left before memory is taken for
// them, all arrays together have at most Limits::elements, and referents nest at most Limits::depth deep. Thread rule: one thread; the octets must
// outlive it.
#pragma once

#include "base/bytes.h"

#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace ipam::wire::ndr {

struct Limits {
  std::size_t elements = 1'000'000;  // of arrays of anything but octets
  std::size_t depth = 64;
};

class Reader {
 public:
  explicit Reader(ByteView bytes, const Limits& limits = {}) : bytes_(bytes), limits_(limits) {}

  // Numbers, each aligned to its size (C706 section 14.2.2).
  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  ByteView octets(std::size_t count);
  void align(std::size_t to);

  std::size_t at() const { return at_; }
  std::size_t remaining() const { return bytes_.size() - at_; }
  bool ok() const { return !error_.has_value(); }
  // Marks the octets as wrong here; the first one counts.
  void fail(std::string_view problem);
  // Errors: Malformed: "ZoneArray[3].pszZoneName, octet 124: …".
  Result<void> check() const;

  // A step of the way to what is being read, for messages: a field's name, or an element's index.
  class Step {
   public:
    Step(Reader& reader, const char* name) : reader_(reader) { reader_.path_.push_back({name, 0}); }
    Step(Reader& reader, std::size_t index) : reader_(reader) { reader_.path_.push_back({nullptr, index}); }
    ~Step() { reader_.path_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Reader& reader_;
  };
  // One referent deeper.
  class Deeper {
   public:
    explicit Deeper(Reader& reader) : reader_(reader) {
      if (++reader_.depth_ > reader_.limits_.depth) reader_.fail("referents are nested too deep");
    }
    ~Deeper() { --reader_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Reader& reader_;
  };

  // ---- for the kinds of this room ----
  // Whether memory may be taken for so many elements of at least this size each.
  bool admit(std::size_t count, std::size_t least_size);
  // The count of the conformant array that ends what is being read: it comes before all of it (C706 section 14.3.7.1).
  void keep_conformance(std::uint32_t count) { conformance_ = count; }
  std::uint32_t conformance() const { return conformance_; }
  // What a field says of another one that is read later (a count, a discriminant), by the other's address.
  void announce(const void* of, std::uint32_t value) { announced_[of] = value; }
  std::optional<std::uint32_t> take_announced(const void* of);
  // Pointers whose referent is still to come.
  void expect_referent(const void* pointer) { expected_.insert(pointer); }
  bool take_expected(const void* pointer) { return expected_.erase(pointer) != 0; }
  // What a full pointer of this id refers to, when it was met before; `type` tells objects of different types apart.
  struct Shared {
    const void* type = nullptr;
    std::shared_ptr<void> object;
  };
  Shared& shared(std::uint32_t id) { return shared_[id]; }

 private:
  struct PathStep {
    const char* name;
    std::size_t index;
  };
  std::string path() const;
  template <class T>
  T number();

  ByteView bytes_;
  Limits limits_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t elements_ = 0;
  std::uint32_t conformance_ = 0;
  std::vector<PathStep> path_;
  std::optional<Error> error_;
  std::unordered_map<const void*, std::uint32_t> announced_;
  std::unordered_set<const void*> expected_;
  std::unordered_map<std::uint32_t, Shared> shared_;
};

}  // namespace ipam::wire::ndr
