"""DNS zones for the Samba lab, as dnsNode objects hold them: one with many names, one with every record type that Samba serves, one of reverse names.

HINFO is not among them: a question for one ends the DNS server of Samba 4.17, and all of the domain controller with it.
Needs Debian's python3-samba. A node is a pair: its name in the zone ("@" for the zone itself) and its records.
"""

from samba.dcerpc import dnsp
from samba.ndr import ndr_pack
from samba.provision.sambadns import (AAAARecord, AgingEnabledTimeProperty, AgingStateProperty, AllowUpdateProperty, ARecord, CNAMERecord,
                                      NorefreshIntervalProperty, NSRecord, RefreshIntervalProperty, SOARecord, SRVRecord, TXTRecord, TypeProperty)

import samba_settings as settings

SERVER = settings.fqdn(settings.HOST)
SERIAL = 2


def _of_type(number, data, ttl=900):
    record = dnsp.DnssrvRpcRecord()
    record.wType = number
    record.rank = dnsp.DNS_RANK_ZONE
    record.dwSerial = SERIAL
    record.dwTtlSeconds = ttl
    record.data = data
    return record


def ptr(name):
    return _of_type(dnsp.DNS_TYPE_PTR, name)


def mx(preference, name):
    data = dnsp.mx()
    data.wPriority, data.nameTarget = preference, name
    return _of_type(dnsp.DNS_TYPE_MX, data)


def dynamic(record, hours):
    """As a client registered it: with the hour of its registration since 1601."""
    record.dwTimeStamp = hours
    return record


def zone_properties():
    return [ndr_pack(value) for value in (TypeProperty(), AllowUpdateProperty(), NorefreshIntervalProperty(168), RefreshIntervalProperty(168),
                                          AgingStateProperty(1), AgingEnabledTimeProperty())]


def _apex():
    return ("@", [SOARecord(SERVER, f"hostmaster.{settings.DOMAIN}", serial=7), NSRecord(SERVER)])


def big_zone(names):
    """That many names host-0 …, each with one address of 10.16.0.0/12; every tenth was registered by its client."""
    yield _apex()
    for number in range(names):
        record = ARecord(f"10.{16 + (number >> 16)}.{number >> 8 & 255}.{number & 255}", ttl=1200)
        yield (f"host-{number}", [dynamic(record, 3720000) if number % 10 == 9 else record])


def types_zone():
    yield _apex()
    yield ("a", [ARecord("10.16.1.1", ttl=300), ARecord("10.16.1.2", ttl=300)])
    yield ("aaaa", [AAAARecord("2001:0db8:0000:0000:0000:0000:0000:0001")])
    yield ("cname", [CNAMERecord(f"a.types.{settings.DOMAIN}")])
    yield ("mx", [mx(10, f"mail1.{settings.DOMAIN}"), mx(20, f"mail2.{settings.DOMAIN}")])
    yield ("txt", [TXTRecord(["v=spf1 -all", "second string"])])
    yield ("_sip._tcp", [SRVRecord(f"a.types.{settings.DOMAIN}", 5060, priority=1, weight=50)])
    yield ("sub", [NSRecord(f"ns1.sub.types.{settings.DOMAIN}")])
    yield ("ns1.sub", [ARecord("10.16.1.53")])
    yield ("*", [ARecord("10.16.1.99")])


def reverse_zone():
    yield _apex()
    yield ("1.1", [ptr(f"a.types.{settings.DOMAIN}")])
    yield ("2.1", [ptr(f"a.types.{settings.DOMAIN}")])
