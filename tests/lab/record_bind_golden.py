#!/usr/bin/env python3
"""Records what dig and nsupdate ask a real BIND and what it answers into tests/golden/bind, and seeds for the fuzz targets of wire/dns and wire/rndc.

The lab's keys are made for one run and recorded too: they open nothing.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request

import bind_settings as settings
from bind_lab import BindLab

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
FOLDER = os.path.join(GOLDEN, "bind")
BIG = 1500


class TcpTap:
    """Stands before a server's TCP port (or address and port) for one connection and keeps what goes through it."""

    def __init__(self, port):
        self.asked, self.answered = b"", b""
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(30)
        self._to = port
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        client, _ = self._server.accept()
        upstream = socket.create_connection(self._to if isinstance(self._to, tuple) else ("127.0.0.1", self._to), 30)
        back = threading.Thread(target=self._answers, args=(upstream, client))
        back.start()
        while data := client.recv(65536):
            self.asked += data
            upstream.sendall(data)
        upstream.shutdown(socket.SHUT_WR)
        back.join()
        for each in (client, upstream, self._server):
            each.close()

    def _answers(self, upstream, client):
        try:
            while data := upstream.recv(65536):
                self.answered += data
                client.sendall(data)
        except OSError:
            pass

    def wait(self):
        self._thread.join(30)
        return self.asked, self.answered


def messages_of(stream):
    found = []
    while stream:
        length = int.from_bytes(stream[:2], "big")
        found.append(stream[2:2 + length])
        stream = stream[2 + length:]
    return found


def write(folder, name, content):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


class Recorder:
    def __init__(self, lab):
        self.lab = lab
        self.seeds = {name: os.path.join(GOLDEN, "fuzz", name) for name in ("dns_message_fuzz", "dns_transfer_fuzz", "dns_text_fuzz", "rndc_fuzz")}
        for folder in (FOLDER, *self.seeds.values()):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)

    def _keep(self, name, asked, answered):
        write(FOLDER, name + ".request", asked)
        write(FOLDER, name + ".answer", answered)
        for kind, stream in (("request", asked), ("answer", answered)):
            for number, message in enumerate(messages_of(stream)[:3]):
                write(self.seeds["dns_message_fuzz"], f"{name}.{kind}.{number}", message)

    def dig(self, name, *arguments, key=None, port=None, seed=False):
        tap = TcpTap(port or self.lab.primary.port)
        key_arguments = ["-y", f"{key['algorithm']}:{key['name']}:{key['secret']}"] if key else []
        command = ["dig", "@127.0.0.1", "-p", str(tap.port), "+tcp", "+tries=1", *key_arguments, *arguments]
        text = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout
        asked, answered = tap.wait()
        self._keep(name, asked, answered)
        if seed:
            write(self.seeds["dns_transfer_fuzz"], name, len(asked).to_bytes(2, "big") + asked + answered)
        return text

    def nsupdate(self, name, zone, lines, key):
        tap = TcpTap(self.lab.primary.port)
        text = f"server 127.0.0.1 {tap.port}\nzone {zone}\n" + "\n".join(lines) + "\nsend\n"
        arguments = ["nsupdate", "-v", "-y", f"{key['algorithm']}:{key['name']}:{key['secret']}"]
        subprocess.run(arguments, input=text, capture_output=True, text=True, check=False, timeout=60)
        self._keep(name, *tap.wait())

    def rndc(self, name, *words):
        tap = TcpTap(self.lab.primary.control_port)
        path = self.lab.processes.write("golden-rndc.conf", settings.key_clause(self.lab.keys["rndc-key"]))
        subprocess.run(["rndc", "-k", path, "-s", "127.0.0.1", "-p", str(tap.port), *words], capture_output=True, text=True, check=False, timeout=60)
        asked, answered = tap.wait()
        write(FOLDER, name + ".request", asked)
        write(FOLDER, name + ".answer", answered)
        for kind, stream in (("request", asked), ("answer", answered)):
            while stream:
                length = int.from_bytes(stream[:4], "big")
                write(self.seeds["rndc_fuzz"], f"{name}.{kind}.{len(stream)}", stream[4:4 + length])
                stream = stream[4 + length:]


