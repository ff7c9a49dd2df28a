// Whatever comes as a message: it is read or refused, and what is read is printable.
#include "wire/syslog/message.h"

#include "base/bytes.h"
#include "base/strings.h"

#include <cstdlib>

using namespace ipam;
using namespace ipam::wire::syslog;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = parse_message(as_text({data, size}));
  if (!message.ok()) {
    if (message.error().code != ErrorCode::Malformed && message.error().code != ErrorCode::Exhausted) std::abort();
    return 0;
  }
  for (const std::string* each : {&message->host_name, &message->application, &message->process_id, &message->message_id, &message->text}) {
    if (!is_clean_text(*each)) std::abort();
  }
  for (const StructuredElement& element : message->structured_data) {
    for (const auto& [name, value] : element.parameters) {
      if (!is_clean_text(name) || !is_clean_text(value)) std::abort();
    }
  }
  if (message->facility > 23 || message->severity > 7) std::abort();
  return 0;
}
