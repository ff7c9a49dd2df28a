#!/usr/bin/env python3
"""Figure P11: transfers the lab's big zone in turn with dig and with the driver's own way, and prints each pair.

bench/zone_transfer.py PROGRAM [--records 1000000] [--pairs 5]; PROGRAM is zone_transfer_bench of the release build. Both sign with the same key; dig verifies
every message too, prints the records into nothing and keeps none.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "lab"))
import bind_settings  # noqa: E402
from bind_lab import BindLab  # noqa: E402


def dig(lab):
    """The seconds, and those of the processor, that dig takes for the zone."""
    key = lab.keys["transfer-key"]
    command = ["dig", "@127.0.0.1", "-p", str(lab.primary.port), "-y", f"{key['algorithm']}:{key['name']}:{key['secret']}", "+noall", "+answer",
               bind_settings.BIG, "AXFR"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    elapsed, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    with BindLab(big=options.records, secondary=False) as lab:
        command = [options.program, "127.0.0.1", str(lab.primary.port), bind_settings.BIG, lab.keys_file, "transfer-key"]
        for _ in range(options.pairs):
            reference, reference_cpu = dig(lab)
            ours = json.loads(subprocess.check_output(command))
            if ours["records"] != options.records + 2 or ours["signed"] != ours["messages"]:
                raise SystemExit(f"{ours['records']} records of {options.records + 2}, {ours['signed']} of {ours['messages']} messages signed")
            print(json.dumps({**ours, "reference_seconds": round(reference, 3), "reference_cpu_seconds": round(reference_cpu, 3),
                              "ratio": round(ours["seconds"] / reference, 3)}), flush=True)


if __name__ == "__main__":
    main()
