#!/usr/bin/python3
"""Records what attributes of a real Samba directory hold, with what Samba's own decoder says of them, into tests/golden/directory, and seeds for directory_fuzz.

A line: what it is, its octets in base64, and what it means, separated by tabs. Needs Debian's python3-samba.
"""

import base64
import os

from samba.dcerpc import dnsp, misc, security
from samba.ndr import ndr_unpack

from samba_lab import SambaLab

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
SEEDS = os.path.join(GOLDEN, "fuzz", "directory_fuzz")


def entries(text):
    """The entries of LDIF without wrapped lines: lists of values, as octets, by attribute."""
    found = []
    for block in text.split("\n\n"):
        entry = {}
        for line in block.splitlines():
            name, colon, value = line.partition(":")
            if colon and not line.startswith("#"):
                octets = base64.b64decode(value[1:]) if value.startswith(":") else value.strip().encode()
                entry.setdefault(name, []).append(octets)
        if "dn" in entry:
            found.append(entry)
    return found


def record_meaning(octets):
    record = ndr_unpack(dnsp.DnssrvRpcRecord, octets)
    name = record.data if isinstance(record.data, str) and record.wType in (dnsp.DNS_TYPE_NS, dnsp.DNS_TYPE_CNAME, dnsp.DNS_TYPE_PTR) else "-"
    return f"{record.wType} {record.rank} {record.dwSerial} {record.dwTtlSeconds} {record.dwTimeStamp} {name}"


def property_meaning(octets):
    value = ndr_unpack(dnsp.DnsProperty, octets)
    return str(value.data) if value.id == dnsp.DSPROPERTY_ZONE_TYPE else "-"


def main():
    with SambaLab(dhcp={"dhcp1": "127.0.0.12"}, nps=["nps1"], sites={"Zürich, Höngg": ["10.1.0.0/16"]}, zones=10) as lab:
        lab.run("kinit", "-k", "-t", lab.keytab(lab.reader), "-c", lab.path("golden.ccache"), lab.reader)

        def ask(base, filter_text, *attributes):
            return entries(lab.run("env", "KRB5CCNAME=" + lab.path("golden.ccache"), "ldapsearch", "-H", "ldap://" + lab.host, "-Y", "GSSAPI", "-Q", "-N", "-LLL",
                                   "-o", "ldif-wrap=no", "-b", base, filter_text, *attributes))
        lines = []
        zones = f"DC=DomainDnsZones,{lab.base}"
        for node in ask(zones, "(objectClass=dnsNode)", "dnsRecord"):
            lines += [("record", value, record_meaning(value)) for value in node.get("dnsRecord", [])]
        for zone in ask(zones, "(objectClass=dnsZone)", "dNSProperty"):
            lines += [("property", value, property_meaning(value)) for value in zone.get("dNSProperty", [])]
        for account in ask(lab.base, "(|(sAMAccountName=RAS and IAS Servers)(objectClass=computer)(sAMAccountName=reader))", "objectSid", "objectGUID"):
            lines += [("sid", value, str(ndr_unpack(security.dom_sid, value))) for value in account["objectSid"]]
            lines += [("guid", value, str(ndr_unpack(misc.GUID, value))) for value in account["objectGUID"]]
        for server in ask(f"CN=NetServices,CN=Services,CN=Configuration,{lab.base}", "(dhcpServers=*)", "dhcpServers"):
            lines += [("dhcp", value, "127.0.0.12 dhcp1.contoso.test") for value in server["dhcpServers"]]
        names = ask(f"CN=Sites,CN=Configuration,{lab.base}", "(objectClass=*)", "cn")
        lines += [("name", entry["dn"][0], entry["cn"][0].decode()) for entry in names]
    os.makedirs(SEEDS, exist_ok=True)
    os.makedirs(os.path.join(GOLDEN, "directory"), exist_ok=True)
    unique = sorted(set(lines))
    with open(os.path.join(GOLDEN, "directory", "attributes.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{kind}\t{base64.b64encode(octets).decode()}\t{meaning}\n" for kind, octets, meaning in unique)
    kinds = {}
    for kind, octets, _ in unique:
        kinds.setdefault(kind, {}).setdefault(len(octets), octets)
    for kind, by_size in kinds.items():
        for number, octets in enumerate(by_size.values()):
            with open(os.path.join(SEEDS, f"{kind}-{number}"), "wb") as file:
                file.write(octets)


if __name__ == "__main__":
    main()
