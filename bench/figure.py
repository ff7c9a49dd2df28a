"""Rows and sections of bench/results.md, and how they stand there."""

import re
import statistics
from dataclasses import dataclass

HEAD = "| id | figure | ours | reference | ratio | spread over pairs | target | met |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n"


@dataclass
class Row:
    id: str
    figure: str
    ours: str
    reference: str
    ratios: list
    target: str
    met: bool

    def __str__(self):
        number = lambda value: f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
        ratio = number(statistics.median(self.ratios)) if self.ratios else ""
        spread = f"{number(min(self.ratios))} to {number(max(self.ratios))}" if self.ratios else ""
        return f"| {self.id} | {self.figure} | {self.ours} | {self.reference} | {ratio} | {spread} | {self.target} | {'yes' if self.met else 'no'} |"


@dataclass
class Section:
    id: str
    note: str
    rows: list

    def text(self, circumstances):
        return f"## {self.id}\n\n{circumstances} {self.note[0].upper()}{self.note[1:]}.\n\n{HEAD}" + "".join(f"{row}\n" for row in self.rows)


def merge(results, sections):
    """The text of results.md with these sections in place of the former of their names. `sections`: id → text."""
    former = {match[1]: match[0] for match in re.finditer(r"^## (\S+)\n.*?(?=^## |\Z)", results, re.MULTILINE | re.DOTALL)}
    former.update(sections)
    order = lambda name: (name[0] != "P", int(name[1:]) if name[1:].isdigit() else 0, name)
    return "# Measured\n\nWritten by `script/bench`; what the figures mean stands in each program of this folder. A figure that falls short stays, " \
           "with `no`.\n\n" + "\n".join(former[name].rstrip("\n") + "\n" for name in sorted(former, key=order))
