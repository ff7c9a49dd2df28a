#!/usr/bin/env python3
"""Runs figures with the programs of a release build and writes them into bench/results.md.

bench/run.py BUILD-FOLDER [P1 P2 P8 P11 P12 peers …]     all of them when none is named
"""

import datetime
import json
import os
import platform
import statistics
import subprocess
import sys

from figure import Row, Section, merge
from server_figures import p1, p3, peers

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


def p5(build):
    """The index alone."""
    output = subprocess.check_output([os.path.join(build, "bench", "utilization_bench")], text=True)
    tree, change, audit = [json.loads(line) for line in output.splitlines()]
    levels = change["levels"]
    return Section("P5", f"{tree['prefixes']:,} prefixes in {levels} levels, {tree['addresses']:,} addresses; {change['changes']:,} changes, each alone; "
                         f"{change['wrong_utilizations']} of the asked utilizations were wrong", [
        Row("P5", "nodes touched by a change, the most", str(change["nodes_max"]), f"{levels} levels of prefixes", [change["nodes_max"] / levels],
            "≤ depth", change["nodes_max"] <= levels),
        Row("P5", "differences of a full recount", str(audit["recount_differences"]), "", [], "0", audit["recount_differences"] == 0)])


def p7(build):
    """Memory of the index, from the same program as P2."""
    output = subprocess.check_output([os.path.join(build, "bench", "next_free_bench")], text=True)
    lines = [json.loads(line) for line in output.splitlines() if line.startswith('{"memory"')]
    rows = [Row("P7", line["memory"], f"{line['bytes_per_address']:.1f} B an address", "", [], "≤ 40 B" if line["memory"].startswith("ipv4") else "≤ 64 B",
                line["bytes_per_address"] <= (40 if line["memory"].startswith("ipv4") else 64)) for line in lines]
    return Section("P7", "heap bytes of the index for each address, prefixes included where the row says so", rows)


def p8(build, lines=1_000_000):
    """Parsing alone: storing comes with the tracking store, and with it the row that has a target."""
    output = subprocess.check_output([os.path.join(build, "bench", "dhcp_audit_log_bench"), str(lines), "5"], text=True)
    pairs = [json.loads(line) for line in output.splitlines()]
    rate = lambda name: f"{lines / statistics.median(pair[name] for pair in pairs):,.0f}/s"
    ratios = [pair["rate_ratio"] for pair in pairs]
    row = Row("P8", f"lines of a DHCP audit log parsed, not stored; peak {max(pair['peak_mib'] for pair in pairs)} MiB", rate("seconds"),
              f"{rate('reference_seconds')} (sqlite3 .import)", ratios, "≥ 0.5, before storing", statistics.median(ratios) >= 0.5)
    return Section("P8", f"{lines:,} lines of 19 columns, {pairs[0]['bytes'] / 1e6:.0f} MB; 5 pairs; the reference fills a table with two indexes", [row])


MANY_LEASES = 1_000_000


def p12(build, leases=50_000):
    """A real Kea's leases, against a bare pager."""
    program = os.path.join(build, "bench", "kea_leases_bench")
    output = subprocess.check_output([sys.executable, os.path.join(FOLDER, "kea_leases.py"), program, "--leases", str(leases), "--pairs", "5"], text=True)
    pairs = [json.loads(line) for line in output.splitlines()]
    ratios = [pair["ratio"] for pair in pairs]
    row = Row("P12", "all leases of one Kea over its control channel", f"{statistics.median(pair['seconds'] for pair in pairs):.2f} s",
              f"{statistics.median(pair['reference_seconds'] for pair in pairs):.2f} s (bare pager)", ratios, "≤ 1.5", statistics.median(ratios) <= 1.5)
    rows = [row]
    for route, name, reference in [("database", "from its PostgreSQL", "psql COPY"), ("file", "from its lease file by SFTP", "sftp get")]:
        program = os.path.join(build, "bench", "kea_lease_routes_bench")
        lines = [json.loads(line) for line in subprocess.check_output([program, route, str(MANY_LEASES), "5"], text=True).splitlines()]
        ratios = [line["ratio"] for line in lines]
        median = statistics.median(ratios)
        rows.append(Row("P12", f"{MANY_LEASES:,} leases {name}; peak {max(line['peak_mib'] for line in lines)} MiB",
                        f"{statistics.median(line['seconds'] for line in lines):.2f} s",
                        f"{statistics.median(line['reference_seconds'] for line in lines):.2f} s ({reference})", ratios, "≤ 1.5", median <= 1.5))
    return Section("P12", f"control channel: {leases:,} leases; 5 pairs each", rows)


def p11_stored(build, records):
    """The same zone by a whole collection of ipamd, into SQLite and journalled as a summary: the first one, which brings every record."""
    command = [sys.executable, os.path.join(FOLDER, "zone_collection.py"), os.path.join(build, "bin", "ipamd"), "--records", str(records), "--pairs", "5"]
    pairs = [json.loads(line) for line in subprocess.check_output(command, text=True).splitlines()]
    ratios = [pair["ratio"] for pair in pairs]
    return Row("P11", f"AXFR into the store of ipamd (SQLite), indexes included; peak {max(pair['peak_mib'] for pair in pairs)} MiB",
               f"{statistics.median(pair['seconds'] for pair in pairs):.2f} s", f"{statistics.median(pair['reference_seconds'] for pair in pairs):.2f} s (dig)",
               ratios, "≤ 3", statistics.median(ratios) <= 3)


def p11(build, records=1_000_000):
    """A zone of a real BIND, received, verified and read as text, against dig into nothing."""
    program = os.path.join(build, "bench", "zone_transfer_bench")
    output = subprocess.check_output([sys.executable, os.path.join(FOLDER, "zone_transfer.py"), program, "--records", str(records)], text=True)
    pairs = [json.loads(line) for line in output.splitlines()]
    median = lambda name: statistics.median(pair[name] for pair in pairs)
    ratios = [pair["ratio"] for pair in pairs]
    cpu_ratios = [pair["cpu_seconds"] / pair["reference_cpu_seconds"] for pair in pairs]
    rows = [Row("P11", "AXFR received, verified and read, without the store", f"{median('seconds'):.2f} s", f"{median('reference_seconds'):.2f} s (dig)", ratios,
                "≤ 1", statistics.median(ratios) <= 1),
            Row("P11", "the same, seconds of our processor", f"{median('cpu_seconds'):.2f} s", f"{median('reference_cpu_seconds'):.2f} s (dig)", cpu_ratios,
                "≤ 1", statistics.median(cpu_ratios) <= 1)]
    rows.append(p11_stored(build, records))
    note = (f"{pairs[0]['records']:,} records, {pairs[0]['bytes'] / 1e6:.1f} MB in {pairs[0]['messages']} messages, all signed; peak memory "
            f"{max(pair['peak_mib'] for pair in pairs)} MiB; {len(pairs)} pairs")
    return Section("P11", note, rows)


FIGURES = {"P1": p1, "P2": p2, "P3": p3, "P5": p5, "P7": p7, "P8": p8, "P11": p11, "P12": p12, "peers": peers}


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
