#!/usr/bin/env python3
"""Records what a real Kea answers through its control agent into tests/golden/kea: tests/lab/record_kea_golden.py

What differs from run to run and is secret or names this machine (password, folder, process id) is replaced by constant text.
"""

import base64
import json
import os
import re
import urllib.error
import urllib.request

from kea_lab import KeaLab

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "kea")
PAGE = 25


def ask(lab, body, with_credential=True):
    """The answer's body, whatever its HTTP status."""
    headers = {"Content-Type": "application/json"}
    if with_credential:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{lab.user}:{lab.password}".encode()).decode()
    try:
        with urllib.request.urlopen(urllib.request.Request(lab.url, body.encode(), headers), timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def command(lab, name, arguments=None, service="dhcp4"):
    return ask(lab, json.dumps({"command": name, "service": [service], **({"arguments": arguments} if arguments else {})}))


def record(lab, name, text):
    text = text.replace(lab.database_password, "golden-database-password").replace(lab.password, "golden-agent-password")
    text = re.sub(r'"pid": \d+', '"pid": 4242', text.replace(lab.processes.folder, "/run/kea-lab"))
    with open(os.path.join(FOLDER, name + ".json"), "w", encoding="utf-8") as file:
        file.write(text)


def record_pages(lab):
    after = "start"
    while True:
        text = command(lab, "lease4-get-page", {"from": after, "limit": PAGE})
        record(lab, f"lease4-get-page.{after}", text)
        leases = json.loads(text)[0]["arguments"]["leases"]
        if len(leases) < PAGE:
            return
        after = leases[-1]["ip-address"]


def record_version6():
    """The same agent with both services; what is asked of dhcp4 is as without."""
    with KeaLab(leases=3, ipv6=True) as lab:
        for name in ("list-commands", "version-get", "status-get", "config-get", "statistic-get-all", "stat-lease6-get"):
            record(lab, f"dhcp6.{name}", command(lab, name, service="dhcp6"))
        record(lab, "dhcp6.lease6-get-page.start", command(lab, "lease6-get-page", {"from": "start", "limit": PAGE}, "dhcp6"))
        record(lab, "dhcp6.lease6-get-page.past-the-end", command(lab, "lease6-get-page", {"from": "2001:db8:ffff::", "limit": PAGE}, "dhcp6"))
        for scope in (1, 12):
            record(lab, f"dhcp6.lease6-get-all.{scope}", command(lab, "lease6-get-all", {"subnets": [scope]}, "dhcp6"))
        lab.processes.stop("kea-dhcp6")
        record(lab, "dhcp6.error.server-stopped", command(lab, "version-get", service="dhcp6"))


def main():
    os.makedirs(FOLDER, exist_ok=True)
    for name in os.listdir(FOLDER):
        if name.endswith(".json"):
            os.remove(os.path.join(FOLDER, name))
    with KeaLab(leases=60) as lab:
        for name in ("list-commands", "version-get", "status-get", "config-get", "statistic-get-all", "stat-lease4-get"):
            record(lab, name, command(lab, name))
        record_pages(lab)
        for scope in lab.expected():
            record(lab, f"lease4-get-all.{scope['key']}", command(lab, "lease4-get-all", {"subnets": [int(scope["key"])]}))
        record(lab, "lease4-get-page.past-the-end", command(lab, "lease4-get-page", {"from": "10.255.255.255", "limit": PAGE}))
        record(lab, "agent.list-commands", ask(lab, '{"command": "list-commands"}'))
        record(lab, "agent.config-get", ask(lab, '{"command": "config-get"}'))
        record(lab, "error.unauthorized", ask(lab, '{"command": "version-get"}', with_credential=False))
        record(lab, "error.unknown-command", command(lab, "no-such-command"))
        record(lab, "error.no-such-service", command(lab, "version-get", service="dhcp6"))
        record(lab, "error.bad-request", ask(lab, '{"command": '))
        record(lab, "error.bad-argument", command(lab, "lease4-get-page", {"from": "nowhere", "limit": PAGE}))
        lab.processes.stop("kea-dhcp4")
        record(lab, "error.server-stopped", command(lab, "version-get"))
    with KeaLab(leases=0, hooks=()) as lab:
        record(lab, "error.no-hook", command(lab, "lease4-get-page", {"from": "start", "limit": PAGE}))
        record(lab, "list-commands.no-hook", command(lab, "list-commands"))
    record_version6()


if __name__ == "__main__":
    main()
