"""The DNS service of a real Active Directory domain (Samba's), from adding the server to its records, through the command line: what ipam tells is what
dig is answered."""

import base64
import subprocess
import tempfile
import unittest

from ipam_cli import Ipam, STATUS
from ipamd_process import IpamdProcess
from module_contexts import entered

from samba_lab import SambaLab

NAMES = 1200


def setUpModule():
    global lab, server, client, ipam, url
    lab = entered(SambaLab(zones=NAMES))
    server = entered(IpamdProcess(log_level="debug"))
    client = server.sign_in()
    ipam = Ipam(server)
    url = f"dcerpc://{lab.host}?address={lab.address}&kdc={lab.address}"
    with secret_file(lab.administrator_password) as path:
        ipam.run("server", "add", "dc1", "--product", "windows_dns", "--url", url, "--user", f"{lab.administrator}@{lab.realm}", "--password-file", path)
    assert client.run_task("DnsConfiguration")["last_result"] == "succeeded"


def secret_file(text):
    file = tempfile.NamedTemporaryFile("w", dir=server.folder, encoding="utf-8")
    file.write(text)
    file.flush()

    class Path:
        def __enter__(self):
            return file.name

        def __exit__(self, *_):
            file.close()
    return Path()


def dig(name, kind):
    command = ["dig", f"@{lab.address}", "+short", "+norec", "+tries=1", name, kind]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    return sorted(line for line in answer.splitlines() if line)


def records(zone):
    return list(client.all_items("/api/v1/dns_records", zone=zone, server="dc1"))


class WindowsDnsEndToEndTest(unittest.TestCase):
    def test_the_server_answers_with_what_it_offers(self):
        shown = ipam.json("server", "show", "dc1")
        self.assertEqual(shown["product"], "windows_dns")
        self.assertEqual(shown["status"]["availability"], "reachable")
        self.assertTrue(shown["status"]["version"].startswith("5.2."), shown)

    def test_zones_have_the_serials_that_dig_is_answered(self):
        zones = {zone["name"]: zone for zone in ipam.json("zone", "list", "--server", "dc1")}
        self.assertEqual(set(zones), {"contoso.test", "_msdcs.contoso.test", "types.contoso.test", "big.contoso.test", "16.10.in-addr.arpa"})
        for name, zone in zones.items():
            self.assertEqual(zone["health"], "ok", zone)
            self.assertEqual(str(zone["serial"]), dig(name, "SOA")[0].split()[2])

    def test_records_are_those_that_dig_is_answered(self):
        told = {}
        for record in records("types.contoso.test"):
            told.setdefault((record["name"], record["type"]), []).append(record["data"])
        self.assertEqual(told["sub.types.contoso.test", "NS"], ["ns1.sub.types.contoso.test."])
        served = {key: data for key, data in told.items() if not key[0].endswith("sub.types.contoso.test")}  # a delegation is no answer
        self.assertGreater(len(served), 8)
        for (name, kind), data in served.items():
            self.assertEqual(sorted(data), dig(name, kind), (name, kind))

    def test_a_large_zone_is_read_whole(self):
        self.assertEqual(len(records("big.contoso.test")), NAMES + 2)
        self.assertIn("host-7.big.contoso.test", ipam.run("record", "list", "--zone", "big.contoso.test", "--name", "host-7.big.contoso.test"))

    def test_a_second_collection_changes_nothing(self):
        sequence = client.expect(200, "GET", "/healthz")["sequence"]
        self.assertEqual(client.run_task("DnsConfiguration")["last_result"], "succeeded")
        self.assertEqual(client.expect(200, "GET", "/healthz")["sequence"], sequence)

    def test_a_keytab_signs_in_too(self):
        with open(lab.keytab(lab.reader), "rb") as file:
            keytab = base64.b64encode(file.read()).decode()
        client.expect(201, "POST", "/api/v1/credentials", {"name": "by-keytab", "kind": "keytab", "user_name": f"{lab.reader}@{lab.realm}",
                                                           "secret": keytab})
        ipam.run("server", "add", "by-keytab", "--product", "windows_dns", "--url", url, "--credential", "by-keytab")
        self.assertEqual(ipam.json("server", "show", "by-keytab")["status"]["availability"], "reachable")
        ipam.run("server", "delete", "by-keytab", "--yes")

    def test_a_wrong_password_is_told_and_not_shown(self):
        with secret_file("not the password") as path:
            ipam.run("server", "add", "wrong", "--product", "windows_dns", "--url", url, "--user", f"{lab.administrator}@{lab.realm}",
                     "--password-file", path, status=STATUS["permission_denied"])
        status = ipam.json("server", "show", "wrong")["status"]
        self.assertEqual(status["availability"], "access_denied")
        self.assertIn("the password or keytab is not this account's", status["problem"])
        ipam.run("server", "delete", "wrong", "--yes")
        for secret in ("not the password", lab.administrator_password):
            self.assertNotIn(secret, server.log())

    def test_an_url_of_another_kind_is_refused(self):
        with secret_file("x") as path:
            said = ipam.run("server", "add", "web", "--product", "windows_dns", "--url", "https://dc1.contoso.test", "--user", "a@B", "--password-file",
                            path, status=STATUS["invalid_argument"])
        self.assertIn("dcerpc://", said)


if __name__ == "__main__":
    unittest.main()
