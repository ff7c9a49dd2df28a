"""The provisioned domain of the Samba lab, kept as one archive: provisioning takes ten seconds, unpacking a tenth of one.

The archive is named after the version of Samba and after what it was made with, so that a change of either makes a new one. It is outside of the
repository: $IPAM_LAB_CACHE, else the user's cache folder. Whoever removes it loses ten seconds.

Python 3.9 or later, standard library only; Samba's own programs do the work.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

import samba_settings as settings
from lab_processes import LabError

PROVISION_ADDRESS = "127.0.0.10"  # stands in the DNS zones until samba_directory.py puts the lab's own address there
MADE_WITH = ("samba_image.py", "samba_settings.py", "samba_directory.py")
PYTHON = "/usr/bin/python3"  # the one that Debian's python3-samba belongs to
HERE = os.path.dirname(os.path.abspath(__file__))


def _run(arguments, environment=None, input=None):
    variables = dict(os.environ, PATH=os.environ.get("PATH", "") + ":/usr/sbin:/sbin", **(environment or {}))
    done = subprocess.run(arguments, input=input, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=variables, text=True, check=False, timeout=300)
    if done.returncode != 0:
        raise LabError(f"{' '.join(arguments)} ended with status {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def _cache_folder():
    folder = os.environ.get("IPAM_LAB_CACHE") or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "ipam-lab")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return folder


def _image_path():
    digest = hashlib.sha256(_run(["samba", "--version"]).encode())
    for name in MADE_WITH:
        with open(os.path.join(HERE, name), "rb") as file:
            digest.update(file.read())
    return os.path.join(_cache_folder(), f"samba-{digest.hexdigest()[:16]}.tar.gz")


@contextlib.contextmanager
def _only_one(path):
    with open(path + ".lock", "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def edit_directory(folder, edits):
    """Changes the directory of a domain that does not run; `edits` as samba_directory.py has them."""
    return _run([PYTHON, os.path.join(HERE, "samba_directory.py"), folder], {"KRB5_CONFIG": os.path.join(folder, "krb5.conf")}, json.dumps(edits))


def write_configuration(folder, address):
    for name, text in (("smb.conf", settings.smb_conf(folder, address)), ("krb5.conf", settings.krb5_conf(address))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


def _provision(folder):
    empty = os.path.join(folder, "empty.conf")  # otherwise what /etc/samba/smb.conf and /etc/resolv.conf say comes along
    with open(empty, "w", encoding="ascii") as file:
        file.write("[global]\n")
    _run(["samba-tool", "domain", "provision", "-s", empty, f"--realm={settings.REALM}", f"--domain={settings.NETBIOS_DOMAIN}", "--server-role=dc",
          f"--adminpass={settings.ADMINISTRATOR_PASSWORD}", f"--host-name={settings.HOST}", f"--host-ip={PROVISION_ADDRESS}",
          "--dns-backend=SAMBA_INTERNAL", f"--targetdir={folder}", "--quiet"])
    for name in ("run", "log", "ncalrpc", "cache", "tls", "keytabs"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    write_configuration(folder, PROVISION_ADDRESS)
    edit_directory(folder, {"accounts": True})


def _make(path):
    folder = tempfile.mkdtemp(prefix="ipam-lab-image.")
    try:
        domain = os.path.join(folder, "domain")
        os.mkdir(domain, 0o755)
        _provision(domain)
        partial = f"{path}.{os.getpid()}"
        _run(["tar", "--create", "--gzip", "--xattrs", "--xattrs-include=*", "--acls", f"--file={partial}", f"--directory={domain}", "."])
        os.replace(partial, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unpack(folder):
    """Puts the provisioned domain into the folder, making the archive first where there is none."""
    path = _image_path()
    with _only_one(path):
        if not os.path.exists(path):
            _make(path)
    _run(["tar", "--extract", "--gzip", "--xattrs", "--xattrs-include=*", "--acls", f"--file={path}", f"--directory={folder}"])
