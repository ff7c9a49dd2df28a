"""Two servers on one PostgreSQL, many clients on both, while a node is killed, the database crashes, and the other node is killed: every address that was
acknowledged is there, none twice, journal and feed have no gap, and a read with At-Least never shows less than it promised."""

import ipaddress
import os
import shutil
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
from ipamd_process import IpamdProcess, NoAnswer, is_nightly  # noqa: E402
from postgres_lab import PostgresLab  # noqa: E402

CLIENTS = 64 if is_nightly() else 16
ALLOCATIONS = 40_000 if is_nightly() else 1_500
SUBNET = ipaddress.ip_network("10.2.0.0/16")
READ_EVERY = 4  # allocations of a client, one is read back from the other node
AWAY = (503, 504)  # the node has lost its database, or has not caught up in time


class Tally:
    """What the clients were told. Any thread."""

    def __init__(self):
        self._changed = threading.Condition()
        self.acknowledged = []  # (address, name, sequence)
        self.unanswered = set()  # names of requests of which nobody knows whether they were done
        self.failures = []
        self.reads, self.late_reads = 0, 0

    def done(self, answer, name):
        with self._changed:
            self.acknowledged.append((answer["addresses"][0]["address"], name, answer["sequence"]))
            self._changed.notify_all()

    def in_doubt(self, name):
        with self._changed:
            self.unanswered.add(name)

    def read(self, late):
        with self._changed:
            self.reads += 1
            self.late_reads += late

    def fail(self, text):
        with self._changed:
            self.failures.append(text)
            self._changed.notify_all()

    def wait_for(self, count, seconds):
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.acknowledged) >= count or self.failures, seconds):
                raise AssertionError(f"only {len(self.acknowledged)} of {count} addresses in {seconds} s")

    @property
    def over(self):
        return len(self.acknowledged) >= ALLOCATIONS or self.failures


class Allocator:
    """One client: allocates on its node, and reads on the other what it was given. One thread."""

    def __init__(self, number, node, other, tally):
        self._number, self._tally = number, tally
        self._client, self._other = node.client(timeout=30.0), other.client(timeout=30.0)
        self._pause = threading.Event()  # never set: a wait that ends by its time

    def run(self):
        turn = 0
        while not self._tally.over:
            turn += 1
            self._allocate(f"client-{self._number}-{turn}", turn % READ_EVERY == 0)
        self._client.close()
        self._other.close()

    def _allocate(self, name, read_back):
        try:
            answer = self._client.request("POST", "/api/v1/addresses:allocate", {"from": str(SUBNET), "name": name})
        except NoAnswer:
            self._tally.in_doubt(name)
            self._pause.wait(0.05)
            return
        if answer.status in AWAY:
            self._tally.in_doubt(name)
            self._pause.wait(0.05)
        elif answer.status != 201:
            self._tally.fail(f"{name}: {answer}")
        else:
            self._tally.done(answer.json, name)
            if read_back:
                self._read(answer.json)

    def _read(self, made):
        """The other node either shows the address or says that it cannot yet."""
        path = f"/api/v1/addresses/{made['addresses'][0]['id']}"
        try:
            answer = self._other.request("GET", path, headers={"At-Least": str(made["sequence"])})
        except NoAnswer:
            return
        if answer.status not in (200, *AWAY):
            self._tally.fail(f"read with At-Least {made['sequence']} on the other node: {answer}")
        self._tally.read(answer.status != 200)


