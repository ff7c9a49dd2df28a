#!/usr/bin/env python3
"""An ipamd with the console, a plan of a company of middle size, and real servers behind it: a Kea with leases and two BINDs.

    tests/e2e/console_lab.py --console console/dist
    prints one line of JSON (url, user, password, certificate fingerprint, and the same of an empty ipamd) and runs until its standard input closes or
    it is sent SIGTERM or SIGINT; then it ends everything that it started.

The trends of a new server are empty: so that there is something to see, samples of a past that did not happen are put into the table of samples, which
the journal does not cover, while the server is down. Everything else comes through the API.
"""

import argparse
import ipaddress
import json
import math
import os
import random
import signal
import sqlite3
import sys
import time

import module_contexts  # noqa: F401  (makes tests/lab importable)
from bind_lab import BindLab
from ipamd_process import IpamdProcess
from kea_lab import KeaLab

PASSWORD = "console lab passphrase"
SITES = [("Seattle", 20, ["Clients", "Servers", "Voice", "Printers", "DMZ", "Lab", "Wi-Fi", "Guests", "Cameras", "Mgmt", "iSCSI", "vMotion"]),
         ("Dublin", 40, ["Clients", "Servers", "Voice", "Printers", "Wi-Fi", "Mgmt"]),
         ("Singapore", 60, ["Clients", "Servers", "Wi-Fi", "Guests"]),
         ("Paris", 80, ["Clients", "Servers", "Voice"])]
KINDS = {"Clients": "wks", "Servers": "srv", "Voice": "voip", "Printers": "prn", "Cameras": "cam", "Mgmt": "sw", "iSCSI": "san", "Wi-Fi": "ap"}


def build_plan(client, rng):
    """Address blocks, subnets, ranges and addresses, by batches as an import would make them."""
    blocks = [{"prefix": "10.0.0.0/8", "name": "Corporate", "owner": "Network team"}, {"prefix": "172.16.0.0/12", "name": "Datacentre", "owner": "Platform"},
              {"prefix": "192.168.0.0/16", "name": "Branch offices"}, {"prefix": "2001:db8::/32", "name": "IPv6 global", "owner": "Network team"},
              {"prefix": "2001:db8:20::/48", "name": "Seattle IPv6"}]
    blocks += [{"prefix": f"10.{second}.0.0/16", "name": site} for site, second, _ in SITES]
    batch(client, "blocks", blocks)
    subnets, addresses = [], []
    for site, second, names in SITES:
        for third, name in enumerate(names):
            subnets.append({"prefix": f"10.{second}.{third}.0/24", "name": name, "owner": f"{site} IT", "vlans": [100 + third]})
            for host in sorted(rng.sample(range(1, 254), int(254 * rng.choice([0.12, 0.25, 0.4, 0.55, 0.7, 0.84, 0.97])))):
                addresses.append(address(rng, f"10.{second}.{third}.{host}", KINDS.get(name, "host"), site))
    subnets += [{"prefix": f"172.16.{third}.0/24", "name": f"Rack {third + 1}", "vlans": [1000 + third]} for third in range(0, 24, 2)]
    subnets += [{"prefix": "172.20.0.0/18", "name": "Container network"}, {"prefix": "192.168.10.0/24", "name": "Oslo"}, {"prefix": "192.168.11.0/26", "name": "Bergen"}]
    subnets += [{"prefix": f"2001:db8:20:{n}::/64", "name": name} for n, name in enumerate(("Clients", "Servers", "Mgmt"))]
    add_plants(rng, blocks := [], subnets, addresses)
    batch(client, "blocks", blocks)
    for third in range(0, 24, 2):
        addresses += [address(rng, f"172.16.{third}.{host}", "srv", "Datacentre") for host in range(10, 10 + rng.randrange(8, 200))]
    addresses += [address(rng, str(ipaddress.ip_address("172.20.0.10") + n * 7), "pod", "Datacentre") for n in range(1200)]
    addresses += [address(rng, f"2001:db8:20:1::{n:x}", "srv", "Seattle") for n in range(1, 40)]
    batch(client, "subnets", subnets)
    batch(client, "addresses", addresses)
    ranges = [{"first": f"10.{second}.0.{low}", "last": f"10.{second}.0.{low + 49}", "name": name} for second in (40, 60)
              for low, name in ((10, "Static clients"), (100, "Reserved for growth"))]
    batch(client, "ranges", ranges)


def add_plants(rng, blocks, subnets, addresses):
    """Eight plants with many subnets, some of them full: what makes a map worth looking at."""
    for plant in range(8):
        second = 96 + plant + (16 if plant > 4 else 0)
        blocks.append({"prefix": f"10.{second}.0.0/16", "name": f"Plant {plant + 1}", "owner": "Manufacturing IT"})
        for third in rng.sample(range(0, 96), 44):
            subnets.append({"prefix": f"10.{second}.{third}.0/24", "name": f"Line {third}", "owner": "Manufacturing IT"})
            addresses += [address(rng, f"10.{second}.{third}.{host}", "plc", f"Plant {plant + 1}") for host in range(1, rng.choice((2, 4, 9, 14, 30, 80, 200)))]


