"""ipamd as its operator meets it: root is refused, the service manager is told, settings are read again, a stop keeps what was acknowledged, and those who
guess passwords wait."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from ipamd_process import IpamdProcess, NoAnswer, SERVES, program


class OperationTest(unittest.TestCase):
    def test_root_is_refused(self):
        if os.geteuid() != 0:
            self.skipTest("needs to be root to be refused")
        with tempfile.TemporaryDirectory() as folder:
            answer = subprocess.run([program("ipamd"), "--data", folder + "/data", "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=30)
            self.assertEqual(answer.returncode, 2, answer.stderr)
            self.assertIn("does not run as root", answer.stderr)
            self.assertFalse(os.path.exists(folder + "/data"))

    def test_settings_come_from_line_environment_and_file_in_this_order(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "ipamd.toml")

            def wrong(text):
                with open(file, "w", encoding="utf-8") as written:
                    written.write(text)
                return self.refused(file)

            self.assertIn(f"{file}:1: lsten is not a setting", wrong('lsten = "127.0.0.1:0"\n'))
            self.assertIn(f"{file}:2: io_threads: the value is not of the right kind", wrong('# one\nio_threads = "x"\n'))
            self.assertIn("is not within 2m and 30d", wrong('session_idle = "1s"\n'))
            self.assertIn("IPAMD_IO_THREADS: '99' is not a whole number within 1 and 64", self.refused(None, IPAMD_IO_THREADS="99"))
            self.assertIn("--io-threads: '99'", self.refused(None, "--io-threads", "99", IPAMD_IO_THREADS="3"))

    def refused(self, file, *arguments, **environment):
        answer = subprocess.run([program("ipamd"), *(["--config", file] if file else []), *arguments], capture_output=True, text=True, timeout=30,
                                env={**os.environ, **environment})
        self.assertEqual(answer.returncode, 2, answer.stderr)
        return answer.stderr

    def test_who_guesses_waits_and_is_remembered(self):
        with IpamdProcess() as server:
            root = server.sign_in()
            stranger = server.client(token="")
            guess = {"user_name": "alice", "password": "guessed wrong"}
            for _ in range(5):
                self.assertEqual(stranger.request("POST", "/api/v1/sessions", guess).status, 401)
            locked = stranger.request("POST", "/api/v1/sessions", guess)
            self.assertEqual(locked.status, 429)
            self.assertIn(locked.headers["retry-after"], ("4", "5"))
            listed = root.expect(200, "GET", "/api/v1/lockouts?name=alice")["items"]
            self.assertEqual([item["failures"] for item in listed], [5])
            server.stop()
            server.start()
            listed = server.client().expect(200, "GET", "/api/v1/lockouts?name=alice")["items"]
            self.assertEqual([item["failures"] for item in listed], [5])
            server.client().expect(204, "DELETE", f"/api/v1/lockouts/{listed[0]['id']}")
            stranger = server.client(token="")  # the old one's connection ended with the server's first run
            self.assertEqual(stranger.request("POST", "/api/v1/sessions", guess).status, 401, "lifted")
            refused = server.client().expect(200, "GET", "/api/v1/refusals?user_name=alice")["items"]
            self.assertEqual({item["status"] for item in refused}, {401, 429}, "those of before the restart too")

    def test_a_stop_takes_ten_seconds_at_most_and_keeps_what_was_acknowledged(self):
        with IpamdProcess() as server:
            root = server.sign_in()
            root.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.0.0.0/8"})
            # A server that takes connections and never answers: the task is sure to be under way.
            silent = socket.create_server(("127.0.0.1", 0))
            root.expect(201, "POST", "/api/v1/servers", {"name": "silent", "product": "kea", "user_name": "u", "password": "p",
                                                         "url": f"http://127.0.0.1:{silent.getsockname()[1]}/"})
            root.expect(202, "POST", "/api/v1/tasks/server-configuration:run")
            silent.settimeout(20)
            silent.accept()
            acknowledged, enough = [], threading.Event()

            def allocate():
                client = server.client()
                try:
                    while True:
                        answer = client.request("POST", "/api/v1/addresses:allocate", {"from": "10.0.0.0/8"})
                        if answer.status == 201:
                            acknowledged.append(answer.json["addresses"][0]["address"])
                        if len(acknowledged) > 200:
                            enough.set()
                        if answer.status >= 500:
                            return
                except NoAnswer:
                    return

            threads = [threading.Thread(target=allocate) for _ in range(8)]
            for thread in threads:
                thread.start()
            self.assertTrue(enough.wait(60))
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 10)
            for thread in threads:
                thread.join()
            silent.close()
            server.start()
            stored = {item["address"] for item in server.client().all_items("/api/v1/addresses")}
            self.assertEqual(set(acknowledged) - stored, set())
            self.assertEqual(len(acknowledged), len(set(acknowledged)))

    def test_the_service_manager_passes_the_socket_and_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            told.bind(os.path.join(folder, "notify"))
            told.settimeout(60)
            listening = socket.create_server(("127.0.0.1", 0))
            port = listening.getsockname()[1]

            environment = {**os.environ, "NOTIFY_SOCKET": os.path.join(folder, "notify"), "LISTEN_FDS": "1", "WATCHDOG_USEC": "600000"}
            # The pid is known after the fork only; the shell knows its own and becomes the server.
            root = "--allow-root" if os.geteuid() == 0 else ""
            ipamd = program("ipamd")
            child = subprocess.Popen(["sh", "-c", f'LISTEN_PID=$$ exec "{ipamd}" --data "{folder}/data" {root}'], env=environment,
                                     stderr=subprocess.PIPE, text=True, preexec_fn=lambda: os.dup2(listening.fileno(), 3, inheritable=True),
                                     close_fds=False)
            try:
                states = ""
                while "READY=1" not in states:
                    states += told.recv(4096).decode() + "\n"
                self.assertIn(f"STATUS=Serves on port {port}", states)
                while "WATCHDOG=1" not in states:
                    states += told.recv(4096).decode() + "\n"
                child.send_signal(signal.SIGHUP)
                while "RELOADING=1" not in states:
                    states += told.recv(4096).decode() + "\n"
                child.send_signal(signal.SIGTERM)
                while "STOPPING=1" not in states:
                    states += told.recv(4096).decode() + "\n"
                self.assertEqual(child.wait(20), 0)
                log = child.stderr.read()
                self.assertEqual(SERVES.search(log)[1], str(port))
                self.assertIn("IPAM-1007", log)
            finally:
                if child.poll() is None:
                    child.kill()
                child.wait()
                child.stderr.close()
                told.close()
                listening.close()

    def test_a_certificate_of_ones_own_is_taken_over_while_it_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            def make(name):
                subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder + "/key.pem",
                                "-out", folder + "/certificate.pem", "-days", "3", "-subj", f"/CN={name}"], check=True, capture_output=True)
                os.chmod(folder + "/key.pem", 0o600)

            make("first")
            arguments = ["--tls-certificate", folder + "/certificate.pem", "--tls-key", folder + "/key.pem"]
            with IpamdProcess(arguments=arguments) as server:
                server.client(token="").expect(200, "GET", "/healthz")
                before = server.fingerprint
                make("second")
                server.signal(signal.SIGHUP)
                found = server.wait_for_log(r"IPAM-1007 .*fingerprint=([0-9A-F:]+)")
                server.fingerprint = found[1].replace(":", "").lower()
                self.assertNotEqual(server.fingerprint, before)
                server.client(token="").expect(200, "GET", "/healthz")
                with open(folder + "/certificate.pem", "w") as file:
                    file.write("no certificate")
                server.signal(signal.SIGHUP)
                server.wait_for_log(r"IPAM-1008 ")
                server.client(token="").expect(200, "GET", "/healthz")

    def test_metrics_and_readiness_are_there(self):
        with IpamdProcess() as server:
            stranger = server.client(token="")
            page = stranger.request("GET", "/metrics")
            self.assertEqual(page.status, 200)
            for line in page.body.decode().splitlines():
                self.assertTrue(line.startswith("# ") or re.fullmatch(r'[a-z0-9_]+(\{[^{}]*\})? [-+.e0-9]+', line), line)
            ready = stranger.expect(200, "GET", "/readyz")
            self.assertEqual({check["name"] for check in ready["checks"]} >= {"database", "ledger", "disk"}, True)
        with IpamdProcess(arguments=["--metrics-readers", "192.0.2.0/24"]) as server:
            self.assertEqual(server.client(token="").request("GET", "/metrics").status, 401)
            self.assertEqual(server.sign_in().request("GET", "/metrics").status, 200)


if __name__ == "__main__":
    unittest.main()
