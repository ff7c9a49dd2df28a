#!/usr/bin/env python3
"""Writes tests/golden/radius: accounting packets that FreeRADIUS's radclient sent, what a real FreeRADIUS answered, and its detail file.

A relay on a loopback port stands between the two and keeps the octets. Requests have the secret "testing123".
"""

import os
import shutil
import socket
import subprocess
import threading

from lab_processes import LabProcesses, free_port, require_programs

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "radius")
SECRET = "testing123"

START = """User-Name = "alice", Acct-Status-Type = Start, Acct-Session-Id = "S1", Acct-Multi-Session-Id = "M1", NAS-IP-Address = 10.0.0.5,
NAS-Identifier = "switch1", NAS-Port = 7, NAS-Port-Id = "Gi1/0/7", NAS-Port-Type = Ethernet, Calling-Station-Id = "AA-BB-CC-DD-EE-01",
Called-Station-Id = "00-11-22-33-44-55:office", Event-Timestamp = "Nov 22 2026 23:13:53 UTC", Acct-Delay-Time = 2, Class = 0x0102,
Proxy-State = 0xdead, Proxy-State = 0xbeef, Acct-Authentic = RADIUS"""
INTERIM = """User-Name = "alice", Acct-Status-Type = Interim-Update, Acct-Session-Id = "S1", NAS-IP-Address = 10.0.0.5, Framed-IP-Address = 10.1.0.10,
Framed-IPv6-Prefix = 2001:db8:1::/64, Framed-IPv6-Address = 2001:db8:1::10, Delegated-IPv6-Prefix = 2001:db8:f000::/56, Framed-Interface-Id = 0:0:0:10,
Calling-Station-Id = "aabb.ccdd.ee01", Acct-Session-Time = 60, Acct-Input-Octets = 10, Acct-Input-Gigawords = 1, Acct-Output-Octets = 20,
Cisco-AVPair = "audit-session-id=0A01", Cisco-AVPair = "dhcp-option=\\\\"x\\\\"" """
STOP = """User-Name = "al\\\\"ice", Acct-Status-Type = Stop, Acct-Session-Id = "S1", NAS-IPv6-Address = 2001:db8::5, Framed-IP-Address = 10.1.0.10,
Acct-Terminate-Cause = User-Request, Acct-Session-Time = 61"""
ON = 'Acct-Status-Type = Accounting-On, NAS-IP-Address = 10.0.0.5, Acct-Session-Id = "0"'

CONFIGURATION = """
prefix = /usr
libdir = /usr/lib/freeradius
logdir = {folder}
run_dir = {folder}
max_requests = 64
security {{ status_server = yes }}
modules {{
  detail {{ filename = {folder}/detail
    permissions = 0600 }}
  always ok {{ rcode = ok }}
}}
client lab {{ ipaddr = 127.0.0.1
  secret = {secret} }}
server accounting {{
  listen {{ type = acct
    ipaddr = 127.0.0.1
    port = {port} }}
  preacct {{
    ok
  }}
  accounting {{
    detail
  }}
  authorize {{
    Autz-Type Status-Server {{
      ok
    }}
  }}
}}
"""


class Relay:
    """Passes packets on to a port, and the answers back; keeps both."""

    def __init__(self, port):
        self.packets = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port, self.server, self.client = self.socket.getsockname()[1], ("127.0.0.1", port), None
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            packet, sender = self.socket.recvfrom(4096)
            self.packets.append(packet)
            if sender == self.server:
                self.socket.sendto(packet, self.client)
            else:
                self.client = sender
                self.socket.sendto(packet, self.server)


def main():
    require_programs({"freeradius": "freeradius", "radclient": "freeradius-utils"})
    os.makedirs(OUT, exist_ok=True)
    processes = LabProcesses()
    try:
        port = free_port(socket.SOCK_DGRAM)
        processes.write("radiusd.conf", CONFIGURATION.format(folder=processes.folder, port=port, secret=SECRET))
        shutil.copyfile("/etc/freeradius/3.0/dictionary", processes.path("dictionary"))
        processes.start("freeradius", ["freeradius", "-f", "-l", "stdout", "-d", processes.folder])
        relay = Relay(port)
        processes.wait_until(lambda: send(relay, "status", 'Message-Authenticator = 0x00') is not None, "the first answer")
        for name, kind, attributes in [("status_server", "status", "Message-Authenticator = 0x00"), ("start", "acct", START),
                                       ("interim", "acct", INTERIM), ("stop", "acct", STOP), ("on", "acct", ON)]:
            answered = send(relay, kind, attributes)
            if answered is None:
                raise SystemExit(f"{name}: no answer")
            for side, packet in zip(("request", "answer"), answered):
                with open(os.path.join(OUT, f"{name}.{side}"), "wb") as file:
                    file.write(packet)
        processes.stop("freeradius")
        shutil.copyfile(processes.path("detail"), os.path.join(OUT, "detail"))
    finally:
        processes.stop_all()


def send(relay, kind, attributes):
    """The request and its answer, or nothing where none came."""
    relay.packets.clear()
    subprocess.run(["radclient", "-r", "1", "-t", "2", f"127.0.0.1:{relay.port}", kind, SECRET], input=attributes.replace("\n", " ").replace("\\\\", "\\") + "\n", text=True,
                   capture_output=True, check=False)
    return list(relay.packets) if len(relay.packets) == 2 else None


if __name__ == "__main__":
    main()
