#!/usr/bin/env python3
"""Sees check_coroutines fail on each kind of temporary, and pass on what is safe."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().with_name("check_coroutines")


def status(code):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "x.cpp").write_text(code, encoding="utf-8")
        return subprocess.run([sys.executable, TOOL, folder], stdout=subprocess.DEVNULL, check=False).returncode


class CheckCoroutines(unittest.TestCase):
    def test_refuses_temporaries_that_the_compiler_destroys_twice(self):
        for code in ("co_await f([x] { g(); });", "auto y = co_await f(A{.b = 1});", "co_await f(c ? d() : e());", "TRY(auto y, co_await f({}));"):
            self.assertEqual(status(code), 1, code)

    def test_accepts_names_functions_and_what_stands_elsewhere(self):
        for code in ("co_await f(std::move(x), Deadline::after(1));", "// co_await f({})\n", "TRY(auto y, co_await f(x)); g({});", 'log("co_await {}");'):
            self.assertEqual(status(code), 0, code)


if __name__ == "__main__":
    unittest.main()
