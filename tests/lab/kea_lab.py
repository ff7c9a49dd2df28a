#!/usr/bin/env python3
"""A real Kea DHCP server with its control agent on loopback, with real leases, for tests, demonstrations and benchmarks.

As a library:   with KeaLab(leases=200) as lab: … lab.url, lab.user, lab.password, lab.expected()
As a program:   tests/lab/kea_lab.py --leases 500
                prints one line of JSON (endpoint, file with the password, what the server holds) and runs until its standard input closes or it
                is sent SIGTERM or SIGINT; then it stops its servers and removes its folder.

Runs as root and as any other user. Python 3.9 or later, standard library only.
"""

import argparse
import contextlib
import hashlib
import ipaddress
import json
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time

import dhcp6_relay
import dhcp_relay
import kea6_settings
import kea_settings
from lab_processes import LabError, LabProcesses, ServerExited, free_port, require_programs

PACKAGES = {"kea-dhcp4": "kea-dhcp4-server", "kea-ctrl-agent": "kea-ctrl-agent"}
PACKAGES_IPV6 = {"kea-dhcp6": "kea-dhcp6-server"}
ROUTERS = 12  # clients of DHCPv6, each with an address and some with a prefix
START_ATTEMPTS = 5
ALL_HOOKS = ("lease_cmds", "stat_cmds")
LEASE_FILE_HEADER = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n"
EXPIRED_LEASES = [{"address": f"10.64.7.{198 + i}", "key": "1", "hardware_address": f"02:00:00:00:ee:{i:02x}", "hostname": f"gone-{i}.lab.example"}
                  for i in range(3)]


