"""Clients repeat each request with its Idempotency-Key until it is answered, while the server is killed: every key has taken one address, and every
answer is the one that was given before."""

import ipaddress
import threading
import unittest

from ipamd_process import IpamdProcess, NoAnswer, is_nightly

CLIENTS = 16
REQUESTS = 400 if is_nightly() else 40  # of each client
KILLS = 3
SUBNET = ipaddress.ip_network("10.4.0.0/16")


class Work:
    """One client's requests, each repeated until it is answered. What was answered is kept by key."""

    def __init__(self, server, number, gate):
        self.server, self.number, self.gate = server, number, gate
        self.answers, self.failures, self.repeated = {}, [], 0
        self.thread = threading.Thread(target=self.run)

    def ask(self, client, key):
        return client.request("POST", "/api/v1/addresses:allocate", {"from": str(SUBNET), "name": key}, {"Idempotency-Key": key})

    def run(self):
        client = self.server.client()
        for turn in range(REQUESTS):
            key = f"key-{self.number}-{turn}"
            while True:
                self.gate.wait()
                try:
                    answer = self.ask(client, key)
                except (NoAnswer, OSError):
                    self.repeated += 1
                    continue
                # A first try that is still under way, or a server that stops.
                if answer.status in (409, 503):
                    self.repeated += 1
                    continue
                if answer.status != 201:
                    self.failures.append(f"{key}: {answer}")
                    return
                self.answers[key] = answer
                break
        client.close()


class RepeatedRequestsTest(unittest.TestCase):
    def test_every_key_takes_effect_once_and_keeps_its_answer_over_kills(self):
        with IpamdProcess() as server:
            client = server.sign_in()
            client.expect(201, "POST", "/api/v1/subnets", {"prefix": str(SUBNET)})
            gate = threading.Event()
            gate.set()
            works = [Work(server, number, gate) for number in range(CLIENTS)]
            for work in works:
                work.thread.start()
            try:
                for kill in range(1, KILLS + 1):
                    self._wait_for(works, CLIENTS * REQUESTS * kill // (KILLS + 1))
                    gate.clear()
                    server.kill()
                    server.start()
                    gate.set()
            finally:
                gate.set()
                for work in works:
                    work.thread.join()
            self.assertEqual([failure for work in works for failure in work.failures], [])
            self._check(client, works)
            repeated = sum(work.repeated for work in works)
            print(f"{CLIENTS * REQUESTS} keys, {KILLS} kills, {repeated} repetitions")

    def _wait_for(self, works, count):
        tick = threading.Event()
        for _ in range(6000):
            if sum(len(work.answers) for work in works) >= count or not any(work.thread.is_alive() for work in works):
                return
            tick.wait(0.02)
        self.fail("the clients do not get on")

    def _check(self, client, works):
        stored = {}
        for item in client.all_items("/api/v1/addresses"):
            self.assertNotIn(item["name"], stored, "a key has taken two addresses")
            stored[item["name"]] = item["address"]
        self.assertEqual(len(stored), CLIENTS * REQUESTS)
        for work in works:
            for key, answer in work.answers.items():
                self.assertEqual(answer.json["addresses"][0]["address"], stored[key])
                again = work.ask(client, key)
                self.assertEqual((again.status, again.body, again.headers["x-ipam-sequence"]),
                                 (answer.status, answer.body, answer.headers["x-ipam-sequence"]))
                self.assertEqual(again.headers["x-ipam-repeated"], "true")


if __name__ == "__main__":
    unittest.main()
