// Sealed texts come from the database and from backups: none may crash, and only the genuine one opens.
#include "base/bytes.h"
#include "crypto/seal.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using ipam::Secret;
  using ipam::crypto::MasterKey;
  using ipam::crypto::Sealer;
  static const Sealer sealer(MasterKey::from_text(Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")).value());
  const std::string_view text = ipam::as_text({data, size});
  const auto opened = sealer.open(text, "credential/123");
  if (opened.ok() && opened->reveal() != "correct horse") std::abort();
  (void)sealer.needs_resealing(text);
  (void)MasterKey::from_text(Secret(std::string(text)));
  return 0;
}
