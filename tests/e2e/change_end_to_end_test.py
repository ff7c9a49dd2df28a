"""Changes on real servers through the command line: records in BIND, reservations in Kea: planned, made, seen, undone, refused, and settled."""

import json
import unittest

from ipam_cli import Ipam, STATUS
from ipamd_process import IpamdProcess
from module_contexts import entered

from bind_lab import BindLab
from kea_lab import KeaLab


def setUpModule():
    global bind, kea, server, client, ipam
    bind = entered(BindLab(secondary=False))
    kea = entered(KeaLab(leases=12, ipv6=True))
    server = entered(IpamdProcess(log_level="debug"))
    client = server.sign_in()
    ipam = Ipam(server)
    key = bind.keys["update-key"]
    client.expect(201, "POST", "/api/v1/credentials", {"name": "update", "kind": "tsig_key", "user_name": key["name"], "algorithm": key["algorithm"],
                                                       "secret": key["secret"]})
    client.expect(201, "POST", "/api/v1/servers", {"name": "ns1", "product": "bind9", "url": f"http://127.0.0.1:{bind.primary.statistics_port}"})
    client.expect(201, "POST", "/api/v1/server_accesses", {"server": "ns1", "kind": "dns", "url": f"dns://127.0.0.1:{bind.primary.port}",
                                                           "credential": "update"})
    client.expect(201, "POST", "/api/v1/servers", {"name": "kea1", "product": "kea", "url": kea.url, "user_name": kea.user, "password": kea.password})
    # What each makes of the server of the other kind is not tested here.
    client.run_task("server-configuration")
    client.run_task("dns-configuration")


def made(*words):
    """The id of the last change that the command made."""
    return ipam.json(*words)["changes"][-1]["id"]


def change(identifier):
    return ipam.json("change", "show", identifier)


def dig(name, kind):
    return sorted(line for line in bind.primary.dig("+short", "+norec", name, kind).splitlines() if line)


def reservations(key, family=4):
    """What Kea itself holds, past its control agent: address → host name."""
    answer = (kea.command if family == 4 else kea.command6)("config-get")["arguments"]
    root = answer["Dhcp4" if family == 4 else "Dhcp6"]
    name = f"subnet{family}"
    subnets = root[name] + [each for network in root["shared-networks"] for each in network[name]]
    subnet = next(each for each in subnets if each["id"] == key)
    return {address: each["hostname"] for each in subnet["reservations"]
            for address in ([each["ip-address"]] if family == 4 else each["ip-addresses"] + each["prefixes"])}


def configuration(family=4):
    return (kea.command if family == 4 else kea.command6)("config-get")["arguments"]["Dhcp4" if family == 4 else "Dhcp6"]


WHY = ("--reason", "new host", "--reference", "CHG7")


