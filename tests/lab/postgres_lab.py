#!/usr/bin/env python3
"""A PostgreSQL server of its own: one folder, 127.0.0.1 and a socket, as durable as a real one (fsync on), owned by an unprivileged user.

    with PostgresLab() as lab:
        lab.create_database("ipam")
        connect(lab.url("ipam"))       # postgresql://ipam@127.0.0.1:PORT/ipam
        lab.stop_immediately(); lab.start()

As a program it prints one line of JSON (url, folder) and runs until its standard input closes or a signal comes:

    tests/lab/postgres_lab.py [--database NAME]

Debian package postgresql-15. Python 3.9 or later, standard library only.
"""

import argparse
import ctypes
import json
import os
import pwd
import re
import signal
import socket
import subprocess
import sys
import time

from lab_processes import LabError, LabProcesses, free_port

PROGRAMS = "/usr/lib/postgresql/15/bin"


def _account():
    """Whom the server belongs to: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise LabError("there is no account 'postgres' or 'nobody' for the database")


def _die_with_parent():
    # After the change of the user, which resets it.
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


class PostgresLab:
    """Entering makes and starts the cluster, leaving stops it by its process id and removes its folder. Used by the thread that entered."""

    def __init__(self, settings=None):
        if not os.path.exists(os.path.join(PROGRAMS, "initdb")):
            raise LabError("not installed: PostgreSQL 15; apt-get install postgresql-15")
        self._processes = LabProcesses()
        self._settings = settings or {}
        self._server = None
        self.port = 0

    @property
    def folder(self):
        return self._processes.folder

    def __enter__(self):
        try:
            account = _account()
            os.chmod(self.folder, 0o755)
            if account:
                os.chown(self.folder, account.pw_uid, account.pw_gid)
            self._run("initdb", "-D", self._data, "-U", "ipam", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
            self.port = free_port(socket.SOCK_STREAM)
            settings = {"listen_addresses": "'127.0.0.1'", "unix_socket_directories": f"'{self.folder}'", "max_connections": 100,
                        "max_wal_size": "1GB", **self._settings}
            with open(os.path.join(self._data, "postgresql.conf"), "a", encoding="utf-8") as file:
                file.writelines(f"{name} = {value}\n" for name, value in settings.items())
            self.start()
            return self
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    @property
    def _data(self):
        return self._processes.path("data")

    def url(self, database="postgres"):
        return f"postgresql://ipam@127.0.0.1:{self.port}/{database}"

    def start(self, seconds=180.0):  # after a kill it syncs its whole folder first, on a busy disk for long
        with open(self._processes.path("log"), "ab") as output:
            self._server = subprocess.Popen([os.path.join(PROGRAMS, "postgres"), "-D", self._data, "-p", str(self.port)],
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.folder, start_new_session=True,
                                            preexec_fn=_die_with_parent, **self._as_account())
        deadline = time.monotonic() + seconds
        while not self._is_ready():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise LabError(f"the database does not start:\n{self.log()}")
            time.sleep(0.01)

    def stop_immediately(self):
        """As a crash: what was not durable is lost, and the next start recovers."""
        self._stop(signal.SIGQUIT)

    def stop(self):
        self._stop(signal.SIGINT)

    def create_database(self, name):
        self._run("createdb", "-h", self.folder, "-p", str(self.port), "-U", "ipam", name)

    def query(self, database, sql):
        """What psql answers, unaligned and without a heading."""
        return self._run("psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port), "-U", "ipam", "-d", database,
                         "-c", sql)

    def commits(self, database, connections, seconds):
        """How many durable commits of one row a second so many connections make, by pgbench."""
        self.query(database, "CREATE TABLE IF NOT EXISTS item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL)")
        script = self._processes.write("insert.sql", "INSERT INTO item (text) VALUES ('one row of about forty bytes, as they come');\n", mode=0o644)
        answer = self._run("pgbench", "-n", "-M", "prepared", "-c", str(connections), "-j", "2", "-T", str(max(1, round(seconds))), "-f", script,
                           "-h", self.folder, "-p", str(self.port), "-U", "ipam", database)
        return float(re.search(r"tps = ([0-9.]+)", answer)[1])

    def log(self):
        with open(self._processes.path("log"), encoding="utf-8", errors="replace") as file:
            return file.read()[-3000:]

    def close(self):
        self._stop(signal.SIGQUIT)
        self._processes.stop_all()

    def _stop(self, number):
        if self._server is None:
            return
        self._server.send_signal(number)
        try:
            self._server.wait(60)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._server = None

    def _is_ready(self):
        # The last line of the file says "ready" once the server takes connections.
        try:
            with open(os.path.join(self._data, "postmaster.pid"), encoding="utf-8") as file:
                lines = file.read().splitlines()
        except OSError:
            return False
        return bool(lines) and lines[0] == str(self._server.pid) and lines[-1].startswith("ready")

    def _as_account(self):
        account = _account()
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}

    def _run(self, program, *arguments):
        done = subprocess.run([os.path.join(PROGRAMS, program), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, cwd=self.folder, check=False, **self._as_account())
        if done.returncode != 0:
            raise LabError(f"{program} failed: {done.stderr.strip()}")
        return done.stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="ipam", help="made at the start [ipam]")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    with PostgresLab() as lab:
        lab.create_database(arguments.database)
        print(json.dumps({"url": lab.url(arguments.database), "folder": lab.folder}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
