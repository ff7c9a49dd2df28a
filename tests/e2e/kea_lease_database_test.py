"""A real Kea that keeps its leases in PostgreSQL: Cadastre reads them there, tells how the access is, and keeps none of the passwords."""

import os
import unittest

from ipamd_process import IpamdProcess
from module_contexts import entered

from kea_lab import KeaLab
from postgres_lab import PostgresLab

SCHEMA = "/usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql"
KEA_PASSWORD, READER_PASSWORD = "keas-own-database-password", "readers-database-password"


def setUpModule():
    global postgres, lab, server, client, kea, access
    if not os.path.exists(SCHEMA):
        raise unittest.SkipTest("not installed: Kea's schema; apt-get install kea-admin")
    postgres = entered(PostgresLab())
    postgres.create_database("kea")
    postgres.query("kea", f"\\i {SCHEMA}")
    postgres.query("kea", f"CREATE ROLE keadb LOGIN PASSWORD '{KEA_PASSWORD}'; CREATE ROLE reader LOGIN PASSWORD '{READER_PASSWORD}'; "
                          "GRANT ALL ON ALL TABLES IN SCHEMA public TO keadb; GRANT SELECT ON lease4, lease6 TO reader")
    lab = entered(KeaLab(leases=60, hooks=("stat_cmds",), ipv6=True,
                          database={"type": "postgresql", "name": "kea", "host": "127.0.0.1", "port": postgres.port, "user": "keadb",
                                    "password": KEA_PASSWORD}))
    server = entered(IpamdProcess(log_level="debug"))
    client = server.sign_in()
    kea = client.expect(201, "POST", "/api/v1/servers", {"name": "kea-1", "product": "kea", "url": lab.url, "user_name": lab.user,
                                                         "password": lab.password})
    client.expect(201, "POST", "/api/v1/credentials", {"name": "reader", "user_name": "reader", "secret": READER_PASSWORD})
    client.expect(201, "POST", "/api/v1/credentials", {"name": "keadb", "user_name": "keadb", "secret": "another-password"})
    access = client.expect(201, "POST", "/api/v1/server_accesses", {"server": "kea-1", "kind": "lease_database", "credential": "reader",
                                                                   "url": f"postgresql://127.0.0.1:{postgres.port}/kea"})


def told_access():
    client.expect(200, "POST", f"/api/v1/servers/{kea['id']}:verify")
    [told] = client.expect(200, "GET", f"/api/v1/servers/{kea['id']}")["accesses"]
    return told


class KeaLeaseDatabaseTest(unittest.TestCase):
    def test_leases_are_those_that_the_clients_hold(self):
        for task in ("ServerConfiguration", "AddressUtilization"):
            state = client.run_task(task)
            self.assertEqual(state["last_result"], "succeeded", state)
        self.assertIn("by lease4 of the lease database and lease6 of the lease database", str(state))
        leases = {lease["address"]: lease for lease in client.all_items("/api/v1/leases", page=7)}
        made = {lease["address"]: lease for lease in lab.made}
        self.assertEqual(set(made) - set(leases), set())
        self.assertEqual({address for address, lease in leases.items() if lease["state"] in ("active", "declined")}, set(made))
        for address, lease in made.items():
            self.assertEqual(leases[address]["scope_key"], lease["key"], address)
            self.assertEqual(leases[address]["state"], "declined" if lease["declined"] else "active", address)
            if not lease["declined"]:
                self.assertEqual(leases[address]["hardware_address"], lease["hardware_address"], address)
                self.assertEqual(leases[address]["hostname"].rstrip("."), lease["hostname"].rstrip("."), address)
        self.assertIn("postgresql kea@127.0.0.1", next(client.all_items("/api/v1/dhcp_servers"))["lease_database"])

    def test_the_access_tells_how_it_is_and_what_would_mend_it(self):
        self.assertEqual(told_access()["availability"], "reachable")
        status = client.expect(200, "GET", f"/api/v1/servers/{kea['id']}")["status"]
        self.assertIn("lease_database", status["capabilities"])
        self.assertIn("leases", status["capabilities"])
        postgres.query("kea", "REVOKE SELECT ON lease4 FROM reader")
        try:
            denied = told_access()
        finally:
            postgres.query("kea", "GRANT SELECT ON lease4 TO reader")
        self.assertEqual(denied["availability"], "access_denied", denied)
        self.assertIn("GRANT SELECT ON lease4, lease6", denied["problem"])

    def test_y_secrets_are_kept_nowhere(self):
        client.run_task("ServerConfiguration")
        secrets = (lab.password, KEA_PASSWORD, READER_PASSWORD, "another-password")
        told = str([client.expect(200, "GET", f"/api/v1/dhcp_servers/{each['id']}") for each in client.all_items("/api/v1/dhcp_servers")] +
                   list(client.all_items("/api/v1/journal")))
        for secret in secrets:
            self.assertNotIn(secret, told)
            self.assertNotIn(secret, server.log())
            for folder, _, files in os.walk(server.folder):
                for name in files:
                    with open(os.path.join(folder, name), "rb") as file:
                        self.assertNotIn(secret.encode(), file.read(), name)

    def test_z_a_database_that_is_gone_costs_no_more_than_its_leases(self):
        before = {lease["address"] for lease in client.all_items("/api/v1/leases")}
        self.assertTrue(before)
        postgres.stop_immediately()
        state = client.run_task("AddressUtilization")
        self.assertEqual(state["last_result"], "failed", state)
        self.assertEqual({lease["address"] for lease in client.all_items("/api/v1/leases")}, before)

    def tearDown(self):
        self.assertTrue(server.is_running(), server.log()[-4000:])


if __name__ == "__main__":
    unittest.main()