class RecordsInBind(unittest.TestCase):
    def test_a_plan_shows_what_would_be_sent_and_changes_nothing(self):
        serial = bind.primary.serial("lab.example")
        text = ipam.run("record", "add", "planned.lab.example", "A", "10.0.3.1", "--ptr", "--dry-run")
        for expected in ("Nothing was changed", f"zone lab.example has serial {serial}", "prereq nxrrset planned.lab.example. A",
                         "update add planned.lab.example. 3600 A 10.0.3.1", "update add 1.3.0.10.in-addr.arpa. 3600 PTR planned.lab.example."):
            self.assertIn(expected, text)
        text = ipam.run("record", "delete", "www.lab.example", "--type", "A", "--address", "10.0.0.80", "--dry-run")
        self.assertIn("Lost: www.lab.example. 300 IN A 10.0.0.80", text)
        self.assertEqual(dig("planned.lab.example", "A"), [])
        self.assertEqual(bind.primary.serial("lab.example"), serial)
        self.assertNotIn("planned", ipam.run("change", "list"))

    def test_a_record_with_its_pointer_is_made_seen_changed_and_undone(self):
        first = made("record", "add", "app7.lab.example", "A", "10.0.3.7", "--ptr", *WHY)
        self.assertEqual((dig("app7.lab.example", "A"), dig("7.3.0.10.in-addr.arpa", "PTR")), (["10.0.3.7"], ["app7.lab.example."]))
        self.assertIn("10.0.3.7", ipam.run("record", "list", "--name", "app7.lab.example"))
        told = change(first)
        self.assertEqual((told["state"], told["reason"], told["change_reference"], len(told["parts"])), ("made", "new host", "CHG7", 1))
        second = made("record", "edit", "app7.lab.example", "--type", "A", "--data", "10.0.3.8", "--ttl", "60", "--ptr")
        self.assertEqual((dig("app7.lab.example", "A"), dig("7.3.0.10.in-addr.arpa", "PTR"), dig("8.3.0.10.in-addr.arpa", "PTR")),
                         (["10.0.3.8"], [], ["app7.lab.example."]))
        self.assertIn("Done on ns1", ipam.run("change", "undo", second))
        self.assertEqual((dig("app7.lab.example", "A"), dig("7.3.0.10.in-addr.arpa", "PTR")), (["10.0.3.7"], ["app7.lab.example."]))
        ipam.run("change", "undo", first)
        self.assertEqual((dig("app7.lab.example", "A"), dig("7.3.0.10.in-addr.arpa", "PTR")), ([], []))
        self.assertEqual(change(first)["state"], "undone")
        ipam.run("change", "undo", first, status=STATUS["failed_precondition"])
        # A collection reads each step again in the zone's own history, and ends where the server stands.
        client.run_task("dns-configuration")
        self.assertNotIn("10.0.3.", ipam.run("record", "list", "--name", "app7.lab.example"))

    def test_six_is_as_four(self):
        identifier = made("record", "add", "six.lab.example", "AAAA", "2001:db8::77", "--ptr")
        self.assertEqual(dig("six.lab.example", "AAAA"), ["2001:db8::77"])
        self.assertEqual(bind.primary.dig("+short", "+norec", "-x", "2001:db8::77").strip(), "six.lab.example.")
        ipam.run("change", "undo", identifier)
        self.assertEqual(dig("six.lab.example", "AAAA"), [])

    def test_what_somebody_else_changed_is_a_conflict_and_stays(self):
        identifier = made("record", "add", "race.lab.example", "A", "10.0.3.20")
        bind.primary.update("lab.example", ["update add race.lab.example 3600 A 10.0.3.21"], bind.keys["update-key"])
        text = ipam.run("record", "edit", "race.lab.example", "--type", "A", "--data", "10.0.3.22", status=STATUS["conflict"])
        self.assertIn("10.0.3.21", text)
        ipam.run("change", "undo", identifier, status=STATUS["conflict"])
        self.assertEqual(dig("race.lab.example", "A"), ["10.0.3.20", "10.0.3.21"])

    def test_a_zone_that_takes_no_updates_says_so(self):
        text = ipam.run("record", "add", "x.static.example", "A", "10.0.3.30", status=STATUS["permission_denied"])
        self.assertIn("allow-update", text)
        self.assertEqual(dig("x.static.example", "A"), [])

    def test_if_match_and_the_key_hold(self):
        record = next(iter(client.all_items("/api/v1/dns_records", name="mail.lab.example", type="A")))
        answer = client.request("PATCH", f"/api/v1/dns_records/{record['id']}", {"ttl": 61}, {"If-Match": '"1"'})
        self.assertEqual(answer.status, 412, str(answer))
        body = {"name": "once.lab.example", "type": "A", "data": "10.0.3.40"}
        first = client.request("POST", "/api/v1/dns_records", body, {"Idempotency-Key": "once"})
        again = client.request("POST", "/api/v1/dns_records", body, {"Idempotency-Key": "once"})
        self.assertEqual((first.status, again.status, again.json), (201, 201, first.json), str(again))


