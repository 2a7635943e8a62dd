"""check: what the rules say of designs, and whether a gate lets them pass.

Without --gate nothing critical and nothing high may be open. With several files
--format json writes one object a line, each with its "file"; --format sarif
writes one run for each. The last line always says how many rules ran, failed,
were unknown and were skipped.

With --submit a site checks the designs: each becomes a revision of its design
there, and the gate judges the result that the site gives, its waivers included.
The token is read from the variable WARMSTART_TOKEN.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..profiles import NAMES as PROFILES
from . import _frame

if TYPE_CHECKING:
    from ..compare import Comparison
    from ..gate import Gate
    from ..model import Design
    from ..packs import Pack
    from ..result import Result
    from ._submit import Site

HELP: Final = "check designs and score them"
FORMATS: Final = ("text", "json", "markdown", "csv", "sarif", "junit")
_WORST: Final = (_frame.AWAY, _frame.INVALID, _frame.BROKEN, _frame.NOT_MET, _frame.PASSED)
"""Of several files the first of these codes that any of them has."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="+", help="a design; - is standard input")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--gate", help="a YAML file of demands")
    parser.add_argument("--baseline", help="an earlier design or result; only what is new counts")
    parser.add_argument(
        "--profile", choices=PROFILES, help="take limits from this platform, whatever the text says"
    )
    parser.add_argument(
        "--pack", action="append", default=[], help="a rule pack, by name or file; may be repeated"
    )
    parser.add_argument(
        "--today", type=_frame.day, help="the day on which waivers have to hold; this one if absent"
    )
    parser.add_argument("--reviewers", type=int, default=0, help="reviewers who have agreed")
    parser.add_argument(
        "--web-limits", action="store_true", help="read no more than the site would"
    )
    parser.add_argument(
        "--submit",
        metavar="URL",
        help="have a site check it: the address of a team, https://SITE/api/teams/TEAM/",
    )
    parser.add_argument("--note", default="", help="with --submit: one line for the history")
    parser.add_argument(
        "--wait", type=_seconds, default=300.0, help="with --submit: seconds for each design"
    )


def _seconds(text: str) -> float:
    """An argument that is a number of seconds; raises ValueError, which the parser explains."""
    seconds = float(text)
    if not 0 <= seconds <= 86_400:
        raise ValueError(text)
    return seconds


def run(options: argparse.Namespace) -> int:
    from .. import gate as gates

    if len(options.file) > 1 and options.baseline:
        raise _frame.Stop("A baseline belongs to one file.", _frame.USAGE)
    if len(options.file) > 1 and options.format in ("csv", "junit"):
        raise _frame.Stop(f"--format {options.format} holds one design.", _frame.USAGE)
    if options.submit and (options.profile or options.pack or options.today):
        raise _frame.Stop(
            "--profile, --pack and --today do not go with --submit: the site has its own rules.",
            _frame.USAGE,
        )
    if not options.submit and options.note:
        raise _frame.Stop("--note goes with --submit.", _frame.USAGE)
    gate = gates.STANDARD
    if options.gate:
        try:
            gate = gates.read_gate(_frame.read(options.gate).decode("utf-8", "replace"))
        except gates.BadGate as error:
            raise _frame.Stop(f"{options.gate}: {error}", _frame.USAGE) from None
    return _Check(options, gate, _frame.packs(options.pack)).run()


