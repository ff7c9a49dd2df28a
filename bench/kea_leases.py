#!/usr/bin/env python3
"""Figure P12, control channel: reads all leases of the lab's Kea in turn with a bare pager and with the driver, and prints each pair.

bench/kea_leases.py PROGRAM [--leases 1000000] [--pairs 5]; PROGRAM is kea_leases_bench of the release build. The bare pager asks for the same pages over
one kept connection and looks only for the last address of each.
"""

import argparse
import base64
import http.client
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "lab"))
from kea_lab import KeaLab  # noqa: E402

PAGE = 500
ADDRESS = re.compile(rb'"ip-address": "([0-9.]+)"')


def page_through(lab):
    """The number of leases and the seconds that it took to have their bytes."""
    url = urllib.parse.urlsplit(lab.url)
    connection = http.client.HTTPConnection(url.hostname, url.port)
    headers = {"Content-Type": "application/json",
               "Authorization": "Basic " + base64.b64encode(f"{lab.user}:{lab.password}".encode()).decode()}
    count, after, began = 0, "start", time.monotonic()
    while True:
        question = {"command": "lease4-get-page", "service": ["dhcp4"], "arguments": {"from": after, "limit": PAGE}}
        connection.request("POST", "/", json.dumps(question), headers)
        found = ADDRESS.findall(connection.getresponse().read())
        count += len(found)
        if len(found) < PAGE:
            return count, time.monotonic() - began
        after = found[-1].decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--leases", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    with KeaLab(leases=0, scale=options.leases) as lab:
        for _ in range(options.pairs):
            count, reference = page_through(lab)
            ours = json.loads(subprocess.check_output([options.program, lab.url, lab.user, lab.password_file]))
            if ours["leases"] != count:
                raise SystemExit(f"the driver read {ours['leases']} leases, the pager {count}")
            print(json.dumps({**ours, "reference_seconds": round(reference, 3), "ratio": round(ours["seconds"] / reference, 3)}), flush=True)


if __name__ == "__main__":
    main()
