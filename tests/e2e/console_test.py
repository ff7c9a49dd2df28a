"""The web console in a real Chromium against a real ipamd with a real Kea and real BINDs behind it; the checks stand in console/e2e.

Needs the built console (console/dist), its packages (console/node_modules) and Chromium; script/test sees to all three.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))
CONSOLE = os.path.join(FOLDER, "..", "..", "console")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
SECONDS = 1500


def missing():
    needed = {"console/dist (npm run build)": os.path.join(CONSOLE, "dist", "index.html"), "console/node_modules (npm ci)": os.path.join(CONSOLE, "node_modules", "playwright-core")}
    gone = [name for name, path in needed.items() if not os.path.exists(path)]
    return gone + ([] if CHROMIUM else ["chromium"]) + ([] if shutil.which("node") else ["node"])


class ConsoleTest(unittest.TestCase):
    def test_every_screen_and_action(self):
        # On CI nothing may be missing: a test that is never run finds nothing.
        if missing() and not os.environ.get("CI"):
            self.skipTest("not here: " + ", ".join(missing()))
        self.assertEqual(missing(), [])
        with tempfile.TemporaryDirectory(prefix="console-e2e.") as folder:
            lab = subprocess.Popen([sys.executable, os.path.join(FOLDER, "console_lab.py"), "--console", os.path.join(CONSOLE, "dist")],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            try:
                line = lab.stdout.readline()
                self.assertTrue(line, "the lab did not start")
                json.loads(line)
                with open(os.path.join(folder, "lab.json"), "w", encoding="utf-8") as file:
                    file.write(line)
                done = subprocess.run(["node", os.path.join(CONSOLE, "e2e", "run.mjs"), file.name], env={**os.environ, "CHROMIUM": CHROMIUM}, timeout=SECONDS,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
                print(done.stdout)
                self.assertEqual(done.returncode, 0, done.stdout[-4000:])
            finally:
                lab.stdin.close()
                lab.wait(60)
                lab.stdout.close()


if __name__ == "__main__":
    unittest.main()
