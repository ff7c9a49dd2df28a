"""64 clients allocate from one range while a file of addresses of the same range is imported: no address is given twice, none is lost."""

import ipaddress
import random
import threading
import unittest

from ipam_cli import Ipam
from ipamd_process import IpamdProcess, is_nightly

CLIENTS = 64
ALLOCATIONS = 400 if is_nightly() else 25  # of each client
ROWS = 50_000 if is_nightly() else 3_000
SUBNET = ipaddress.ip_network("10.2.0.0/16")


class AllocationsBesideAnImport(unittest.TestCase):
    def test_no_duplicate_and_no_loss(self):
        with IpamdProcess() as server:
            client = server.sign_in()
            client.expect(201, "POST", "/api/v1/subnets", {"prefix": str(SUBNET)})
            told, failures, lock = [], [], threading.Lock()
            begin = threading.Barrier(CLIENTS + 1)

            def allocate(number):
                own = server.client()
                begin.wait()
                for turn in range(ALLOCATIONS):
                    answer = own.request("POST", "/api/v1/addresses:allocate", {"from": str(SUBNET), "name": f"api-{number}-{turn}"})
                    with lock:
                        if answer.status == 201:
                            told.append((answer.json["addresses"][0]["address"], f"api-{number}-{turn}"))
                        else:
                            failures.append(str(answer))

            # Where the clients take from, in an order of its own.
            rows = [str(SUBNET[1 + i]) for i in range(ROWS)]
            random.Random(7).shuffle(rows)
            path = f"{server.folder}/plan.csv"
            with open(path, "w", encoding="utf-8") as file:
                file.write("IP Address,Owner\n" + "".join(f"{address},csv\n" for address in rows))
            threads = [threading.Thread(target=allocate, args=(number,)) for number in range(CLIENTS)]
            for thread in threads:
                thread.start()
            begin.wait()
            imported = Ipam(server).json("import", "addresses", path)
            for thread in threads:
                thread.join()
            self.assertEqual(failures, [])
            self.assertEqual(imported["failed"], 0)
            self.assertEqual(imported["created"] + imported["updated"] + imported["unchanged"], ROWS)
            given = [address for address, _ in told]
            self.assertEqual(len(given), CLIENTS * ALLOCATIONS)
            self.assertEqual(len(set(given)), len(given), "an address was given twice")
            stored = {each["address"]: each for each in client.all_items("/api/v1/addresses")}
            self.assertEqual(set(stored), set(given) | set(rows))
            # What an allocation took, a row of the file may describe, but not take away; what a row made, no allocation was given.
            for address, name in told:
                self.assertEqual(stored[address]["name"], name)
            made_by_file = [address for address in rows if not stored[address]["name"]]
            self.assertEqual(len(made_by_file), imported["created"])
            self.assertTrue(all(stored[address]["owner"] == "csv" for address in rows))


if __name__ == "__main__":
    unittest.main()
