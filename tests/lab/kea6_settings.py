"""What the Kea lab's DHCPv6 server is configured with. Subnet ids are those of DHCPv4 scopes too: a driver must tell them apart."""

import ipaddress

from kea_settings import HOOKS

# The link address by which a relay reaches each scope.
LINKS = {1: "2001:db8:1::1", 12: "2001:db8:c::1"}


def _office():
    return {
        "id": 1, "subnet": "2001:db8:1::/64", "valid-lifetime": 7200, "preferred-lifetime": 3600,
        "user-context": {"name": "Head office clients"},
        "pools": [{"pool": "2001:db8:1::1000-2001:db8:1::1fff", "option-data": [{"name": "dns-servers", "data": "2001:db8::54"}]},
                  {"pool": "2001:db8:1::8:0/112"}],
        "pd-pools": [{"prefix": "2001:db8:8000::", "prefix-len": 40, "delegated-len": 56}],
        "option-data": [{"name": "dns-servers", "data": "2001:db8::53"}],
        # Inside of the pool, for Kea counts no others among its leases of DHCPv6.
        "reservations": [
            {"duid": "00:03:00:01:02:00:00:00:06:a1", "ip-addresses": ["2001:db8:1::1f10", "2001:db8:1::1f11"],
             "prefixes": ["2001:db8:80ff::/56"], "hostname": "branch-router",
             "option-data": [{"name": "sntp-servers", "data": "2001:db8::123"}]},
            {"hw-address": "02:00:00:00:06:a2", "ip-addresses": ["2001:db8:1::1f12"]},
        ],
    }


def _cameras():
    return {
        "id": 12, "subnet": "2001:db8:c::/64", "valid-lifetime": 86400, "preferred-lifetime": 43200,
        "pools": [{"pool": "2001:db8:c::100-2001:db8:c::1ff"}],
    }


def dhcp6(processes, dhcp_socket, hooks, database_password):
    """The configuration of kea-dhcp6. Without "data-directory" it would exit, for the folder of the package belongs to the system's service."""
    return {"Dhcp6": {
        "data-directory": processes.folder,
        "interfaces-config": {"interfaces": ["lo/::1"]},
        "control-socket": {"socket-type": "unix", "socket-name": dhcp_socket},
        "lease-database": {"type": "memfile", "name": processes.path("kea-leases6.csv"), "lfc-interval": 0, "password": database_password},
        "expired-leases-processing": {"reclaim-timer-wait-time": 0, "flush-reclaimed-timer-wait-time": 0},
        "hooks-libraries": [{"library": f"{HOOKS}/libdhcp_{hook}.so"} for hook in hooks],
        "option-def": [{"name": "site-code", "code": 4242, "space": "dhcp6", "type": "string"}],
        "option-data": [{"name": "domain-search", "data": "lab.example"}],
        "client-classes": [{"name": "routers", "test": "option[25].exists", "option-data": [{"name": "site-code", "data": "r1"}]}],
        "valid-lifetime": 3600, "preferred-lifetime": 1800,
        "subnet6": [_office()],
        "shared-networks": [{"name": "campus", "option-data": [{"name": "dns-servers", "data": "2001:db8::55"}], "subnet6": [_cameras()]}],
        "loggers": [{"name": "kea-dhcp6", "severity": "WARN", "output_options": [{"output": "stderr"}]}],
    }}


def scopes_of(configuration):
    """All subnets of a configuration as Kea answers it, with those inside of shared networks."""
    settings = configuration["Dhcp6"]
    inside = [dict(subnet, network=network["name"]) for network in settings["shared-networks"] for subnet in network["subnet6"]]
    return sorted(settings["subnet6"] + inside, key=lambda subnet: subnet["id"])


def pool_size(pool):
    if "/" in pool:
        return ipaddress.IPv6Network(pool).num_addresses
    first, last = (ipaddress.IPv6Address(part.strip()) for part in pool.split("-"))
    return int(last) - int(first) + 1
