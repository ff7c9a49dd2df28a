#!/usr/bin/env python3
"""Records answers of MS-DHCPM as impacket's NDR engine writes them into tests/golden/dhcpm, and seeds for dhcpm_fuzz.

No free server speaks MS-DHCPM. The classes here are of this file's own, for those of impacket 0.10 lack a pointer and a result. The engine fills what only
aligns with octets that are not zero and gives referents random numbers. Needs Debian's python3-impacket: /usr/bin/python3 tests/lab/record_dhcpm_golden.py
"""

import os
import random
import shutil
import socket
import struct

from impacket.dcerpc.v5.dtypes import LPWSTR, NULL
from impacket.dcerpc.v5.ndr import NDRCALL, NDRPOINTER, NDRSTRUCT, NDRULONG, NDRUNION, NDRUniConformantArray, NDRUSHORT, NDRUSMALL

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")


def pointer_to(kind):
    return type("P" + kind.__name__, (NDRPOINTER,), {"referent": (("Data", kind),)})


def array_of(kind):
    return type("ArrayOf", (NDRUniConformantArray,), {"item": kind})


def call(*fields):
    return type("Answer", (NDRCALL,), {"structure": fields})


ULongs, Octets = array_of("<L"), array_of("B")


class DateTime(NDRSTRUCT):
    structure = (("Low", NDRULONG), ("High", NDRULONG))


class BinaryData(NDRSTRUCT):
    structure = (("DataLength", NDRULONG), ("Octets", pointer_to(Octets)))


class HostInfo(NDRSTRUCT):
    structure = (("IpAddress", NDRULONG), ("NetBiosName", LPWSTR), ("HostName", LPWSTR))


class SubnetInfo(NDRSTRUCT):
    structure = (("SubnetAddress", NDRULONG), ("SubnetMask", NDRULONG), ("SubnetName", LPWSTR), ("SubnetComment", LPWSTR), ("PrimaryHost", HostInfo),
                 ("SubnetState", NDRUSHORT))


class IpArray(NDRSTRUCT):
    structure = (("NumElements", NDRULONG), ("Elements", pointer_to(ULongs)))


class BootpRange(NDRSTRUCT):
    structure = (("StartAddress", NDRULONG), ("EndAddress", NDRULONG), ("BootpAllocated", NDRULONG), ("MaxBootpAllowed", NDRULONG))


class IpRange(NDRSTRUCT):
    structure = (("StartAddress", NDRULONG), ("EndAddress", NDRULONG))


class Reservation(NDRSTRUCT):
    structure = (("ReservedIpAddress", NDRULONG), ("ReservedForClient", pointer_to(BinaryData)), ("AllowedClientTypes", NDRUSMALL))


class ElementUnion(NDRUNION):
    commonHdr = (("tag", NDRUSHORT),)
    union = {0: ("IpRange", pointer_to(BootpRange)), 2: ("ReservedIp", pointer_to(Reservation)), 3: ("ExcludeIpRange", pointer_to(IpRange))}


class Element(NDRSTRUCT):
    structure = (("ElementType", NDRUSHORT), ("Element", ElementUnion))


class ElementArray(NDRSTRUCT):
    structure = (("NumElements", NDRULONG), ("Elements", pointer_to(array_of(Element))))


class Client(NDRSTRUCT):
    structure = (("ClientIpAddress", NDRULONG), ("SubnetMask", NDRULONG), ("ClientHardwareAddress", BinaryData), ("ClientName", LPWSTR),
                 ("ClientComment", LPWSTR), ("ClientLeaseExpires", DateTime), ("OwnerHost", HostInfo), ("ClientType", NDRUSMALL), ("AddressState", NDRUSMALL))


class ClientArray(NDRSTRUCT):
    structure = (("NumElements", NDRULONG), ("Clients", pointer_to(array_of(pointer_to(Client)))))


class ScopeMib(NDRSTRUCT):
    structure = (("Subnet", NDRULONG), ("InUse", NDRULONG), ("Free", NDRULONG), ("PendingOffers", NDRULONG))


