"""The Debian package: goes into a scratch root by dpkg and out again, twice; systemd's own tools find nothing wrong with its units."""

import glob
import os
import shutil
import subprocess
import tempfile
import unittest

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def run(*arguments, **options):
    return subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=300, **options).stdout


@unittest.skipUnless(shutil.which("dpkg-deb") and shutil.which("dpkg-shlibdeps"), "needs Debian's dpkg and dpkg-dev")
class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="ipam-package.")
        build = os.path.dirname(os.path.dirname(os.path.abspath(os.environ.get("IPAMD") or PROJECT + "/build/dev/bin/ipamd")))
        cls.package = run(PROJECT + "/script/package", "--build", build, "--output", cls.folder).strip().splitlines()[-1]

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def test_holds_what_an_operator_needs_and_nothing_that_others_may_write(self):
        listing = run("dpkg-deb", "--contents", self.package)
        for name in ("./usr/sbin/ipamd", "./usr/bin/ipam", "./usr/share/man/man8/ipamd.8.gz", "./usr/share/man/man1/ipam.1.gz", "./etc/ipam/ipamd.toml",
                     "./lib/systemd/system/ipamd.service", "./lib/systemd/system/ipamd.socket", "./usr/lib/sysusers.d/ipamd.conf",
                     "./usr/lib/sysctl.d/60-ipamd.conf"):
            self.assertIn(name + "\n", listing)
        for line in listing.splitlines():
            self.assertIn("root/root", line)
            self.assertNotIn("w", line[4:10], line)
        control = run("dpkg-deb", "--field", self.package)
        for library in ("libc6", "libsqlite3-0", "libssl3", "libsystemd0"):
            self.assertIn(library, control)

    @unittest.skipUnless(os.geteuid() == 0, "needs to be root")
    def test_is_installed_and_removed_again_and_again(self):
        root = os.path.join(self.folder, "root")
        for name in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "etc", "tmp"):
            os.makedirs(os.path.join(root, name), exist_ok=True)
        for name in ("var/lib/dpkg/status", "var/lib/dpkg/available"):
            open(os.path.join(root, name), "a").close()
        dpkg = ("dpkg", "--root", root, "--force-script-chrootless", "--force-depends", "--log", os.path.join(self.folder, "dpkg.log"))
        configuration = os.path.join(root, "etc/ipam/ipamd.toml")
        for _ in range(2):
            run(*dpkg, "--install", self.package)
            with open(os.path.join(root, "etc/passwd"), encoding="utf-8") as users:
                self.assertEqual([line.split(":")[0] for line in users].count("ipam"), 1)
        run(root + "/usr/sbin/ipamd", "--version")
        self.assertEqual(run(*dpkg, "--verify", "cadastre"), "")
        with open(configuration, "a", encoding="utf-8") as file:
            file.write('log_level = "warning"\n')
        run(*dpkg, "--force-confold", "--install", self.package)
        with open(configuration, encoding="utf-8") as file:
            self.assertIn('log_level = "warning"', file.read(), "what the operator wrote stays")
        os.makedirs(os.path.join(root, "var/lib/ipam"))
        run(*dpkg, "--remove", "cadastre")
        self.assertTrue(os.path.exists(configuration))
        run(*dpkg, "--purge", "cadastre")
        self.assertFalse(os.path.exists(os.path.dirname(configuration)))
        self.assertTrue(os.path.exists(os.path.join(root, "var/lib/ipam")), "the address plan stays")
        left = [path for path in glob.glob(root + "/usr/**", recursive=True) if os.path.isfile(path)]
        self.assertEqual(left, [])

    @unittest.skipUnless(shutil.which("systemd-analyze"), "needs systemd")
    def test_systemd_finds_nothing_wrong_with_the_units(self):
        root = os.path.join(self.folder, "units")
        run("dpkg-deb", "--extract", self.package, root)
        # The units that ours name, and the program that reloads it.
        for unit in ("sysinit.target", "basic.target", "shutdown.target", "sockets.target", "network-online.target", "network.target",
                     "multi-user.target", "-.mount", "umount.target", "system.slice"):
            path = os.path.join(root, "lib/systemd/system", unit)
            if not os.path.exists(path):
                with open(path, "w", encoding="utf-8") as file:
                    file.write("[Unit]\n" + ("[Mount]\nWhat=none\nWhere=/\n" if unit == "-.mount" else ""))
        os.makedirs(os.path.join(root, "bin"), exist_ok=True)
        shutil.copy("/bin/kill", os.path.join(root, "bin/kill"))
        verified = subprocess.run(["systemd-analyze", "--root", root, "--man=no", "verify", "ipamd.service", "ipamd.socket"], capture_output=True, text=True,
                                  timeout=60)
        self.assertEqual([line for line in verified.stderr.splitlines() if "ipamd" in line], [])
        exposure = subprocess.run(["systemd-analyze", "--root", root, "--offline=true", "--threshold=20", "--no-pager", "security", "ipamd.service"],
                                  capture_output=True, text=True, timeout=60)
        self.assertEqual(exposure.returncode, 0, exposure.stdout[-2000:] + exposure.stderr)


if __name__ == "__main__":
    unittest.main()
