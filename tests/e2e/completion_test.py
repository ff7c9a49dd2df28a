#!/usr/bin/env python3
"""The completion scripts of `ipam completion`, sourced by bash, zsh and fish themselves: nouns, verbs, options, and names of objects."""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

from ipamd_process import program

# What each shell is asked: the candidates for the last word of a command line, one a line.
BASH = """
source <(ipam completion bash)
words=({words})
COMP_WORDS=("${{words[@]}}"); COMP_CWORD=$((${{#words[@]}} - 1)); COMP_LINE="${{words[*]}}"; COMP_POINT=${{#COMP_LINE}}
_ipam
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
# compadd is what the completion system of zsh gives candidates to; outside of a widget it is replaced by one that prints them.
ZSH = """
compdef() {{ :; }}
source <(ipam completion zsh)
compadd() {{ shift; local each; for each; do [[ $each == ${{words[CURRENT]}}* ]] && print -r -- $each; done; return 0 }}
words=({words}); CURRENT=${{#words}}
_ipam_complete
"""
FISH = """
ipam completion fish | source
complete -C {line}
"""


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for shell in ("bash", "zsh", "fish"):
            if not shutil.which(shell):
                raise AssertionError(f"{shell} is not installed; script/lib/packages.sh names what the tests need")
        cls.folder = tempfile.TemporaryDirectory()
        # The program itself, but for the one question that needs a server.
        stub = pathlib.Path(cls.folder.name, "ipam")
        stub.write_text("#!/bin/sh\n"
                        'if [ "$*" = "subnet list -q --limit 200" ]; then printf "10.1.0.0/24\\n10.2.0.0/24\\n"; exit; fi\n'
                        f'exec {shlex.quote(program("ipam"))} "$@"\n', encoding="utf-8")
        stub.chmod(0o700)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def ask(self, shell, words):
        quoted = " ".join(shlex.quote(word) for word in words)
        if shell == "fish":
            command = ["fish", "--no-config", "-c", FISH.format(line=shlex.quote(" ".join(words)))]
        elif shell == "zsh":
            command = ["zsh", "-f", "-c", ZSH.format(words=quoted)]
        else:
            command = ["bash", "--norc", "-c", BASH.format(words=quoted)]
        environment = {"PATH": f"{self.folder.name}:{os.environ['PATH']}", "HOME": self.folder.name, "LANG": "C.UTF-8", "TERM": "dumb"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment, stdin=subprocess.DEVNULL)
        self.assertEqual(done.stderr, "", shell)
        # fish says what each candidate means after a tab.
        return [line.split("\t")[0] for line in done.stdout.splitlines() if line]

    def assert_offers(self, words, *expected, without=()):
        for shell in ("bash", "zsh", "fish"):
            with self.subTest(shell=shell, words=words):
                offered = self.ask(shell, words)
                for word in expected:
                    self.assertIn(word, offered)
                for word in without:
                    self.assertNotIn(word, offered)

    def test_offers_the_nouns_and_commands(self):
        self.assert_offers(["ipam", ""], "subnet", "operation", "events", "login", "completion")
        self.assert_offers(["ipam", "su"], "subnet", without=["server"])

    def test_offers_the_verbs_of_a_noun_and_of_its_alias(self):
        self.assert_offers(["ipam", "server", ""], "list", "add", "collect", "verify", without=["allocate"])
        self.assert_offers(["ipam", "address-space", ""], "list", "edit")
        self.assert_offers(["ipam", "address", "al"], "allocate", without=["list"])

    def test_offers_the_options_of_a_command(self):
        self.assert_offers(["ipam", "subnet", "add", "10.0.0.0/24", "--"], "--vlan", "--dry-run", "--idempotency-key", "--output")
        self.assert_offers(["ipam", "subnet", "list", "--s"], "--sort", "--space", without=["--vlan"])
        self.assert_offers(["ipam", "login", "--f"], "--fingerprint")

    def test_offers_the_names_of_objects(self):
        self.assert_offers(["ipam", "subnet", "show", ""], "10.1.0.0/24", "10.2.0.0/24")
        self.assert_offers(["ipam", "subnet", "delete", "10.2"], "10.2.0.0/24", without=["10.1.0.0/24"])

    def test_offers_nothing_and_says_nothing_when_no_server_answers(self):
        for shell in ("bash", "zsh", "fish"):
            self.assertEqual(self.ask(shell, ["ipam", "block", "show", ""]), [], shell)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
