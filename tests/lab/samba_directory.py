#!/usr/bin/python3
"""Changes the directory of a Samba domain whose server does not run: accounts, addresses, DHCP servers, NPS servers, sites, DNS zones.

    samba_directory.py FOLDER < EDITS

FOLDER holds the domain's smb.conf. EDITS is one object of JSON; every key may be absent:
    "accounts": true                                  the accounts that every lab has, with their keytabs in FOLDER/keytabs
    "address": {"old": "…", "new": "…"}               exchanges an address in all DNS zones
    "dhcp": {"dhcp1": "127.0.0.12"}                   authorizes DHCP servers; a short name gets a computer account too
    "nps": ["nps1"]                                   computers that are members of "RAS and IAS Servers"
    "sites": {"Zurich": ["10.1.0.0/16"]}              sites with their subnets
    "trusts": {"fabrikam.test": [3, 2, 8]}            trusted domains: direction, type and attributes (MS-ADTS 6.1.6.7)
    "zones": {"records": 1000}                        a DNS zone of that many names, one of every record type, and a reverse zone

Needs Debian's python3-samba, whose encoder of DNS records is not ours.
"""

import ipaddress
import json
import os
import subprocess
import sys

import ldb
from samba.auth import system_session
from samba.dcerpc import dnsp, security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

import samba_settings as settings
from samba_zones import big_zone, reverse_zone, types_zone, zone_properties

AES_ONLY = "24"  # msDS-SupportedEncryptionTypes: AES128 and AES256; without it a keytab is exported with RC4 keys alone
DNS_PARTITIONS = (f"DC=DomainDnsZones,{settings.BASE}", f"DC=ForestDnsZones,{settings.BASE}")


