"""A real Kea, from adding it to allocating beside its pools: what ipamd tells is what Kea holds."""

import ipaddress
import unittest

from ipamd_process import IpamdProcess
from module_contexts import entered

from kea_lab import EXPIRED_LEASES, KeaLab

LEASES = 60


def setUpModule():
    global lab, server, client, kea
    lab = entered(KeaLab(leases=LEASES))
    server = entered(IpamdProcess(log_level="debug"))
    client = server.sign_in()
    kea = add_server("kea-1", lab.password)


def add_server(name, password):
    return client.expect(201, "POST", "/api/v1/servers", {"name": name, "product": "kea", "url": lab.url, "user_name": lab.user, "password": password})


class KeaEndToEndTest(unittest.TestCase):
    def collect(self):
        for task in ("ServerConfiguration", "AddressUtilization"):
            state = client.run_task(task)
            self.assertEqual(state["last_result"], "succeeded", state)
        return {scope["key"]: scope for scope in client.all_items("/api/v1/dhcp_scopes")}

    def test_scopes_pools_and_reservations_are_those_of_kea(self):
        earlier = {scope["key"]: scope for scope in lab.expected()}  # Kea reclaims expired leases when it likes, which changes its counters
        scopes, truth = self.collect(), {scope["key"]: scope for scope in lab.expected()}
        self.assertEqual(set(scopes), set(truth))
        for key, expected in truth.items():
            scope = client.expect(200, "GET", f"/api/v1/dhcp_scopes/{scopes[key]['id']}")
            with self.subTest(scope=key):
                self.assertEqual(scope["server"], "kea-1")
                self.assertEqual(scope["prefix"], expected["prefix"])
                self.assertEqual(scope["shared_network"], expected["network"])
                self.assertEqual(scope["lease_seconds"], expected["lease_seconds"])
                self.assertEqual(len(scope["pools"]), expected["pools"])
                self.assertEqual(sum(size(pool) for pool in scope["pools"]), expected["pool_addresses"])
                self.assertEqual(scope["utilization"]["capacity"], expected["pool_addresses"])
                # Kea's table leaves declined addresses out of the assigned ones; here they are among them, as in its other statistics.
                self.assertIn(scope["server_assigned"], [counts["server_assigned"] + counts["server_declined"] for counts in (expected, earlier[key])])
                self.assertIn(scope["server_declined"], (expected["server_declined"], earlier[key]["server_declined"]))
                self.assertIsNotNone(scope["leases_as_of"])

    def test_who_held_an_address_is_known_since_its_lease(self):
        self.collect()
        leases = {lease["address"]: lease for lease in client.all_items("/api/v1/leases")}
        made = next(lease for lease in lab.made if leases[lease["address"]]["state"] == "active")
        lease = leases[made["address"]]
        answer = client.expect(200, "GET", f"/api/v1/who?address={made['address']}&at={lease['starts_at']}&purpose=test")
        self.assertEqual([holder["hardware_address"] for holder in answer["holders"]], [lease["hardware_address"]])
        self.assertEqual(answer["holders"][0]["certainty"], "certain")
        self.assertEqual(answer["holders"][0]["evidence"][0]["server"], "kea-1")
        self.assertIn("kea-1", [source["server"] for source in answer["sources"] if source["complete_until"]])
        before = client.expect(200, "GET", f"/api/v1/who?address={made['address']}&at=2001-01-01T00:00:00Z")
        self.assertEqual(before["holders"], [])
        # What is over when it is first read is history too.
        over = [interval["address"] for interval in client.all_items("/api/v1/lease_intervals") if interval["ending"] == "expired"]
        for address in {lease["address"] for lease in EXPIRED_LEASES} & set(leases):
            self.assertIn(address, over)

    def test_leases_and_utilization_are_what_the_clients_hold(self):
        scopes = self.collect()
        leases = {lease["address"]: lease for lease in client.all_items("/api/v1/leases", page=7)}
        made = {lease["address"]: lease for lease in lab.made}
        expired = {lease["address"] for lease in EXPIRED_LEASES}
        self.assertEqual(set(leases) - expired, set(made))
        for address, lease in made.items():
            seen = leases[address]
            self.assertEqual(seen["scope_key"], lease["key"])
            self.assertEqual(seen["state"], "declined" if lease["declined"] else "active")
            if not lease["declined"]:
                self.assertEqual(seen["hardware_address"], lease["hardware_address"])
                self.assertEqual(seen["hostname"].rstrip("."), lease["hostname"])
        for address in expired & set(leases):
            self.assertEqual(leases[address]["state"], "expired")
        for key, scope in scopes.items():
            pools = [(ipaddress.ip_address(pool["first"]), ipaddress.ip_address(pool["last"])) for pool in scope["pools"]]
            in_pools = sum(1 for lease in lab.made if lease["key"] == key and inside(pools, lease["address"]))
            self.assertEqual(scope["utilization"]["leased"], in_pools, f"scope {key}")

    def test_allocation_leaves_pools_leases_and_reservations_to_kea(self):
        scopes = self.collect()
        for scope in scopes.values():
            scope.update(client.expect(200, "GET", f"/api/v1/dhcp_scopes/{scope['id']}"))
            subnets = list(client.all_items("/api/v1/subnets", prefix=scope["prefix"]))
            if not subnets:
                client.expect(201, "POST", "/api/v1/subnets", {"prefix": scope["prefix"]})
            network = ipaddress.ip_network(scope["prefix"])
            pools = [(ipaddress.ip_address(pool["first"]), ipaddress.ip_address(pool["last"])) for pool in scope["pools"]]
            kept = {reservation["address"] for reservation in scope["reservations"]} | {lease["address"] for lease in lab.made}
            free = [str(host) for host in network.hosts() if not inside(pools, host) and str(host) not in kept]
            with self.subTest(scope=scope["key"]):
                answer = client.expect(201, "POST", "/api/v1/addresses:allocate", {"from": scope["prefix"], "count": min(len(free), 1000)})
                self.assertEqual([address["address"] for address in answer["addresses"]], free[:1000])
                self.assertIsNotNone(answer["lease_data_as_of"])
                if len(free) <= 1000:
                    refused = client.request("POST", "/api/v1/addresses:allocate", {"from": scope["prefix"]})
                    self.assertEqual((refused.status, refused.code), (409, "exhausted"), str(refused))

    def test_a_wrong_password_is_told_as_such(self):
        wrong = add_server("kea-wrong", "wrong-kea-password")
        self.addCleanup(client.request, "DELETE", f"/api/v1/servers/{wrong['id']}")
        verified = client.expect(200, "POST", f"/api/v1/servers/{wrong['id']}:verify")["status"]
        self.assertEqual(verified["availability"], "access_denied", verified)
        self.assertTrue(verified["problem"].startswith("kea-wrong: "), verified)
        state = client.run_task("ServerConfiguration")
        self.assertEqual(state["last_result"], "partly_failed", state)
        self.assertEqual({outcome["server"]: outcome["result"] for outcome in state["outcomes"]}, {"kea-1": "succeeded", "kea-wrong": "failed"})

    def test_z_a_stopped_kea_is_unreachable_and_what_was_known_stays(self):
        before = self.collect()
        leases = {lease["address"] for lease in client.all_items("/api/v1/leases")}
        lab.processes.stop("kea-dhcp4")  # the control agent still answers, and says so
        verified = client.expect(200, "POST", f"/api/v1/servers/{kea['id']}:verify")["status"]
        self.assertNotEqual(verified["availability"], "reachable", verified)
        self.assertTrue(verified["problem"].startswith("kea-1: "), verified)
        lab.processes.stop("kea-ctrl-agent")
        verified = client.expect(200, "POST", f"/api/v1/servers/{kea['id']}:verify")["status"]
        self.assertEqual(verified["availability"], "unreachable", verified)
        for task in ("ServerConfiguration", "AddressUtilization"):
            self.assertEqual(client.run_task(task)["last_result"], "failed")
        after = {scope["key"]: scope for scope in client.all_items("/api/v1/dhcp_scopes")}
        self.assertEqual(set(after), set(before))
        self.assertEqual({lease["address"] for lease in client.all_items("/api/v1/leases")}, leases)

    def tearDown(self):
        self.assertTrue(server.is_running(), server.log()[-4000:])
        self.assertNotIn(lab.password, server.log())
        self.assertNotIn(lab.database_password, server.log())


def size(pool):
    return int(ipaddress.ip_address(pool["last"])) - int(ipaddress.ip_address(pool["first"])) + 1


def inside(pools, address):
    return any(first <= ipaddress.ip_address(address) <= last for first, last in pools)


if __name__ == "__main__":
    unittest.main()
