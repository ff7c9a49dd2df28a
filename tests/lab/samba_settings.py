"""What the lab's Samba domain is: its names, its accounts and its configuration files, as text."""

DOMAIN = "contoso.test"
REALM = DOMAIN.upper()
NETBIOS_DOMAIN = "CONTOSO"
HOST = "dc1"
BASE = ",".join(f"DC={label}" for label in DOMAIN.split("."))
CONFIGURATION = f"CN=Configuration,{BASE}"

ADMINISTRATOR, ADMINISTRATOR_PASSWORD = "Administrator", "Passw0rd!Adm"
READER, READER_PASSWORD = "reader", "Passw0rd!Read"
# Whose Kerberos keys a double of a Windows service takes: one account for each, with the names of its service.
SERVICES = ("dhcp1",)
SERVICE_CLASSES = ("host", "HTTP", "cifs")


def fqdn(name):
    return name if "." in name else f"{name}.{DOMAIN}"


def smb_conf(folder, address):
    """The server's configuration: everything below `folder`, only on `address`, without a forwarder of DNS queries."""
    return f"""[global]
  netbios name = {HOST.upper()}
  realm = {REALM}
  workgroup = {NETBIOS_DOMAIN}
  server role = active directory domain controller
  interfaces = {address}/8
  bind interfaces only = yes
  private dir = {folder}/private
  state directory = {folder}/state
  cache directory = {folder}/cache
  lock directory = {folder}
  pid directory = {folder}/run
  ncalrpc dir = {folder}/ncalrpc
  binddns dir = {folder}/bind-dns
  ntp signd socket directory = {folder}/run/ntp_signd
  logging = file
  log file = {folder}/log/log.samba
  max log size = 0
  log level = 1 auth_audit:3 auth_json_audit:3@{folder}/log/auth_json.log
  dns forwarder =
  server services = s3fs, rpc, ldap, cldap, kdc, drepl, winbindd, dns
  disable netbios = yes
  load printers = no
  printing = bsd
  allow dns updates = secure only
  tls enabled = yes
  tls cafile = {folder}/tls/ca.pem
  tls certfile = {folder}/tls/{HOST}.pem
  tls keyfile = {folder}/tls/{HOST}.key
  ldb:nosync = true
[sysvol]
  path = {folder}/state/sysvol
  read only = no
[logs]
  path = {folder}/log
  read only = yes
"""


def krb5_conf(address):
    """For clients: the key distribution center by its address, and names taken as they are given."""
    return f"""[libdefaults]
  default_realm = {REALM}
  dns_lookup_realm = false
  dns_lookup_kdc = false
  rdns = false
  dns_canonicalize_hostname = false
[realms]
  {REALM} = {{
    kdc = {address}
    kpasswd_server = {address}
    admin_server = {address}
  }}
[domain_realm]
  .{DOMAIN} = {REALM}
  {DOMAIN} = {REALM}
"""


def hosts(address, others):
    """A hosts file; `others` are addresses by host name."""
    lines = ["127.0.0.1 localhost", f"{address} {fqdn(HOST)} {HOST}"]
    lines += [f"{other} {fqdn(name)}" for name, other in sorted(others.items())]
    return "\n".join(lines) + "\n"


def resolv_conf(address):
    return f"nameserver {address}\nsearch {DOMAIN}\noptions timeout:1 attempts:1\n"
