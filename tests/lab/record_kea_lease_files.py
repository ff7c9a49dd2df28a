#!/usr/bin/env python3
"""Writes the seeds of kea_lease_file_fuzz: the lease files of a real kea-dhcp4 and kea-dhcp6 after their leases were added, changed and deleted."""

import json
import os
import shutil
import socket

import kea_settings
from lab_processes import LabProcesses, free_port, require_programs

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "fuzz", "kea_lease_file_fuzz")
FOREVER = 4102444800  # 2100: the files shall not change from day to day


def main():
    require_programs({"kea-dhcp4": "kea-dhcp4-server", "kea-dhcp6": "kea-dhcp6-server"})
    os.makedirs(OUT, exist_ok=True)
    processes = LabProcesses()
    try:
        lease4 = {"ip-address": "10.70.0.10", "hw-address": "02:00:00:00:70:01", "client-id": "01:02:00:00:00:70:01", "subnet-id": 1, "valid-lft": 3600,
                  "expire": FOREVER, "hostname": "first.example."}
        record(processes, 4, {"subnet4": [{"id": 1, "subnet": "10.70.0.0/24"}]}, [
            ("lease4-add", lease4),
            ("lease4-add", {**lease4, "ip-address": "10.70.0.11", "hw-address": "02:00:00:00:70:02", "client-id": "01:02:00:00:00:70:02",
                            "user-context": {"a,b": "c&d", "e": "&#x2c"}}),
            ("lease4-update", {**lease4, "hostname": "a,b&c"}),
            ("lease4-add", {"ip-address": "10.70.0.12", "hw-address": "02:00:00:00:70:03", "subnet-id": 1, "valid-lft": 4294967295}),
            ("lease4-del", {"ip-address": "10.70.0.11"})])
        lease6 = {"ip-address": "2001:db8::10", "duid": "00:03:00:01:02:00:00:00:70:01", "iaid": 7, "subnet-id": 1, "valid-lft": 3600,
                  "preferred-lft": 1800, "expire": FOREVER, "hw-address": "02:00:00:00:70:01", "hostname": "router.example."}
        record(processes, 6, {"subnet6": [{"id": 1, "subnet": "2001:db8::/64", "pd-pools": [{"prefix": "2001:db8:8000::", "prefix-len": 40,
                                                                                          "delegated-len": 56}]}],
                              "data-directory": processes.folder}, [
            ("lease6-add", lease6),
            ("lease6-add", {**lease6, "type": "IA_PD", "ip-address": "2001:db8:8000::", "prefix-len": 56, "iaid": 8})])
    finally:
        processes.stop_all()


def record(processes, version, settings, commands):
    name, channel = f"kea-dhcp{version}", processes.path(f"{version}.sock")
    leases = processes.path(f"leases{version}.csv")
    configuration = {f"Dhcp{version}": {
        "interfaces-config": {"interfaces": []}, "control-socket": {"socket-type": "unix", "socket-name": channel},
        "lease-database": {"type": "memfile", "name": leases, "lfc-interval": 0},
        "hooks-libraries": [{"library": f"{kea_settings.HOOKS}/libdhcp_lease_cmds.so"}],
        "loggers": [{"name": name, "severity": "WARN", "output_options": [{"output": "stderr"}]}], **settings}}
    path = processes.write(f"{name}.conf", json.dumps(configuration))
    processes.start(name, [name, "-p", str(free_port(socket.SOCK_DGRAM)), "-c", path],
                    {"KEA_PIDFILE_DIR": processes.folder, "KEA_LOCKFILE_DIR": processes.folder})
    processes.wait_until(lambda: ask(channel, "status-get", {}) is not None, f"{name}'s first answer")
    for command, arguments in commands:
        answer = ask(channel, command, arguments)
        if answer is None or answer["result"] != 0:
            raise SystemExit(f"{command}: {answer}")
    processes.stop(name)
    shutil.copyfile(leases, os.path.join(OUT, f"lease{version}"))


def ask(channel, command, arguments):
    try:
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(10)
            stream.connect(channel)
            stream.sendall(json.dumps({"command": command, "arguments": arguments}).encode())
            parts = []
            while part := stream.recv(1 << 16):
                parts.append(part)
        return json.loads(b"".join(parts))
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    main()
