"""Real BIND 9 servers, from adding them to their records: what ipamd tells is what named answers."""

import unittest

from ipamd_process import IpamdProcess
from module_contexts import entered

from bind_lab import BindLab


def setUpModule():
    global lab, server, client
    lab = entered(BindLab())
    server = entered(IpamdProcess(log_level="debug"))
    client = server.sign_in()
    key = lab.keys["transfer-key"]
    client.expect(201, "POST", "/api/v1/credentials", {"name": "transfer", "kind": "tsig_key", "user_name": key["name"],
                                                       "algorithm": key["algorithm"], "secret": key["secret"]})
    for name, named in (("ns1", lab.primary), ("ns2", lab.secondary)):
        client.expect(201, "POST", "/api/v1/servers", {"name": name, "product": "bind9", "url": f"http://127.0.0.1:{named.statistics_port}"})
        client.expect(201, "POST", "/api/v1/server_accesses", {"server": name, "kind": "dns", "url": f"dns://127.0.0.1:{named.port}",
                                                               "credential": "transfer"})


def zones(server_name):
    return {zone["name"]: zone for zone in client.all_items("/api/v1/dns_zones", server=server_name)}


class BindEndToEndTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        state = client.run_task("DnsConfiguration")
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
        self.assertEqual(client.run_task("ServerAvailability")["last_result"], "succeeded")
        accesses = list(client.all_items("/api/v1/server_accesses"))
        self.assertEqual([access["availability"] for access in accesses], ["reachable", "reachable"])

    def test_a_second_collection_changes_nothing(self):
        sequence = client.expect(200, "GET", "/healthz")["sequence"]
        self.assertEqual(client.run_task("DnsConfiguration")["last_result"], "succeeded")
        self.assertEqual(client.expect(200, "GET", "/healthz")["sequence"], sequence)

    def test_no_secret_is_told(self):
        secret = lab.keys["transfer-key"]["secret"]
        self.assertNotIn(secret, server.log())
        for path in ("/api/v1/server_accesses", "/api/v1/credentials", "/api/v1/journal?limit=1000"):
            self.assertNotIn(secret, str(client.expect(200, "GET", path)))


if __name__ == "__main__":
    unittest.main()