class KeaLab:
    """One kea-dhcp4, one kea-dhcp6 if wanted, and one kea-ctrl-agent. Entering starts them and makes the leases; leaving stops them."""

    def __init__(self, leases=60, scale=0, hooks=ALL_HOOKS, https=False, folder=None, ipv6=False, database=None):
        self.user = "cadastre"
        self.password = secrets.token_urlsafe(24)
        self.database_password = secrets.token_urlsafe(24)
        self.url = ""
        self.fingerprint = ""
        self.made = []  # the leases that clients hold, as the clients know them
        self._leases, self._scale, self._hooks, self._https = leases, scale, hooks, https
        if 0 < leases < 3:
            raise LabError("at least 3 leases are needed: one is declined, one released")
        self._ipv6 = ipv6
        self._database = database  # settings of a PostgreSQL lease database with Kea's schema; none: files
        require_programs({**PACKAGES, **({"openssl": "openssl"} if https else {}), **(PACKAGES_IPV6 if ipv6 else {})})
        self.processes = LabProcesses(folder)
        self._dhcp_socket = self.processes.path("dhcp4.sock")
        self._dhcp6_socket = self.processes.path("dhcp6.sock")
        if len(self._dhcp_socket) > 100:
            self.processes.stop_all()
            raise LabError(f"{self._dhcp_socket} is too long for a Unix socket; choose a shorter folder")

    def __enter__(self):
        try:
            if not self._database:
                self._write_lease_file()
            self._start(self._start_dhcp)
            if self._ipv6:
                self._start(self._start_dhcp6)
            self._start(self._start_control_agent)
            self.password_file = self.processes.write("password", self.password)
            self.secrets_file = self.processes.write("secrets.json", json.dumps([self.password, self.database_password]))
            if self._leases:
                self._make_leases()
                if self._ipv6:
                    self._make_leases6()
            return self
        except BaseException:
            self.processes.stop_all()
            raise

    def __exit__(self, *_):
        self.processes.stop_all()

    def command(self, name, arguments=None, quick=False, path=None):
        """Asks kea-dhcp4 (or the server with this socket) itself, past the control agent. Answers None while it cannot be asked yet if `quick`."""
        question = {"command": name, **({"arguments": arguments} if arguments else {})}
        try:
            with socket.socket(socket.AF_UNIX) as channel:
                channel.settimeout(1 if quick else 600)
                channel.connect(path or self._dhcp_socket)
                channel.sendall(json.dumps(question).encode())
                parts = []
                while part := channel.recv(1 << 20):
                    parts.append(part)
            return json.loads(b"".join(parts))
        except (OSError, ValueError):
            if quick:
                return None
            raise

    def expected(self):
        """What the server holds, told by the server: for each scope its pools, reservations and the leases by state."""
        counts = {}
        if "stat_cmds" in self._hooks:
            table = self.command("stat-lease4-get")["arguments"]["result-set"]
            counts = {row[0]: dict(zip(table["columns"], row)) for row in table["rows"]}
        return [{
            "key": str(subnet["id"]), "prefix": subnet["subnet"], "network": subnet.get("network", ""),
            "lease_seconds": subnet["valid-lifetime"],
            "pools": len(subnet["pools"]), "pool_addresses": sum(kea_settings.pool_size(pool["pool"]) for pool in subnet["pools"]),
            "reservations": len(subnet["reservations"]),
            "server_assigned": counts.get(subnet["id"], {}).get("assigned-addresses", 0),
            "server_declined": counts.get(subnet["id"], {}).get("declined-addresses", 0),
        } for subnet in self._subnets()]

    def command6(self, name, arguments=None, quick=False):
        """Asks kea-dhcp6 itself."""
        return self.command(name, arguments, quick, self._dhcp6_socket)

    def expected6(self):
        """As expected(), of DHCPv6. Pools are those of addresses and those of prefixes."""
        counts = {}
        if "stat_cmds" in self._hooks:
            table = self.command6("stat-lease6-get")["arguments"]["result-set"]
            counts = {row[0]: dict(zip(table["columns"], row)) for row in table["rows"]}
        return [{
            "key": f"6:{subnet['id']}", "prefix": subnet["subnet"], "network": subnet.get("network", ""), "lease_seconds": subnet["valid-lifetime"],
            "pools": len(subnet["pools"]) + len(subnet["pd-pools"]),
            "pool_addresses": sum(kea6_settings.pool_size(pool["pool"]) for pool in subnet["pools"]),
            "reservations": sum(len(each["ip-addresses"]) + len(each["prefixes"]) for each in subnet["reservations"]),
            "server_assigned": counts.get(subnet["id"], {}).get("assigned-nas", 0),
            "server_declined": counts.get(subnet["id"], {}).get("declined-nas", 0),
        } for subnet in kea6_settings.scopes_of(self.command6("config-get")["arguments"])]

    def leases(self):
        """Every lease as the server tells it, in pages."""
        after, page = "start", None
        while page is None or page["count"] == 500:
            answer = self.command("lease4-get-page", {"from": after, "limit": 500})
            if answer["result"] == 3:
                return
            page = answer["arguments"]
            yield from page["leases"]
            after = page["leases"][-1]["ip-address"]

    def truth(self):
        """The line that the program prints."""
        return {"url": self.url, "user": self.user, "fingerprint": self.fingerprint, "folder": self.processes.folder,
                "password_file": self.password_file, "secrets_file": self.secrets_file,
                "scopes": self.expected() + (self.expected6() if self._ipv6 else []),
                "leases": len(self.made) + len(EXPIRED_LEASES) + self._scale,
                "expired": EXPIRED_LEASES, "made_file": self.processes.write("made.json", json.dumps(self.made))}

    def _subnets(self):
        return kea_settings.scopes_of(self.command("config-get")["arguments"])

    @staticmethod
    def _start(start):
        # A port that was free when it was chosen may be taken when the server binds it.
        for attempt in range(START_ATTEMPTS):
            try:
                return start()
            except ServerExited:
                if attempt + 1 == START_ATTEMPTS:
                    raise

    def _start_dhcp(self):
        self.processes.stop("kea-dhcp4")
        self._server_port, self._relay_port = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
        settings = kea_settings.dhcp4(self.processes, self._dhcp_socket, self._hooks, self._scale, self.database_password)
        if self._database:
            settings["Dhcp4"]["lease-database"] = self._database
        path = self.processes.write("kea-dhcp4.conf", json.dumps(settings, indent=1))
        self._start_server("kea-dhcp4", ["-p", str(self._server_port), "-P", str(self._relay_port), "-c", path])
        # Kea takes about 40 s for a million leases before it answers.
        ready = lambda: (self.command("status-get", quick=True) or {}).get("result") == 0
        self.processes.wait_until(ready, "kea-dhcp4's first answer", 60 + self._scale / 5000)

    def _start_dhcp6(self):
        self.processes.stop("kea-dhcp6")
        self._server6_port, self._relay6_port = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
        settings = kea6_settings.dhcp6(self.processes, self._dhcp6_socket, self._hooks, self.database_password)
        if self._database:
            settings["Dhcp6"]["lease-database"] = self._database
        path = self.processes.write("kea-dhcp6.conf", json.dumps(settings, indent=1))
        self._start_server("kea-dhcp6", ["-p", str(self._server6_port), "-P", str(self._relay6_port), "-c", path])
        ready = lambda: (self.command6("status-get", quick=True) or {}).get("result") == 0
        self.processes.wait_until(ready, "kea-dhcp6's first answer")

    def _start_control_agent(self):
        self.processes.stop("kea-ctrl-agent")
        port = free_port(socket.SOCK_STREAM)
        certificate = self._make_certificate() if self._https else None
        settings = kea_settings.control_agent(self._dhcp_socket, self._dhcp6_socket if self._ipv6 else None, port, self.user, self.password, certificate)
        self._start_server("kea-ctrl-agent", ["-c", self.processes.write("kea-ctrl-agent.conf", json.dumps(settings, indent=1))])
        self.url = f"{'https' if self._https else 'http'}://127.0.0.1:{port}/"

        def listens():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
            return False
        self.processes.wait_until(listens, "kea-ctrl-agent's first connection")

    def _start_server(self, program, arguments):
        folder = self.processes.folder
        self.processes.start(program, [program, *arguments], {"KEA_PIDFILE_DIR": folder, "KEA_LOCKFILE_DIR": folder})

    def _make_certificate(self):
        certificate, key = self.processes.path("certificate.pem"), self.processes.path("key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                        "/CN=kea-lab", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        with open(certificate, encoding="ascii") as file:
            digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).hexdigest().upper()
        self.fingerprint = ":".join(digest[i:i + 2] for i in range(0, len(digest), 2))
        return certificate, key

    def _write_lease_file(self):
        """Leases from before the start: some that have expired since, and as many as the scale asks for."""
        now = int(time.time())
        with open(self.processes.path("kea-leases4.csv"), "w", encoding="ascii") as file:
            file.write(LEASE_FILE_HEADER)
            for lease in EXPIRED_LEASES:
                file.write(f"{lease['address']},{lease['hardware_address']},,600,{now - 3000},{lease['key']},0,0,{lease['hostname']},0,\n")
            base = int(ipaddress.IPv4Address("10.128.0.0"))
            for i in range(self._scale):
                mac = (0x020001000000 + i).to_bytes(6, "big").hex(":")
                file.write(f"{ipaddress.IPv4Address(base + i)},{mac},01:{mac},86400,{now + 86400},{kea_settings.SCALE_SCOPE},0,0,"
                           f"host-{i}.scale.example,0,\n")

    def _make_leases(self):
        with contextlib.ExitStack() as stack:
            relays = {key: stack.enter_context(contextlib.closing(dhcp_relay.Relay(address, self._relay_port, self._server_port)))
                      for key, address in kea_settings.RELAYS.items()}
            reserved = dict(kea_settings.RESERVED_CLIENTS)
            clients = []
            for number, key in enumerate(self._plan_leases()):
                if key in reserved:
                    mac, hostname = reserved.pop(key)
                    client = dhcp_relay.Client(bytes.fromhex(mac.replace(":", "")), hostname)
                else:
                    mac = (0x020000000000 + (key << 24) + number).to_bytes(6, "big")
                    client = dhcp_relay.Client(mac, f"host-{number}.lab.example" if number % 5 else "",
                                               b"\x01" + mac if number % 3 else b"", b"Gi1/0/%d" % (number % 48) if number % 4 == 0 else b"")
                relays[key].lease(client)
                clients.append((key, client))
            self._decline_and_release(relays, clients)

    def _make_leases6(self):
        """Routers take addresses and prefixes. The first has a reservation, the address of the second is in use by another host, the third leaves."""
        with contextlib.closing(dhcp6_relay.Relay(self._relay6_port, self._server6_port)) as relay:
            clients = []
            for number in range(ROUTERS):
                key = 12 if number % 4 == 3 else 1
                client = dhcp6_relay.Client(bytes.fromhex("0200000006") + bytes([0xA1 + number]), f"router-{number}.lab.example" if number else "",
                                            wants_prefix=key == 1 and number != 2)
                relay.lease(client, kea6_settings.LINKS[key])
                clients.append((key, client))
            declined, released = clients[1][1], clients[2][1]
            relay.decline(declined, kea6_settings.LINKS[1])
            relay.release(released, kea6_settings.LINKS[1])
        for key, client in clients:
            common = {"key": f"6:{key}", "hostname": client.hostname + "." if client.hostname else "branch-router",
                      "hardware_address": client.hardware_address.hex(":"), "duid": client.duid.hex(":"), "declined": False}
            if client.prefix:
                self.made.append({**common, "address": str(client.prefix.network_address), "iaid": client.prefix_iaid,
                                  "delegated_length": client.prefix.prefixlen})
            if client is not released:
                self.made.append({**common, "address": str(client.address), "iaid": client.address_iaid, "declined": client is declined})

    def _plan_leases(self):
        """The scope of every lease."""
        scopes = {subnet["id"]: subnet for subnet in self._subnets()}
        room = {key: sum(kea_settings.pool_size(pool["pool"]) for pool in scopes[key]["pools"]) - len(scopes[key]["reservations"]) - len(EXPIRED_LEASES)
                for key in kea_settings.SHARES}
        if self._leases > sum(room.values()):
            raise LabError(f"at most {sum(room.values())} leases can be made; use --scale for more")
        counts = {key: min(room[key], max(1, int(self._leases * share))) for key, share in kea_settings.SHARES.items()}
        counts[1] -= max(0, sum(counts.values()) - self._leases)
        for key in counts:  # what rounding and full scopes left over
            counts[key] += max(0, min(room[key] - counts[key], self._leases - sum(counts.values())))
        return [key for key, count in counts.items() for _ in range(count)]

    def _decline_and_release(self, relays, clients):
        """The second client's address is in use by another host; the third client leaves. Neither message has an answer: the server is asked."""
        lease_state = lambda address: self.command("lease4-get", {"ip-address": str(address)})
        (declined_key, declined), (released_key, released) = clients[1:3]
        relays[declined_key].decline(declined)
        relays[released_key].release(released)
        if "lease_cmds" in self._hooks:
            self.processes.wait_until(lambda: lease_state(declined.address)["arguments"]["state"] == 1, "the decline")
            self.processes.wait_until(lambda: lease_state(released.address)["result"] == 3, "the release")
        # A shared network may lease from another of its subnets than the one that its relay stands for.
        subnets = [(ipaddress.IPv4Network(subnet["subnet"]), str(subnet["id"])) for subnet in self._subnets()]
        scope_of = lambda address: next(key for network, key in subnets if address in network)
        self.made = [{"address": str(client.address), "key": scope_of(client.address), "declined": client is declined, "hostname": client.hostname,
                      "hardware_address": client.hardware_address.hex(":"), "client_id": client.client_id.hex(":")}
                     for _, client in clients if client is not released]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leases", type=int, default=60, help="how many leases clients take (at least 3; 0 for none)")
    parser.add_argument("--scale", type=int, default=0, help="how many leases of one more scope stand in the lease file at start")
    parser.add_argument("--hooks", default=",".join(ALL_HOOKS), help="hook libraries to load, comma separated")
    parser.add_argument("--https", action="store_true", help="the control agent speaks HTTPS with a certificate of its own making")
    parser.add_argument("--ipv6", action="store_true", help="run kea-dhcp6 too, behind the same control agent")
    parser.add_argument("--state", metavar="FOLDER", help="the folder for all files (empty or new; removed at the end)")
    options = parser.parse_args()

    def stop(*_):
        raise SystemExit(0)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        hooks = tuple(hook for hook in options.hooks.split(",") if hook)
        with KeaLab(options.leases, options.scale, hooks, options.https, options.state, options.ipv6) as lab:
            print(json.dumps(lab.truth()), flush=True)
            while sys.stdin.buffer.read(4096):
                pass
    except LabError as error:
        raise SystemExit(f"kea_lab: {error}") from None


if __name__ == "__main__":
    main()
