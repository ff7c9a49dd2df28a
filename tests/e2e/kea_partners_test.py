"""Two real Kea servers that are partners: what ipamd and ipam tell of their partnership, and that no secret of theirs is kept anywhere."""

import json
import os
import subprocess
import sys
import unittest

from ipamd_process import IpamdProcess

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
from kea_ha_lab import KeaPartners, LabError  # noqa: E402

IPAM = os.environ["IPAM"]


def setUpModule():
    global lab, server, client, servers
    try:
        lab = _entered(KeaPartners())
    except LabError as error:
        if "not installed" in str(error):
            raise unittest.SkipTest(str(error)) from None
        raise
    server = _entered(IpamdProcess(log_level="debug"))
    client = server.sign_in()
    servers = {name: client.expect(201, "POST", "/api/v1/servers", {"name": name, "product": "kea", "url": url, "user_name": lab.user,
                                                                    "password": lab.password}) for name, url in lab.urls.items()}


def _entered(context):
    value = context.__enter__()
    unittest.addModuleCleanup(context.__exit__, None, None, None)
    return value


def ipam(*arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": server.folder, "LANG": "C.UTF-8", "IPAM_SERVER": f"https://127.0.0.1:{server.port}",
                   "IPAM_TOKEN": server.token, "IPAM_FINGERPRINT": server.fingerprint}
    return subprocess.run([IPAM, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180, check=True).stdout


class KeaPartnersTest(unittest.TestCase):
    def collect(self, name):
        ipam("server", "collect", name)  # waits for its end, and fails when it failed

    def test_a_partnership_is_told_with_role_state_and_scopes(self):
        status = client.expect(200, "POST", f"/api/v1/servers/{servers['kea-a']['id']}:verify")["status"]
        self.assertTrue(status["high_availability"].startswith("hot-standby: primary in state hot-standby, serves kea-a; partner: standby in state "),
                        status)
        self.collect("kea-a")
        [told] = client.all_items("/api/v1/dhcp_servers", server="kea-a")
        self.assertEqual(told["high_availability"], status["high_availability"])
        self.assertTrue(told["lease_database"].startswith("memfile "), told)
        detail = client.expect(200, "GET", f"/api/v1/dhcp_servers/{told['id']}")
        self.assertEqual([peer["role"] for peer in detail["partners"][0]["peers"]], ["primary", "standby"])
        self.assertIn("hot-standby: primary in state hot-standby", ipam("dhcp-server", "show", "kea-a"))
        self.assertIn("hot-standby: primary in state hot-standby", ipam("server", "show", "kea-a"))
        self.assertEqual(json.loads(ipam("dhcp-server", "list", "-o", "json"))[0]["server"], "kea-a")

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
