"""SIGKILL at random instants while everything is written: what was acknowledged stays, nothing is there by half, and the server is soon back."""

import random
import threading
import time
import unittest

from ipamd_process import IpamdProcess, NoAnswer, is_nightly

KILLS = 300 if is_nightly() else 20
WORKERS = 8
BACK_WITHIN_SECONDS = 10.0
MOST_OBJECTS = 60  # of a worker, so that every check is quick
SUBNET = "10.1.0.0/20"
NOUNS = {"address": "/api/v1/addresses", "subnet": "/api/v1/subnets"}


class Worker:
    """Creates, changes and deletes objects of its own, and remembers for each what it was told. One thread; read by others when that has ended."""

    def __init__(self, server, number, seed):
        self._client, self._number, self._random = server.client(), number, random.Random(seed)
        self._turn = 0
        self.there = {}  # (type, id) → name, as acknowledged
        self.gone = set()  # (type, id), as acknowledged
        self.in_doubt = set()  # (type, id) with a change or deletion that got no answer
        self.failure = ""

    def run(self):
        """Until the server is gone."""
        try:
            while True:
                self._step()
        except NoAnswer:
            self._client.close()
        except AssertionError as error:
            self.failure = str(error)

    def _step(self):
        self._turn += 1
        name = f"worker-{self._number}-{self._turn}"
        settled = [key for key in self.there if key not in self.in_doubt]
        choice = self._random.random()
        if not settled or (choice < 0.5 and len(settled) < MOST_OBJECTS):
            made = self._client.expect(201, "POST", "/api/v1/addresses:allocate", {"from": SUBNET, "name": name, "count": self._random.choice((1, 3))})
            for address in made["addresses"]:
                self.there["address", address["id"]] = name
        elif choice < 0.6 and len(settled) < MOST_OBJECTS:
            prefix = f"10.{self._number + 16}.{self._turn % 256}.{self._turn // 256 % 16 * 16}/28"
            answer = self._client.request("POST", "/api/v1/subnets", {"prefix": prefix, "name": name})
            if answer.status == 201:
                self.there["subnet", answer.json["id"]] = name
            elif answer.code not in ("already_exists", "conflict"):  # a creation that got no answer may have made it
                raise AssertionError(f"creating {prefix}: {answer}")
        else:
            self._change(self._random.choice(settled), name, delete=choice < 0.9)

    def _change(self, key, name, delete):
        path = f"{NOUNS[key[0]]}/{key[1]}"
        self.in_doubt.add(key)  # until it is answered
        if delete:
            self._client.expect(204, "DELETE", path)
            self.gone.add(key)
            del self.there[key]
        else:
            self._client.expect(200, "PATCH", path, {"name": name})
            self.there[key] = name
        self.in_doubt.discard(key)


class KillTest(unittest.TestCase):
    def test_no_kill_loses_or_halves_a_write(self):
        seed = random.randrange(1 << 32)
        print(f"seed {seed}")
        instants = random.Random(seed)
        with IpamdProcess() as server:
            client = server.sign_in()
            client.expect(201, "POST", "/api/v1/subnets", {"prefix": SUBNET})
            self._journal, self._sequence = {}, 0  # what the journal says is there: (type, id) → name
            workers = [Worker(server, i, seed + i) for i in range(WORKERS)]
            slowest = 0.0
            for _ in range(KILLS):
                self._run_and_kill(server, workers, instants.uniform(0.01, 0.4))
                began = time.monotonic()
                server.start(BACK_WITHIN_SECONDS)
                self._check(client, workers)
                slowest = max(slowest, time.monotonic() - began)
            print(f"{KILLS} kills, {self._sequence} journal records; slowest start with all checks {slowest:.2f} s")

    def _run_and_kill(self, server, workers, after_seconds):
        threads = [threading.Thread(target=worker.run) for worker in workers]
        for thread in threads:
            thread.start()
        threads[0].join(after_seconds)  # the instant is what is random: no state is waited for
        server.kill()
        for thread in threads:
            thread.join()
        self.assertEqual([worker.failure for worker in workers if worker.failure], [])

    def _check(self, client, workers):
        self._follow_journal(client)
        stored = {("address", item["id"]): item["name"] for item in client.all_items("/api/v1/addresses")}
        subnets = list(client.all_items("/api/v1/subnets"))
        stored.update({("subnet", item["id"]): item["name"] for item in subnets})
        self.assertEqual(stored, self._journal, "the journal and the objects differ")
        for worker in workers:
            for key in worker.gone:
                self.assertNotIn(key, stored, "an acknowledged deletion is lost")
            for key, name in list(worker.there.items()):
                if key not in worker.in_doubt:
                    self.assertEqual(stored.get(key), name, f"an acknowledged write of {key} is lost")
                elif key not in stored:
                    del worker.there[key]
                else:
                    worker.there[key] = stored[key]
            worker.in_doubt.clear()
        # The index, which is built anew at each start, counts what is stored.
        used = next(item["utilization"]["assigned"] for item in subnets if item["prefix"] == SUBNET)
        self.assertEqual(used, sum(1 for kind, _ in stored if kind == "address"))

    def _follow_journal(self, client):
        for record in client.all_items("/api/v1/journal", sort="sequence", sequence__gt=self._sequence):
            self._sequence += 1
            self.assertEqual(record["sequence"], self._sequence, "the journal has a gap")
            key = record["object_type"], record["object_id"]
            if key[0] not in NOUNS:
                continue
            if record["kind"] == "deleted":
                del self._journal[key]
            elif "name" in record["differences"]["fields"]:
                self._journal[key] = record["differences"]["fields"]["name"]["after"]
            else:
                self._journal.setdefault(key, "")


if __name__ == "__main__":
    unittest.main()