class AddressesWithAllThatBelongsToThem(unittest.TestCase):
    """Allocate and reclaim: the plan, Kea and BIND in one command each."""

    def setUp(self):
        scope = next(each for each in client.all_items("/api/v1/dhcp_scopes") if each["key"] == "1")
        self.prefix = scope["prefix"]

    def take(self, name, mac, *more):
        return ipam.json("address", "allocate", self.prefix, "--name", name, "--dns", "--no-ptr", "--reserve", mac, *WHY, *more)["addresses"][0]

    def test_one_command_makes_all_of_it_and_one_takes_it_back(self):
        before = configuration()
        planned = ipam.run("address", "allocate", self.prefix, "--name", "prov7.lab.example", "--dns", "--no-ptr", "--reserve", "02:00:00:00:07:07", "--dry-run")
        self.assertIn("Nothing was changed", planned)
        self.assertEqual(configuration(), before)
        taken = self.take("prov7.lab.example", "02:00:00:00:07:07")
        self.assertEqual(taken["state"], "in_use")
        self.assertEqual(dig("prov7.lab.example", "A"), [taken["address"]])
        self.assertEqual(reservations(1)[taken["address"]], "prov7.lab.example")
        self.assertFalse(taken["duplicate"])
        self.assertIn(taken["address"], ipam.run("search", "prov7"))
        self.assertIn("Nothing was changed", ipam.run("address", "reclaim", taken["address"], "--remove-from-servers", "--dry-run"))
        self.assertEqual(dig("prov7.lab.example", "A"), [taken["address"]])
        text = ipam.said("address", "reclaim", taken["address"], "--remove-from-servers", *WHY)
        self.assertIn("Reclaimed " + taken["address"], text)
        self.assertEqual(dig("prov7.lab.example", "A"), [])
        self.assertEqual(configuration(), before, "what was made is gone, and nothing else was touched")
        ipam.run("address", "show", taken["address"], status=STATUS["not_found"])

    def test_when_bind_refuses_kea_and_the_plan_are_as_before(self):
        before = configuration()
        text = ipam.run("address", "allocate", self.prefix, "--name", "x.static.example", "--dns", "--no-ptr", "--reserve", "02:00:00:00:07:08",
                        status=STATUS["permission_denied"])
        self.assertIn("is free again", text)
        self.assertEqual(configuration(), before)
        self.assertEqual(list(client.all_items("/api/v1/addresses", within=self.prefix)), [])

    def test_what_stays_on_servers_is_told(self):
        taken = self.take("prov9.lab.example", "02:00:00:00:07:09")
        try:
            text = ipam.said("address", "reclaim", taken["address"])
            self.assertIn("reservation of 02:00:00:00:07:09", text)
            self.assertIn("A prov9.lab.example", text)
        finally:
            # The last of them takes those before it along.
            made_for_it = [each["id"] for each in client.all_items("/api/v1/changes", state="made") if any("prov9" in what for what in each["what"])]
            ipam.run("change", "undo", max(made_for_it, key=int))
        self.assertEqual(dig("prov9.lab.example", "A"), [])


