"""Backups of a server that works: made while clients write, read as a whole, put back. Whatever was acknowledged stays taken, what came after the backup is
told, nobody who was shut out comes back in, and a damaged copy is noticed before anything is touched."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from ipam_cli import Ipam, STATUS
from ipamd_process import IpamdProcess, program

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
from postgres_lab import PostgresLab  # noqa: E402

BLIND_GAP = 1 << 32  # how far above the backup a journal goes on whose database cannot be read


def make_backup(test, client, **wish):
    done = client.wait_for_operation(client.expect(202, "POST", "/api/v1/backups", wish))
    test.assertEqual(done["state"], "succeeded", done)
    test.assertEqual([part["state"] for part in done["parts"]], ["succeeded", "succeeded"])
    return done["result"]


def allocate(client, name):
    answer = client.expect(201, "POST", "/api/v1/addresses:allocate", {"from": "10.0.0.0/16", "name": name})
    return answer["addresses"][0]["address"]


class Writers:
    """Clients that allocate for as long as the context lasts; `taken` is what they were told."""

    def __init__(self, server, count=4):
        self.taken, self._stop, self._lock = [], threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._work, args=(server.client(), i)) for i in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self, client, number):
        made = 0
        while not self._stop.is_set():
            address = allocate(client, f"w{number}-{made}")
            made += 1
            with self._lock:
                self.taken.append(address)


def restore(server, client, name, **headers):
    with server.starting_anew():
        client.expect(202, "POST", f"/api/v1/backups/{name}:restore", None, headers)


class BackupTest(unittest.TestCase):
    def check_restore(self, server):
        root = server.sign_in()
        root.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.0.0.0/16"})
        root.expect(201, "POST", "/api/v1/users", {"name": "alice", "password": "correct horse battery", "access_group": "ipam_asm_administrators"})
        alice = server.sign_in("alice", "correct horse battery")
        scripts = alice.expect(201, "POST", "/api/v1/tokens", {"name": "scripts"})
        with Writers(server) as before:
            while len(before.taken) < 50:
                time.sleep(0.01)
            backup = make_backup(self, root, note="while others write")
        self.assertEqual(backup["note"], "while others write")
        self.assertEqual(backup["actor"], "admin")
        age = re.search(rb"^ipamd_last_backup_age_seconds ([0-9.e+-]+)$", server.client("").request("GET", "/metrics").body, re.MULTILINE)
        self.assertLess(float(age[1]), 60)

        # What comes after the backup.
        later = [allocate(root, f"later-{i}") for i in range(30)]
        space = root.expect(201, "POST", "/api/v1/address_spaces", {"name": "Merger"})
        root.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.0.0.0/24", "space": "Merger"})
        root.expect(201, "POST", "/api/v1/addresses", {"address": "10.0.0.7", "space": "Merger", "name": "merged"})
        gone = root.expect(200, "GET", "/api/v1/addresses?name=w0-0")["items"][0]
        root.expect(204, "DELETE", f"/api/v1/addresses/{gone['id']}")
        alice.expect(204, "DELETE", f"/api/v1/tokens/{scripts['id']}")
        alice_id = root.expect(200, "GET", "/api/v1/users?name=alice")["items"][0]["id"]
        root.expect(200, "PATCH", f"/api/v1/users/{alice_id}", {"password": "another horse battery"})
        key = {"Idempotency-Key": "after-the-backup"}
        kept = root.expect(201, "POST", "/api/v1/addresses:allocate", {"from": "10.0.0.0/16", "name": "keyed"}, key)
        newest = root.expect(200, "GET", "/api/v1/journal?sort=-sequence&limit=1")["items"][0]["sequence"]

        plan = root.expect(200, "POST", f"/api/v1/backups/{backup['name']}:restore?dry_run=true")["result"]
        self.assertEqual(plan["obstacle"], "")
        self.assertTrue(plan["continues"])
        self.assertEqual(plan["lost_records"], newest - backup["sequence"])
        self.assertGreaterEqual(plan["kept_addresses"], 32)
        self.assertEqual(plan["kept_subnets"], 1)
        restore(server, root, backup["name"], **{"X-Change-Reason": "a drill"})

        root = server.client()
        done = root.expect(200, "GET", "/api/v1/restorations")["items"]
        self.assertEqual(len(done), 1)
        done = done[0]
        self.assertEqual(done["problem"], "")
        self.assertEqual(done["replaced_sequence"], newest)
        self.assertEqual(done["common_sequence"], backup["sequence"])
        self.assertEqual(done["lost_records"], plan["lost_records"])
        # The address that was released was given again at once; in the restored plan it belongs to whom it belonged.
        self.assertEqual(done["kept_addresses"], plan["kept_addresses"] - 1)
        self.assertEqual(done["kept_subnets"], 1)
        self.assertEqual(done["not_kept"], 0)

        # Everything that anybody was told is taken, and stays so.
        held = {item["address"] for item in root.all_items("/api/v1/addresses", space="Default")}
        told = set(before.taken) | set(later) | {kept["addresses"][0]["address"]}
        self.assertEqual(told - held, set(), "handed out, and free again")
        self.assertIn(gone["address"], held, "its release came after the backup and is undone")
        for i in range(20):
            self.assertNotIn(allocate(root, f"new-{i}"), told)
        again = root.expect(201, "POST", "/api/v1/addresses:allocate", {"from": "10.0.0.0/16", "name": "keyed"}, key)
        self.assertEqual(again, kept, "the answer to a repeated request")
        merged = root.expect(200, "GET", f"/api/v1/address_spaces/{space['id']}")
        self.assertEqual(merged["name"], "Merger")

        # What was lost is told, record by record; the journal goes on above it and is whole.
        lost = list(root.all_items("/api/v1/lost_changes", page=7, restoration_id=done["id"]))
        self.assertEqual([item["sequence"] for item in lost], list(range(backup["sequence"] + 1, newest + 1)))
        self.assertIn(("deleted", gone["address"]), [(item["kind"], item["object_name"]) for item in lost])
        first = root.expect(200, "GET", f"/api/v1/journal?sequence__gt={backup['sequence']}&sort=sequence&limit=1")["items"][0]
        self.assertEqual((first["object_type"], first["reason"], first["actor"]), ("restoration", "a drill", "admin"))
        self.assertEqual(first["sequence"], newest + 1)
        root.expect(200, "GET", "/api/v1/subnets", headers={"At-Least": str(newest)})

        # Nobody comes back in who was shut out, and who was in stays in.
        self.assertEqual(server.client(scripts["token"]).request("GET", "/api/v1/me").status, 401)
        self.assertEqual(server.client("").request("POST", "/api/v1/sessions", {"user_name": "alice", "password": "correct horse battery"}).status, 401)
        server.sign_in("alice", "another horse battery").expect(200, "GET", "/api/v1/me")

        # A backup of the restored journal, with its gap, is whole too; older ones go when asked.
        second = make_backup(self, root, keep=1)
        self.assertEqual([item["name"] for item in root.expect(200, "GET", "/api/v1/backups")["items"]], [second["name"]])
        return second

    def test_sqlite(self):
        with IpamdProcess() as server:
            backup = self.check_restore(server)
            self.assertEqual(backup["kind"], "sqlite")
            replaced = [path for path in glob.glob(server.folder + "/data/ipam.db.replaced-*") if not path.endswith("-wal")]
            self.assertEqual(len(replaced), 1, "the replaced database is kept")
            for path in glob.glob(server.folder + "/data/backups/**", recursive=True):
                self.assertNotIn("master", os.path.basename(path))
            with open(server.folder + "/data/master.key", "rb") as file:
                key = file.read().strip()
            for path in glob.glob(server.folder + "/data/backups/*/*"):
                with open(path, "rb") as file:
                    self.assertNotIn(key, file.read(), "the master key is kept apart")
                self.assertEqual(os.stat(path).st_mode & 0o077, 0, path)
            # Restored once more, from a backup that the database goes on from after a restore.
            restore(server, server.client(), backup["name"])
            self.assertEqual(len(server.client().expect(200, "GET", "/api/v1/restorations")["items"]), 2)

    def test_postgresql(self):
        with PostgresLab() as database, tempfile.TemporaryDirectory() as folder:
            database.create_database("ipam")
            arguments = ["--database", database.url("ipam")]
            with IpamdProcess(arguments=arguments) as server:
                backup = self.check_restore(server)
                self.assertEqual(backup["kind"], "postgresql")
                os.makedirs(folder + "/data", 0o700)
                shutil.copy(server.folder + "/data/master.key", folder + "/data/master.key")
                with IpamdProcess(folder=folder, arguments=arguments):
                    root = server.client()
                    plan = root.expect(200, "POST", f"/api/v1/backups/{backup['name']}:restore?dry_run=true")["result"]
                    self.assertIn("other servers use this database", plan["obstacle"])
                    refused = root.request("POST", f"/api/v1/backups/{backup['name']}:restore")
                    self.assertEqual(refused.status, 412, refused)
                restore(server, server.client(), backup["name"])
                self.assertEqual(len(server.client().expect(200, "GET", "/api/v1/restorations")["items"]), 2)

    def test_a_damaged_backup_is_told_and_nothing_is_touched(self):
        with IpamdProcess() as server:
            root = server.sign_in()
            root.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.0.0.0/16"})
            backup = make_backup(self, root)
            allocate(root, "after")
            path = f"{server.folder}/data/backups/{backup['name']}/database"
            with open(path, "r+b") as file:
                file.seek(os.path.getsize(path) // 2)
                byte = file.read(1)
                file.seek(-1, os.SEEK_CUR)
                file.write(bytes([byte[0] ^ 1]))
            checked = root.wait_for_operation(root.expect(202, "POST", f"/api/v1/backups/{backup['name']}:verify"))
            self.assertEqual(checked["state"], "failed")
            self.assertIn("is damaged", checked["message"])
            restore(server, root, backup["name"])
            root = server.client()
            self.assertEqual(root.expect(200, "GET", "/api/v1/restorations")["items"], [])
            self.assertEqual(len(root.expect(200, "GET", "/api/v1/addresses?name=after")["items"]), 1)
            self.assertIn("IPAM-5208 the restore failed; the database is as it was", server.log())
            for wrong in ("no-such-backup", "..", "%2e%2e%2fdata", "a%00b"):
                self.assertEqual(root.request("GET", f"/api/v1/backups/{wrong}").status in (400, 404), True, wrong)
                self.assertEqual(root.request("POST", f"/api/v1/backups/{wrong}:restore").status in (400, 404), True, wrong)
            self.assertEqual(root.request("POST", "/api/v1/backups", {"keep": 0}).status, 400)

    def test_a_database_that_cannot_be_read_is_restored_by_the_program_itself(self):
        with IpamdProcess() as server:
            root = server.sign_in()
            root.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.0.0.0/16"})
            root.expect(201, "POST", "/api/v1/users", {"name": "alice", "password": "correct horse battery", "access_group": "ipam_administrators"})
            backup = make_backup(self, root)
            address = allocate(root, "after")
            ran = self.run_restore(server, backup["name"])
            self.assertEqual(ran.returncode, 1)
            self.assertIn("another ipamd uses", ran.stderr)
            server.kill()
            for path in (server.folder + "/data/ipam.db", server.folder + "/data/ipam.db-wal"):
                with open(path, "r+b") as file:
                    file.write(os.urandom(8192))
            self.assertEqual(self.run_restore(server, "nothing").returncode, 1)
            ran = self.run_restore(server, backup["name"])
            self.assertEqual(ran.returncode, 0, ran.stderr)
            self.assertIn("The replaced database could not be read: the database file is damaged", ran.stdout)
            server.start()
            self.assertEqual(server.client().request("GET", "/api/v1/me").status, 401, "sign-ins of a database that cannot be read are over")
            alice = server.sign_in("alice", "correct horse battery")
            done = alice.expect(200, "GET", "/api/v1/restorations")["items"][0]
            self.assertEqual(done["replaced_sequence"], 0)
            self.assertIn("damaged", done["problem"])
            made = alice.expect(201, "POST", "/api/v1/addresses:allocate", {"from": "10.0.0.0/16", "name": "again"})
            self.assertEqual(made["addresses"][0]["address"], address, "nobody can know that it was taken")
            self.assertGreater(int(made["sequence"]), backup["sequence"] + BLIND_GAP)

    def test_another_master_key_is_refused(self):
        with IpamdProcess() as server, IpamdProcess() as other:
            backup = make_backup(self, server.sign_in())
            other.sign_in()
            shutil.copytree(f"{server.folder}/data/backups/{backup['name']}", f"{other.folder}/data/backups/{backup['name']}")
            plan = other.client().expect(200, "POST", f"/api/v1/backups/{backup['name']}:restore?dry_run=true")["result"]
            self.assertIn("put the master.key that belongs to it", plan["obstacle"])
            self.assertEqual(other.client().request("POST", f"/api/v1/backups/{backup['name']}:restore").status, 412)
            other.stop()
            ran = self.run_restore(other, backup["name"])
            self.assertEqual(ran.returncode, 1)
            self.assertIn("put the master.key that belongs to it", ran.stderr)

    def test_the_command_line(self):
        with IpamdProcess() as server:
            user = {"name": "bob", "password": "correct horse battery", "access_group": "ipam_administrators"}
            server.sign_in().expect(201, "POST", "/api/v1/users", user)
            ipam = Ipam(server, signs_in=(user["name"], user["password"]))
            ipam.run("subnet", "add", "10.0.0.0/16")
            self.assertIn("succeeded", ipam.said("backup", "create", "--note", "before the move", "--keep", "3"))
            name = ipam.json("backup", "list")[0]["name"]
            self.assertIn("before the move", ipam.run("backup", "show", name))
            self.assertIn("journal unbroken", ipam.said("backup", "verify", name))
            ipam.run("address", "allocate", "10.0.0.0/16", "--name", "app1")
            self.assertIn("1 change came after it", ipam.said("backup", "restore", name, "--dry-run"))
            with server.starting_anew():
                said = ipam.said("backup", "restore", name, "--yes", "--reason", "drill")
            self.assertIn("Restored.", said)
            self.assertIn("app1", ipam.run("address", "list"))
            # Its record follows those that are lost: the stream goes over the gap that they leave.
            told = ipam.json("events", "tail", "--from", "1", "--object-type", "restoration", "--limit", "1")
            restoration = ipam.json("restoration", "list")[0]["id"]
            self.assertEqual((told["data"]["object_type"], told["data"]["object_id"]), ("restoration", restoration))
            self.assertIn("address", ipam.run("lost-change", "list", "--restoration", restoration))
            ipam.run("backup", "delete", name, "--yes")
            self.assertEqual(ipam.json("backup", "list"), [])
            self.assertIn("there is no backup", ipam.run("backup", "verify", name, status=STATUS["not_found"]))

    def run_restore(self, server, name):
        arguments = ["--data", server.folder + "/data", "--restore", name, *([] if os.geteuid() else ["--allow-root"])]
        return subprocess.run([program("ipamd"), *arguments], capture_output=True, text=True, timeout=120)


if __name__ == "__main__":
    unittest.main()
