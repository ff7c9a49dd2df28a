"""Real BIND 9 servers, from adding them to their records: what ipamd tells is what named answers."""

import os
import sys
import threading
import unittest

from ipamd_process import IpamdProcess

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
from bind_lab import BindLab, LabError  # noqa: E402


def setUpModule():
    global lab, server, client
    try:
        lab = _entered(BindLab())
    except LabError as error:
        if "not installed" in str(error):
            raise unittest.SkipTest(str(error)) from None
        raise
    server = _entered(IpamdProcess(log_level="debug"))
    client = server.sign_in()
    key = lab.keys["transfer-key"]
    client.expect(201, "POST", "/api/v1/credentials", {"name": "transfer", "kind": "tsig_key", "user_name": key["name"],
                                                       "algorithm": key["algorithm"], "secret": key["secret"]})
    for name, named in (("ns1", lab.primary), ("ns2", lab.secondary)):
        client.expect(201, "POST", "/api/v1/servers", {"name": name, "product": "bind9", "url": f"http://127.0.0.1:{named.statistics_port}"})
        client.expect(201, "POST", "/api/v1/server_accesses", {"server": name, "kind": "dns", "url": f"dns://127.0.0.1:{named.port}",
                                                               "credential": "transfer"})


def _entered(context):
    value = context.__enter__()
    unittest.addModuleCleanup(context.__exit__, None, None, None)
    return value


def run_task(name):
    """The state of the task when the run is over."""
    ticket = client.expect(202, "POST", f"/api/v1/tasks/{name}:run")
    pause = threading.Event()
    for _ in range(2000):
        task = client.expect(200, "GET", f"/api/v1/tasks/{name}")
        if task["runs"] >= ticket["run"] and not task["running"]:
            return task
        pause.wait(0.03)
    raise AssertionError(f"task {name} did not end: {task}")


def zones(server_name):
    return {zone["name"]: zone for zone in client.all_items("/api/v1/dns_zones", server=server_name)}


class BindEndToEndTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        state = run_task("DnsConfiguration")
        assert state["last_result"] == "succeeded", state

    def test_records_are_those_that_a_transfer_gives(self):
        zone = zones("ns1")["lab.example"]
        told = list(client.all_items("/api/v1/dns_records", page=7, zone="lab.example", server="ns1"))
        key = lab.keys["transfer-key"]
        answer = lab.primary.dig("-y", f"{key['algorithm']}:{key['name']}:{key['secret']}", "lab.example", "AXFR", "+noall", "+answer", "+onesoa")
        lines = [line for line in answer.splitlines() if line and not line.startswith(";") and "\tTSIG\t" not in line]
        self.assertGreater(len(lines), 30)
        self.assertEqual(len(told), len(lines))
        self.assertEqual(zone["records"], len(lines))

    def test_the_health_of_each_zone_is_told(self):
        primary, secondary = zones("ns1"), zones("ns2")
        self.assertEqual(primary["lab.example"]["health"], "ok")
        self.assertEqual(primary["broken.example"]["health"], "never_loaded")
        self.assertEqual(primary["private.example"]["health"], "not_served")
        self.assertEqual(secondary["expired.example"]["health"], "expired")
        self.assertEqual(secondary["never.example"]["health"], "never_loaded")
        self.assertEqual(secondary["orphan.example"]["health"], "primary_unreachable")
        self.assertIn("rndc refresh expired.example", secondary["expired.example"]["problem"])

    def test_the_accesses_are_probed(self):
        self.assertEqual(run_task("ServerAvailability")["last_result"], "succeeded")
        accesses = list(client.all_items("/api/v1/server_accesses"))
        self.assertEqual([access["availability"] for access in accesses], ["reachable", "reachable"])

    def test_a_second_collection_changes_nothing(self):
        sequence = client.expect(200, "GET", "/healthz")["sequence"]
        self.assertEqual(run_task("DnsConfiguration")["last_result"], "succeeded")
        self.assertEqual(client.expect(200, "GET", "/healthz")["sequence"], sequence)

    def test_no_secret_is_told(self):
        secret = lab.keys["transfer-key"]["secret"]
        self.assertNotIn(secret, server.log())
        for path in ("/api/v1/server_accesses", "/api/v1/credentials", "/api/v1/journal?limit=1000"):
            self.assertNotIn(secret, str(client.expect(200, "GET", path)))


if __name__ == "__main__":
    unittest.main()
