#!/usr/bin/env python3
"""Real BIND 9 name servers on loopback, for tests, demonstrations and benchmarks: a primary, and a secondary with zones in every state.

As a library:   with BindLab() as lab: … lab.primary.port, lab.keys["transfer-key"], lab.truth()
As a program:   tests/lab/bind_lab.py [--big 1000000]
                prints one line of JSON (ports, file with the keys, what the servers hold) and runs until its standard input closes or it is sent
                SIGTERM or SIGINT; then it stops its servers and removes its folder.

Runs as root and as any other user. Python 3.9 or later, standard library only.
"""

import argparse
import base64
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time

import bind_settings as settings
from lab_processes import LabError, LabProcesses, ServerExited, free_port, require_programs

PACKAGES = {"named": "bind9", "dig": "bind9-dnsutils", "nsupdate": "bind9-dnsutils", "rndc": "bind9-utils"}
START_ATTEMPTS = 5
KEY_BYTES = {"hmac-sha1": 20, "hmac-sha224": 28, "hmac-sha256": 32, "hmac-sha384": 48, "hmac-sha512": 64}


def free_dns_port():
    """A port that was free a moment ago for UDP and TCP alike."""
    while True:
        port = free_port(socket.SOCK_STREAM)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Named:
    """One named with a folder, ports and keys of its own."""

    def __init__(self, processes, name, keys, statistics=True, zone_statistics="full"):
        self.processes, self.name, self.keys = processes, name, keys
        self._statistics, self._zone_statistics = statistics, zone_statistics
        self.folder = processes.path(name)
        os.mkdir(self.folder, 0o700)
        self.port = self.control_port = self.statistics_port = 0

    def write_zone(self, zone, text):
        with open(os.path.join(self.folder, zone + ".zone"), "w", encoding="ascii") as file:
            file.write(text)
        return zone + ".zone"

    def start(self, zones):
        for attempt in range(START_ATTEMPTS):
            self.port, self.control_port = free_dns_port(), free_port(socket.SOCK_STREAM)
            self.statistics_port = free_port(socket.SOCK_STREAM) if self._statistics else 0
            try:
                self._start(zones)
                return
            except ServerExited:
                if attempt + 1 == START_ATTEMPTS:
                    raise

    def restart_on_the_same_ports(self, zones):
        self.processes.stop(self.name)
        self._start(zones)

    def _start(self, zones):
        self.processes.stop(self.name)
        text = settings.named_conf(self.folder, self.port, self.control_port, self.statistics_port, self.keys, zones, self._zone_statistics)
        path = os.path.join(self.folder, "named.conf")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(text)
        self.processes.start(self.name, ["named", "-g", "-c", path, "-n", "1"])
        self.processes.wait_until(lambda: self.answers(), f"{self.name}'s first answer", 120)

    def dig(self, *arguments, key=None, timeout=60):
        """What dig prints."""
        key_arguments = ["-y", f"{key['algorithm']}:{key['name']}:{key['secret']}"] if key else []
        command = ["dig", "@127.0.0.1", "-p", str(self.port), *key_arguments, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout).stdout

    def answers(self):
        return "status: " in self.dig("+time=1", "+tries=1", "+norec", "version.bind", "CH", "TXT")

    def serial(self, zone):
        """The serial that it answers with, or None."""
        words = self.dig("+short", "+norec", "+time=2", "+tries=1", zone, "SOA").split()
        return int(words[2]) if len(words) == 7 else None

    def rndc(self, *words):
        key_file = self.processes.write("rndc.conf", settings.key_clause(next(key for key in self.keys if key["name"] == "rndc-key")))
        return subprocess.run(["rndc", "-k", key_file, "-s", "127.0.0.1", "-p", str(self.control_port), *words], capture_output=True, text=True, check=True, timeout=60).stdout

    def update(self, zone, lines, key):
        """Sends an update by nsupdate."""
        text = f"server 127.0.0.1 {self.port}\nzone {zone}\n" + "\n".join(lines) + "\nsend\n"
        arguments = ["nsupdate", "-y", f"{key['algorithm']}:{key['name']}:{key['secret']}"]
        done = subprocess.run(arguments, input=text, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode != 0:
            raise LabError(f"nsupdate failed: {done.stderr}{done.stdout}")


class BindLab:
    """A primary, and (unless it is left out) a secondary with zones in every state. Entering starts them; leaving stops them."""

    def __init__(self, big=0, secondary=True, zone_statistics="full", folder=None):
        require_programs(PACKAGES)
        self._big, self._with_secondary = big, secondary
        self.processes = LabProcesses(folder)
        names = {"transfer-key": "hmac-sha256", "update-key": "hmac-sha512", "rndc-key": "hmac-sha256"}
        names.update({f"key-{algorithm}": algorithm for algorithm in KEY_BYTES})
        self.keys = {name: {"name": name, "algorithm": algorithm, "secret": base64.b64encode(secrets.token_bytes(KEY_BYTES[algorithm])).decode()}
                     for name, algorithm in names.items()}
        self.primary = Named(self.processes, "primary", list(self.keys.values()), zone_statistics=zone_statistics)
        self.secondary = Named(self.processes, "secondary", list(self.keys.values())) if secondary else None

    def __enter__(self):
        try:
            self._start_primary()
            if self._with_secondary:
                self._start_secondary()
            self.keys_file = self.processes.write("keys.txt", "".join(" ".join(key.values()) + "\n" for key in self.keys.values()))
            return self
        except BaseException:
            self.processes.stop_all()
            raise

    def __exit__(self, *_):
        self.processes.stop_all()

    def _start_primary(self):
        write = self.primary.write_zone
        zone = settings.primary_zone
        zones = zone(settings.ZONE, write(settings.ZONE, settings.soa() + settings.LAB_RECORDS), "update-key")
        zones += zone(settings.REVERSE, write(settings.REVERSE, settings.soa() + settings.REVERSE_RECORDS), "update-key")
        zones += zone(settings.REVERSE6, write(settings.REVERSE6, settings.soa() + settings.REVERSE6_RECORDS), "update-key")
        zones += zone("static.example", write("static.example", settings.soa() + settings.SMALL_RECORDS))
        zones += zone("closed.example", write("closed.example", settings.soa() + settings.SMALL_RECORDS), transfer=None)
        zones += zone("private.example", write("private.example", settings.soa() + settings.SMALL_RECORDS), extra="allow-query { none; }; ")
        zones += zone("broken.example", write("broken.example", "@ 3600 IN A 10.0.0.1\n"))  # no SOA record: never loaded
        for algorithm in KEY_BYTES:
            name = f"{algorithm}.example"
            zones += zone(name, write(name, settings.soa() + settings.SMALL_RECORDS), f"key-{algorithm}", f"key-{algorithm}")
        if self._big:
            settings.write_big_zone(os.path.join(self.primary.folder, settings.BIG + ".zone"), self._big)
            zones += zone(settings.BIG, settings.BIG + ".zone")
        self.primary.start(zones)
        if self._big:
            self.processes.wait_until(lambda: self.primary.serial(settings.BIG) is not None, "the load of the big zone", 60 + self._big / 10000)

    def _start_secondary(self):
        """Its zones come from the primary, from a primary that goes away, and from one that never was."""
        gone = Named(self.processes, "gone-primary", list(self.keys.values()), statistics=False)
        zone = settings.primary_zone
        short = settings.soa(refresh=1, retry=1, expire=2) + settings.SMALL_RECORDS
        gone.start(zone("expired.example", gone.write_zone("expired.example", short)))
        nobody = free_dns_port()
        quick = "min-refresh-time 1; max-refresh-time 2; min-retry-time 1; max-retry-time 2;"
        zones = "".join(settings.secondary_zone(name, name + ".copy", self.primary.port) for name in (settings.ZONE, settings.REVERSE, "static.example"))
        zones += self._orphan(nobody)
        zones += settings.secondary_zone("expired.example", "expired.copy", gone.port, quick)
        zones += settings.secondary_zone("never.example", "never.copy", nobody, quick)
        self.secondary.start(zones)
        for name in (settings.ZONE, settings.REVERSE, "static.example", "orphan.example", "expired.example"):
            self.processes.wait_until(lambda zone_name=name: self.secondary.serial(zone_name) is not None, f"the transfer of {name}")
        self.processes.stop("gone-primary")
        self.processes.wait_until(lambda: "SERVFAIL" in self.secondary.dig("+norec", "expired.example", "SOA"), "the expiry of expired.example")

    def _orphan(self, nobody):
        """A secondary zone that was confirmed last hours ago, for BIND takes a copy's time for that; its primary does not answer."""
        path = os.path.join(self.secondary.folder, "orphan.copy")
        with open(path, "w", encoding="ascii") as file:
            file.write("$ORIGIN orphan.example.\n" + settings.soa(refresh=3600, retry=600, expire=86400) + settings.SMALL_RECORDS)
        confirmed = time.time() - 3 * 3600
        os.utime(path, (confirmed, confirmed))
        return settings.secondary_zone("orphan.example", "orphan.copy", nobody, "masterfile-format text;")

    def truth(self):
        """The line that the program prints."""
        def told(server):
            return {"port": server.port, "control_port": server.control_port, "statistics_port": server.statistics_port}
        return {"primary": told(self.primary), "secondary": told(self.secondary) if self.secondary else None, "folder": self.processes.folder,
                "keys_file": self.keys_file, "zone": settings.ZONE, "reverse": settings.REVERSE, "reverse6": settings.REVERSE6,
                "serial": settings.PRIMARY_SERIAL, "big": {"zone": settings.BIG, "records": self._big + 2} if self._big else None}


def plain(truth):
    """The ports and the file with the keys (NAME ALGORITHM SECRET a line), for a reader without JSON."""
    ports = {"port": 0, "control_port": 0, "statistics_port": 0}
    words = [word for name in ("primary", "secondary") for word in (name, *(truth[name] or ports).values())]
    return " ".join(map(str, [*words, truth["keys_file"]]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--big", type=int, default=0, help="how many A records a zone big.example has (none by default)")
    parser.add_argument("--primary-only", action="store_true", help="leave the secondary out")
    parser.add_argument("--zone-statistics", default="full", choices=["full", "terse", "none"], help="the primary's zone-statistics")
    parser.add_argument("--plain", action="store_true", help="print a line of words instead of JSON")
    parser.add_argument("--state", metavar="FOLDER", help="the folder for all files (empty or new; removed at the end)")
    options = parser.parse_args()

    def stop(*_):
        raise SystemExit(0)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        with BindLab(options.big, not options.primary_only, options.zone_statistics, options.state) as lab:
            print(plain(lab.truth()) if options.plain else json.dumps(lab.truth()), flush=True)
            while sys.stdin.buffer.read(4096):
                pass
    except LabError as error:
        raise SystemExit(f"bind_lab: {error}") from None


if __name__ == "__main__":
    main()
