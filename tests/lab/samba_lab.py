#!/usr/bin/env python3
"""A real Samba Active Directory domain controller of the domain contoso.test on a loopback address of its own.

As a library:   with SambaLab(dhcp={"dhcp1": "127.0.0.12"}, nps=["nps1"]) as lab: … lab.address, lab.keytab("reader"), lab.truth()
As a program:   tests/lab/samba_lab.py [--dhcp dhcp1=127.0.0.12] [--nps nps1] [--site Zurich=10.1.0.0/16] [--zones 1000]
                                          [--trust fabrikam.test=3,2,8] [--state FOLDER]
                prints one line of JSON and runs until its standard input closes or it is sent SIGTERM or SIGINT; then it removes everything.

It answers LDAP (389, 636), the global catalog (3268, 3269), Kerberos (88, 464), SMB (445), RPC (135 and dynamic ports) and DNS (53), all on its address
only. Kerberos on LDAP, passwords on TLS only, as Samba has it by default.

Needs to be root: the ports are below 1024, and Samba's folder /run/samba, whose name is compiled in, is made private by a mount namespace.
Python 3.9 or later, standard library only; Samba's own programs do the rest.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys

import samba_image as image
import samba_settings as settings
from lab_processes import LabError, LabProcesses, ServerExited, require_programs

PACKAGES = {"samba": "samba-ad-dc", "samba-tool": "samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind python3-samba",
            "kinit": "krb5-user", "ldapsearch": "ldap-utils", "smbclient": "smbclient", "dig": "bind9-dnsutils", "openssl": "openssl", "unshare": "util-linux"}
START_ATTEMPTS = 5
PORTS = (53, 88, 135, 389, 445, 464, 636, 3268, 3269)
# Samba is the first process of a process namespace: whatever it starts ends with it. It is ended when the standard input closes, however the lab came to
# its end. The folder /run/samba is private to it.
START = """mkdir -p /run/samba && mount -t tmpfs tmpfs /run/samba || exit 1
exec 3<&0
{ read -r nothing <&3; kill -TERM 1; } &
exec samba -s "$0" -M single -F --no-process-group </dev/null 3<&-"""


def free_address():
    """An address of 127.64.0.0/10 on which none of a domain controller's ports is taken."""
    while True:
        address = f"127.{random.randint(64, 127)}.{random.randint(0, 255)}.{random.randint(1, 254)}"
        try:
            for port in PORTS:
                with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind((address, port))
            return address
        except PermissionError:
            raise LabError("a domain controller has ports below 1024: run as root") from None
        except OSError:
            continue


