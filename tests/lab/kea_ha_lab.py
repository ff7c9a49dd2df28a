#!/usr/bin/env python3
"""Two real Kea DHCPv4 servers that are partners in hot standby, each behind a control agent of its own, on loopback.

As a library:   with KeaPartners() as lab: … lab.urls, lab.stop_partner()
As a program:   prints one line of JSON and runs until its standard input closes; a line "stop" on it stops the second partner's DHCP server, which
                is answered by one more line of JSON when the first has noticed.

Python 3.9 or later, standard library only.
"""

import json
import secrets
import socket
import sys

import kea_settings
from lab_processes import LabError, LabProcesses, ServerExited, free_port, require_programs

PACKAGES = {"kea-dhcp4": "kea-dhcp4-server", "kea-ctrl-agent": "kea-ctrl-agent"}
NAMES = ("kea-a", "kea-b")
ROLES = {"kea-a": "primary", "kea-b": "standby"}
START_ATTEMPTS = 5


class KeaPartners:
    def __init__(self, folder=None):
        require_programs(PACKAGES)
        self.user = "cadastre"
        self.password = secrets.token_urlsafe(24)
        self.partner_password = secrets.token_urlsafe(24)  # of the partners to each other
        self.urls = {}
        self.processes = LabProcesses(folder)
        self._sockets = {name: self.processes.path(f"{name}.sock") for name in NAMES}

    def __enter__(self):
        try:
            for attempt in range(START_ATTEMPTS):
                try:
                    self._start()
                    break
                except ServerExited:  # a port that was free when it was chosen
                    if attempt + 1 == START_ATTEMPTS:
                        raise
                    for name in NAMES:
                        self.processes.stop(f"{name}.dhcp4")
                        self.processes.stop(f"{name}.agent")
            self.processes.wait_until(lambda: all(self.agrees(name) for name in NAMES), "the partners' agreement")
            return self
        except BaseException:
            self.processes.stop_all()
            raise

    def __exit__(self, *_):
        self.processes.stop_all()

    def command(self, name, command):
        """Asks the partner's DHCP server itself. Answers nothing while it cannot be asked."""
        try:
            with socket.socket(socket.AF_UNIX) as channel:
                channel.settimeout(5)
                channel.connect(self._sockets[name])
                channel.sendall(json.dumps({"command": command}).encode())
                parts = []
                while part := channel.recv(1 << 16):
                    parts.append(part)
            return json.loads(b"".join(parts))
        except (OSError, ValueError):
            return {}

    def state(self, name):
        relationships = self.command(name, "status-get").get("arguments", {}).get("high-availability", [])
        return relationships[0]["ha-servers"]["local"]["state"] if relationships else None

    def agrees(self, name):
        """Whether this partner serves as agreed and has heard the other one say that it does too."""
        relationships = self.command(name, "status-get").get("arguments", {}).get("high-availability", [])
        servers = relationships[0]["ha-servers"] if relationships else {"local": {}, "remote": {}}
        remote = servers["remote"]
        return (servers["local"].get("state") == "hot-standby" and remote.get("last-state") == "hot-standby" and
                not remote.get("communication-interrupted", False))

    def stop_partner(self):
        """The second partner's server goes; the first serves alone once it has noticed."""
        self.processes.stop("kea-b.dhcp4")
        self.processes.wait_until(lambda: self.state("kea-a") == "partner-down", "the notice that the partner is gone")

    def truth(self):
        return {"folder": self.processes.folder, "user": self.user, "urls": self.urls, "password_file": self.processes.write("password", self.password),
                "secrets_file": self.processes.write("secrets.json", json.dumps([self.password, self.partner_password]))}

    def _start(self):
        ports = {name: free_port(socket.SOCK_STREAM) for name in NAMES}
        peers = [{"name": name, "url": f"http://127.0.0.1:{ports[name]}/", "role": ROLES[name], "basic-auth-user": "partner",
                  "basic-auth-password": self.partner_password} for name in NAMES]
        for name in NAMES:
            folder = self.processes.folder
            environment = {"KEA_PIDFILE_DIR": folder, "KEA_LOCKFILE_DIR": folder}
            settings = self.processes.write(f"{name}.conf", json.dumps(self._dhcp4(name, peers), indent=1))
            self.processes.start(f"{name}.dhcp4", ["kea-dhcp4", "-p", str(free_port(socket.SOCK_DGRAM)), "-P", str(free_port(socket.SOCK_DGRAM)),
                                                   "-c", settings], environment)
            port = free_port(socket.SOCK_STREAM)
            agent = kea_settings.control_agent(self._sockets[name], None, port, self.user, self.password)
            self.processes.start(f"{name}.agent", ["kea-ctrl-agent", "-c", self.processes.write(f"{name}.agent.conf", json.dumps(agent, indent=1))],
                                 environment)
            self.urls[name] = f"http://127.0.0.1:{port}/"

            def answers(port=port, name=name):
                try:
                    with socket.create_connection(("127.0.0.1", port), 1):
                        return self.command(name, "status-get").get("result") == 0
                except OSError:
                    return False
            self.processes.wait_until(answers, f"{name}'s first answer")

    def _dhcp4(self, name, peers):
        relationship = {"this-server-name": name, "mode": "hot-standby", "heartbeat-delay": 300, "max-response-delay": 1000, "max-ack-delay": 1000,
                        "max-unacked-clients": 0, "sync-leases": True, "peers": peers,
                        "multi-threading": {"enable-multi-threading": True, "http-dedicated-listener": True, "http-listener-threads": 1,
                                            "http-client-threads": 1}}
        return {"Dhcp4": {
            "interfaces-config": {"interfaces": []},
            "control-socket": {"socket-type": "unix", "socket-name": self._sockets[name]},
            "multi-threading": {"enable-multi-threading": True, "thread-pool-size": 1, "packet-queue-size": 16},
            "lease-database": {"type": "memfile", "name": self.processes.path(f"{name}.leases.csv"), "lfc-interval": 0},
            "hooks-libraries": [{"library": f"{kea_settings.HOOKS}/libdhcp_lease_cmds.so"},
                                {"library": f"{kea_settings.HOOKS}/libdhcp_ha.so", "parameters": {"high-availability": [relationship]}}],
            "subnet4": [{"id": 1, "subnet": "10.70.0.0/24", "pools": [{"pool": "10.70.0.10-10.70.0.99"}]}],
            "loggers": [{"name": "kea-dhcp4", "severity": "WARN", "output_options": [{"output": "stderr"}]}],
        }}


def main():
    try:
        with KeaPartners() as lab:
            print(json.dumps(lab.truth()), flush=True)
            for line in sys.stdin:
                if line.strip() == "stop":
                    lab.stop_partner()
                    print(json.dumps({"stopped": "kea-b"}), flush=True)
    except LabError as error:
        raise SystemExit(f"kea_ha_lab: {error}") from None


if __name__ == "__main__":
    main()
