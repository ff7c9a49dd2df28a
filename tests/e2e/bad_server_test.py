"""A managed server that lies, stalls, refuses or floods: the answer names it and what is wrong, what was known of it stays, and nothing else suffers."""

import json
import os
import socket
import threading
import unittest

from ipamd_process import IpamdProcess

PASSWORD = "bad-server-password"
GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../golden/kea")
SILENCE_SECONDS = 60.0


class ScriptedServer:
    """Speaks HTTP as `manner` says: a function of the connection and the request's body that answers whether the connection goes on."""

    def __init__(self, manner):
        self.manner = manner
        self.asked = threading.Event()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._over.set()
        for stream in [self._listener, *self._open]:
            try:
                stream.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            stream.close()

    def wait(self, _stream, _body):
        self._over.wait(SILENCE_SECONDS)
        return False

    def _accept(self):
        try:
            while True:
                stream, _ = self._listener.accept()
                self._open.append(stream)
                threading.Thread(target=self._serve, args=(stream,), daemon=True).start()
        except OSError:
            pass

    def _serve(self, stream):
        try:
            data = b""
            while True:
                while b"\r\n\r\n" not in data:
                    data += self._receive(stream)
                head, _, data = data.partition(b"\r\n\r\n")
                length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
                while len(data) < length:
                    data += self._receive(stream)
                body, data = data[:length], data[length:]
                self.asked.set()
                if not self.manner(stream, body):
                    break
        except OSError:
            pass
        stream.close()

    @staticmethod
    def _receive(stream):
        data = stream.recv(65536)
        if not data:
            raise ConnectionError
        return data


def answer(stream, text, status="200 OK"):
    stream.sendall(f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
    return True


def golden(stream, body):
    """As a real Kea answered: an agent with a DHCPv4 server alone."""
    question = json.loads(body)
    name = question["command"] if "dhcp6" not in question.get("service", []) else "error.no-such-service"
    path = os.path.join(GOLDEN, name + ".json")
    if not os.path.exists(path):
        return answer(stream, b'[{"result": 2, "text": "unknown command"}]')
    with open(path, "rb") as file:
        return answer(stream, file.read())


def garbage(stream, _body):
    stream.sendall(bytes(range(256)) * 10)
    return False


def no_json(stream, _body):
    return answer(stream, b"<html>hello</html>")


def wrong_json(stream, _body):
    return answer(stream, b'{"result": "yes", "arguments": [[[7]]]}')


def half(stream, _body):
    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n[{")
    return False


def hang_up(_stream, _body):
    return False


def refuse(stream, _body):
    return answer(stream, b'[{"result": 401, "text": "Unauthorized"}]', "401 Unauthorized")


def fail(stream, _body):
    return answer(stream, b"", "500 Internal Server Error")


def endless(stream, _body):
    stream.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        stream.sendall(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")


# What is done, the availability that is told, and a word of the message.
MANNERS = {
    "garbage": (garbage, "faulty", "HTTP"), "no JSON": (no_json, "faulty", ""), "wrong JSON": (wrong_json, "faulty", ""),
    "half an answer": (half, "unreachable", ""), "no answer": (hang_up, "unreachable", ""), "401": (refuse, "access_denied", "401"),
    "500": (fail, "unreachable", "500"), "an endless body": (endless, "faulty", "larger"),
}


class BadServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = IpamdProcess(log_level="debug")
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.client = cls.server.sign_in()

    def scripted(self, manner):
        scripted = ScriptedServer(manner)
        self.addCleanup(scripted.close)
        return scripted

    def add(self, name, scripted):
        made = self.client.expect(201, "POST", "/api/v1/servers", {"name": name, "product": "kea", "url": scripted.url, "user_name": "cadastre",
                                                                   "password": PASSWORD})
        self.addCleanup(lambda: self.client.request("DELETE", f"/api/v1/servers/{made['id']}"))
        return f"/api/v1/servers/{made['id']}"

    def check_status(self, status, name, manner):
        _, availability, word = MANNERS[manner]
        self.assertEqual(status["availability"], availability, status)
        self.assertTrue(status["problem"].startswith(f"{name}: "), status)
        self.assertIn(word, status["problem"])
        self.assertNotIn(PASSWORD, json.dumps(status))

    def test_verifying_says_what_is_wrong(self):
        for number, (manner, (function, _, _)) in enumerate(MANNERS.items()):
            with self.subTest(manner=manner):
                name = f"kea-{number}"
                path = self.add(name, self.scripted(function))
                self.check_status(self.client.expect(200, "POST", f"{path}:verify")["status"], name, manner)

    def test_a_silent_server_is_given_up_and_holds_nobody_up(self):
        scripted = self.scripted(None)
        scripted.manner = scripted.wait
        path = self.add("kea-silent", scripted)
        answers = []
        verifying = threading.Thread(target=lambda: answers.append(self.server.client().request("POST", f"{path}:verify")))
        verifying.start()
        self.assertTrue(scripted.asked.wait(30))
        for _ in range(20):
            self.client.expect(200, "GET", "/api/v1/me")
        self.assertEqual(answers, [], "the silent server was given up at once")
        verifying.join()
        told = answers[0]
        text = told.json["status"]["problem"] if told.status == 200 else told.json["detail"]
        self.assertIn("kea-silent", text, str(told))

    def test_what_was_known_of_a_server_outlives_its_faults(self):
        scripted = self.scripted(golden)
        path = self.add("kea-known", scripted)
        self.assertEqual(self.client.run_task("ServerConfiguration")["last_result"], "succeeded")
        scopes = list(self.client.all_items("/api/v1/dhcp_scopes"))
        self.assertTrue(scopes)
        taken = self.client.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.200.0.0/24"})
        for manner, (function, _, _) in MANNERS.items():
            with self.subTest(manner=manner):
                scripted.manner = function
                task = self.client.run_task("ServerConfiguration")
                self.assertEqual(task["last_result"], "failed", task)
                outcome = next(outcome for outcome in task["outcomes"] if outcome["server"] == "kea-known")
                self.assertEqual(outcome["result"], "failed")
                self.assertTrue(outcome["message"].startswith("kea-known: "), outcome)
                self.check_status(self.client.expect(200, "GET", path)["status"], "kea-known", manner)
                self.assertEqual(list(self.client.all_items("/api/v1/dhcp_scopes")), scopes, "scopes were lost")
        scripted.manner = golden
        self.assertEqual(self.client.run_task("ServerConfiguration")["last_result"], "succeeded")
        self.assertEqual(self.client.expect(200, "GET", path)["status"]["problem"], "")
        self.assertEqual(self.client.expect(200, "GET", f"/api/v1/subnets/{taken['id']}")["prefix"], "10.200.0.0/24")

    def tearDown(self):
        self.assertTrue(self.server.is_running(), self.server.log()[-4000:])
        self.assertNotIn(PASSWORD, self.server.log())


if __name__ == "__main__":
    unittest.main()
