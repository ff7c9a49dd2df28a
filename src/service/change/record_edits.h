// RecordEdits: what a person wants of records, as changes with before and after on the servers that are primary of the zones: the set of a name and
// type without, with another or with one more record, and, where asked for, the PTR record of the address in its reverse zone.
//
// Errors: InvalidArgument with the field (a name that is none, data that does not fit the type, no managed zone that holds the name, several: say
// which), AlreadyExists, NotFound, FailedPrecondition. Thread rule: any thread that may block on the database.
#pragma once

#include "service/access/principal.h"
#include "service/change/change_service.h"

namespace ipam::service {

enum class Pointer { Leave, Keep };  // Keep: the PTR record goes along

struct NewRecord {
  std::string name;
  std::string type;
  std::string data;
  std::optional<std::uint32_t> ttl;  // nothing: that of the set, or an hour
  std::optional<std::string> zone;   // name or id, where several hold the name
  std::optional<std::string> server;
  std::optional<std::string> view;
  Pointer pointer = Pointer::Leave;
};

struct RecordPatch {
  std::optional<std::string> data;
  std::optional<std::uint32_t> ttl;
  Pointer pointer = Pointer::Leave;
};

class RecordEdits {
 public:
  static constexpr std::uint32_t kUsualTtl = 3'600;

  explicit RecordEdits(store::Store& store) : store_(store) {}

  Result<std::vector<WantedChange>> add(const Principal& principal, const NewRecord& record);
  Result<std::vector<WantedChange>> change(const Principal& principal, model::Id<model::DnsRecord> id, const RecordPatch& patch);
  Result<std::vector<WantedChange>> remove(const Principal& principal, model::Id<model::DnsRecord> id, Pointer pointer);

 private:
  store::Store& store_;
};

// "a" → "A". Errors: InvalidArgument on /type.
Result<std::string> parse_record_type(std::string_view text);
// Data in one spelling, as far as the type is known here; the server judges the others. Errors: InvalidArgument on /data.
Result<std::string> parse_record_data(const std::string& type, std::string_view text);

}  // namespace ipam::service
