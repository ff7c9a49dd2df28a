"""What the BIND lab's servers are configured with: zones of every kind and state that a driver must read."""

ZONE = "lab.example"
REVERSE = "10.in-addr.arpa"
REVERSE6 = "8.b.d.0.1.0.0.2.ip6.arpa"
BIG = "big.example"
PRIMARY_SERIAL = 2026112501

# Every type that the codec has a text form for, and some that it has none for.
LAB_RECORDS = """\
@ 3600 IN NS ns1.lab.example.
@ 3600 IN NS ns2.lab.example.
@ 3600 IN MX 10 mail.lab.example.
@ 3600 IN MX 20 mail2
@ 3600 IN TXT "v=spf1 -all" "second \\"text\\" with \\\\ and \\200"
@ 3600 IN CAA 0 issue "ca.example; policy=ev"
@ 3600 IN DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==
ns1 3600 IN A 10.0.0.1
ns2 3600 IN A 10.0.0.2
mail 3600 IN A 10.0.0.25
mail 3600 IN AAAA 2001:db8::25
mail2 300 IN CNAME mail
www 300 IN A 10.0.0.80
www 300 IN A 10.0.0.81
www 300 IN AAAA 2001:db8::80
www 300 IN HTTPS 1 . alpn="h2,h3" ipv4hint=10.0.0.80
www 300 IN SVCB 0 mail
_sip._tcp 3600 IN SRV 10 60 5060 sip
_443._tcp.www 3600 IN TLSA 3 1 1 0C72AC70B745AC19998811B131D662C9AC69DBDBE7CB23E5B514B56664C5D3D6
sip 3600 IN A 10.0.0.50
sip 3600 IN HINFO "x86-64" "Debian GNU/Linux"
sip 3600 IN LOC 51 30 12.748 N 0 7 39.611 W 0.00m 0.00m 10000m 10m
sip 3600 IN RP admin.lab.example. txt.lab.example.
sip 3600 IN SSHFP 4 2 A8F7C6B5D4E3A8F7C6B5D4E3A8F7C6B5D4E3A8F7C6B5D4E3A8F7C6B5D4E3A8F7
e164 3600 IN NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@lab.example!" .
old 3600 IN DNAME new.lab.example.
child 3600 IN NS ns.child
child 3600 IN DS 12345 13 2 49FD46E6C4B45C55D4AC69CBD3CD34AC1AFE51DE4B4C4C2B4B4C4C2B4B4C4C2B
ns.child 3600 IN A 10.9.0.1
afs 3600 IN AFSDB 1 afs.lab.example.
kx 3600 IN KX 10 mail.lab.example.
cert 3600 IN CERT 1 0 8 MTIzNDU2Nzg5MA==
uri 3600 IN URI 10 1 "https://www.lab.example/path"
dhcp 3600 IN DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=
openpgp 3600 IN OPENPGPKEY MTIzNDU2Nzg5MA==
smime 3600 IN SMIMEA 3 1 1 0C72AC70B745AC19998811B131D662C9AC69DBDBE7CB23E5B514B56664C5D3D6
apl 3600 IN APL 1:10.0.0.0/8 !1:10.1.0.0/16
wins 3600 IN TYPE65281 \\# 16 00000000000000020000000A010A0000
eui 3600 IN EUI48 02-00-00-00-00-01
*.wild 60 IN A 10.0.0.99
odd\\032name 60 IN TXT "a space in the name"
dotted\\.label 60 IN TXT ""
CamelCase 60 IN A 10.0.0.97
"""

REVERSE_RECORDS = """\
@ 3600 IN NS ns1.lab.example.
25.0.0 3600 IN PTR mail.lab.example.
80.0.0 300 IN PTR www.lab.example.
"""

REVERSE6_RECORDS = """\
@ 3600 IN NS ns1.lab.example.
5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 3600 IN PTR mail.lab.example.
"""

SMALL_RECORDS = """\
@ 3600 IN NS ns1.lab.example.
host 3600 IN A 10.0.1.1
"""


def soa(serial=PRIMARY_SERIAL, refresh=3600, retry=600, expire=86400):
    return f"@ 3600 IN SOA ns1.lab.example. hostmaster.lab.example. {serial} {refresh} {retry} {expire} 300\n"


def write_big_zone(path, count):
    """One SOA, one NS and `count` A records: as an estate's zone is, with long and short names in no order of address."""
    with open(path, "w", encoding="ascii") as file:
        file.write(soa() + "@ 3600 IN NS ns1.lab.example.\n")
        for i in range(count):
            file.write(f"host-{i:07d}.site-{i % 97} 3600 IN A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n")


def key_clause(key):
    return f'key "{key["name"]}" {{ algorithm {key["algorithm"]}; secret "{key["secret"]}"; }};\n'


def primary_zone(name, file, update_key=None, transfer="transfer-key", extra=""):
    update = f'allow-update {{ key "{update_key}"; }}; ' if update_key else ""
    # Whoever changes a zone must be able to read it.
    also = f' key "{update_key}";' if update_key and update_key != transfer else ""
    allow = f'allow-transfer {{ key "{transfer}";{also} }}; ' if transfer else "allow-transfer { none; }; "
    return f'zone "{name}" {{ type primary; file "{file}"; {update}{allow}{extra}notify no; }};\n'


def secondary_zone(name, file, primary_port, extra=""):
    return (f'zone "{name}" {{ type secondary; file "{file}"; primaries {{ 127.0.0.1 port {primary_port} key "transfer-key"; }}; '
            f'allow-transfer {{ key "transfer-key"; }}; notify no; {extra} }};\n')


def named_conf(folder, port, control, statistics, keys, zones, zone_statistics="full"):
    statistics_clause = f"statistics-channels {{ inet 127.0.0.1 port {statistics} allow {{ 127.0.0.1; }}; }};\n" if statistics else ""
    return (f'options {{ directory "{folder}"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; pid-file none; lock-file none;\n'
            f'  session-keyfile "{folder}/session.key"; managed-keys-directory "{folder}"; recursion no; dnssec-validation no; minimal-responses yes;\n'
            f'  allow-new-zones yes; zone-statistics {zone_statistics}; querylog no; empty-zones-enable no; min-refresh-time 1; min-retry-time 1;\n'
            f'  version "9.18-lab"; notify no; serial-query-rate 1000; }};\n'
            + "".join(key_clause(key) for key in keys)
            + f'controls {{ inet 127.0.0.1 port {control} allow {{ 127.0.0.1; }} keys {{ "rndc-key"; }}; }};\n' + statistics_clause + zones)
