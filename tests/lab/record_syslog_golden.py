#!/usr/bin/env python3
"""Writes tests/golden/syslog: what logger (util-linux) sends as RFC 5424 and RFC 3164, by datagrams and by both framings of a stream."""

import os
import socket
import subprocess

from lab_processes import require_programs

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "syslog")
COMMON = ["logger", "--server", "127.0.0.1", "--tag", "freeradius", "--id=4711", "--priority", "authpriv.notice"]
STRUCTURED = ["--rfc5424", "--msgid", "LOGIN", "--sd-id", "session@32473", "--sd-param", 'user="al\\"ice"', "--sd-param", 'note="a\\]b\\\\c"']


def main():
    require_programs({"logger": "bsdutils"})
    os.makedirs(OUT, exist_ok=True)
    text = "Login OK: [alice] (cli AA-BB-CC-DD-EE-01)"
    record("rfc5424.datagram", socket.SOCK_DGRAM, ["--udp", *STRUCTURED], [text])
    record("rfc3164.datagram", socket.SOCK_DGRAM, ["--udp", "--rfc3164"], [text])
    record("counted.stream", socket.SOCK_STREAM, ["--tcp", "--octet-count", *STRUCTURED], [text, "two\tlines"])
    record("lines.stream", socket.SOCK_STREAM, ["--tcp", *STRUCTURED], [text, "second"])


def record(name, kind, arguments, texts):
    with socket.socket(socket.AF_INET, kind) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(10)
        if kind == socket.SOCK_STREAM:
            receiver.listen(1)
        command = [*COMMON, "--port", str(receiver.getsockname()[1]), *arguments]
        sender = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
        sender.communicate("\n".join(texts) + "\n", timeout=10)
        if kind == socket.SOCK_DGRAM:
            received = receiver.recv(65536)
        else:
            connection, _ = receiver.accept()
            with connection:
                received = b"".join(iter(lambda: connection.recv(65536), b""))
    with open(os.path.join(OUT, name), "wb") as file:
        file.write(received)


if __name__ == "__main__":
    main()
