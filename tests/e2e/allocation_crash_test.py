"""Many clients allocate from one subnet while the server is killed: no address is acknowledged twice, none that was acknowledged is lost."""

import ipaddress
import threading
import time
import unittest

from ipamd_process import IpamdProcess, NoAnswer, is_nightly

CLIENTS = 64
ALLOCATIONS = 100_000 if is_nightly() else 3_000
KILLS = 2
SUBNET = ipaddress.ip_network("10.2.0.0/15")


class Tally:
    """What the clients were told, and where they wait for a server that is away. Any thread."""

    def __init__(self):
        self._changed = threading.Condition()
        self.acknowledged = []  # (address, name, sequence)
        self.unanswered = set()  # names
        self.failures = []
        self._serving = True

    def done(self, answer, name):
        with self._changed:
            self.acknowledged.append((answer["addresses"][0]["address"], name, answer["sequence"]))
            self._changed.notify_all()

    def no_answer(self, name):
        with self._changed:
            self.unanswered.add(name)
            self._changed.wait_for(lambda: self._serving)

    def fail(self, text):
        with self._changed:
            self.failures.append(text)
            self._changed.notify_all()

    def set_serving(self, serving):
        with self._changed:
            self._serving = serving
            self._changed.notify_all()

    def wait_for(self, count, seconds):
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.acknowledged) >= count or self.failures, seconds):
                raise AssertionError(f"only {len(self.acknowledged)} of {count} addresses in {seconds} s")

    @property
    def over(self):
        return len(self.acknowledged) >= ALLOCATIONS or self.failures


def allocate(server, tally, number):
    client = server.client()
    turn = 0
    while not tally.over:
        turn += 1
        name = f"client-{number}-{turn}"
        try:
            answer = client.request("POST", "/api/v1/addresses:allocate", {"from": str(SUBNET), "name": name})
        except NoAnswer:
            tally.no_answer(name)
            continue
        if answer.status != 201:
            tally.fail(f"{name}: {answer}")
            return
        tally.done(answer.json, name)
    client.close()


class AllocationCrashTest(unittest.TestCase):
    def test_every_acknowledged_address_is_there_once_after_kills(self):
        with IpamdProcess() as server:
            client = server.sign_in()
            client.expect(201, "POST", "/api/v1/subnets", {"prefix": str(SUBNET)})
            tally = Tally()
            threads = [threading.Thread(target=allocate, args=(server, tally, i)) for i in range(CLIENTS)]
            began = time.monotonic()
            for thread in threads:
                thread.start()
            try:
                self._kill_twice(server, tally)
                tally.wait_for(ALLOCATIONS, 60 + ALLOCATIONS / 100)
            finally:
                tally.fail("") if not tally.over else None
                tally.set_serving(True)
                for thread in threads:
                    thread.join()
            seconds = time.monotonic() - began
            self.assertEqual(tally.failures, [])
            self._check(client, tally)
            print(f"{len(tally.acknowledged)} addresses for {CLIENTS} clients in {seconds:.1f} s with {KILLS} kills; "
                  f"{len(tally.unanswered)} requests without answer")

    def _kill_twice(self, server, tally):
        for kill in range(1, KILLS + 1):
            tally.wait_for(ALLOCATIONS * kill // (KILLS + 1), 60 + ALLOCATIONS / 100)
            tally.set_serving(False)
            server.kill()
            server.start()
            tally.set_serving(True)

    def _check(self, client, tally):
        addresses = [address for address, _, _ in tally.acknowledged]
        self.assertEqual(len(set(addresses)), len(addresses), "an address was acknowledged twice")
        stored = {}
        for item in client.all_items("/api/v1/addresses"):
            self.assertNotIn(item["address"], stored, "an address is stored twice")
            self.assertIn(ipaddress.ip_address(item["address"]), SUBNET)
            stored[item["address"]] = item
        for address, name, _ in tally.acknowledged:
            self.assertIn(address, stored, "an acknowledged address is lost")
            self.assertEqual(stored[address]["name"], name)
        acknowledged = set(addresses)
        for address, item in stored.items():
            if address not in acknowledged:
                self.assertIn(item["name"], tally.unanswered, f"{address} was stored for nobody")
        self._check_journal(client, tally, stored)

    def _check_journal(self, client, tally, stored):
        sequence, recorded = 0, {}
        for record in client.all_items("/api/v1/journal", sort="sequence"):
            sequence += 1
            self.assertEqual(record["sequence"], sequence, "the journal has a gap")
            if record["object_type"] == "address":
                recorded[record["object_id"]] = record["sequence"]
        self.assertEqual({item["id"] for item in stored.values()}, set(recorded), "addresses and their records differ")
        for address, _, acknowledged_at in tally.acknowledged:
            self.assertEqual(recorded[stored[address]["id"]], acknowledged_at)


if __name__ == "__main__":
    unittest.main()
