"""The checker on the command line.

    python -m design check FILE [--format text|json|markdown|csv|sarif|junit]
                                [--gate gate.yaml] [--baseline FILE] [--today DATE]
    python -m design compare BEFORE AFTER [--format text|json|markdown]
    python -m design draw FILE [-o out.svg] [--dot]
    python -m design dump FILE
    python -m design rules [ID]
    python -m design kinds [KIND]
    python -m design schema

FILE may be - for standard input. A baseline and the two sides of a comparison
may be designs or results written with --format json.

Exit codes: 0 passed; 1 the gate is not met (without --gate: a critical or high
finding is open); 2 the text is not a design; 3 a rule broke; 4 wrong usage.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

from . import document, export, kinds
from .compare import Comparison, compare
from .document import Invalid
from .gate import STANDARD, BadGate, read_gate, refusals
from .model import Design
from .result import FORMAT, Result, evaluate, from_dict
from .rules import RULES, Verdict

PASSED: Final = 0
NOT_MET: Final = 1
INVALID: Final = 2
BROKEN: Final = 3
USAGE: Final = 4


class Stop(Exception):
    """The end of the command: what to say on standard error, and the exit code."""

    def __init__(self, said: str, code: int) -> None:
        super().__init__(said)
        self.code = code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Stop(f"{self.format_usage()}{self.prog}: {message}", USAGE)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        options = _parser().parse_args(arguments)
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except BrokenPipeError:
        sys.stderr.close()
        return PASSED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m design",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    command = commands.add_parser("check", help="check a design and score it")
    command.add_argument("file")
    command.add_argument("--format", choices=tuple(export.FORMATS), default="text")
    command.add_argument("--gate", help="a YAML file of demands")
    command.add_argument("--baseline", help="an earlier design or result")
    command.add_argument("--today", type=_day, help="the day on which waivers have to hold")
    command.add_argument("--reviewers", type=int, default=0, help="reviewers who have agreed")
    command.set_defaults(run=_check)

    command = commands.add_parser("compare", help="say what changed between two designs")
    command.add_argument("before")
    command.add_argument("after")
    command.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    command.set_defaults(run=_compare)

    command = commands.add_parser("draw", help="draw a design as SVG")
    command.add_argument("file")
    command.add_argument("-o", "--output", help="where to write; standard output if absent")
    command.add_argument("--dot", action="store_true", help="write the DOT source instead")
    command.set_defaults(run=_draw)

    command = commands.add_parser("dump", help="write a design in its canonical form")
    command.add_argument("file")
    command.set_defaults(run=_dump)

    command = commands.add_parser("rules", help="list the rules, or explain one")
    command.add_argument("id", nargs="?")
    command.set_defaults(run=_rules)

    command = commands.add_parser("kinds", help="list the kinds, or the attributes of one")
    command.add_argument("kind", nargs="?")
    command.set_defaults(run=_kinds)

    command = commands.add_parser("schema", help="write the JSON Schema of the format")
    command.set_defaults(run=_schema)
    return parser


def _day(text: str) -> str:
    return datetime.date.fromisoformat(text).isoformat()


# -- reading ----------------------------------------------------------------------


def _read(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(document.MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(8 * document.MAX_BYTES)
    except OSError as error:
        raise Stop(f"{name}: {error.strerror or error}", USAGE) from None


def _design(name: str, data: bytes | None = None) -> Design:
    shown = "standard input" if name == "-" else name
    try:
        return document.load(_read(name) if data is None else data)
    except Invalid as invalid:
        lines = [f"{shown}:{p.line}: {_problem(p)}" for p in invalid.problems]
        count = len(invalid.problems)
        lines.append(
            f"0 rules ran, 0 failed, 0 unknown, {len(RULES)} skipped: this is not a design"
            f" ({count} {'problem' if count == 1 else 'problems'})."
        )
        raise Stop("\n".join(lines), INVALID) from None


def _problem(problem: document.Problem) -> str:
    where = f"{problem.path}: " if problem.path else ""
    return f"{where}{problem.message}" + (f" {problem.hint}" if problem.hint else "")


def _result(name: str, today: str | None = None) -> Result:
    """The result of a design, or the one that a JSON file holds."""
    data = _read(name)
    if data.lstrip()[:1] == b"{" and FORMAT.encode() in data:
        try:
            return from_dict(json.loads(data))
        except (ValueError, RecursionError) as error:
            raise Stop(f"{name}: {error}", USAGE) from None
    return evaluate(_design(name, data), today)


# -- commands ---------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    gate = STANDARD
    if options.gate:
        try:
            gate = read_gate(_read(options.gate).decode("utf-8", "replace"))
        except BadGate as error:
            raise Stop(f"{options.gate}: {error}", USAGE) from None
    result = evaluate(_design(options.file), options.today)
    comparison: Comparison | None = None
    if options.baseline:
        comparison = compare(_result(options.baseline, options.today), result)
    refused = refusals(gate, result, comparison, options.today, options.reviewers)
    _print_check(options, result, comparison, refused)
    if result.of(Verdict.ERROR) and not gate.allow_rule_errors:
        return BROKEN
    return NOT_MET if refused else PASSED


def _print_check(
    options: argparse.Namespace,
    result: Result,
    comparison: Comparison | None,
    refused: tuple[str, ...],
) -> None:
    """The report on standard output. The last line said is always the tally of
    rules: in the text itself, or on standard error beside the other formats."""
    verdict = [f"Not met: {sentence}" for sentence in refused]
    if options.format == "text":
        lines = export.text.render(result).splitlines()
        gap = [""] if verdict else []
        print("\n".join((*lines[:-1], *verdict, *gap, lines[-1])))
        return
    if options.format == "sarif":
        uri = "stdin" if options.file == "-" else Path(options.file).as_posix()
        sys.stdout.write(export.sarif.render(result, uri, comparison))
    else:
        sys.stdout.write(export.FORMATS[options.format](result))
    print("\n".join((*verdict, export.tally_line(result))), file=sys.stderr)


def _compare(options: argparse.Namespace) -> int:
    formats: dict[str, Any] = {
        "text": export.text.render_comparison,
        "json": export.json.render_comparison,
        "markdown": export.markdown.render_comparison,
    }
    comparison = compare(_result(options.before), _result(options.after))
    sys.stdout.write(formats[options.format](comparison))
    return PASSED


def _draw(options: argparse.Namespace) -> int:
    from . import diagram  # slow to load, and only this command draws

    design = _design(options.file)
    try:
        drawn = diagram.dot(design) if options.dot else diagram.draw(design).standalone
    except (diagram.TooLarge, diagram.LayoutFailed) as error:
        raise Stop(f"{options.file}: {error}", NOT_MET) from None
    if options.output:
        try:
            Path(options.output).write_text(drawn, encoding="utf-8")
        except OSError as error:
            raise Stop(f"{options.output}: {error.strerror or error}", USAGE) from None
    else:
        sys.stdout.write(drawn)
    return PASSED


def _dump(options: argparse.Namespace) -> int:
    sys.stdout.write(document.dump(_design(options.file)))
    return PASSED


def _rules(options: argparse.Namespace) -> int:
    if options.id is None:
        for rule in RULES.values():
            print(f"{rule.id}  {rule.severity.value:<8}  {rule.pillar:<11}  {rule.title}")
        print(f"{len(RULES)} rules.")
        return PASSED
    found = RULES.get(options.id.upper())
    if found is None:
        raise Stop(f"There is no rule {options.id}. “rules” lists them.", USAGE)
    print(f"{found.id}  {found.title}\n{found.severity.value}, {found.pillar}, {found.section}\n")
    for name, said in (
        ("Why", found.why),
        ("Fails when", found.detects),
        ("False alarm", found.false_alarm),
        ("Fix", found.fix),
        ("References", "; ".join(found.references)),
    ):
        if said:
            print(f"{name}: {said}\n")
    return PASSED


def _kinds(options: argparse.Namespace) -> int:
    if options.kind is None:
        for kind in kinds.COMPONENT_KINDS.values():
            print(f"{kind.name:<13}  {kind.meaning}")
        print("\nEdges")
        for edge in kinds.EDGE_KINDS.values():
            print(f"{edge.name:<13}  {edge.meaning}")
        return PASSED
    table = kinds.table_of(options.kind)
    if table is None:
        raise Stop(f"There is no kind {options.kind}. “kinds” lists them.", USAGE)
    for attribute in table.values():
        print(f"{attribute.path:<26}  {attribute.expects}\n{'':<26}  {attribute.meaning}")
    return PASSED


def _schema(_: argparse.Namespace) -> int:
    print(json.dumps(document.json_schema(), indent=1, ensure_ascii=False))
    return PASSED


if __name__ == "__main__":
    sys.exit(main())
