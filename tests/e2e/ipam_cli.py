"""The command line program `ipam` as a person or a script runs it, against an ipamd of `ipamd_process`.

    ipam = Ipam(server)                                   # with the server's first session
    ipam.run("subnet", "add", "10.1.0.0/24")              # what it wrote; its status must be 0
    ipam.run("subnet", "show", "x", status=STATUS["not_found"])
    subnets = ipam.json("subnet", "list")
    with ipam.start("events", "tail", "-q") as tail:      # a child that runs beside the test and dies with the context
        tail.stdout.readline()

The program is the one that the environment variable IPAM names. The server may have been started anew, on another port, between two calls.
Any thread may call, but `start`: a child dies with the thread that made it.
"""

import contextlib
import json
import os
import subprocess

from ipamd_process import die_with_parent, program

SECONDS = 180.0  # for a command that waits for a collection of a real server, on a machine under load
# The exit statuses of the table in src/base/error.cpp.
STATUS = {"invalid_argument": 3, "not_found": 4, "already_exists": 5, "conflict": 6, "failed_precondition": 8, "permission_denied": 9, "unavailable": 11}


class Ipam:
    """`signs_in` is as (user name, password): then `ipam login` signs in once, and the program finds its session where it keeps it."""

    def __init__(self, server, signs_in=None):
        self._server, self._by_login = server, signs_in is not None
        self._home = os.path.join(server.folder, "home-of-ipam" + (f"-{signs_in[0]}" if signs_in else ""))
        os.makedirs(self._home, 0o700, exist_ok=True)
        if signs_in:
            self._login(*signs_in)

    def run(self, *words, status=0, given=""):
        """What the command wrote to standard output, and to standard error when it fails as it should. `given` is what it reads."""
        done = self._finished(words, status, given)
        return done.stdout if status == 0 else done.stdout + done.stderr

    def said(self, *words):
        """As run, with what it said beside its result."""
        done = self._finished(words, 0, "")
        return done.stdout + done.stderr

    def json(self, *words):
        return json.loads(self.run(*words, "-o", "json"))

    @contextlib.contextmanager
    def start(self, *words, stderr=None):
        child = subprocess.Popen([program("ipam"), *words], env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
                                 text=True, preexec_fn=die_with_parent)
        try:
            yield child
        finally:
            child.kill()
            child.wait()
            child.stdout.close()

    def _finished(self, words, status, given):
        done = subprocess.run([program("ipam"), *words], env=self._environment(), input=given, capture_output=True, text=True, timeout=SECONDS,
                              check=False)
        if done.returncode != status:
            raise AssertionError(f"ipam {' '.join(words)}: status {done.returncode}, not {status}: {done.stdout}{done.stderr}")
        return done

    def _environment(self):
        environment = {"PATH": os.environ["PATH"], "HOME": self._home, "LANG": "C.UTF-8", "IPAM_CONFIG": os.path.join(self._home, "ipam.toml")}
        if not self._by_login:
            environment.update(IPAM_SERVER=f"https://127.0.0.1:{self._server.port}", IPAM_TOKEN=self._server.token,
                               IPAM_FINGERPRINT=self._server.fingerprint)
        # A sanitizer's settings, when the program is built with one.
        environment.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
        return environment

    def _login(self, user_name, password):
        path = os.path.join(self._home, "password")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(password + "\n")
        try:
            self.run("login", f"https://127.0.0.1:{self._server.port}", "--user", user_name, "--password-file", path,
                     "--fingerprint", self._server.fingerprint)
        finally:
            os.unlink(path)
