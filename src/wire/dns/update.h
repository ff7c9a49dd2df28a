// Update: an UPDATE message (RFC 2136) by its parts: what must hold, and what changes then. The server does all of it or nothing.
// Thread rule: a plain value.
#pragma once

#include "wire/dns/message.h"

namespace ipam::wire::dns {

class Update {
 public:
  explicit Update(const Name& zone);

  // Prerequisites, section 2.4. The rcode in brackets is the answer when it does not hold.
  Update& require_rrset(const Name& name, RecordType type);     // some record of the type [NXRRSET]
  Update& require_no_rrset(const Name& name, RecordType type);  // none [YXRRSET]
  Update& require_name(const Name& name);                       // some record of any type [NXDOMAIN]
  Update& require_no_name(const Name& name);                    // none [YXDOMAIN]
  // Exactly these records of the type of the first, all of one name; times to live are not compared [NXRRSET].
  Update& require_exactly(const std::vector<ResourceRecord>& rrset);

  // Changes, section 2.5, in the order in which they are done.
  Update& add(const ResourceRecord& record);
  Update& remove(const ResourceRecord& record);  // this record whatever its time to live; nothing happens when it is not there
  Update& remove_rrset(const Name& name, RecordType type);
  Update& remove_name(const Name& name);

  const Name& zone() const { return message_.questions.front().name; }
  const Message& message() const { return message_; }
  std::size_t changes() const { return message_.authorities.size(); }

 private:
  Message message_;
};

}  // namespace ipam::wire::dns