class SeveralNodesTest(unittest.TestCase):
    def test_no_acknowledged_address_is_lost_or_given_twice(self):
        with PostgresLab() as lab:
            lab.create_database("ipam")
            with self._first_node(lab) as one, self._second_node(lab, one) as two:
                one.sign_in().expect(201, "POST", "/api/v1/subnets", {"prefix": str(SUBNET)})
                two.token = one.token
                tally = Tally()
                allocators = [Allocator(i, *((one, two) if i % 2 == 0 else (two, one)), tally) for i in range(CLIENTS)]
                threads = [threading.Thread(target=allocator.run) for allocator in allocators]
                began = time.monotonic()
                for thread in threads:
                    thread.start()
                try:
                    self._disturb(lab, one, two, tally)
                    tally.wait_for(ALLOCATIONS, 120 + ALLOCATIONS / 50)
                finally:
                    tally.fail("") if not tally.over else None
                    for thread in threads:
                        thread.join()
                seconds = time.monotonic() - began
                self.assertEqual(tally.failures, [])
                self._check(lab, one, two, tally)
                print(f"{len(tally.acknowledged)} addresses for {CLIENTS} clients on two nodes in {seconds:.1f} s, two nodes killed, the database crashed "
                      f"once; {len(tally.unanswered)} requests in doubt; {tally.reads} reads with At-Least, {tally.late_reads} answered that the node "
                      f"was late")

    def test_another_master_key_is_refused(self):
        with PostgresLab() as lab:
            lab.create_database("ipam")
            with self._first_node(lab) as one:
                stranger = IpamdProcess(arguments=["--database", lab.url("ipam")])
                try:
                    with self.assertRaises(AssertionError) as missing:
                        stranger.start()
                    self.assertIn("copy master.key", str(missing.exception))
                    os.makedirs(os.path.join(stranger.folder, "data"), exist_ok=True)
                    with open(os.open(os.path.join(stranger.folder, "data", "master.key"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
                        file.write("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=\n")
                    with self.assertRaises(AssertionError) as other:
                        stranger.start()
                    self.assertIn("another master key", str(other.exception))
                finally:
                    stranger.close()
                self.assertTrue(one.is_running())

    def _first_node(self, lab):
        return IpamdProcess(arguments=["--database", lab.url("ipam")])

    def _second_node(self, lab, first):
        folder = tempfile.mkdtemp(prefix="ipam-e2e.")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "data"), mode=0o700)
        shutil.copy(os.path.join(first.folder, "data", "master.key"), os.path.join(folder, "data", "master.key"))
        return IpamdProcess(folder=folder, arguments=["--database", lab.url("ipam")])

    def _disturb(self, lab, one, two, tally):
        for step, disturb in enumerate((two.kill, lab.stop_immediately, one.kill), 1):
            tally.wait_for(ALLOCATIONS * step // 4, 120 + ALLOCATIONS / 50)
            disturb()
            {1: two.start, 2: lab.start, 3: one.start}[step]()

    def _check(self, lab, one, two, tally):
        addresses = [address for address, _, _ in tally.acknowledged]
        self.assertEqual(len(set(addresses)), len(addresses), "an address was acknowledged twice")
        newest = max(sequence for _, _, sequence in tally.acknowledged)
        for node in (one, two):
            client = node.client()
            # Waits, if need be, until the node has seen everything.
            client.expect(200, "GET", "/api/v1/addresses?limit=1", headers={"At-Least": str(newest)})
            stored = {item["address"]: item for item in client.all_items("/api/v1/addresses")}
            for address, name, _ in tally.acknowledged:
                self.assertIn(address, stored, "an acknowledged address is lost")
                self.assertEqual(stored[address]["name"], name)
            acknowledged = set(addresses)
            for address, item in stored.items():
                if address not in acknowledged:
                    self.assertIn(item["name"], tally.unanswered, f"{address} was stored for nobody")
            sequence = 0
            for record in client.all_items("/api/v1/journal", sort="sequence"):
                sequence += 1
                self.assertEqual(record["sequence"], sequence, "the journal has a gap")
            subnet = next(client.all_items("/api/v1/subnets"))
            self.assertEqual(subnet["utilization"]["assigned"], len(stored), "the index and the database differ")
        feed = lab.query("ipam", "SELECT count(*), min(position), max(position), (SELECT position FROM feed_head) FROM change_feed").split("|")
        self.assertEqual(feed[0], feed[2], "the feed has a gap")
        self.assertEqual((feed[1], feed[2]), ("1", feed[3]))


if __name__ == "__main__":
    unittest.main()
