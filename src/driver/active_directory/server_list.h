// ServerList: makes one server of all that the directory says in different places: a name here, an account there, an address in a list. Two things
// are the same server when they have the same account, or a name in common. Thread rule: a plain value.
#pragma once

#include "driver/active_directory/accounts.h"

#include <map>

namespace ipam::driver::active_directory {

class ServerList {
 public:
  // A server that is known by its account.
  EstateServer& add(const Account& account, EstateRole role, std::string evidence);
  // A server that is known by a name, or by addresses alone (then `host` is empty). Its account is taken in later by `join`.
  void add(const std::string& host, const std::set<ip::Address>& addresses, EstateRole role, std::string evidence);

  // The names whose accounts are not known.
  std::set<std::string> hosts_without_account() const;
  // All names.
  std::set<std::string> hosts() const;
  // Takes in an account: the servers that bear one of its names become one.
  void join(const Account& account);
  void add_address(const std::string& host, const ip::Address& address);

  // Ascending by name. Leaves nothing behind.
  std::vector<EstateServer> take();

 private:
  EstateServer& of_account(const Account& account);
  EstateServer& of_host(const std::string& host);
  static void absorb(EstateServer& kept, EstateServer&& other);

  std::map<std::uint64_t, EstateServer> servers_;
  std::map<std::string, std::uint64_t> by_host_;
  std::map<std::string, std::uint64_t> by_guid_;
  std::uint64_t next_ = 0;
};

}  // namespace ipam::driver::active_directory
