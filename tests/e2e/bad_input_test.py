"""What no client can do: confuse the server, hold it up, or find a secret in its log."""

import json
import os
import re
import socket
import ssl
import unittest

from ipamd_process import IpamdProcess, is_nightly

MIB = 1 << 20


class BadInputTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = IpamdProcess(log_level="debug")
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.client = cls.server.sign_in()
        cls.client.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.1.0.0/24"})

    def tearDown(self):
        self.assertTrue(self.server.is_running(), self.server.log()[-4000:])
        self.assertEqual(self.server.client().expect(200, "GET", "/api/v1/me")["user_name"], "admin")

    def refused(self, status, code, method, path, body=None, headers=None):
        """The problem with which this is refused."""
        answer = self.client.request(method, path, body, headers)
        self.assertEqual((answer.status, answer.code), (status, code), str(answer))
        problem = answer.json
        self.assertEqual(problem["status"], status)
        self.assertEqual(problem["request_id"], answer.headers["x-request-id"])
        self.assertTrue(problem["detail"])
        return problem

    def pointers(self, problem):
        return [error["pointer"] for error in problem["errors"]]

    def raw(self, encrypted=True, timeout=60.0):
        stream = socket.create_connection(("127.0.0.1", self.server.port), timeout)
        self.addCleanup(stream.close)
        if encrypted:
            stream = self.server.tls.wrap_socket(stream)
            self.addCleanup(stream.close)
        return stream

    def ask_raw(self, *parts):
        """Sends the parts as they are, as far as the server takes them, and answers everything that it says until it closes."""
        stream = self.raw()
        try:
            for part in parts:
                stream.sendall(part)
        except OSError:
            pass  # it has said its answer and takes no more
        return read_all(stream)

    def head(self, method, path, *fields):
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.server.token}", *fields, "", ""]
        return "\r\n".join(lines).encode()

    def test_bodies_that_are_no_json_are_refused(self):
        for body in (b"{", b"\xff\xfe\x00", b"[" * 100_000, b'{"prefix": "10.9.0.0/24",}', b'{"prefix": "\xc3\x28"}', b"null", b"7", b""):
            with self.subTest(body=body[:20]):
                answer = self.client.request("POST", "/api/v1/subnets", body)
                self.assertEqual(answer.status, 400, str(answer))
                self.assertIn(answer.code, ("invalid_argument", "malformed"))

    def test_unknown_and_mistyped_fields_are_named(self):
        problem = self.refused(400, "invalid_argument", "POST", "/api/v1/subnets", {"prefix": "10.9.0.0/24", "vlna": 7})
        self.assertEqual(self.pointers(problem), ["/vlna"])
        problem = self.refused(400, "invalid_argument", "POST", "/api/v1/subnets", {"prefix": "10.9.0.0/24", "vsid": "seven"})
        self.assertEqual(self.pointers(problem), ["/vsid"])
        problem = self.refused(400, "invalid_argument", "POST", "/api/v1/subnets", {})
        self.assertEqual(self.pointers(problem), ["/prefix"])

    def test_values_that_are_wrong_are_named(self):
        for path, body, pointer in (
                ("/api/v1/subnets", {"prefix": "10.9.0.1/24"}, "/prefix"),
                ("/api/v1/subnets", {"prefix": "10.9.0.0/33"}, "/prefix"),
                ("/api/v1/subnets", {"prefix": "10.9.0.0/24", "vlans": [4096]}, "/vlans"),
                ("/api/v1/subnets", {"prefix": "10.9.0.0/24", "vsid": -1}, "/vsid"),
                ("/api/v1/subnets", {"prefix": "10.9.0.0/24", "vsid": 10 ** 30}, "/vsid"),
                ("/api/v1/ranges", {"first": "10.1.0.9", "last": "10.1.0.3"}, None),
                ("/api/v1/addresses", {"address": "10.1.0.256"}, "/address"),
                ("/api/v1/addresses:allocate", {"from": "10.1.0.0/24", "count": 0}, "/count"),
                ("/api/v1/addresses:allocate", {"from": "10.1.0.0/24", "count": 1001}, "/count"),
                ("/api/v1/addresses:allocate", {"from": "10.200.0.0/24"}, "/from"),
                ("/api/v1/addresses:allocate", {"from": "nothing"}, "/from")):
            with self.subTest(body=body):
                problem = self.refused(400, "invalid_argument", "POST", path, body)
                if pointer:
                    self.assertEqual(self.pointers(problem), [pointer])

    def test_a_full_subnet_is_exhausted_and_gives_nothing(self):
        self.client.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.3.0.0/29"})
        self.client.expect(201, "POST", "/api/v1/addresses:allocate", {"from": "10.3.0.0/29", "count": 5})
        self.refused(409, "exhausted", "POST", "/api/v1/addresses:allocate", {"from": "10.3.0.0/29", "count": 2})
        self.client.expect(201, "POST", "/api/v1/addresses:allocate", {"from": "10.3.0.0/29"})
        self.refused(409, "exhausted", "POST", "/api/v1/addresses:allocate", {"from": "10.3.0.0/29"})

    def test_queries_that_are_wrong_are_refused(self):
        for query in ("limit=0", "limit=1001", "limit=x", "cursor=AAAA", "sort=nothing", "name__nothing=1", "nothing=1", "%zz=1"):
            with self.subTest(query=query):
                answer = self.client.request("GET", f"/api/v1/addresses?{query}")
                self.assertEqual(answer.status, 400, str(answer))

    def test_callers_without_a_valid_token_are_told_to_sign_in(self):
        for token in ("", "x", "A" * 8000, "\x01"):
            with self.subTest(token=token[:10]):
                answer = self.server.client("").request("GET", "/api/v1/me", headers={"Authorization": f"Bearer {token}"})
                self.assertIn(answer.status, (400, 401), str(answer))

    def test_paths_and_methods_that_are_not_there(self):
        self.refused(404, "not_found", "GET", "/api/v1/nothing")
        self.refused(404, "not_found", "GET", "/../../etc/passwd")
        self.refused(405, "unsupported", "PUT", "/api/v1/subnets")

    def test_a_body_that_is_announced_too_large_is_refused_before_it_comes(self):
        answer = self.ask_raw(self.head("POST", "/api/v1/subnets", f"Content-Length: {1 << 30}"))
        self.assertRegex(answer, rb"^HTTP/1.1 413 ")
        self.assertIn(b"application/problem+json", answer)

    def test_a_chunked_body_without_end_is_refused(self):
        chunk = b"100000\r\n" + b" " * MIB + b"\r\n"
        answer = self.ask_raw(self.head("POST", "/api/v1/subnets", "Transfer-Encoding: chunked"), *[chunk] * 64)
        self.assertRegex(answer, rb"^HTTP/1.1 413 ")

    def test_a_header_of_a_megabyte_is_refused(self):
        self.assertRegex(self.ask_raw(self.head("GET", "/api/v1/me", "X-Long: " + "x" * MIB)), rb"^HTTP/1.1 431 ")
        self.assertRegex(self.ask_raw(self.head("GET", "/api/v1/me", *["X-Many: 1"] * 10_000)), rb"^HTTP/1.1 431 ")
        self.assertRegex(self.ask_raw(b"GET /" + b"x" * MIB), rb"^HTTP/1.1 4(14|31) ")

    def test_requests_that_can_be_read_in_two_ways_are_refused(self):
        for fields in (("Content-Length: 5", "Transfer-Encoding: chunked"), ("Content-Length: 5", "Content-Length: 6"),
                       ("Transfer-Encoding: gzip, chunked, identity",), ("Content-Length: +5",), ("Broken",), ("Space : 1",)):
            with self.subTest(fields=fields):
                self.assertRegex(self.ask_raw(self.head("POST", "/api/v1/subnets", *fields), b"0\r\n\r\n"), rb"^HTTP/1.1 (400|501) ")

    def test_garbage_over_tls_is_answered_or_closed(self):
        answer = self.ask_raw(bytes(range(256)) * 100)
        self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 400 "), answer[:100])

    def test_garbage_and_plain_http_on_the_tls_port_end_the_connection(self):
        for data in (os.urandom(65536), b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\0" * 70_000):
            with self.subTest(data=data[:8]):
                stream = self.raw(encrypted=False)
                try:
                    stream.sendall(data)
                except OSError:
                    pass
                self.assertNotIn(b"HTTP/1.1 200", read_all(stream))

    def test_slow_clients_are_ended_and_hold_nobody_up(self):
        silent, half_header, half_body = self.raw(encrypted=False), self.raw(), self.raw()
        half_header.sendall(b"GET /api/v1/me HTTP/1.1\r\nHo")
        half_body.sendall(self.head("POST", "/api/v1/subnets", "Content-Length: 100") + b"{")
        # Meanwhile the others are served.
        for _ in range(20):
            self.client.expect(200, "GET", "/api/v1/me")
        self.assertEqual(read_all(silent), b"")
        self.assertRegex(read_all(half_header), rb"^HTTP/1.1 408 ")
        if is_nightly():  # it has half a minute
            self.assertRegex(read_all(half_body), rb"^HTTP/1.1 408 ")

    def test_no_secret_is_ever_logged(self):
        with IpamdProcess(log_level="debug") as server:
            first = server.first_password()
            client = server.sign_in()
            said = ["wrong-password-1", "mistyped-password-2", "user-password-3", "server-password-4", "credential-secret-5", "truncated-password-6",
                    "header-password-7"]
            anyone = server.client("")
            anyone.expect(401, "POST", "/api/v1/sessions", {"user_name": "admin", "password": said[0]})
            anyone.expect(400, "POST", "/api/v1/sessions", {"user_name": "admin", "password": [said[1]], "pasword": said[1]})
            anyone.expect(400, "POST", "/api/v1/sessions", b'{"user_name": "admin", "password": "' + said[5].encode())
            anyone.request("GET", "/api/v1/me", headers={"Authorization": f"Basic {said[6]}"})
            user = client.expect(201, "POST", "/api/v1/users", {"name": "ann", "password": said[2]})
            client.expect(409, "POST", "/api/v1/users", {"name": "ann", "password": said[2]})
            client.expect(200, "PATCH", f"/api/v1/users/{user['id']}", {"password": said[2] + "x"})
            made = client.expect(201, "POST", "/api/v1/servers", {"name": "kea-1", "product": "kea", "url": "http://127.0.0.1:1/",
                                                                  "user_name": "cadastre", "password": said[3]})
            client.expect(201, "POST", "/api/v1/credentials", {"name": "other", "user_name": "x", "secret": said[4]})
            client.request("POST", f"/api/v1/servers/{made['id']}:verify")
            token = client.expect(201, "POST", "/api/v1/tokens", {"name": "script"})["token"]
            server.client(token).expect(200, "GET", "/api/v1/me")
            answers = json.dumps([list(client.all_items(f"/api/v1/{noun}")) for noun in ("users", "servers", "credentials", "tokens", "journal")])
            self.assertEqual(server.stop(), 0)
            log = server.log()
            self.assertRegex(log, re.compile(r"a request failed"), "the log is not at debug level")
            with open(os.path.join(server.folder, "data", "ipam.db"), "rb") as file:
                database = file.read()
            for secret in [first, client.token, token, *said]:
                self.assertNotIn(secret, log)
                self.assertNotIn(secret, answers)
                self.assertNotIn(secret.encode(), database)


def read_all(stream):
    """Everything until the peer ends, however it ends."""
    parts = []
    try:
        while part := stream.recv(65536):
            parts.append(part)
    except (ConnectionError, ssl.SSLError):
        pass
    return b"".join(parts)


if __name__ == "__main__":
    unittest.main()