NAMES = ("Discovers", "Offers", "Requests", "Acks", "Naks", "Declines", "Releases")
MORE_NAMES = ("Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "DelayedOffers", "ScopesWithDelayedOffers")


class Mib(NDRSTRUCT):
    structure = (*((name, NDRULONG) for name in NAMES), ("ServerStartTime", DateTime), *((name, NDRULONG) for name in MORE_NAMES), ("Scopes", NDRULONG),
                 ("ScopeInfo", pointer_to(array_of(ScopeMib))))


LIST_TAIL = (("Read", NDRULONG), ("Total", NDRULONG), ("Result", NDRULONG))


def ip(text):
    return struct.unpack(">I", socket.inet_aton(text))[0]


def put_host(host, address, netbios, name):
    host["IpAddress"] = ip(address)
    host["NetBiosName"] = netbios + "\0" if netbios else NULL
    host["HostName"] = name + "\0" if name else NULL


def put_octets(data, octets):
    data["DataLength"] = len(octets)
    data["Octets"] = list(octets)


def version():
    answer = call(("Major", NDRULONG), ("Minor", NDRULONG), ("Result", NDRULONG))()
    answer["Major"], answer["Minor"], answer["Result"] = 10, 0, 0
    return answer.getData()


def subnets():
    answer = call(("Resume", NDRULONG), ("List", pointer_to(IpArray)), *LIST_TAIL)()
    answer["Resume"] = 7
    answer["List"]["NumElements"] = 2
    answer["List"]["Elements"] = [ip("10.1.0.0"), ip("10.2.0.0")]
    answer["Read"], answer["Total"], answer["Result"] = 2, 5, 234
    return answer.getData()


def subnet():
    answer = call(("Info", pointer_to(SubnetInfo)), ("Result", NDRULONG))()
    info = answer["Info"]
    info["SubnetAddress"], info["SubnetMask"], info["SubnetState"] = ip("10.1.0.0"), ip("255.255.255.0"), 1
    info["SubnetName"], info["SubnetComment"] = "HQ\0", "Z\u00fcrich\0"
    put_host(info["PrimaryHost"], "10.0.0.2", "DHCP1", "dhcp1.contoso.test")
    answer["Result"] = 0
    return answer.getData()


def no_subnet():
    answer = call(("Info", pointer_to(SubnetInfo)), ("Result", NDRULONG))()
    answer["Info"] = NULL
    answer["Result"] = 20005
    return answer.getData()


def elements(kind):
    answer = call(("Resume", NDRULONG), ("List", pointer_to(ElementArray)), *LIST_TAIL)()
    made = []
    for number in range(2):
        element = Element()
        element["ElementType"] = 6 if kind == 0 else kind
        element["Element"]["tag"] = kind
        arm = element["Element"][{0: "IpRange", 2: "ReservedIp", 3: "ExcludeIpRange"}[kind]]
        if kind == 2:
            arm["ReservedIpAddress"] = ip(f"10.1.0.{50 + number}")
            put_octets(arm["ReservedForClient"], bytes([0, 0, 1, 10, 1, 0xAA, 0xBB, 0xCC, 0, 0, number]))
            arm["AllowedClientTypes"] = 3
        else:
            arm["StartAddress"], arm["EndAddress"] = ip(f"10.1.0.{10 + 100 * number}"), ip(f"10.1.0.{99 + 100 * number}")
            if kind == 0:
                arm["BootpAllocated"], arm["MaxBootpAllowed"] = 1, 0xFFFFFFFF
        made.append(element)
    answer["Resume"] = 0
    answer["List"]["NumElements"] = len(made)
    answer["List"]["Elements"] = made
    answer["Read"], answer["Total"], answer["Result"] = 2, 2, 0
    return answer.getData()


def clients():
    answer = call(("Resume", NDRULONG), ("List", pointer_to(ClientArray)), *LIST_TAIL)()
    made = []
    for number, name in enumerate(("pc10.contoso.test", None, "m\u00fcller")):
        client = pointer_to(Client)()
        client["ClientIpAddress"], client["SubnetMask"] = ip(f"10.1.0.{10 + number}"), ip("255.255.255.0")
        put_octets(client["ClientHardwareAddress"], bytes([0xAA, 0xBB, 0xCC, 0, 0, number]))
        client["ClientName"] = name + "\0" if name else NULL
        client["ClientComment"] = NULL
        endless = number == 1
        client["ClientLeaseExpires"]["Low"] = 0xFFFFFFFF if endless else 134000000000000000 & 0xFFFFFFFF
        client["ClientLeaseExpires"]["High"] = 0x7FFFFFFF if endless else 134000000000000000 >> 32
        put_host(client["OwnerHost"], "10.0.0.2", "DHCP1", None)
        client["ClientType"], client["AddressState"] = 1, (1, 1, 2)[number]
        made.append(client)
    answer["Resume"] = 99
    answer["List"]["NumElements"] = len(made)
    answer["List"]["Clients"] = made
    answer["Read"], answer["Total"], answer["Result"] = 3, 10, 234
    return answer.getData()


def counters():
    answer = call(("Mib", pointer_to(Mib)), ("Result", NDRULONG))()
    mib = answer["Mib"]
    for number, name in enumerate(NAMES + MORE_NAMES):
        mib[name] = number + 1
    mib["ServerStartTime"]["Low"], mib["ServerStartTime"]["High"] = 134000000000000000 & 0xFFFFFFFF, 134000000000000000 >> 32
    scopes = []
    for subnet_address in ("10.1.0.0", "10.2.0.0"):
        scope = ScopeMib()
        scope["Subnet"], scope["InUse"], scope["Free"], scope["PendingOffers"] = ip(subnet_address), 3, 200, 1
        scopes.append(scope)
    mib["Scopes"] = len(scopes)
    mib["ScopeInfo"] = scopes
    answer["Result"] = 0
    return answer.getData()


def main():
    random.seed(2)
    folder, seeds = os.path.join(GOLDEN, "dhcpm"), os.path.join(GOLDEN, "fuzz", "dhcpm_fuzz")
    for each in (folder, seeds):
        shutil.rmtree(each, ignore_errors=True)
        os.makedirs(each)
    answers = {"version": version(), "subnets": subnets(), "subnet": subnet(), "no-subnet": no_subnet(), "ranges": elements(0), "reservations": elements(2),
               "exclusions": elements(3), "clients": clients(), "counters": counters()}
    for name, content in answers.items():
        for path in (os.path.join(folder, name), os.path.join(seeds, name)):
            with open(path, "wb") as file:
                file.write(content)


if __name__ == "__main__":
    main()
