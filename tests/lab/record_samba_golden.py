#!/usr/bin/env python3
"""Records what Samba's own RPC client and the endpoint mapper's say to a real Samba domain controller, and what it answers, into tests/golden/samba, with
seeds for the fuzz targets dcerpc_fuzz, dnsp_fuzz and keytab_fuzz.

The connection is signed and not sealed, so that the parameters can be read. NAME.asked and NAME.answered are all octets of a connection; OPERATION.request
and OPERATION.answer are the parameters of one call. The domain is made for one run: its tickets open nothing.

Needs to be root, and Debian's python3-samba and python3-impacket: /usr/bin/python3 tests/lab/record_samba_golden.py
"""

import json
import os
import shutil
import struct
import sys

from record_bind_golden import TcpTap

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
FOLDER = os.path.join(GOLDEN, "samba")
SEEDS = {name: os.path.join(GOLDEN, "fuzz", name) for name in ("dcerpc_fuzz", "dnsp_fuzz", "keytab_fuzz")}
NAMES = 40
DNS_SERVER = ("50abc2a4-574d-40b3-9d66-ee4fd5fba076", "5.0")
# Where a client begins to repeat what it bound to, behind the parameters of its first call (MS-RPCE section 2.2.2.13).
VERIFICATION_TRAILER = bytes.fromhex("8ae3137102f43671")
# Operation, zone, node; the order of the calls.
CALLS = (("ServerInfo", None, None), ("EnumZones", None, None), ("ZoneInfo", "types.contoso.test", None), ("EnumRecords", "types.contoso.test", "@"),
         ("EnumRecords", "types.contoso.test", "_tcp"), ("EnumRecords", "types.contoso.test", "sub"), ("EnumRecords", "big.contoso.test", "@"),
         ("EnumRecords", "16.10.in-addr.arpa", "1"), ("EnumRecords", "contoso.test", "@"), ("EnumRecords", "nowhere.test", "@"),
         ("ZoneInfo", "nowhere.test", None))


def write(folder, name, content):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


def ask(port, host, password, configuration):
    """The client's side, in the lab's resolver."""
    from samba.credentials import MUST_USE_KERBEROS, Credentials
    from samba.dcerpc import dnsserver
    from samba.param import LoadParm

    parameters = LoadParm()
    parameters.load(configuration)
    parameters.set("interfaces", "lo")
    credentials = Credentials()
    credentials.guess(parameters)
    credentials.set_username("Administrator")
    credentials.set_password(password)
    credentials.set_kerberos_state(MUST_USE_KERBEROS)
    client = dnsserver.dnsserver(f"ncacn_ip_tcp:127.0.0.1[{port},sign,krb5,target_hostname={host}]", parameters, credentials)
    version = dnsserver.DNS_CLIENT_VERSION_LONGHORN
    for operation, zone, node in CALLS:
        try:
            if operation == "EnumZones":
                client.DnssrvComplexOperation2(version, 0, host, None, operation, dnsserver.DNSSRV_TYPEID_DWORD, 0xFFF)
            elif operation == "EnumRecords":
                client.DnssrvEnumRecords2(version, 0, host, zone, node, None, 0xFF, 5, None, None)
            else:
                client.DnssrvQuery2(version, 0, host, zone, operation)
        except RuntimeError as error:  # of the last two calls
            print(operation, zone, error)


def pdus(stream):
    while stream:
        length = struct.unpack_from("<H", stream, 8)[0]
        yield stream[:length]
        stream = stream[length:]


def parameters_of(stream, kind):
    """Of each call: what its fragments of this PDU type carry, without security trailers."""
    content = b""
    for pdu in pdus(stream):
        if pdu[2] != kind:
            continue
        auth = struct.unpack_from("<H", pdu, 10)[0]
        end = len(pdu) - (auth + 8 if auth else 0)
        content += pdu[24:end - (pdu[end + 2] if auth else 0)]
        if pdu[3] & 2:
            yield content.split(VERIFICATION_TRAILER)[0]
            content = b""


def record_dns(lab, port):
    tap = TcpTap((lab.address, port))
    configuration = lab.path("smb.conf")
    lab.run(sys.executable, os.path.abspath(__file__), "--client", str(tap.port), lab.host, lab.administrator_password, configuration)
    asked, answered = tap.wait()
    write(FOLDER, "dns.asked", asked)
    write(FOLDER, "dns.answered", answered)
    requests, answers = list(parameters_of(asked, 0)), list(parameters_of(answered, 2))
    assert len(requests) == len(answers) == len(CALLS), (len(requests), len(answers))
    for (operation, zone, node), request, answer in zip(CALLS, requests, answers):
        name = ".".join(part for part in (operation, zone, node) if part)
        for kind, content in (("request", request), ("answer", answer)):
            write(FOLDER, f"{name}.{kind}", content)
            write(SEEDS["dnsp_fuzz"], f"{name}.{kind}", content)
    return asked, answered


def record_endpoint_map(lab):
    from impacket.dcerpc.v5 import epm, transport
    from impacket.uuid import uuidtup_to_bin

    tap = TcpTap((lab.address, 135))
    connection = transport.DCERPCTransportFactory(f"ncacn_ip_tcp:127.0.0.1[{tap.port}]").get_dce_rpc()
    connection.connect()
    binding = epm.hept_map("127.0.0.1", uuidtup_to_bin(DNS_SERVER), protocol="ncacn_ip_tcp", dce=connection)
    connection.disconnect()
    asked, answered = tap.wait()
    write(FOLDER, "endpoint_map.asked", asked)
    write(FOLDER, "endpoint_map.answered", answered)
    return int(binding.split("[")[1].rstrip("]")), asked, answered


def main():
    from samba_lab import SambaLab

    for folder in (FOLDER, *SEEDS.values()):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
    with SambaLab(zones=NAMES) as lab:
        port, *endpoint_map = record_endpoint_map(lab)
        streams = {"endpoint_map": endpoint_map, "dns": record_dns(lab, port)}
        for account in (lab.reader, "dhcp1"):
            shutil.copy(lab.keytab(account), os.path.join(SEEDS["keytab_fuzz"], account))
        write(FOLDER, "truth.json", json.dumps({"port": port, "names": NAMES, "address": lab.address}).encode() + b"\n")
    for name, (asked, answered) in streams.items():
        for kind, stream in (("asked", asked), ("answered", answered)):
            for number, pdu in enumerate(pdus(stream)):
                if number < 8:
                    write(SEEDS["dcerpc_fuzz"], f"{name}.{kind}.{number}", pdu)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--client"]:
        ask(*sys.argv[2:])
    else:
        main()
