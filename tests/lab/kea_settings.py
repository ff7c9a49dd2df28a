"""What the Kea lab's server is configured with: DHCP scopes of every shape that a driver must read."""

import ipaddress

HOOKS = "/usr/lib/x86_64-linux-gnu/kea/hooks"
SCALE_SCOPE = 1000

# Every scope has a relay address: the lab's relay with it reaches the scope.
RELAYS = {1: "127.0.0.11", 2: "127.0.0.12", 7: "127.0.0.17", 12: "127.0.0.22"}
# How the leases that are asked for are spread over the scopes; a scope that is full passes its share on to the first.
SHARES = {1: 0.62, 7: 0.30, 2: 0.06, 12: 0.02}

# The first client of these scopes: it has a reservation inside of a pool. In the shared network nothing else makes Kea leave the first subnet.
RESERVED_CLIENTS = {1: ("02:00:00:00:00:a1", "front-desk"), 12: ("02:00:00:00:00:c1", "camera-1")}


def _office():
    return {
        "id": 1, "subnet": "10.64.0.0/21", "relay": {"ip-addresses": [RELAYS[1]]}, "valid-lifetime": 7200,
        "user-context": {"name": "Head office clients", "site": "HQ"},
        "pools": [{"pool": "10.64.0.50-10.64.7.200"}],
        "option-data": [{"name": "routers", "data": "10.64.0.1"}, {"name": "domain-name-servers", "data": "10.64.0.2, 10.64.0.3"}],
        "reservations": [
            {"hw-address": RESERVED_CLIENTS[1][0], "ip-address": "10.64.0.60", "hostname": RESERVED_CLIENTS[1][1]},
            {"hw-address": "02:00:00:00:00:a2", "ip-address": "10.64.0.10", "hostname": "file-server"},
            {"duid": "00:03:00:01:02:00:00:00:00:a3", "ip-address": "10.64.0.11"},
        ],
    }


def _printers():
    return {
        "id": 2, "subnet": "10.64.8.0/26", "relay": {"ip-addresses": [RELAYS[2]]},
        "user-context": {"name": "Printers"},
        "pools": [{"pool": "10.64.8.8 - 10.64.8.23"}, {"pool": "10.64.8.32/28"}],
        "reservations": [
            {"client-id": "01:02:00:00:00:00:b1", "ip-address": "10.64.8.40", "hostname": "printer-1"},
            {"circuit-id": "'Gi1/0/1'", "ip-address": "10.64.8.5", "hostname": "plotter"},
            {"flex-id": "0x0a0b0c", "ip-address": "10.64.8.6"},
        ],
    }


def _guests():
    return {
        "id": 7, "subnet": "10.65.0.0/22", "relay": {"ip-addresses": [RELAYS[7]]},
        "user-context": {"name": "Guest wireless"},
        "pools": [{"pool": "10.65.0.10-10.65.1.255"}, {"pool": "10.65.2.0/24"}],
    }


def _cameras():
    return {
        "id": 12, "subnet": "10.65.4.0/28", "relay": {"ip-addresses": [RELAYS[12]]}, "valid-lifetime": 86400,
        "user-context": {"description": "Cameras"},
        "pools": [{"pool": "10.65.4.2-10.65.4.13"}],
        "reservations": [{"hw-address": RESERVED_CLIENTS[12][0], "ip-address": "10.65.4.2", "hostname": RESERVED_CLIENTS[12][1]}],
    }


def dhcp4(processes, dhcp_socket, hooks, scale, database_password):
    """The configuration of kea-dhcp4. Nothing reclaims expired leases, so that they can be seen; nothing rewrites the lease file."""
    subnets = [_office(), _printers()]
    if scale:
        subnets.append({"id": SCALE_SCOPE, "subnet": "10.128.0.0/9", "user-context": {"name": "Scale"},
                        "pools": [{"pool": "10.128.0.0-10.255.255.254"}]})
    return {"Dhcp4": {
        "interfaces-config": {"interfaces": ["lo"], "dhcp-socket-type": "udp", "service-sockets-require-all": True},
        "control-socket": {"socket-type": "unix", "socket-name": dhcp_socket},
        # A file needs no password; this one is here to be looked for in what a driver hands out.
        "lease-database": {"type": "memfile", "name": processes.path("kea-leases4.csv"), "lfc-interval": 0, "password": database_password},
        "expired-leases-processing": {"reclaim-timer-wait-time": 0, "flush-reclaimed-timer-wait-time": 0},
        "hooks-libraries": [{"library": f"{HOOKS}/libdhcp_{hook}.so"} for hook in hooks],
        "host-reservation-identifiers": ["hw-address", "client-id", "duid", "circuit-id", "flex-id"],
        "reservations-global": True, "reservations-in-subnet": True, "reservations-out-of-pool": False,
        "reservations": [{"hw-address": "02:00:00:00:00:d1", "hostname": "roaming-laptop"}],
        "option-data": [{"name": "domain-name", "data": "lab.example"}],
        "valid-lifetime": 3600,
        "subnet4": subnets,
        "shared-networks": [{"name": "campus", "subnet4": [_guests(), _cameras()]}],
        "loggers": [{"name": "kea-dhcp4", "severity": "WARN", "output_options": [{"output": "stderr"}]}],
    }}


def control_agent(dhcp_socket, dhcp6_socket, port, user, password, certificate=None):
    """The configuration of kea-ctrl-agent; with a (certificate, key) pair of paths it speaks HTTPS."""
    agent = {
        "http-host": "127.0.0.1", "http-port": port,
        "authentication": {"type": "basic", "realm": "kea-lab", "clients": [{"user": user, "password": password}]},
        "control-sockets": {"dhcp4": {"socket-type": "unix", "socket-name": dhcp_socket}},
        "loggers": [{"name": "kea-ctrl-agent", "severity": "WARN", "output_options": [{"output": "stderr"}]}],
    }
    if dhcp6_socket:
        agent["control-sockets"]["dhcp6"] = {"socket-type": "unix", "socket-name": dhcp6_socket}
    if certificate:
        agent.update({"trust-anchor": certificate[0], "cert-file": certificate[0], "key-file": certificate[1], "cert-required": False})
    return {"Control-agent": agent}


def scopes_of(configuration):
    """All subnets of a configuration as Kea answers it, with those inside of shared networks."""
    settings = configuration["Dhcp4"]
    inside = [dict(subnet, network=network["name"]) for network in settings["shared-networks"] for subnet in network["subnet4"]]
    return sorted(settings["subnet4"] + inside, key=lambda subnet: subnet["id"])


def pool_size(pool):
    """The number of addresses of a pool in either notation."""
    if "/" in pool:
        return ipaddress.IPv4Network(pool).num_addresses
    first, last = (ipaddress.IPv4Address(part.strip()) for part in pool.split("-"))
    return int(last) - int(first) + 1
