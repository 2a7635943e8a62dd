"""rules: the catalogue, or one rule of it; with --pack the rules of packs as well."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Final

from ..rules import RULES, Rule
from . import _frame

HELP: Final = "list the rules, or explain one"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?")
    parser.add_argument("--pack", action="append", default=[], help="a rule pack, by name or file")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    more = {rule.id: rule for pack in _frame.packs(options.pack) for rule in pack.rules}
    rules = dict(sorted({**RULES, **more}.items()))
    if options.id is not None:
        found = rules.get(options.id.upper())
        if found is None:
            message = f"There is no rule {options.id}. “rules” lists them."
            raise _frame.Stop(message, _frame.USAGE)
        rules = {found.id: found}
    if options.format == "json":
        said = json.dumps([_dict(rule) for rule in rules.values()], indent=1, ensure_ascii=False)
    elif options.id is not None:
        said = "\n\n".join(_account(next(iter(rules.values()))))
    else:
        said = "\n".join((*map(_line, rules.values()), f"{len(rules)} rules."))
    sys.stdout.write(f"{said}\n")
    return _frame.PASSED


def _line(rule: Rule) -> str:
    return f"{rule.id}  {rule.severity.value:<8}  {rule.pillar:<11}  {rule.title}"


def _account(rule: Rule) -> list[str]:
    about = ", ".join(word for word in (rule.severity.value, rule.pillar, rule.section) if word)
    lines = [f"{rule.id}  {rule.title}\n{about}"]
    for name, said in (
        ("Why", rule.why),
        ("Fails when", rule.detects),
        ("False alarm", rule.false_alarm),
        ("Fix", rule.fix),
        ("References", "; ".join(rule.references)),
        ("Pack", rule.pack),
    ):
        if said:
            lines.append(f"{name}: {said}")
    return lines


def _dict(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "version": rule.version,
        "title": rule.title,
        "severity": rule.severity.value,
        "confidence": rule.confidence,
        "pillar": rule.pillar,
        "area": rule.area,
        "why": rule.why,
        "detects": rule.detects,
        "false_alarm": rule.false_alarm,
        "fix": rule.fix,
        "section": rule.section,
        "references": list(rule.references),
        "waivable": rule.waivable,
        "pack": rule.pack,
    }
