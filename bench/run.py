#!/usr/bin/env python3
"""Runs figures with the programs of a release build and writes them into bench/results.md.

bench/run.py BUILD-FOLDER [P1 P2 P12 peers …]     all of them when none is named
"""

import datetime
import json
import os
import platform
import statistics
import subprocess
import sys

from figure import Row, Section, merge
from server_figures import p1, peers

FOLDER = os.path.dirname(os.path.abspath(__file__))
RESULTS = os.path.join(FOLDER, "results.md")


def p2(build):
    """The index alone; the program pairs the cases itself."""
    output = subprocess.check_output([os.path.join(build, "bench", "next_free_bench")], text=True)
    lines = [json.loads(line) for line in output.splitlines()]
    cases = [line for line in lines if line.get("figure") == "P2" and line["case"] != "ipv4 /24, empty" and "no subnet" not in line["case"]]
    empty = {line["work"]: line for line in lines if line.get("figure") == "P2" and line["case"] == "ipv4 /24, empty"}
    rows = [Row("P2", f"{case['work']}: {case['case']}", f"{case['median_ns']:.0f} ns", f"{empty[case['work']]['median_ns']:.0f} ns (empty /24)",
                [case["ratio_min"], case["ratio"], case["ratio_max"]], "≤ 2", case["ratio"] <= 2) for case in cases]
    return Section("P2", f"1 M subnets, 10 M IPv4 and 1 M IPv6 addresses in the same index; {cases[0]['rounds']} rounds", rows)


def p12(build, leases=100_000):
    """A real Kea's leases, against a bare pager."""
    program = os.path.join(build, "bench", "kea_leases_bench")
    output = subprocess.check_output([sys.executable, os.path.join(FOLDER, "kea_leases.py"), program, "--leases", str(leases)], text=True)
    pairs = [json.loads(line) for line in output.splitlines()]
    ratios = [pair["ratio"] for pair in pairs]
    row = Row("P12", "all leases of one Kea over its control channel", f"{statistics.median(pair['seconds'] for pair in pairs):.2f} s",
              f"{statistics.median(pair['reference_seconds'] for pair in pairs):.2f} s (bare pager)", ratios, "≤ 1.5", statistics.median(ratios) <= 1.5)
    return Section("P12", f"{leases:,} leases, {len(pairs)} pairs", [row])


FIGURES = {"P1": p1, "P2": p2, "P12": p12, "peers": peers}


def circumstances():
    commit = subprocess.run(["git", "-C", FOLDER, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return (f"Commit {commit or 'unknown'}, {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC; {os.cpu_count()} × {model}, Linux "
            f"{platform.release()}, load {os.getloadavg()[0]:.1f} before (also by other work).")


def main():
    build, wanted = sys.argv[1], sys.argv[2:] or list(FIGURES)
    if unknown := [name for name in wanted if name not in FIGURES]:
        raise SystemExit(f"no such figure: {' '.join(unknown)}; there are {' '.join(FIGURES)}")
    for name in wanted:
        around = circumstances()
        text = FIGURES[name](build).text(around)
        print(text, flush=True)
        former = open(RESULTS, encoding="utf-8").read() if os.path.exists(RESULTS) else ""
        with open(RESULTS, "w", encoding="utf-8") as file:
            file.write(merge(former, {name: text}))


if __name__ == "__main__":
    main()
