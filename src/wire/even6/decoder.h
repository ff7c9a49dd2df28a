// Decoder: BinXml of MS-EVEN6 (sections 2.2.12 and 3.1.4.7) to a tree.
//
// A server sends the definition of a template once in a session and names it by its GUID later: one Decoder for each session, and every record of it
// in the order received. Bounded: depth of elements and of fragments within values, number of elements, bytes of text, items of arrays, templates
// kept. Names are inline; hashes of names are not checked. An element whose dependency is null is left out, one with an array in it is told once for
// each item. Processing instructions are passed over. Errors: Malformed, Exhausted (a bound), NotFound (a template that was never sent: the session
// must begin anew). Thread rule: one thread.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "wire/even6/element.h"

#include <array>
#include <map>
#include <memory>

namespace ipam::wire::even6 {

struct DecoderLimits {
  std::size_t depth = 64;         // of elements
  std::size_t fragments = 8;      // within values of each other
  std::size_t elements = 20'000;  // of one event
  std::size_t steps = 400'000;    // tokens read for one event, those of repeated elements each time
  std::size_t text = 4U << 20U;   // bytes of one event, names included
  std::size_t array_items = 10'000;
  std::size_t templates = 4'096;  // of a session
  std::size_t template_bytes = 16U << 20U;
};

class Decoder {
 public:
  explicit Decoder(DecoderLimits limits = {}) : limits_(limits) {}

  // One document or fragment, up to its end token; bytes behind it are allowed.
  Result<Element> decode(ByteView binxml);
  std::size_t templates() const { return templates_.size(); }

 private:
  friend class BinXmlParser;
  using TemplateId = std::array<std::uint8_t, 16>;

  const DecoderLimits limits_;
  std::map<TemplateId, std::shared_ptr<const Bytes>> templates_;  // shared: one may be replaced while it is read
  std::size_t template_bytes_ = 0;
};

}  // namespace ipam::wire::even6
