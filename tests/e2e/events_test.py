"""`ipam events tail` against a real server: replay, live tail, going on after a restart; and a server that stops at once with streams open."""

import contextlib
import json
import queue
import signal
import tempfile
import threading
import time
import unittest

from ipam_cli import Ipam
from ipamd_process import IpamdProcess


class EventsTest(unittest.TestCase):
    def setUp(self):
        # Reading a line has no time limit of its own.
        def too_long(*_):
            raise AssertionError("an event that was waited for did not come")
        self.addCleanup(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, too_long))
        self.addCleanup(signal.alarm, 0)
        signal.alarm(180)

    def test_tells_what_was_and_what_comes(self):
        with IpamdProcess() as server:
            client = server.sign_in()
            client.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.1.0.0/24"})
            with Ipam(server).start("events", "tail", "--from", "1", "--object-type", "subnet", "--limit", "3", "-o", "json") as tail:
                first = json.loads(tail.stdout.readline())
                self.assertEqual(first["data"]["object_name"], "10.1.0.0/24")
                # One request, whose two changes are told in their order.
                client.expect(200, "POST", "/api/v1/subnets:batch",
                              {"operations": [{"operation": "create", "body": {"prefix": f"10.{n}.0.0/24"}} for n in (2, 3)]})
                names = [json.loads(tail.stdout.readline())["data"]["object_name"] for _ in range(2)]
                self.assertEqual(names, ["10.2.0.0/24", "10.3.0.0/24"])
                self.assertEqual(tail.wait(30), 0)

    def test_tells_the_runs_of_tasks(self):
        with IpamdProcess() as server:
            client = server.sign_in()
            lines = queue.Queue()
            with Ipam(server).start("events", "tail", "--type", "task", "-o", "json") as tail:
                reader = threading.Thread(target=lambda: [lines.put(line) for line in tail.stdout])
                reader.start()
                try:
                    # Live events are not repeated: the changes of another task tell when the stream is there.
                    period = 3600
                    while lines.empty():
                        period += 1
                        client.expect(200, "PATCH", "/api/v1/tasks/audit", {"period_seconds": period})
                    run = client.expect(202, "POST", "/api/v1/tasks/address-expiry:run")["run"]
                    told = []
                    while not told or told[-1]["runs"] != run:
                        event = json.loads(lines.get(timeout=60))
                        self.assertEqual(event["event"], "task")
                        if event["data"]["name"] == "AddressExpiry":
                            told.append(event["data"])
                    self.assertEqual([(each["running"], each["last_result"], each["runs"]) for each in told[-2:]],
                                     [(True, "running", run - 1), (False, "succeeded", run)])
                finally:
                    tail.kill()
                    reader.join()

    def test_stops_at_once_with_streams_open(self):
        with IpamdProcess() as server:
            server.sign_in()
            ipam = Ipam(server)
            with contextlib.ExitStack() as stack:
                unread = stack.enter_context(tempfile.TemporaryFile())
                for _ in range(5):
                    tail = stack.enter_context(ipam.start("events", "tail", "-o", "json", "--from", "1", stderr=unread))
                    self.assertIn('"event"', tail.stdout.readline())
                began = time.monotonic()
                self.assertEqual(server.stop(), 0)
                self.assertLess(time.monotonic() - began, 10)

    def test_a_hundred_commits_reach_every_watcher_in_order(self):
        with IpamdProcess() as server:
            client = server.sign_in()
            start = client.expect(200, "GET", "/healthz")["sequence"]
            ipam = Ipam(server)
            with contextlib.ExitStack() as stack:
                tails = [stack.enter_context(ipam.start("events", "tail", "--from", str(start + 1), "--limit", "100", "-q")) for _ in range(4)]
                seen = [None] * len(tails)

                def read(number):
                    seen[number] = tails[number].stdout.read().split()
                readers = [threading.Thread(target=read, args=(number,)) for number in range(len(tails))]
                for reader in readers:
                    reader.start()
                for number in range(100):
                    client.expect(201, "POST", "/api/v1/blocks", {"prefix": f"10.{number}.0.0/16"})
                for reader in readers:
                    reader.join()
                for numbers in seen:
                    self.assertEqual(numbers, [str(start + 1 + number) for number in range(100)])


if __name__ == "__main__":
    unittest.main()