class ReservationsInKea(unittest.TestCase):
    def test_a_plan_shows_the_pause_first_and_changes_nothing(self):
        before = configuration()
        text = ipam.run("reservation", "add", "10.64.0.77", "--identifier", "02:00:00:00:00:77", "--hostname", "app7", "--dry-run")
        lines = text.splitlines()
        self.assertIn("Nothing was changed", lines[0])
        self.assertIn("PAUSE", lines[2])
        for expected in ("serves no client for about", "config-set", "config-write", '"hw-address":"02:00:00:00:00:77"', "Lost: comments"):
            self.assertIn(expected, text)
        self.assertNotIn(kea.database_password, text)
        self.assertEqual(configuration(), before)

    def test_a_reservation_is_made_seen_changed_removed_and_undone(self):
        before = configuration()
        scope = next(each for each in client.all_items("/api/v1/dhcp_scopes") if each["key"] == "1")
        base = scope["prefix"].rsplit(".", 1)[0]
        first = made("reservation", "add", f"{base}.78", "--identifier", "02:00:00:00:00:78", "--hostname", "app8", *WHY)
        self.assertEqual(reservations(1)[f"{base}.78"], "app8")
        with open(kea.processes.path("kea-dhcp4.conf"), encoding="utf-8") as file:
            self.assertIn("02:00:00:00:00:78", file.read(), "it is written, so that a restart keeps it")
        self.assertIn("app8", ipam.run("reservation", "list", f"{base}.0/24"))
        second = made("reservation", "edit", f"{base}.78", "--hostname", "app9")
        self.assertEqual(reservations(1)[f"{base}.78"], "app9")
        third = made("reservation", "delete", f"{base}.78")
        self.assertNotIn(f"{base}.78", reservations(1))
        ipam.run("change", "undo", third)
        ipam.run("change", "undo", second)
        self.assertEqual(reservations(1)[f"{base}.78"], "app8")
        ipam.run("change", "undo", first)
        self.assertEqual(configuration(), before, "what was undone leaves nothing behind, and nothing else was touched")

    def test_version_6(self):
        before = configuration(6)
        scope = next(each for each in client.all_items("/api/v1/dhcp_scopes") if each["key"] == "6:1")
        address = scope["prefix"].split("/")[0] + "abcd"
        identifier = made("reservation", "add", address, "--identifier-type", "duid", "--identifier", "000300010200000000f1", "--hostname", "six")
        self.assertEqual(reservations(1, 6)[address], "six")
        ipam.run("change", "undo", identifier)
        self.assertEqual(configuration(6), before)

    def test_a_delegated_prefix_is_renamed_removed_and_undone_but_not_made(self):
        before = configuration(6)
        name = "2001:db8:80ff::"
        renamed = made("reservation", "edit", name, "--hostname", "branch2-router")
        self.assertEqual(reservations(1, 6)["2001:db8:80ff::/56"], "branch2-router")
        ipam.run("change", "undo", renamed)
        removed = made("reservation", "delete", name)
        self.assertNotIn("2001:db8:80ff::/56", reservations(1, 6))
        ipam.run("change", "undo", removed)
        self.assertEqual(configuration(6), before)
        text = ipam.run("reservation", "add", "2001:db8:80fe::/56", "--identifier-type", "duid", "--identifier", "000300010200000000f2",
                        status=STATUS["invalid_argument"])
        self.assertIn("a reservation of a delegated prefix cannot be made here", text)
        self.assertEqual(configuration(6), before)

    def test_a_configuration_that_somebody_else_changed_is_a_conflict(self):
        scope = next(each for each in client.all_items("/api/v1/dhcp_scopes") if each["key"] == "1")
        base = scope["prefix"].rsplit(".", 1)[0]
        identifier = made("reservation", "add", f"{base}.79", "--identifier", "02:00:00:00:00:79", "--hostname", "mine")
        arguments = kea.command("config-get")["arguments"]
        arguments.pop("hash", None)
        for subnet in arguments["Dhcp4"]["subnet4"] + [each for network in arguments["Dhcp4"]["shared-networks"] for each in network["subnet4"]]:
            for each in subnet["reservations"]:
                if each["ip-address"] == f"{base}.79":
                    each["hostname"] = "theirs"
        self.assertEqual(kea.command("config-set", arguments)["result"], 0)
        text = ipam.run("change", "undo", identifier, status=STATUS["conflict"])
        self.assertIn("theirs", text)
        self.assertEqual(reservations(1)[f"{base}.79"], "theirs")

    def test_an_address_that_is_reserved_already_is_refused(self):
        kept = next(iter(reservations(1)))
        text = ipam.run("reservation", "add", kept, "--identifier", "02:00:00:00:01:01", status=STATUS["already_exists"])
        self.assertIn("reserved already", text)
        self.assertNotIn("02:00:00:00:01:01", json.dumps(configuration()))


class ServersThatAreGone(unittest.TestCase):
    """The last: it stops the servers."""

    def test_z_a_stopped_server_is_named_and_nothing_is_told_as_done(self):
        changes = ipam.run("change", "list", "-q")
        bind.processes.stop("primary")
        text = ipam.run("record", "add", "gone.lab.example", "A", "10.0.3.50", status=STATUS["unavailable"])
        self.assertIn("ns1: ", text)
        kea.processes.stop("kea-ctrl-agent")
        scope = next(each for each in client.all_items("/api/v1/dhcp_scopes") if each["key"] == "1")
        text = ipam.run("reservation", "add", scope["prefix"].rsplit(".", 1)[0] + ".90", "--identifier", "02:00:00:00:00:90",
                   status=STATUS["unavailable"])
        self.assertIn("kea1: ", text)
        self.assertEqual(ipam.run("change", "list", "-q"), changes)
        self.assertNotIn(kea.password, server.log())
        self.assertNotIn(kea.database_password, server.log() + json.dumps(client.expect(200, "GET", "/api/v1/journal?limit=1000")))
        self.assertNotIn(bind.keys["update-key"]["secret"], server.log())


if __name__ == "__main__":
    unittest.main()