class Directory:
    def __init__(self, folder):
        self.folder = folder
        self.parameters = LoadParm()
        self.parameters.load(os.path.join(folder, "smb.conf"))
        self.samdb = SamDB(url=os.path.join(folder, "private", "sam.ldb"), session_info=system_session(), lp=self.parameters)

    def add(self, dn, classes, **values):
        self.samdb.add({"dn": dn, "objectClass": classes, **values})

    def below(self, container, name):
        """The name of an entry in the container, whatever characters its own name has."""
        dn = ldb.Dn(self.samdb, f"CN=x,{container}")
        dn.set_component(0, "CN", name)
        return str(dn)

    def set(self, dn, **values):
        message = ldb.Message(ldb.Dn(self.samdb, dn))
        for name, value in values.items():
            message[name] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, name)
        self.samdb.modify(message)

    def dn_of(self, account):
        return str(self.samdb.search(settings.BASE, expression=f"(sAMAccountName={ldb.binary_encode(account)})", attrs=["dn"])[0].dn)

    # --- Accounts

    def make_accounts(self):
        self.drop_addresses_of_this_machine()
        self.samdb.set_maxPwdAge(0)
        self._user(settings.READER, settings.READER_PASSWORD)
        for name in settings.SERVICES:
            self._user(f"svc-{name}", f"Passw0rd!{name}")
            self.set(self.dn_of(f"svc-{name}"), servicePrincipalName=[f"{kind}/{settings.fqdn(name)}" for kind in settings.SERVICE_CLASSES])
        dc = settings.fqdn(settings.HOST)
        # The service that would register these names by itself (dnsupdate) does not run in the lab.
        message = ldb.Message(ldb.Dn(self.samdb, self.dn_of(f"{settings.HOST.upper()}$")))
        names = [f"ldap/{dc}", f"ldap/{dc}/{settings.DOMAIN}", f"GC/{dc}/{settings.DOMAIN}"]
        message["servicePrincipalName"] = ldb.MessageElement(names, ldb.FLAG_MOD_ADD, "servicePrincipalName")
        self.samdb.modify(message)
        for name in (settings.READER, *(f"svc-{name}" for name in settings.SERVICES)):
            self._export_keytab(name)

    def _user(self, name, password):
        self.samdb.newuser(name, password, useusernameascn=True)
        self.set(self.dn_of(name), **{"msDS-SupportedEncryptionTypes": AES_ONLY})
        self.samdb.setpassword(f"(sAMAccountName={name})", password)  # now with the keys that the account supports

    def _export_keytab(self, name):
        path = os.path.join(self.folder, "keytabs", name + ".keytab")
        # A program of its own: exporting twice within one process leaves the first one's settings behind.
        subprocess.run(["samba-tool", "domain", "exportkeytab", path, f"--principal={name}", "-s", os.path.join(self.folder, "smb.conf")],
                       check=True, stdout=subprocess.DEVNULL)

    # --- Servers and sites

    def authorize_dhcp(self, servers):
        services = f"CN=NetServices,CN=Services,{settings.CONFIGURATION}"
        self.add(f"CN=DhcpRoot,{services}", "dHCPClass", dhcpUniqueKey="0", dhcpType="0", dhcpFlags="0", dhcpIdentification="This is a server",
                 instanceType="4")
        for name, address in servers.items():
            if "." not in name:
                self.add_computer(name)
            name = settings.fqdn(name)
            self.add(f"CN={name},{services}", "dHCPClass", dhcpUniqueKey="0", dhcpType="1", dhcpFlags="0", dhcpIdentification=name, instanceType="4",
                     dhcpServers=f"i{address}$rcn={name}$f0x00000000$s{name}$")

    def add_computer(self, name):
        """The account of a member server; answers its name in the directory."""
        dn = f"CN={name},CN=Computers,{settings.BASE}"
        self.add(dn, "computer", sAMAccountName=f"{name.upper()}$", userAccountControl="4096", dNSHostName=settings.fqdn(name),
                 operatingSystem="Windows Server 2022 Standard", operatingSystemVersion="10.0 (20348)")
        return dn

    def add_nps(self, names):
        members = [self.add_computer(name) for name in names]
        self.set(self.dn_of("RAS and IAS Servers"), member=members)

    def add_sites(self, sites):
        container = f"CN=Sites,{settings.CONFIGURATION}"
        for site, subnets in sites.items():
            dn = self.below(container, site)
            self.add(dn, "site")
            self.add(f"CN=Servers,{dn}", "serversContainer")
            for subnet in subnets:
                self.add(f"CN={subnet},CN=Subnets,{container}", "subnet", siteObject=dn)

    def add_trusts(self, trusts):
        # As the LSA would write them; by LDAP nobody may.
        for number, (partner, (direction, kind, attributes)) in enumerate(trusts.items()):
            sid = ndr_pack(security.dom_sid(f"S-1-5-21-{number + 1}-2-3"))  # without one winbindd ends, and Samba with it
            self.samdb.add({"dn": f"CN={partner},CN=System,{settings.BASE}", "objectClass": "trustedDomain", "trustPartner": partner,
                            "flatName": partner.split(".")[0].upper(), "trustDirection": str(direction), "trustType": str(kind),
                            "trustAttributes": str(attributes), "securityIdentifier": sid}, ["local_oid:1.3.6.1.4.1.7165.4.3.12:0", "relax:0"])

    # --- DNS

    def add_zone(self, zone, nodes):
        container = f"DC={zone},CN=MicrosoftDNS,{DNS_PARTITIONS[0]}"
        self.add(container, "dnsZone", dNSProperty=zone_properties())
        for name, records in nodes:
            self.add(f"DC={name},{container}", "dnsNode", dnsRecord=[ndr_pack(record) for record in records])

    def add_zones(self, names):
        self.add_zone(f"big.{settings.DOMAIN}", big_zone(names))
        self.add_zone(f"types.{settings.DOMAIN}", types_zone())
        self.add_zone("16.10.in-addr.arpa", reverse_zone())

    def _dns_nodes(self):
        for partition in DNS_PARTITIONS:
            for node in self.samdb.search(partition, expression="(objectClass=dnsNode)", attrs=["dnsRecord"]):
                yield node.dn, [ndr_unpack(dnsp.DnssrvRpcRecord, value) for value in node.get("dnsRecord", [])]

    def drop_addresses_of_this_machine(self):
        """Provisioning looks for IPv6 addresses of the machine and writes them into the zones."""
        for dn, records in self._dns_nodes():
            kept = [record for record in records if record.wType != dnsp.DNS_TYPE_AAAA or dn.get_component_value(1) == "RootDNSServers"]
            if len(kept) < len(records):
                self.set(str(dn), dnsRecord=[ndr_pack(record) for record in kept])

    def exchange_address(self, old, new):
        changed = 0
        for dn, records in self._dns_nodes():
            mine = [record for record in records if record.wType == dnsp.DNS_TYPE_A and record.data == old]
            for record in mine:
                record.data = new
            if mine:
                self.set(str(dn), dnsRecord=[ndr_pack(record) for record in records])
                changed += len(mine)
        if changed == 0:
            raise SystemExit(f"no DNS record has the address {old}")


def main():
    edits = json.load(sys.stdin)
    directory = Directory(sys.argv[1])
    if "address" in edits:
        old, new = (str(ipaddress.IPv4Address(edits["address"][key])) for key in ("old", "new"))
        directory.exchange_address(old, new)
    if edits.get("accounts"):
        directory.make_accounts()
    if edits.get("dhcp"):
        directory.authorize_dhcp(edits["dhcp"])
    if edits.get("nps"):
        directory.add_nps(edits["nps"])
    if edits.get("sites"):
        directory.add_sites(edits["sites"])
    if edits.get("trusts"):
        directory.add_trusts(edits["trusts"])
    if edits.get("zones"):
        directory.add_zones(edits["zones"]["records"])


if __name__ == "__main__":
    main()