class SambaLab:
    """Entering starts the domain controller and waits until every service answers; leaving stops it and removes its folder.

    dhcp: authorized DHCP servers, addresses by name. nps: member servers in "RAS and IAS Servers". sites: subnets by name of the site. zones: so many
    names in a DNS zone big.contoso.test, with types.contoso.test and 16.10.in-addr.arpa. trusts: [direction, type, attributes] by name of the other domain.
    Used by the thread that entered.
    """

    realm, domain, base = settings.REALM, settings.DOMAIN, settings.BASE
    host = settings.fqdn(settings.HOST)
    administrator, administrator_password = settings.ADMINISTRATOR, settings.ADMINISTRATOR_PASSWORD
    reader, reader_password = settings.READER, settings.READER_PASSWORD

    def __init__(self, dhcp=None, nps=None, sites=None, zones=None, trusts=None, folder=None):
        require_programs(PACKAGES)
        if os.geteuid() != 0:
            raise LabError("Samba's domain controller wants to be root")
        self._edits = {key: value for key, value in (("dhcp", dhcp), ("nps", nps), ("sites", sites), ("trusts", trusts)) if value}
        if zones is not None:
            self._edits["zones"] = {"records": zones}
        self._hosts = dict(dhcp or {})
        self.processes = LabProcesses(folder)
        self.address = ""

    def __enter__(self):
        try:
            for attempt in range(START_ATTEMPTS):
                try:
                    self._start(f"dc{attempt}")
                    break
                except ServerExited as error:
                    if attempt + 1 == START_ATTEMPTS:
                        raise LabError(f"{error}{self._log()}") from None
                    self.processes.stop(f"dc{attempt}")
            return self
        except BaseException:
            self.processes.stop_all()
            raise

    def __exit__(self, *_):
        self.processes.stop_all()

    # --- What a client needs

    def path(self, *names):
        return os.path.join(self._folder, *names)

    @property
    def krb5_conf(self):
        return self.path("krb5.conf")

    @property
    def ca_certificate(self):
        return self.path("tls", "ca.pem")

    def keytab(self, account):
        """The keys of the account "reader" or of a service ("dhcp1": host/, HTTP/ and cifs/dhcp1.contoso.test belong to svc-dhcp1)."""
        return self.path("keytabs", (account if account == self.reader else f"svc-{account}") + ".keytab")

    def in_its_resolver(self, *command):
        """The command, to be run where names are looked up in the lab: /etc/hosts and /etc/resolv.conf of its own, and KRB5_CONFIG."""
        script = 'mount --bind "$0/hosts" /etc/hosts && mount --bind "$0/resolv.conf" /etc/resolv.conf && KRB5_CONFIG="$0/krb5.conf" exec "$@"'
        return ["unshare", "--mount", "sh", "-c", script, self._folder, *command]

    def run(self, *command):
        """What a command prints that runs in the lab's resolver; LabError where it fails."""
        done = subprocess.run(self.in_its_resolver(*command), capture_output=True, text=True, check=False, timeout=120)
        if done.returncode != 0:
            raise LabError(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stderr}{done.stdout}")
        return done.stdout

    def samba_tool(self, *words):
        """samba-tool on the running domain, as its administrator."""
        return self.run("samba-tool", *words, "-s", self.path("smb.conf"), "-U", f"{self.administrator}%{self.administrator_password}")

    def modify(self, ldif):
        """Changes the directory by LDAP as its administrator."""
        path = self.processes.write("change.ldif", ldif)
        self._ldap("ldapmodify", "-f", path)

    def truth(self):
        return {"address": self.address, "host": self.host, "realm": self.realm, "domain": self.domain, "base": self.base,
                "administrator": self.administrator, "administrator_password": self.administrator_password, "reader": self.reader,
                "reader_password": self.reader_password, "reader_keytab": self.keytab(self.reader),
                "service_keytabs": {name: self.keytab(name) for name in settings.SERVICES}, "ca_certificate": self.ca_certificate,
                "krb5_conf": self.krb5_conf, "folder": self._folder}

    # --- Starting

    def _start(self, name):
        self.address = free_address()
        self._folder = self.processes.path(name)
        os.mkdir(self._folder, 0o755)
        os.chmod(self.processes.folder, 0o755)
        image.unpack(self._folder)
        image.write_configuration(self._folder, self.address)
        for file, text in (("hosts", settings.hosts(self.address, self._hosts)), ("resolv.conf", settings.resolv_conf(self.address))):
            with open(self.path(file), "w", encoding="utf-8") as output:
                output.write(text)
        self._make_certificates()
        image.edit_directory(self._folder, {"address": {"old": image.PROVISION_ADDRESS, "new": self.address}, **self._edits})
        arguments = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", START, self.path("smb.conf")]
        self.processes.start(name, arguments, {"KRB5_CONFIG": self.krb5_conf}, ends_with_its_input=True)
        self.processes.wait_until(self._answers, "the domain controller's first answers", 120)

    def _log(self):
        try:
            with open(self.path("log", "log.samba"), encoding="utf-8", errors="replace") as file:
                return file.read()[-2000:]
        except FileNotFoundError:  # it ended before it logged
            return ""

    def _make_certificates(self):
        """A certificate authority of its own, and the server's certificate with its names and address. Samba would make RSA keys of 4096 bits, for seconds."""
        names = f"subjectAltName=DNS:{self.host},DNS:{self.domain},IP:{self.address}\n"
        with open(self.path("tls", "names"), "w", encoding="ascii") as file:
            file.write(names)
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        host = settings.HOST
        for arguments in (["req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "7", "-subj", "/CN=Contoso Test CA"],
                          ["req", *key, "-keyout", f"{host}.key", "-out", f"{host}.csr", "-subj", f"/CN={self.host}"],
                          ["x509", "-req", "-in", f"{host}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "7", "-extfile", "names",
                           "-out", f"{host}.pem"]):
            done = subprocess.run(["openssl", *arguments], cwd=self.path("tls"), capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise LabError(f"openssl {arguments[0]} failed: {done.stderr}")
        os.chmod(self.path("tls", f"{host}.key"), 0o600)

    def _answers(self):
        """All of its services: LDAP with the password of an account, Kerberos, DNS, and SMB, whose sessions need winbindd too."""
        account = f"{settings.NETBIOS_DOMAIN}\\{self.reader}%{self.reader_password}"
        questions = (["ldapsearch", "-H", f"ldap://{self.address}", "-x", "-LLL", "-s", "base", "-b", "", "defaultNamingContext"],
                     ["dig", "+time=1", "+tries=1", "+norec", f"@{self.address}", self.domain, "SOA"],
                     ["kinit", "-k", "-t", self.keytab(self.reader), "-c", self.path("ready.ccache"), self.reader],
                     ["smbclient", "-s", self.path("smb.conf"), f"//{self.address}/sysvol", "-U", account, "-c", "ls"])
        variables = dict(os.environ, KRB5_CONFIG=self.krb5_conf)
        return all(subprocess.run(question, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=variables, check=False, timeout=30).returncode == 0
                   for question in questions)

    def _ldap(self, program, *arguments):
        variables = dict(os.environ, KRB5_CONFIG=self.krb5_conf, LDAPTLS_CACERT=self.ca_certificate)
        done = subprocess.run([program, "-H", f"ldaps://{self.address}", "-x", "-D", f"{self.administrator}@{self.domain}", "-w",
                               self.administrator_password, *arguments], capture_output=True, text=True, env=variables, check=False, timeout=60)
        if done.returncode != 0:
            raise LabError(f"{program} failed: {done.stderr}{done.stdout}")
        return done.stdout


def _pair(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE")
    return name, value


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dhcp", type=_pair, action="append", default=[], metavar="NAME=ADDRESS", help="an authorized DHCP server")
    parser.add_argument("--nps", action="append", default=[], metavar="NAME", help="a member of the group RAS and IAS Servers")
    parser.add_argument("--site", type=_pair, action="append", default=[], metavar="NAME=SUBNET", help="a site with a subnet; may be repeated")
    parser.add_argument("--zones", type=int, metavar="NAMES", help="a DNS zone of that many names, and two small ones")
    parser.add_argument("--trust", type=_pair, action="append", default=[], metavar="DOMAIN=DIRECTION,TYPE,ATTRIBUTES", help="a trusted domain, in numbers")
    parser.add_argument("--state", metavar="FOLDER", help="the folder for all files (empty or new; removed at the end)")
    options = parser.parse_args()
    sites = {}
    for name, subnet in options.site:
        sites.setdefault(name, []).append(subnet)

    trusts = {name: [int(number) for number in numbers.split(",")] for name, numbers in options.trust}

    def stop(*_):
        raise SystemExit(0)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        with SambaLab(dict(options.dhcp), options.nps, sites, options.zones, trusts, options.state) as lab:
            print(json.dumps(lab.truth()), flush=True)
            while sys.stdin.buffer.read(4096):
                pass
    except LabError as error:
        raise SystemExit(f"samba_lab: {error}") from None


if __name__ == "__main__":
    main()