def address(rng, text, kind, site):
    made = {"address": text, "name": f"{kind}-{rng.randrange(10000, 99999)}.corp.contoso.example", "owner": f"{site} IT",
            "state": rng.choices(["in_use", "reserved", "inactive"], [78, 14, 8])[0]}
    if rng.random() < 0.8:
        made["hardware_address"] = ":".join(f"{part:02x}" for part in (0x02, *rng.randbytes(5)))
    if rng.random() < 0.02:
        made["expires_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + rng.randrange(3, 40) * 86400))
    return made


def batch(client, collection, bodies):
    for start in range(0, len(bodies), 2000):
        operations = [{"operation": "create", "body": body} for body in bodies[start:start + 2000]]
        answer = client.expect(200, "POST", f"/api/v1/{collection}:batch", {"operations": operations})
        if answer["failed"]:
            raise AssertionError(next(result["problem"] for result in answer["results"] if result["problem"]))


def add_servers(client, kea, bind):
    client.expect(201, "POST", "/api/v1/servers", {"name": "kea1.corp.contoso.example", "product": "kea", "url": kea.url, "user_name": kea.user,
                                                   "password": kea.password, "description": "DHCP of the head office"})
    key = bind.keys["transfer-key"]
    client.expect(201, "POST", "/api/v1/credentials", {"name": "transfer", "kind": "tsig_key", "user_name": key["name"], "algorithm": key["algorithm"],
                                                       "secret": key["secret"]})
    for name, named in (("ns1.corp.contoso.example", bind.primary), ("ns2.corp.contoso.example", bind.secondary)):
        client.expect(201, "POST", "/api/v1/servers", {"name": name, "product": "bind9", "url": f"http://127.0.0.1:{named.statistics_port}"})
        client.expect(201, "POST", "/api/v1/server_accesses", {"server": name, "kind": "dns", "url": f"dns://127.0.0.1:{named.port}", "credential": "transfer"})
    # One that nobody answers at: what needs attention has to be seen too.
    client.expect(201, "POST", "/api/v1/servers", {"name": "kea2.corp.contoso.example", "product": "kea", "url": "http://127.0.0.1:9", "user_name": "ipam",
                                                   "password": "wrong", "description": "DHCP of Dublin, moved last week"})
    for task in ("ServerAvailability", "ServerConfiguration", "DnsConfiguration", "AddressUtilization"):
        client.run_task(task)


def add_people(client):
    for name, group in (("nora.adams", "ipam_asm_administrators"), ("omar.haddad", "ipam_msm_administrators"), ("viewer", "ipam_users")):
        client.expect(201, "POST", "/api/v1/users", {"name": name, "password": PASSWORD, "access_group": group})
    client.expect(201, "POST", "/api/v1/tokens", {"name": "provisioning pipeline", "access_group": "ipam_asm_administrators"})


def add_past(database):
    """Ninety days of samples, rising to what is measured now."""
    with sqlite3.connect(database) as connection:
        add_past_of(connection, "utilization_sample", "kind, object_id")
        add_past_of(connection, "scope_utilization", "scope_id")


def add_past_of(connection, table, key):
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    listed = ", ".join("max(at) AS at" if name == "at" else name for name in columns)
    newest = connection.execute(f"SELECT {listed} FROM {table} GROUP BY {key}").fetchall()
    rng = random.Random(7)
    day = 86_400_000_000
    for row in newest:
        for days in range(90, 0, -1):
            sample = dict(zip(columns, row))
            sample["at"] -= days * day
            wave = 1 - days / 90 * 0.35 + 0.03 * math.sin(days / 3.5) + rng.uniform(-0.01, 0.01)
            for name in ("used", "assigned", "leased"):
                if sample.get(name) is not None:
                    sample[name] = int(sample[name] * min(wave, 1))
            connection.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", list(sample.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--console", default="console/dist", help="the folder of the built console")
    parser.add_argument("--leases", type=int, default=600)
    options = parser.parse_args()

    def stop(*_):
        raise SystemExit(0)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    console = ["--console-folder", os.path.abspath(options.console)]
    with KeaLab(leases=options.leases) as kea, BindLab() as bind, IpamdProcess(arguments=console) as server, IpamdProcess(arguments=console) as empty:
        change = {"current_password": server.first_password(), "new_password": PASSWORD}
        server.sign_in().expect(204, "PUT", "/api/v1/me/password", change)
        client = server.sign_in(password=PASSWORD)
        add_people(client)
        build_plan(client, random.Random(20261128))
        add_servers(client, kea, bind)
        server.stop()
        add_past(os.path.join(server.folder, "data", "ipam.db"))
        server.start()
        print(json.dumps({"url": f"https://127.0.0.1:{server.port}", "user": "admin", "password": PASSWORD,
                          "empty_url": f"https://127.0.0.1:{empty.port}", "empty_password": empty.first_password(),
                          "kea": {"url": kea.url, "user": kea.user, "password": kea.password}}), flush=True)
        while sys.stdin.buffer.read(4096):
            pass


if __name__ == "__main__":
    main()
