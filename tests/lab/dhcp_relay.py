"""A DHCP relay agent with its clients (RFC 2131, RFC 3046): makes real leases over loopback, without a network namespace and without root.

A relay has an address of 127.0.0.0/8 of its own; the server finds the subnet by it. Python 3.9 or later, standard library only.
"""

import ipaddress
import socket
import struct

DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE = 1, 2, 3, 4, 5, 6, 7
OPTION_HOSTNAME, OPTION_REQUESTED_ADDRESS, OPTION_MESSAGE_TYPE, OPTION_SERVER_ID = 12, 50, 53, 54
OPTION_CLIENT_ID, OPTION_RELAY_INFORMATION, OPTION_END = 61, 82, 255
MAGIC_COOKIE = 0x63825363
HEADER = struct.Struct(">BBBBIHH4s4s4s4s16s64s128sI")  # RFC 2131 section 2, and the cookie


class NoAnswer(Exception):
    """The server did not answer, or refused."""


class Client:
    """A device that asks for an address."""

    def __init__(self, hardware_address, hostname="", client_id=b"", circuit_id=b""):
        self.hardware_address = hardware_address
        self.hostname = hostname
        self.client_id = client_id
        self.circuit_id = circuit_id
        self.address = None
        self.server_id = b""


class Relay:
    """Relays the messages of clients to one server. Not for several threads."""

    def __init__(self, relay_address, relay_port, server_port, timeout=2.0, attempts=5):
        self._relay_address = socket.inet_aton(relay_address)
        self._server = ("127.0.0.1", server_port)
        self._attempts = attempts
        self._transaction = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((relay_address, relay_port))
        self._socket.settimeout(timeout)

    def close(self):
        self._socket.close()

    def lease(self, client):
        """DISCOVER, OFFER, REQUEST, ACK. Answers the address and remembers it in the client. Raises NoAnswer."""
        offer = self._exchange(client, DISCOVER, {})
        client.server_id = offer["options"][OPTION_SERVER_ID]
        wanted = {OPTION_REQUESTED_ADDRESS: offer["address"], OPTION_SERVER_ID: client.server_id}
        acknowledged = self._exchange(client, REQUEST, wanted)
        client.address = ipaddress.IPv4Address(acknowledged["address"])
        return client.address

    def release(self, client):
        """Gives the address back. RFC 2131 has no answer to it."""
        self._send(client, RELEASE, {OPTION_SERVER_ID: client.server_id}, client.address.packed)

    def decline(self, client):
        """Says that another host uses the address already. RFC 2131 has no answer to it."""
        self._send(client, DECLINE, {OPTION_REQUESTED_ADDRESS: client.address.packed, OPTION_SERVER_ID: client.server_id})

    def _exchange(self, client, message_type, options):
        expected = OFFER if message_type == DISCOVER else ACK
        for _ in range(self._attempts):
            self._send(client, message_type, options)
            try:
                while True:  # an answer that is late belongs to an earlier attempt
                    answer = _parse(self._socket.recv(4096))
                    if answer["transaction"] == self._transaction:
                        break
            except socket.timeout:
                continue
            if answer["options"].get(OPTION_MESSAGE_TYPE) == bytes([expected]):
                return answer
            raise NoAnswer(f"the server refused {client.hardware_address.hex(':')}")
        raise NoAnswer(f"no answer for {client.hardware_address.hex(':')} after {self._attempts} attempts")

    def _send(self, client, message_type, options, client_address=b"\0\0\0\0"):
        self._transaction += 1
        header = HEADER.pack(1, 1, 6, 1, self._transaction, 0, 0, client_address, b"", b"", self._relay_address, client.hardware_address, b"", b"",
                             MAGIC_COOKIE)
        fields = {OPTION_MESSAGE_TYPE: bytes([message_type]), **options}
        if client.client_id:
            fields[OPTION_CLIENT_ID] = client.client_id
        if client.hostname and message_type == REQUEST:
            fields[OPTION_HOSTNAME] = client.hostname.encode()
        if client.circuit_id:
            fields[OPTION_RELAY_INFORMATION] = bytes([1, len(client.circuit_id)]) + client.circuit_id
        body = b"".join(bytes([code, len(value)]) + value for code, value in fields.items())
        self._socket.sendto(header + body + bytes([OPTION_END]), self._server)


def _parse(message):
    fields = HEADER.unpack_from(message)
    options, at = {}, HEADER.size
    while at < len(message) and message[at] != OPTION_END:
        if message[at] == 0:
            at += 1
            continue
        length = message[at + 1]
        options[message[at]] = message[at + 2:at + 2 + length]
        at += 2 + length
    return {"transaction": fields[4], "address": fields[8], "options": options}