class _Check:
    """One run of the command over its files."""

    def __init__(self, options: argparse.Namespace, gate: Gate, packs: list[Pack]) -> None:
        self.options = options
        self.gate = gate
        self.packs = packs
        self.today: str = options.today or _frame.today()
        self.several = len(options.file) > 1
        self.sarif: dict[str, Any] = {}
        self.site: Site | None = None
        if options.submit:
            from ._submit import Site

            self.site = Site(options.submit, options.wait)
        self.baseline = None
        if options.baseline:
            self.baseline = _frame.result(options.baseline, self._evaluate)

    def run(self) -> int:
        codes = []
        for name in self.options.file:
            try:
                codes.append(self._file(name))
            except _frame.Stop as stop:
                if stop.code == _frame.USAGE:
                    raise
                self._invalid(name, stop)
                codes.append(stop.code)
        if self.sarif:
            sys.stdout.write(json.dumps(self.sarif, indent=1, ensure_ascii=False) + "\n")
        return next(code for code in _WORST if code in codes)

    def _evaluate(self, design: Design) -> Result:
        from ..result import evaluate

        try:
            return evaluate(design, self.today, packs=self.packs, profile_name=self.options.profile)
        except ValueError as error:
            raise _frame.Stop(str(error), _frame.USAGE) from None

    def _result(self, name: str) -> Result:
        """What this machine finds in a file, or the site."""
        if self.site is None:
            return self._evaluate(_frame.design(name, limits=_frame.limits(self.options)))
        try:
            text = _frame.read(name).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _frame.Stop(f"{name}: not UTF-8 text.", _frame.INVALID) from None
        return self.site.check(_frame.shown(name), text, self.options.note)

    def _file(self, name: str) -> int:
        from ..gate import refusals
        from ..rules import Verdict

        result = self._result(name)
        comparison: Comparison | None = None
        if self.baseline is not None:
            from ..compare import compare

            comparison = compare(self.baseline, result)
        refused = refusals(self.gate, result, comparison, self.today, self.options.reviewers)
        self._print(name, result, comparison, refused)
        if result.of(Verdict.ERROR) and not self.gate.allow_rule_errors:
            return _frame.BROKEN
        return _frame.NOT_MET if refused else _frame.PASSED

    def _invalid(self, name: str, stop: _frame.Stop) -> None:
        """A text that is not a design: its problems for whoever reads, and the
        other files go on."""
        if self.options.format == "json":
            problems = [
                {"line": p.line, "path": p.path, "message": p.message, "hint": p.hint}
                for p in stop.problems
            ]
            error = "not a design" if stop.code == _frame.INVALID else "no result"
            said = {"file": _frame.shown(name), "error": error, "problems": problems}
            sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        sys.stderr.write(f"{stop}\n")

    def _print(
        self,
        name: str,
        result: Result,
        comparison: Comparison | None,
        refused: tuple[str, ...],
    ) -> None:
        """The report on standard output. The last line said is always the tally of
        rules: in the text itself, or on standard error beside the other formats."""
        verdict = [f"Not met: {sentence}" for sentence in refused]
        if comparison is not None:
            verdict = [*comparison.packs, *verdict]
        head = f"{_frame.shown(name)}: " if self.several else ""
        if self.options.format == "text":
            self._text(head, result, verdict)
            return
        from ..export import tally_line

        sys.stdout.write(self._rendered(name, result, comparison))
        sys.stdout.flush()
        tally = (*verdict, tally_line(result))
        sys.stderr.write("".join(f"{head}{line}\n" for line in tally))

    def _text(self, head: str, result: Result, verdict: list[str]) -> None:
        from ..export import text

        lines = text.render(result).splitlines()
        gap = [""] if verdict else []
        if head:
            sys.stdout.write(f"{head}\n")
        sys.stdout.write("\n".join((*lines[:-1], *verdict, *gap, f"{head}{lines[-1]}")) + "\n")
        sys.stdout.write("\n" if head else "")

    def _rendered(self, name: str, result: Result, comparison: Comparison | None) -> str:
        if self.options.format == "sarif":
            from ..export import sarif

            uri = "stdin" if name == "-" else Path(name).as_posix()
            if not self.several:
                return sarif.render(result, uri, comparison)
            whole = sarif.document(result, uri, comparison)
            self.sarif = {**whole, "runs": [*self.sarif.get("runs", ()), *whole["runs"]]}
            return ""
        if self.options.format == "json" and self.several:
            from ..export.json import values

            said = {"file": _frame.shown(name), **values(result)}
            return json.dumps(said, ensure_ascii=False) + "\n"
        from .. import export

        return export.FORMATS[self.options.format](result)
