"""Two real Kea servers that are partners: what ipamd and ipam tell of their partnership, and that no secret of theirs is kept anywhere."""

import json
import os
import unittest

from ipam_cli import Ipam
from ipamd_process import IpamdProcess
from module_contexts import entered

from kea_ha_lab import KeaPartners


def setUpModule():
    global lab, server, client, ipam, servers
    lab = entered(KeaPartners())
    server = entered(IpamdProcess(log_level="debug"))
    client = server.sign_in()
    ipam = Ipam(server)
    servers = {name: client.expect(201, "POST", "/api/v1/servers", {"name": name, "product": "kea", "url": url, "user_name": lab.user,
                                                                    "password": lab.password}) for name, url in lab.urls.items()}


class KeaPartnersTest(unittest.TestCase):
    def collect(self, name):
        ipam.run("server", "collect", name)  # waits for its end, and fails when it failed

    def test_a_partnership_is_told_with_role_state_and_scopes(self):
        # What the primary last heard of its partner may change between two questions on a busy machine, so only its own part is compared.
        partnership = "hot-standby: primary in state hot-standby, serves kea-a; partner: standby in state "
        status = client.expect(200, "POST", f"/api/v1/servers/{servers['kea-a']['id']}:verify")["status"]
        self.assertTrue(status["high_availability"].startswith(partnership), status)
        self.collect("kea-a")
        [told] = client.all_items("/api/v1/dhcp_servers", server="kea-a")
        self.assertTrue(told["high_availability"].startswith(partnership), told)
        self.assertTrue(told["lease_database"].startswith("memfile "), told)
        detail = client.expect(200, "GET", f"/api/v1/dhcp_servers/{told['id']}")
        self.assertEqual([peer["role"] for peer in detail["partners"][0]["peers"]], ["primary", "standby"])
        self.assertIn("hot-standby: primary in state hot-standby", ipam.run("dhcp-server", "show", "kea-a"))
        self.assertIn("hot-standby: primary in state hot-standby", ipam.run("server", "show", "kea-a"))
        self.assertEqual(ipam.json("dhcp-server", "list")[0]["server"], "kea-a")

    def test_secrets_of_the_partnership_are_kept_nowhere(self):
        for name in servers:
            self.collect(name)
        told = json.dumps([client.expect(200, "GET", f"/api/v1/dhcp_servers/{each['id']}") for each in client.all_items("/api/v1/dhcp_servers")] +
                          list(client.all_items("/api/v1/journal")))
        self.assertIn("(removed)", told)
        kept = {os.path.join(folder, file) for folder, _, files in os.walk(server.folder) for file in files}
        self.assertTrue(any(path.endswith("ipam.db") for path in kept), kept)
        for secret in (lab.password, lab.partner_password):
            self.assertNotIn(secret, told)
            self.assertNotIn(secret, server.log())
            for path in kept:
                with open(path, "rb") as file:
                    self.assertNotIn(secret.encode(), file.read(), path)

    def test_z_a_partner_that_is_gone_is_told(self):
        lab.stop_partner()
        status = client.expect(200, "POST", f"/api/v1/servers/{servers['kea-a']['id']}:verify")["status"]
        self.assertIn("primary in state partner-down, serves kea-a", status["high_availability"])
        self.assertTrue(any("start the partner's DHCP server" in finding for finding in status["findings"]), status)
        [told] = client.all_items("/api/v1/dhcp_servers", server="kea-a")
        self.assertIn("partner-down", told["high_availability"])


if __name__ == "__main__":
    unittest.main()
