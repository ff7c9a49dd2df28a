"""Figures of a running ipamd (release build, HTTPS on loopback; SQLite, P1 also PostgreSQL): P1, and the requests that were measured of other programs."""

import json
import os
import statistics
import subprocess
import sys
import tempfile

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests")
sys.path[:0] = [os.path.join(TESTS, "e2e"), os.path.join(TESTS, "lab")]
from figure import Row, Section  # noqa: E402
from ipamd_process import IpamdProcess  # noqa: E402
from postgres_lab import PostgresLab  # noqa: E402

PAIRS = 7
SECONDS = 2.0  # a /16 has room for them
TICKS = os.sysconf("SC_CLK_TCK")
ALLOCATE = "/api/v1/addresses:allocate"


class Bench:
    """A server with a session (on the database "ipam" of a PostgreSQL, if one is given), and the programs that load it."""

    def __init__(self, build, lab=None):
        self._programs = os.path.join(build, "bench")
        os.environ["IPAMD"] = os.path.join(build, "bin", "ipamd")
        self._lab = lab
        # On the disk of TMPDIR, like the reference.
        self.server = IpamdProcess(tempfile.mkdtemp(prefix="ipam-bench."), arguments=["--database", lab.url("ipam")] if lab else [])

    def __enter__(self):
        self.server.start()
        self.client = self.server.sign_in()
        self._token_file = os.path.join(self.server.folder, "token")
        with open(os.open(self._token_file, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
            file.write(self.server.token)
        return self

    def __exit__(self, *_):
        self.server.close()
        subprocess.run(["rm", "-r", self.server.folder], check=True)

    def load(self, method, target, body, connections, seconds, status, port=None):
        text = json.dumps(body) if body else "-"
        return self._run("http_load", "127.0.0.1", port or self.server.port, self._token_file, method, target, text, connections, seconds, status)

    def commits(self, seconds):
        """Durable commits of one row a second on the same database: of one connection on SQLite, of eight on PostgreSQL."""
        if self._lab:
            return self._lab.commits("reference", 8, seconds)
        return self._run("commit_bench", os.path.join(self.server.folder, "reference.db"), seconds)["rate"]

    def server_cpu_us(self):
        return cpu_us(self.server.pid)

    def commits_per_request(self):
        """Of this server's whole life, which ends here."""
        first = len(self.server.log().splitlines())
        self.server.stop()
        found = self.server.wait_for_log(r"ipamd stopped requests=(\d+) commits=(\d+)", first)
        return int(found[2]) / int(found[1])

    def _run(self, program, *arguments):
        return json.loads(subprocess.check_output([os.path.join(self._programs, program), *map(str, arguments)]))


def p1(build):
    """Pairs of a reference and a load of 64 clients, each on an empty /16 of its own, on both databases."""
    with Bench(build) as bench:
        rows = p1_rows(bench, "SQLite", "commits/s", 3)
    with PostgresLab() as lab:
        lab.create_database("ipam")
        lab.create_database("reference")
        with Bench(build, lab) as bench:
            rows += p1_rows(bench, "PostgreSQL", "commits/s by 8 connections", 2)
    note = (f"64 kept TLS connections on one empty /16 for {SECONDS:g} s, {PAIRS} pairs; no address came twice; references by bench/commit_bench.cpp and, "
            f"on the same PostgreSQL cluster, by pgbench")
    return Section("P1", note, rows)


def p1_rows(bench, engine, unit, target):
    ratios, rates, references, cpu = [], [], [], []
    for pair in range(PAIRS + 1):
        subnet = f"10.{pair}.0.0/16"
        bench.client.expect(201, "POST", "/api/v1/subnets", {"prefix": subnet})
        # Half of the reference before and half after: a disk that others use changes within seconds.
        reference, before = bench.commits(SECONDS / 2) / 2, bench.server_cpu_us()
        result = bench.load("POST", ALLOCATE, {"from": subnet}, 64, SECONDS, 201)
        used = bench.server_cpu_us() - before
        reference += bench.commits(SECONDS / 2) / 2
        if result["addresses"] != result["requests"]:
            raise SystemExit("P1: an answer without an address")
        if pair == 0:
            continue  # it only warms up
        references.append(reference)
        rates.append(result["rate"])
        ratios.append(result["rate"] / reference)
        cpu.append(used / result["requests"])
        print(f"P1 {engine} pair {pair}: {result['rate']:.0f}/s, {reference:.0f} commits/s, p50 {result['p50_ms']} ms, p99 {result['p99_ms']} ms, "
              f"server {cpu[-1]:.0f} us, client {result['client_cpu_us']} us", flush=True)
    share = bench.commits_per_request()
    return [
        Row("P1", f"durable allocations over HTTPS, {engine}", f"{statistics.median(rates):,.0f}/s", f"{statistics.median(references):,.0f} {unit}",
            ratios, f"≥ {target}", statistics.median(ratios) >= target),
        Row("P1", f"commits an allocation, {engine}", f"1/{1 / share:.0f}", "", [], "≤ 1/16", share <= 1 / 16),
        Row("P1", f"server CPU an allocation, {engine}", f"{statistics.median(cpu):.0f} µs", "", [], "≤ 150 µs", statistics.median(cpu) <= 150)]


def p3(build):
    """Pairs of the same load on our server and on a bare one."""
    own, bare, ratios = [], [], []
    with Bench(build) as bench:
        bench.client.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.0.0.0/24"})
        made = bench.client.expect(201, "POST", "/api/v1/addresses", {"address": "10.0.0.9", "name": "app7.example", "description": "an ordinary host"})
        target = f"/api/v1/addresses/{made['id']}"
        body_bytes = len(json.dumps(bench.client.expect(200, "GET", target), separators=(",", ":")))
        with HelloServer(build, os.path.join(bench.server.folder, "data"), body_bytes) as hello:
            for pair in range(PAIRS + 1):
                mine = cpu_a_request(bench.server.pid, lambda: bench.load("GET", target, None, 16, SECONDS, 200))
                other = cpu_a_request(hello.pid, lambda: bench.load("GET", target, None, 16, SECONDS, 200, hello.port))
                if pair == 0:
                    continue  # it only warms up
                own.append(mine)
                bare.append(other)
                ratios.append(mine / other)
                print(f"P3 pair {pair}: ours {mine:.1f} us, bare {other:.1f} us", flush=True)
    note = f"16 kept TLS connections for {SECONDS:g} s, one address of {body_bytes} bytes of JSON, {PAIRS} pairs; the reference is bench/hello_server.cpp"
    return Section("P3", note, [Row("P3", "server CPU of a GET of one address", f"{statistics.median(own):.1f} µs",
                                    f"{statistics.median(bare):.1f} µs (bare Beast)", ratios, "≤ 1.5", statistics.median(ratios) <= 1.5)])


class HelloServer:
    """The bare server, with our server's certificate."""

    def __init__(self, build, data_folder, body_bytes):
        program = os.path.join(build, "bench", "hello_server")
        files = [os.path.join(data_folder, name) for name in ("server.crt", "server.key")]
        self._process = subprocess.Popen([program, *files, str(body_bytes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = self._process.pid
        self.port = int(self._process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(10)


def cpu_a_request(pid, load):
    """Microseconds of the process's processor time for each request of the load."""
    before = cpu_us(pid)
    requests = load()["requests"]
    return (cpu_us(pid) - before) / requests


def cpu_us(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1e6 / TICKS


# What is asked, of how many clients, and the quickest of the other programs (seconds an answer; docs: they ran on a like machine, at another time).
PEER_NOTE = "the peers' quickest figure, from an earlier run on a like machine; 170 000 addresses loaded; median of the rounds' medians"
ROUNDS = 5


def peers(build):
    with Bench(build) as bench:
        ids = _load_peers_data(bench)
        cases = [
            ("next free address in a /16 with 60 000 used, taken, 1 client", "POST", ALLOCATE, {"from": "10.1.0.0/16"}, 1, 0.28, 1000),
            ("the same, 8 clients", "POST", ALLOCATE, {"from": "10.1.0.0/16"}, 8, 8 / 3.7, 1000),
            ("next free in an empty /8, 1 client", "POST", ALLOCATE, {"from": "20.0.0.0/8"}, 1, 9.7e-3, 1000),
            ("the same, 8 clients", "POST", ALLOCATE, {"from": "20.0.0.0/8"}, 8, 8 / 92, 1000),
            ("list 50 of 170 000", "GET", "/api/v1/addresses?limit=50", None, 1, 61e-3, 50),
            ("one address by its value", "GET", "/api/v1/addresses?address=10.1.100.7", None, 1, 3.6e-3, 50),
            ("exact host name among 170 000", "GET", "/api/v1/addresses?name=a-name-of-its-own", None, 1, 3.9e-3, 50),
            ("utilization of the parent of 1 000 /24s", "GET", f"/api/v1/blocks/{ids['block']}", None, 1, 72e-3, 50)]
        taken = [[] for _ in cases]
        disk = bench.commits(SECONDS)
        for round_number in range(ROUNDS):
            for number, (_, method, target, body, clients, _, _) in enumerate(cases):
                # The /16 has 5 000 free: it is given few of them a round.
                seconds = 0.05 if body and body["from"].startswith("10.1.") else 0.4
                taken[number].append(bench.load(method, target, body, clients, seconds, 201 if body else 200)["p50_ms"] / 1000)
    rows = []
    for (name, _, _, _, _, peer, target), seconds in zip(cases, taken):
        ratios = [peer / each for each in seconds]
        rows.append(Row("peers", name, _duration(statistics.median(seconds)), _duration(peer), ratios, f"≥ {target}",
                        statistics.median(ratios) >= target))
    return Section("peers", f"{PEER_NOTE}; {ROUNDS} rounds. An allocation by one client takes a durable commit of this disk, of which it made "
                            f"{disk:,.0f} a second", rows)


def _load_peers_data(bench):
    client = bench.client
    for prefix in ("10.1.0.0/16", "10.4.0.0/15", "20.0.0.0/8"):
        client.expect(201, "POST", "/api/v1/subnets", {"prefix": prefix})
    for prefix, thousands in (("10.1.0.0/16", 60), ("10.4.0.0/15", 110)):
        for number in range(thousands):
            client.expect(201, "POST", ALLOCATE, {"from": prefix, "count": 1000, "name": f"host-{prefix}-{number}"})
    client.expect(201, "POST", "/api/v1/addresses", {"address": "10.5.255.1", "name": "a-name-of-its-own"})
    block = client.expect(201, "POST", "/api/v1/blocks", {"prefix": "30.0.0.0/8"})
    for number in range(1000):
        client.expect(201, "POST", "/api/v1/subnets", {"prefix": f"30.{number // 256}.{number % 256}.0/24"})
        client.expect(201, "POST", ALLOCATE, {"from": f"30.{number // 256}.{number % 256}.0/24", "count": 20})
    return {"block": block["id"]}


def _duration(seconds):
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.1f} s"
