#include "base/file.h"
#include "crypto/random.h"
#include "service/access/access_service.h"

namespace ipam::service {

Result<bool> AccessService::create_first_administrator(const std::filesystem::path& password_file) {
  {
    const auto reader = IPAM_TRY(store_.open_reader());
    if (IPAM_TRY(store::count(*reader, store::table<model::User>(), {})) > 0) {
      // A first start that was never followed by a sign-in has left the file: it goes at that sign-in.
      if (std::filesystem::exists(password_file)) *password_file_.lock() = password_file;
      return false;
    }
  }
  const Secret password = crypto::random_token();
  model::User admin;
  admin.name = "admin";
  admin.password_hash = IPAM_TRY(hasher_.hash(password));
  admin.access_group = model::Group::IpamAdministrators;
  admin.description = "made at the first start";
  // The file first: a password that nobody can read would lock everyone out.
  IPAM_TRY(write_file_atomically(password_file, as_bytes(password.reveal() + "\n"), 0600));
  model::ChangeContext context;
  context.actor = "server/first start";
  const auto made = ledger_.commit_and_wait(context, ledger::Priority::Interactive, [admin](ledger::Transaction& transaction) -> Result<void> {
    IPAM_TRY(transaction.create(admin));
    return {};
  });
  if (!made.ok()) {
    std::error_code ignored;
    std::filesystem::remove(password_file, ignored);
    // Another node of the same database was a moment faster: its file holds the password.
    if (made.error().code == ErrorCode::AlreadyExists) return false;
    return made.error();
  }
  *password_file_.lock() = password_file;
  return true;
}

}  // namespace ipam::service
