"""explain: everything there is to know about one rule."""

from __future__ import annotations

import argparse
from typing import Final

from .. import profiles
from ..fixes import FIXES, NOT_PROVED
from ..rules import AREAS, RULES, Rule
from . import _frame
from ._text import clean, say, wrapped

HELP: Final = "say why a rule exists, what it reads and what to do"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule")
    parser.add_argument("--profile", choices=profiles.NAMES, default="generic")


def run(options: argparse.Namespace) -> int:
    rule = RULES.get(options.rule.upper())
    if rule is None:
        message = f"There is no rule {clean(options.rule)}. “rules” lists them."
        raise _frame.Stop(message, _frame.USAGE)
    say(
        f"{rule.id}  {rule.title}",
        f"{rule.severity.value}, {rule.pillar}, {AREAS[rule.area].lower()}",
        f"In the guide: {rule.section}",
    )
    for name, said in (
        ("Why", rule.why),
        ("Fails when", rule.detects),
        ("Never unknown", rule.never_unknown),
        ("False alarm", rule.false_alarm),
        ("Fix", rule.fix),
        ("As a patch", _patch(rule)),
        ("References", "; ".join(rule.references)),
    ):
        if said:
            say("", wrapped(f"{name}: {said}"))
    limits = profiles.profile(options.profile).limits
    for limit in (limits[name] for name in rule.params):
        unit = f" {limit.unit}" if limit.unit else ""
        source = f"{limit.title}, dated {limit.dated}, checked {limit.checked}"
        say("", wrapped(f"Limit: {limit.value:g}{unit}. {limit.meaning} Source: {source}."))
    return _frame.PASSED


def _patch(rule: Rule) -> str:
    if rule.id not in FIXES:
        return "none; what clears it honestly is a measurement, a decision or a redesign."
    return f"“fix FILE {rule.id}” shows it. {FIXES[rule.id][1]} {NOT_PROVED}"
