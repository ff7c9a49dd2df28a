"""A DHCPv6 relay agent with its clients (RFC 8415): makes real leases of addresses and delegated prefixes over ::1, without a network namespace.

The link address in the relayed message tells the server the subnet, so one relay serves all. Python 3.9 or later, standard library only.
"""

import ipaddress
import socket
import struct

SOLICIT, ADVERTISE, REQUEST, REPLY, RELEASE, DECLINE, RELAY_FORWARD, RELAY_REPLY = 1, 2, 3, 7, 8, 9, 12, 13
CLIENT_ID, SERVER_ID, IA_NA, IA_ADDRESS, RELAY_MESSAGE, IA_PD, IA_PREFIX, CLIENT_FQDN = 1, 2, 3, 5, 9, 25, 26, 39


class NoAnswer(Exception):
    """The server did not answer, or gave nothing."""


class Client:
    """A router that asks for an address and a prefix; its DUID is made of its hardware address (RFC 8415 section 11.4)."""

    def __init__(self, hardware_address, hostname="", wants_prefix=True):
        self.hardware_address = hardware_address
        self.duid = b"\x00\x03\x00\x01" + hardware_address
        self.hostname = hostname
        self.wants_prefix = wants_prefix
        self.address_iaid = int.from_bytes(hardware_address[-4:], "big")
        self.prefix_iaid = self.address_iaid ^ 0x1000000
        self.server_id = b""
        self.address = None
        self.prefix = None


class Relay:
    """Relays the messages of clients to one server on ::1. Not for several threads."""

    def __init__(self, relay_port, server_port, timeout=2.0, attempts=5):
        self._server = ("::1", server_port)
        self._attempts = attempts
        self._transaction = 0
        self._socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self._socket.bind(("::1", relay_port))
        self._socket.settimeout(timeout)

    def close(self):
        self._socket.close()

    def lease(self, client, link_address):
        """SOLICIT, ADVERTISE, REQUEST, REPLY. Remembers address and prefix in the client. Raises NoAnswer."""
        offered = self._exchange(client, link_address, SOLICIT, ADVERTISE, self._wishes(client))
        client.server_id = offered[SERVER_ID]
        got = self._exchange(client, link_address, REQUEST, REPLY, _option(SERVER_ID, client.server_id) + self._wishes(client, offered))
        client.address = ipaddress.IPv6Address(_inside(got[IA_NA], IA_ADDRESS)[:16])
        if client.wants_prefix:
            prefix = _inside(got[IA_PD], IA_PREFIX)
            client.prefix = ipaddress.IPv6Network((prefix[9:25], prefix[8]))

    def release(self, client, link_address):
        self._give_back(client, link_address, RELEASE)

    def decline(self, client, link_address):
        """Says that another host uses the address already."""
        self._give_back(client, link_address, DECLINE)

    def _give_back(self, client, link_address, message_type):
        address = _option(IA_ADDRESS, client.address.packed + struct.pack(">II", 0, 0))
        body = _option(SERVER_ID, client.server_id) + _option(IA_NA, struct.pack(">III", client.address_iaid, 0, 0) + address)
        self._exchange(client, link_address, message_type, REPLY, body)

    def _wishes(self, client, offered=None):
        address = _option(IA_ADDRESS, _inside(offered[IA_NA], IA_ADDRESS)) if offered else b""
        body = _option(IA_NA, struct.pack(">III", client.address_iaid, 0, 0) + address)
        if client.wants_prefix:
            prefix = _option(IA_PREFIX, _inside(offered[IA_PD], IA_PREFIX)) if offered else b""
            body += _option(IA_PD, struct.pack(">III", client.prefix_iaid, 0, 0) + prefix)
        if client.hostname:
            labels = b"".join(bytes([len(label)]) + label.encode() for label in client.hostname.split("."))
            body += _option(CLIENT_FQDN, b"\x00" + labels + b"\x00")
        return body

    def _exchange(self, client, link_address, message_type, expected, body):
        for _ in range(self._attempts):
            self._transaction += 1
            head = bytes([message_type]) + self._transaction.to_bytes(3, "big")
            message = head + _option(CLIENT_ID, client.duid) + _option(8, b"\0\0") + body
            relayed = struct.pack(">BB16s16s", RELAY_FORWARD, 0, ipaddress.IPv6Address(link_address).packed, ipaddress.IPv6Address("fe80::1").packed)
            self._socket.sendto(relayed + _option(RELAY_MESSAGE, message), self._server)
            try:
                while True:  # an answer that is late belongs to an earlier attempt
                    answer = _options(self._socket.recv(4096)[34:])[RELAY_MESSAGE]
                    if answer[1:4] == head[1:]:
                        break
            except socket.timeout:
                continue
            if answer[0] == expected:
                return _options(answer[4:])
            raise NoAnswer(f"the server refused {client.duid.hex(':')}")
        raise NoAnswer(f"no answer for {client.duid.hex(':')} after {self._attempts} attempts")


def _option(code, value):
    return struct.pack(">HH", code, len(value)) + value


def _options(data):
    options, at = {}, 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from(">HH", data, at)
        options[code] = data[at + 4:at + 4 + length]
        at += 4 + length
    return options


def _inside(association, code):
    """The option of this code inside of an identity association. Raises NoAnswer: the server gave nothing."""
    options = _options(association[12:])
    if code not in options:
        raise NoAnswer(f"the server gave nothing: {options}")
    return options[code]