def record(lab):
    recorder = Recorder(lab)
    keys = lab.keys
    lines = (" ".join(keys[name].values()) for name in ("transfer-key", "update-key", "rndc-key"))
    write(FOLDER, "keys.txt", "".join(line + "\n" for line in lines).encode())
    text = recorder.dig("axfr", "+noall", "+answer", settings.ZONE, "AXFR", key=keys["transfer-key"], seed=True)
    write(FOLDER, "axfr.txt", text.encode())
    for number, line in enumerate(sorted({" ".join(line.split(None, 4)[3:]) for line in text.splitlines() if line})):
        write(recorder.seeds["dns_text_fuzz"], f"record.{number:02d}", line.encode())
    for number, line in enumerate(sorted({line.split()[0] for line in text.splitlines() if line})):
        write(recorder.seeds["dns_text_fuzz"], f"name.{number:02d}", b"NS " + line.encode())
    recorder.dig("axfr-many", "+noall", "+answer", settings.BIG, "AXFR", key=keys["transfer-key"], seed=True)
    recorder.dig("axfr-unsigned-refused", settings.ZONE, "AXFR")
    recorder.dig("axfr-bad-key", settings.ZONE, "AXFR", key=dict(keys["transfer-key"], name="no-such-key"))
    recorder.dig("axfr-bad-signature", settings.ZONE, "AXFR", key=dict(keys["transfer-key"], secret=keys["update-key"]["secret"]))
    recorder.dig("query-soa", "+norec", settings.ZONE, "SOA")
    recorder.dig("query-nxdomain", "+norec", "nothing." + settings.ZONE, "A")
    recorder.dig("query-refused", "+norec", "elsewhere.example", "A")
    recorder.dig("query-version", "version.bind", "CH", "TXT")
    recorder.dig("query-signed", "+norec", "www." + settings.ZONE, "ANY", key=keys["transfer-key"])
    recorder.dig("query-servfail", "+norec", "broken.example", "SOA")
    lab.primary.update(settings.ZONE, ["update add new-1.lab.example. 300 A 10.0.2.1"], keys["update-key"])
    recorder.nsupdate("update-create", settings.ZONE, ["prereq nxrrset new-2.lab.example. A", "update add new-2.lab.example. 300 A 10.0.2.2"], keys["update-key"])
    recorder.nsupdate("update-yxrrset", settings.ZONE, ["prereq nxrrset new-2.lab.example. A", "update add new-2.lab.example. 300 A 10.0.2.3"], keys["update-key"])
    recorder.nsupdate("update-delete", settings.ZONE, ["prereq yxrrset new-1.lab.example. A 10.0.2.1", "update delete new-1.lab.example. A 10.0.2.1"], keys["update-key"])
    recorder.nsupdate("update-wrong-key", settings.ZONE, ["update delete new-2.lab.example."], keys["transfer-key"])
    serial = lab.primary.serial(settings.ZONE)
    recorder.dig("ixfr", "+noall", "+answer", settings.ZONE, f"IXFR={settings.PRIMARY_SERIAL}", key=keys["transfer-key"], seed=True)
    recorder.dig("ixfr-up-to-date", settings.ZONE, f"IXFR={serial}", key=keys["transfer-key"], seed=True)
    recorder.dig("ixfr-went-back", settings.ZONE, f"IXFR={serial + 1000}", key=keys["transfer-key"], seed=True)
    recorder.dig("ixfr-whole-zone", "static.example", f"IXFR={settings.PRIMARY_SERIAL - 5}", key=keys["transfer-key"], seed=True)
    recorder.rndc("rndc-status", "status")
    recorder.rndc("rndc-zonestatus", "zonestatus", settings.ZONE)
    recorder.rndc("rndc-unknown-zone", "zonestatus", "nowhere.example")
    recorder.rndc("rndc-unknown-command", "frobnicate")


def record_statistics(lab):
    """What the statistics channels tell, of both servers; only this by --statistics."""
    folder = os.path.join(GOLDEN, "fuzz", "bind9_statistics_fuzz")
    os.makedirs(folder, exist_ok=True)
    for server in (lab.primary, lab.secondary):
        for what in ("status", "zones"):
            with urllib.request.urlopen(f"http://127.0.0.1:{server.statistics_port}/json/v1/{what}", timeout=30) as answer:
                text = answer.read()
            write(FOLDER, f"{server.name}.{what}.json", text)
            write(folder, f"{server.name}.{what}", text)


def main():
    if sys.argv[1:] != ["--statistics"]:
        with BindLab(big=BIG, secondary=False) as lab:
            record(lab)
    with BindLab() as lab:
        record_statistics(lab)


if __name__ == "__main__":
    main()
