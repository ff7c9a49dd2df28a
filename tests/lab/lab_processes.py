"""Runs the real servers of a lab as children: one folder, output in files, waits that end, and nothing left behind.

Python 3.9 or later, standard library only.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class LabError(Exception):
    """The lab cannot do what was asked; the text says why and what would help."""


class ServerExited(LabError):
    """A server ended by itself: a port that was taken meanwhile, or a setting that it refuses."""


def require_programs(packages_by_program):
    """Raises LabError that names the Debian package of every program that is not installed."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    missing = {program: package for program, package in packages_by_program.items() if not shutil.which(program, path=path)}
    if missing:
        names = ", ".join(sorted(missing))
        raise LabError(f"not installed: {names}; apt-get install {' '.join(sorted(set(missing.values())))}")


def free_port(kind):
    """A port of 127.0.0.1 that was free a moment ago. Another program may take it: whoever starts a server on it must be ready to try again."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _die_with_parent():
    # The last resort: a lab killed with SIGKILL cannot stop its servers, so the kernel does.
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class LabProcesses:
    """The children of one lab and the folder with all of their files."""

    def __init__(self, folder=None):
        if folder is None:
            self.folder = tempfile.mkdtemp(prefix="ipam-lab.")
        else:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            if os.listdir(folder):
                raise LabError(f"{folder} is not empty; the lab removes its folder at the end, so it wants one of its own")
            self.folder = os.path.abspath(folder)
        self._children = {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o600):
        """Writes a file of the folder, readable by its owner alone unless said otherwise, and answers its path."""
        with open(os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def start(self, name, arguments, environment=None, ends_with_its_input=False):
        """Starts a child whose output goes to NAME.out; a child of the same name that has ended is replaced.

        A child that ends with its standard input gets a pipe, which closes when the lab stops it and also when the lab itself is killed.
        """
        variables = dict(os.environ, PATH=os.environ.get("PATH", "") + ":/usr/sbin:/sbin", **(environment or {}))
        with open(self.path(name + ".out"), "w", encoding="utf-8") as output:
            source = subprocess.PIPE if ends_with_its_input else subprocess.DEVNULL
            self._children[name] = subprocess.Popen(arguments, stdin=source, stdout=output, stderr=output, env=variables, cwd=self.folder,
                                                    start_new_session=True, preexec_fn=_die_with_parent)

    def wait_until(self, holds, what, seconds=60.0):
        """Polls until `holds()` is true. Raises at once when a child has ended, and after the time given."""
        deadline = time.monotonic() + seconds
        while True:
            self.check_alive()
            if holds():
                return
            if time.monotonic() > deadline:
                raise LabError(f"{what} did not happen within {seconds:.0f} s; the servers' output:\n{self.output()}")
            time.sleep(0.01)

    def check_alive(self):
        for name, child in self._children.items():
            if child.poll() is not None:
                raise ServerExited(f"{name} ended by itself with status {child.returncode}:\n{self.output(name)}")

    def output(self, *names):
        """The last lines that the children (or these of them) wrote."""
        text = ""
        for name in names or self._children:
            with open(self.path(name + ".out"), encoding="utf-8", errors="replace") as file:
                text += f"--- {name}\n{file.read()[-2000:]}"
        return text

    def stop(self, name, seconds=10.0):
        child = self._children.pop(name, None)
        if child is None:
            return
        if child.stdin:
            child.stdin.close()
        else:
            child.terminate()
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def stop_all(self):
        """Stops every child by its process id, the latest first, and removes the folder. May be called twice."""
        for name in reversed(list(self._children)):
            self.stop(name)
        shutil.rmtree(self.folder, ignore_errors=True)
