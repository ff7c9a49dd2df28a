"""A disk that is full and a database that another program holds: writes are refused by name, reads go on, and all heals without a restart."""

import os
import sqlite3
import subprocess
import tempfile
import time
import unittest

from ipamd_process import IpamdProcess

DISK_BYTES = 12 << 20
SUBNET = "10.1.0.0/16"


class SmallDisk:
    """A file system of a few mebibytes, mounted while entered. Raises SkipTest where that is not allowed."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="ipam-e2e-disk.")
        command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0700", "ipam-e2e", self.folder]
        done = subprocess.run(command, capture_output=True, text=True) if os.geteuid() == 0 else None
        if done is None or done.returncode != 0:
            os.rmdir(self.folder)
            raise unittest.SkipTest("a small file system cannot be mounted: " + (done.stderr.strip() if done else "not root"))
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", self.folder], check=True)
        os.rmdir(self.folder)

    def fill(self):
        """Leaves not one page free."""
        with open(os.path.join(self.folder, "filler"), "ab", buffering=0) as file:
            for size in (1 << 20, 4096):
                try:
                    while file.write(b"\0" * size) == size:
                        pass
                except OSError:
                    pass

    def free(self):
        os.remove(os.path.join(self.folder, "filler"))


def allocate(client, count=1):
    return client.request("POST", "/api/v1/addresses:allocate", {"from": SUBNET, "count": count})


class FullDiskTest(unittest.TestCase):
    def test_a_full_disk_refuses_writes_until_there_is_space_again(self):
        with SmallDisk() as disk, IpamdProcess(disk.folder) as server:
            client = server.sign_in()
            client.expect(201, "POST", "/api/v1/subnets", {"prefix": SUBNET})
            taken = self._allocate_until_refused(client, disk)
            for _ in range(5):
                self._refused(allocate(client), "full")
            self._ledger_is_ready(client)  # a first look; it tells from the second on that nothing is committed
            self._refused(allocate(client), "full")
            self.assertFalse(self._ledger_is_ready(client))
            # Reads go on, and tell what was acknowledged and nothing else.
            self.assertEqual({item["address"] for item in client.all_items("/api/v1/addresses")}, taken)
            self.assertEqual(client.expect(200, "GET", "/api/v1/subnets")["items"][0]["utilization"]["assigned"], len(taken))
            disk.free()
            answer = allocate(client)
            self.assertEqual(answer.status, 201, str(answer))
            taken.add(answer.json["addresses"][0]["address"])
            self.assertTrue(self._ledger_is_ready(client))
            self.assertTrue(server.is_running())
            server.kill()
            server.start()
            self.assertEqual({item["address"] for item in client.all_items("/api/v1/addresses")}, taken)

    @staticmethod
    def _ledger_is_ready(client):
        checks = client.request("GET", "/readyz").json["checks"]
        return next(check["ready"] for check in checks if check["name"] == "ledger")

    def _allocate_until_refused(self, client, disk):
        """The disk is full before the database is, whose files have some room of their own for a while."""
        taken = set()
        for _ in range(2000):
            disk.fill()
            answer = allocate(client, 100)
            if answer.status != 201:
                self._refused(answer, "full")
                return taken
            taken.update(address["address"] for address in answer.json["addresses"])
        raise AssertionError("a full disk never refused a write")

    def _refused(self, answer, word):
        self.assertEqual((answer.status, answer.code), (503, "unavailable"), str(answer))
        self.assertIn(word, answer.json["detail"])
        self.assertIn("retry-after", answer.headers)


class LockedDatabaseTest(unittest.TestCase):
    def test_a_database_that_another_program_holds_refuses_writes_until_it_lets_go(self):
        with IpamdProcess() as server:
            client = server.sign_in()
            client.expect(201, "POST", "/api/v1/subnets", {"prefix": SUBNET})
            first = allocate(client).json["addresses"][0]["address"]
            other = sqlite3.connect(os.path.join(server.folder, "data", "ipam.db"), isolation_level=None)
            self.addCleanup(other.close)
            other.execute("BEGIN EXCLUSIVE")
            began = time.monotonic()
            answer = allocate(client)
            self.assertEqual((answer.status, answer.code), (503, "unavailable"), str(answer))
            self.assertIn("locked", answer.json["detail"])
            self.assertLess(time.monotonic() - began, 15, "a locked database holds a request up")
            self.assertEqual([item["address"] for item in client.all_items("/api/v1/addresses")], [first])
            other.execute("ROLLBACK")
            answer = allocate(client)
            self.assertEqual(answer.status, 201, str(answer))


if __name__ == "__main__":
    unittest.main()
