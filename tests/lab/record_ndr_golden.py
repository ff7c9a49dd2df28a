#!/usr/bin/env python3
"""Records what impacket's NDR engine makes of the structures in src/wire/ndr/samples.h into tests/golden/ndr, and seeds for ndr_fuzz.

The engine fills what only aligns with octets that are not zero and gives referents random numbers. Needs the Debian package python3-impacket, and so
Debian's Python: /usr/bin/python3 tests/lab/record_ndr_golden.py
"""

import os
import random
import shutil

from impacket.dcerpc.v5.dtypes import GUID, LPSTR, LPWSTR, NULL, WSTR
from impacket.dcerpc.v5.ndr import (NDRCALL, NDRPOINTER, NDRSTRUCT, NDRUHYPER, NDRULONG, NDRUNION, NDRUniConformantArray,
                                    NDRUniConformantVaryingArray, NDRUniFixedArray, NDRUSHORT, NDRUSMALL)
from impacket.uuid import string_to_bin

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")


class Numbers(NDRSTRUCT):
    structure = (("One", NDRUSMALL), ("Two", NDRUSHORT), ("Three", NDRUSMALL), ("Four", NDRULONG), ("Five", NDRUSMALL), ("Eight", NDRUHYPER),
                 ("Colour", NDRUSHORT))


class ULongArray(NDRUniConformantArray):
    item = "<L"


class PULongArray(NDRPOINTER):
    referent = (("Data", ULongArray),)


class Masters(NDRSTRUCT):
    structure = (("Count", NDRULONG), ("Addresses", PULongArray))


class Zone(NDRSTRUCT):
    structure = (("Type", NDRUSMALL), ("Name", LPWSTR), ("Flags", NDRULONG), ("Partition", LPSTR), ("Masters", Masters))


class PZone(NDRPOINTER):
    referent = (("Data", Zone),)


class ZoneArray(NDRUniConformantArray):
    item = PZone


class ZoneList(NDRSTRUCT):
    structure = (("Version", NDRULONG), ("ZoneCount", NDRULONG), ("Zones", ZoneArray))


class PZoneList(NDRPOINTER):
    referent = (("Data", ZoneList),)


class Choice(NDRUNION):
    commonHdr = (("tag", NDRULONG),)
    union = {1: ("Number", NDRULONG), 3: ("Text", LPWSTR), 27: ("ZoneList", PZoneList)}


class Octets(NDRUniConformantVaryingArray):
    item = "B"


class ContextHandle(NDRSTRUCT):
    align = 4
    structure = (("Attributes", NDRULONG), ("Id", GUID))


class Quad(NDRUniFixedArray):
    align = 2

    def getDataLen(self, data, offset=0):
        return 6


class Answer(NDRCALL):
    structure = (("Small", NDRUSMALL), ("Numbers", Numbers), ("Server", LPWSTR), ("Zones", PZoneList), ("TypeId", NDRULONG), ("Choice", Choice),
                 ("Handle", ContextHandle), ("Octets", Octets), ("Title", WSTR), ("Quad", Quad), ("Result", NDRULONG))


def zone(kind, name, flags, partition, masters):
    one = PZone()
    one["Type"] = kind
    one["Name"] = name + "\0"
    one["Flags"] = flags
    one["Partition"] = partition + "\0" if partition else NULL
    one["Masters"]["Count"] = len(masters)
    if masters:
        one["Masters"]["Addresses"] = masters
    else:
        one["Masters"]["Addresses"] = NULL
    return one


def answer(choice):
    call = Answer()
    call["Small"] = 7
    for name, value in (("One", 1), ("Two", 0x0202), ("Three", 3), ("Four", 0x04040404), ("Five", 5), ("Eight", 0x0807060504030201), ("Colour", 2)):
        call["Numbers"][name] = value
    call["Server"] = "dc1.contoso.test\0"
    call["Zones"]["Version"] = 1
    zones = [zone(1, "contoso.test", 0x54, "DomainDnsZones.contoso.test", []), zone(2, "m\u00fcller.example", 8, None, [0x0100007F, 0x0200007F]),
             zone(1, "\U0001F98A", 0, "", [])]
    call["Zones"]["ZoneCount"] = len(zones)
    call["Zones"]["Zones"] = zones
    call["TypeId"] = choice
    call["Choice"]["tag"] = choice
    if choice == 1:
        call["Choice"]["Number"] = 0xDEADBEEF
    elif choice == 3:
        call["Choice"]["Text"] = "three\0"
    else:
        call["Choice"]["ZoneList"]["Version"] = 2
        call["Choice"]["ZoneList"]["ZoneCount"] = 1
        call["Choice"]["ZoneList"]["Zones"] = [zone(4, "10.in-addr.arpa", 1, "x", [1, 2, 3])]
    call["Handle"]["Attributes"] = 0
    call["Handle"]["Id"] = string_to_bin("50abc2a4-574d-40b3-9d66-ee4fd5fba076")
    call["Octets"] = [1, 2, 3, 4, 5]
    call["Title"] = "title\0"
    call["Quad"] = b"\x01\x00\x02\x00\x03\x00"
    call["Result"] = 0x2556
    return call.getData()


def main():
    random.seed(1)
    folder, seeds = os.path.join(GOLDEN, "ndr"), os.path.join(GOLDEN, "fuzz", "ndr_fuzz")
    for each in (folder, seeds):
        shutil.rmtree(each, ignore_errors=True)
        os.makedirs(each)
    for choice in (1, 3, 27):
        content = answer(choice)
        for path in (os.path.join(folder, f"answer-{choice}"), os.path.join(seeds, f"answer-{choice}")):
            with open(path, "wb") as file:
                file.write(content)


if __name__ == "__main__":
    main()
