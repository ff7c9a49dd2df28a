#!/usr/bin/env python3
"""Figure P11, into the store: collects the lab's big zone with a whole ipamd on an empty database, in turn with dig into nothing, and prints each pair.

bench/zone_collection.py IPAMD [--records 1000000] [--pairs 5]
"""

import argparse
import json
import os
import sys
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests")
sys.path[:0] = [os.path.join(TESTS, "e2e"), os.path.join(TESTS, "lab")]
import bind_settings  # noqa: E402
from bind_lab import BindLab  # noqa: E402
from ipamd_process import IpamdProcess  # noqa: E402
from zone_transfer import dig  # noqa: E402


def peak_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) // 1024


def collect(lab, records):
    """The seconds of a first collection, from the request to the end of its operation, and the server's peak memory."""
    with IpamdProcess() as server:
        client = server.sign_in()
        key = lab.keys["transfer-key"]
        client.expect(201, "POST", "/api/v1/credentials", {"name": "transfer", "kind": "tsig_key", "user_name": key["name"],
                                                           "algorithm": key["algorithm"], "secret": key["secret"]})
        made = client.expect(201, "POST", "/api/v1/servers", {"name": "ns1", "product": "bind9", "url": f"http://127.0.0.1:{lab.primary.statistics_port}"})
        client.expect(201, "POST", "/api/v1/server_accesses", {"server": "ns1", "kind": "dns", "url": f"dns://127.0.0.1:{lab.primary.port}",
                                                               "credential": "transfer"})
        began = time.monotonic()
        operation = client.expect(202, "POST", f"/api/v1/servers/{made['id']}:collect")
        while operation["state"] in ("waiting", "running"):
            time.sleep(0.02)
            operation = client.expect(200, "GET", f"/api/v1/operations/{operation['id']}")
        elapsed = time.monotonic() - began
        zone = client.expect(200, "GET", f"/api/v1/dns_zones?name={bind_settings.BIG}")["items"][0]
        if operation["state"] != "succeeded" or zone["records"] != records + 2:
            raise SystemExit(f"{zone['records']} records of {records + 2}: {operation}")
        return elapsed, peak_mib(server.pid)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    os.environ["IPAMD"] = options.program
    with BindLab(big=options.records, secondary=False) as lab:
        for _ in range(options.pairs):
            reference, _ = dig(lab)
            seconds, peak = collect(lab, options.records)
            print(json.dumps({"records": options.records, "seconds": round(seconds, 3), "reference_seconds": round(reference, 3),
                              "ratio": round(seconds / reference, 3), "peak_mib": peak}), flush=True)


if __name__ == "__main__":
    main()
