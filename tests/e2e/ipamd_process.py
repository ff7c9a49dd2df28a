"""A real ipamd as a child of a test: its data folder, its log, its death by any signal, and clients that pin its certificate.

    with IpamdProcess() as server:
        client = server.sign_in()
        client.expect(201, "POST", "/api/v1/subnets", {"prefix": "10.1.0.0/24"})
        server.kill()
        server.start()

The program is the one that the environment variable IPAMD names; `ipam_cli.py` runs its command line. Python 3.9 or later, standard library only.
"""

import contextlib
import ctypes
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse

START_SECONDS = 60.0  # for a machine under load and a sanitizer; a test that wants less says so
LOOK_AGAIN_SECONDS = 0.03  # between two looks at work of the server
SERVES = re.compile(r"ipamd serves .*\bport=(\d+) .*\bfingerprint=([0-9A-Fa-f:]+)")


class NoAnswer(Exception):
    """The connection ended before the answer was complete: whether the request took effect is not known."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def code(self):
        """The code of a problem (RFC 9457), or none."""
        return self.json.get("code") if self.headers.get("content-type") == "application/problem+json" else None

    def __str__(self):
        return f"{self.status}: {self.body[:500].decode(errors='replace')}"


class Client:
    """One kept connection. Not for several threads. Finds the server again when that was restarted on another port. The server closes it at its end."""

    def __init__(self, server, token="", timeout=60.0):
        self.server, self.token, self._timeout = server, token, timeout
        self._connection = None
        server.clients.append(self)

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def request(self, method, path, body=None, headers=None):
        """`body` is bytes as they are to be sent, or what becomes JSON. Raises NoAnswer."""
        fields = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            fields["Content-Type"] = "application/json"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if self._connection is not None and method == "GET":
            # A kept connection may have ended meanwhile, and reading twice does no harm.
            try:
                return self._exchange(method, path, body, {**fields, **(headers or {})})
            except NoAnswer:
                pass
        return self._exchange(method, path, body, {**fields, **(headers or {})})

    def _exchange(self, method, path, body, fields):
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.request(method, path, body, fields)
            response = self._connection.getresponse()
            answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer(f"{method} {path}: {error!r}") from error
        if response.will_close:
            self.close()
        return answer

    def expect(self, status, method, path, body=None, headers=None):
        """What the answer says, which must have this status."""
        answer = self.request(method, path, body, headers)
        if answer.status != status:
            raise AssertionError(f"{method} {path}: expected {status}, answered {answer}")
        return answer.json

    def all_items(self, path, page=1000, **filters):
        """Every item of a list, page by page."""
        cursor = None
        while True:
            query = urllib.parse.urlencode({"limit": page, **filters, **({"cursor": cursor} if cursor else {})})
            answer = self.expect(200, "GET", f"{path}?{query}")
            yield from answer["items"]
            cursor = answer["next_cursor"]
            if not cursor:
                return

    def run_task(self, name, seconds=120.0):
        """The state of the task when the run that is asked for here is over."""
        ticket = self.expect(202, "POST", f"/api/v1/tasks/{name}:run")
        return self._look_until(f"/api/v1/tasks/{name}", lambda task: task["runs"] >= ticket["run"] and not task["running"], seconds)

    def wait_for_operation(self, started, seconds=120.0):
        """The operation, of which `started` is what a 202 said, at its end: succeeded or not."""
        return self._look_until(f"/api/v1/operations/{started['id']}", lambda operation: operation["state"] not in ("waiting", "running"), seconds)

    def _look_until(self, path, is_over, seconds):
        end = time.monotonic() + seconds
        while not is_over(seen := self.expect(200, "GET", path)):
            if time.monotonic() > end:
                raise AssertionError(f"{path} did not end within {seconds} s: {seen}")
            time.sleep(LOOK_AGAIN_SECONDS)
        return seen

    def _connect(self):
        connection = http.client.HTTPSConnection("127.0.0.1", self.server.port, timeout=self._timeout, context=self.server.tls)
        connection.connect()
        seen = hashlib.sha256(connection.sock.getpeercert(binary_form=True)).hexdigest()
        if seen != self.server.fingerprint:
            connection.close()
            raise AssertionError(f"the server shows another certificate than it printed: {seen}")
        return connection


class IpamdProcess:
    """Entering starts the server, leaving ends it and removes its folder (unless it was given)."""

    def __init__(self, folder=None, log_level="info", arguments=()):
        self._own_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="ipam-e2e.")
        self._log_level, self._arguments = log_level, list(arguments)
        self._child = self._reader = None
        self._lines, self._arrived = [], threading.Condition()
        self.clients = []
        self.port, self.fingerprint, self.token = 0, "", ""
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # the certificate is pinned by the client itself
        self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE

    def __enter__(self):
        try:
            self.start()
            return self
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    def start(self, seconds=START_SECONDS):
        """Answers when the server says that it serves; raises with its log when it ends instead or takes longer."""
        arguments = [program("ipamd"), "--data", os.path.join(self.folder, "data"), "--listen", "127.0.0.1:0", "--log-level", self._log_level,
                     *([] if os.geteuid() else ["--allow-root"]), *self._arguments]
        first = len(self._lines)
        self._child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                       errors="replace", preexec_fn=die_with_parent)
        self._reader = threading.Thread(target=self._read_log, args=(self._child.stderr,))
        self._reader.start()
        self._wait_until_it_serves(first, seconds)

    @contextlib.contextmanager
    def starting_anew(self, seconds=120.0):
        """What is done in it makes the server start anew within its process: leaving waits until it serves again."""
        with self._arrived:
            first = len(self._lines)
        yield
        self._wait_until_it_serves(first, seconds)

    def wait_for_log(self, pattern, first=0, seconds=START_SECONDS):
        """The match of the first line from number `first` on; raises when the log ends or the time passes without one."""
        seen = first

        def look():
            nonlocal seen
            while seen < len(self._lines):
                if self._lines[seen] is None:
                    return True
                if found := re.search(pattern, self._lines[seen]):
                    return found
                seen += 1
            return None
        with self._arrived:
            found = self._arrived.wait_for(look, seconds)
        if not isinstance(found, re.Match):
            why = "ended" if found else f"took over {seconds} s"
            raise AssertionError(f"ipamd {why} without the line {pattern!r}; its log:\n{self.log()[-4000:]}")
        return found

    def log(self):
        """Everything that was logged so far, by every run."""
        with self._arrived:
            return "\n".join(line for line in self._lines if line is not None)

    @property
    def pid(self):
        return self._child.pid

    def is_running(self):
        return self._child is not None and self._child.poll() is None

    def kill(self):
        """SIGKILL: what power failure is to a process."""
        self._end(signal.SIGKILL)

    def stop(self):
        """Ends it as an operator does. Answers the exit status."""
        return self._end(signal.SIGTERM)

    def signal(self, number):
        self._child.send_signal(number)

    def close(self):
        for client in self.clients:
            client.close()
        if self._child is not None:
            self._end(signal.SIGKILL)
        if self._own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def first_password(self):
        with open(os.path.join(self.folder, "data", "first-password"), encoding="utf-8") as file:
            return file.read().strip()

    def sign_in(self, user_name="admin", password=None):
        """A client with a session; the first one takes the password of the first start, later ones share that session."""
        if password is None and self.token:
            return self.client()
        client = Client(self)
        session = client.expect(201, "POST", "/api/v1/sessions", {"user_name": user_name, "password": password or self.first_password()})
        client.token = session["token"]
        self.token = self.token or client.token
        return client

    def client(self, token=None, timeout=60.0):
        """One more connection: with the first session, or with this token ("": none)."""
        return Client(self, self.token if token is None else token, timeout)

    def _wait_until_it_serves(self, first, seconds):
        found = self.wait_for_log(SERVES, first, seconds)
        self.port, self.fingerprint = int(found[1]), found[2].replace(":", "").lower()

    def _end(self, number):
        if self._child is None:
            return None
        if self._child.poll() is None:
            self._child.send_signal(number)
        try:
            status = self._child.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            status = self._child.wait()
        self._reader.join()
        self._child.stderr.close()
        self._child = None
        return status

    def _read_log(self, stream):
        for line in stream:
            self._append(line.rstrip("\n"))
        self._append(None)  # the end of this run

    def _append(self, line):
        with self._arrived:
            self._lines.append(line)
            self._arrived.notify_all()


def is_nightly():
    return os.environ.get("IPAM_NIGHTLY", "") not in ("", "0")


def program(name):
    """The path of ipamd or ipam: the one that the environment variable IPAMD or IPAM names, else the one of the usual build."""
    return os.environ.get(name.upper()) or os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../build/dev/bin", name)


def die_with_parent():
    # A test that is killed cannot end its server: the kernel does. The signal comes when the thread that started the child ends, so a server is
    # started by a test's main thread.
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
