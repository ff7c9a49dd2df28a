#!/usr/bin/env python3
"""Each rule of check_layers and check_words is seen failing on a tree that breaks it, and silent on one that does not."""

import importlib.machinery
import importlib.util
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
TOOLS = Path(__file__).resolve().parent


def load(name):
    loader = importlib.machinery.SourceFileLoader(name, str(TOOLS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


check_layers = load("check_layers")
check_words = load("check_words")

TABLE = """\
# floor | room | rooms | libraries
0 | base        | | fmt
1 | ip          | base | absl/hash
3 | store       | base ip | boost/asio sodium.h
4 | store/small | base store |
7 | app/main    | * | fmt
"""


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("tools/floors.txt", TABLE)
        for room in ("base", "ip", "store", "store/small", "app/main"):
            self.write(f"src/{room}/README.md", f"# {room}\n")
            self.write(f"src/{room}/first.h", "#pragma once\n#include <vector>\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class Layers(Tree):
    def problems(self):
        return check_layers.check(self.root)

    def assert_only(self, rule, place):
        problems = self.problems()
        self.assertEqual([(p.rule, f"{p.file}:{p.line}", p.warning) for p in problems], [(rule, place, False)], problems)

    def assert_nothing(self):
        self.assertEqual(self.problems(), [])

    def test_a_house_in_order_has_no_problems(self):
        self.write("src/ip/address.cpp", '#include "ip/first.h"\n#include "base/first.h"\n#include <absl/hash/hash.h>\n#include <sys/stat.h>\n')
        self.write("src/store/a.cpp", "#include <boost/asio.hpp>\n#include <boost/asio/ip/tcp.hpp>\n#include <sodium.h>\n#include <cstdint>\n")
        self.write("src/app/main/main.cpp", '#include "store/small/first.h"\n#include "ip/first.h"\n')
        self.assert_nothing()

    def test_a_room_above_cannot_be_included(self):
        self.write("src/base/a.cpp", '\n#include "ip/first.h"\n')
        self.assert_only("layer", "src/base/a.cpp:2")

    def test_a_room_below_that_the_row_leaves_out_cannot_be_included(self):
        self.write("src/store/small/a.cpp", '#include "ip/first.h"\n')
        self.assert_only("layer", "src/store/small/a.cpp:1")

    def test_an_include_is_found_whatever_its_spacing(self):
        self.write("src/base/a.cpp", '  #  include   "ip/first.h"\n')
        self.assert_only("layer", "src/base/a.cpp:1")

    def test_an_include_without_its_room_is_refused(self):
        self.write("src/base/a.cpp", '#include "first.h"\n')
        self.assert_only("layer", "src/base/a.cpp:1")

    def test_a_library_that_the_row_leaves_out_cannot_be_included(self):
        self.write("src/ip/a.cpp", "#include <fmt/format.h>\n")
        self.assert_only("third-party", "src/ip/a.cpp:1")

    def test_a_library_next_to_an_allowed_one_cannot_be_included(self):
        self.write("src/store/a.cpp", "#include <boost/asiox/a.hpp>\n")
        self.assert_only("third-party", "src/store/a.cpp:1")

    def test_libraries_are_not_inherited_from_the_rooms_allowed(self):
        self.write("src/store/small/a.cpp", "#include <sodium.h>\n")
        self.assert_only("third-party", "src/store/small/a.cpp:1")

    def test_tests_may_use_test_libraries_and_suites_of_allowed_rooms(self):
        self.write("src/store/store_suite.h", "#include <gtest/gtest.h>\n")
        self.write("src/store/small/a_test.cpp", '#include <gmock/gmock.h>\n#include <rapidcheck.h>\n#include "support/x.h"\n#include "store/store_suite.h"\n')
        self.assert_nothing()

    def test_tests_are_bound_by_the_floors_too(self):
        self.write("src/base/a_test.cpp", '#include "ip/first.h"\n')
        self.assert_only("layer", "src/base/a_test.cpp:1")

    def test_a_test_library_is_for_tests_only(self):
        self.write("src/base/a.cpp", "#include <gtest/gtest.h>\n")
        self.assert_only("third-party", "src/base/a.cpp:1")

    def test_test_support_is_for_tests_only(self):
        self.write("src/base/a.cpp", '#include "support/x.h"\n')
        self.assert_only("test-only", "src/base/a.cpp:1")

    def test_a_suite_is_for_tests_only(self):
        self.write("src/store/store_suite.h", "#pragma once\n")
        self.write("src/store/small/a.cpp", '#include "store/store_suite.h"\n')
        self.assert_only("test-only", "src/store/small/a.cpp:1")

    def test_a_room_needs_a_readme(self):
        (self.root / "src/ip/README.md").unlink()
        self.assert_only("readme", "src/ip:1")

    def test_a_room_needs_a_row(self):
        self.write("src/attic/a.h", "#pragma once\n")
        self.assert_only("room", "src/attic:1")

    def test_a_row_may_not_allow_a_room_that_comes_later(self):
        self.write("tools/floors.txt", TABLE.replace("1 | ip          | base", "1 | ip          | base store"))
        self.assert_only("order", "tools/floors.txt:3")

    def test_a_row_may_not_allow_itself_or_an_unknown_room(self):
        for other in ("ip", "nowhere"):
            self.write("tools/floors.txt", TABLE.replace("1 | ip          | base", f"1 | ip          | base {other}"))
            self.assert_only("order", "tools/floors.txt:3")

    def test_rows_stand_in_the_order_of_their_floors(self):
        self.write("tools/floors.txt", TABLE.replace("1 | ip", "9 | ip"))
        self.assertEqual({p.rule for p in self.problems()}, {"order"})

    def test_a_row_of_another_shape_is_refused(self):
        self.write("tools/floors.txt", TABLE + "8 | extra | base\n")
        self.assert_only("table", "tools/floors.txt:7")

    def test_a_room_has_one_row(self):
        self.write("tools/floors.txt", TABLE + "7 | app/main | * | fmt\n")
        self.assert_only("table", "tools/floors.txt:7")

    def test_a_tree_without_sources_is_not_in_order(self):
        self.write("tools/floors.txt", TABLE)
        for path in (self.root / "src").rglob("*.h"):
            path.unlink()
        self.assert_only("table", "src:1")

    def test_a_file_of_801_lines_is_too_long_and_one_of_800_with_a_reason_is_not(self):
        self.write("src/base/a.cpp", "// Long because it is a table.\n" + "\n" * 800)
        self.assert_only("size", "src/base/a.cpp:801")
        self.write("src/base/a.cpp", "// Long because it is a table.\n" + "\n" * 799)
        self.assert_nothing()

    def test_a_file_of_401_lines_without_a_reason_is_warned_of(self):
        self.write("src/base/a.cpp", "\n" * 401)
        self.assertEqual([(p.rule, p.warning) for p in self.problems()], [("size", True)])
        self.write("src/base/a.cpp", "\n" * 400)
        self.assert_nothing()


class Words(Tree):
    def rules(self):
        return [problem.split(": ")[1] for problem in check_words.check(self.root)]

    def test_clean_text_has_no_problems(self):
        self.write("docs/a.md", "Run it from /usr/bin; see https://example.com/work/item and /var/lib/ipam. A todo list. mkstemp(XXXXXX)\n")
        self.assertEqual(self.rules(), [])

    def test_paths_of_a_machine_are_found(self):
        for text in ("see /" + "work/tree", '"/' + 'home/alice/x"', "/" + "root/.config"):
            self.write("script/a", text)
            self.assertEqual(self.rules(), ["machine-path"], text)

    def test_registries_are_found(self):
        for text in ("https://registry" + ".npmjs.org/x", "deb.debian" + ".org", "http://mirror" + ".example.com/debian"):
            self.write("docs/a.md", text)
            self.assertEqual(self.rules(), ["registry"], text)

    def test_marks_of_unfinished_work_are_found(self):
        for mark in ("TO" + "DO", "FIX" + "ME", "X" * 3):
            self.write("src/base/a.cpp", f"// {mark}: later\n")
            self.assertEqual(self.rules(), ["unfinished"], mark)

    def test_binary_files_are_left_alone(self):
        (self.root / "docs").mkdir()
        (self.root / "docs/a.png").write_bytes(b"\0" + b"TO" + b"DO")
        self.assertEqual(self.rules(), [])


if __name__ == "__main__":
    unittest.main()
