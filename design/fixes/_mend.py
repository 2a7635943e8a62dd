"""Fixes carried out on a text, one after another, each proved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from .. import edit
from ..document import Invalid, load
from ..edit import Add, Append, Drop, Edit, Refused, Set
from ..model import Design
from ..profiles import Profile, profile
from ..rules import Finding, Severity, Verdict, check, open_findings
from ._draft import Draft
from ._types import FIXES, Fix, NoFix

Key = tuple[str, str]

_FEW: Final = 2
"""From how many on findings of a rule are fixed together."""

_SWEEPS: Final = 3
"""How often the list of findings is gone through."""

_DEEPEST: Final = 4
"""How far a fix may lead to another that it makes necessary."""


_WORK: Final = 250_000
"""Parts that all proofs of one call may look at: thousands of proofs for an ordinary design, a
few dozen for one of 2,000 components, so that a call ends within half a minute."""


_TOO_MUCH: Final = "There is too much to prove in one go; name this finding by itself."


class _Budget:
    def __init__(self) -> None:
        self.left = _WORK

    def allows(self, state: _State) -> bool:
        """Whether one more proof fits; the first always does."""
        fits = self.left > 0
        self.left -= 1 + len(state.design.components) + len(state.design.edges)
        return fits


@dataclass(frozen=True, slots=True)
class Declined:
    """A finding that was not fixed, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A text after its fixes: `applied` in the order in which they were made,
    with those that another made necessary right behind it."""

    before: str
    text: str
    applied: tuple[Fix, ...]
    declined: tuple[Declined, ...]

    def diff(self, name: str = "design.yaml") -> str:
        return edit.diff(self.before, self.text, name)


def fix_for(design: Design, finding: Finding, chosen: Profile | None = None) -> Fix | None:
    """The edits that clear a failing finding, or None where a person has to decide
    first. They are drafted, not proved: `mend` proves them."""
    try:
        return _draft(design, finding, chosen or _profile(design))
    except NoFix:
        return None


def _draft(design: Design, finding: Finding, chosen: Profile) -> Fix:
    if finding.rule not in FIXES:
        raise NoFix("No fix is known that a text could make: the guide says what to weigh.")
    maker, leaves = FIXES[finding.rule]
    draft = Draft(design, finding, chosen)
    does = maker(draft)
    if not draft.edits:
        raise NoFix("There is nothing in the text that would clear it.")
    return Fix(finding.rule, finding.subject, tuple(draft.edits), does, leaves)


def _profile(design: Design) -> Profile:
    try:
        return profile(design.get("profile", "generic"))
    except (KeyError, ValueError):
        return profile()


def mend(text: str, wanted: Callable[[Finding], bool] | None = None) -> Mended:
    """Fixes the findings that are `wanted` (all that fail, where None), the worst
    first. Raises Invalid when the text is not a design."""
    state = _State(text, load(text))
    applied: list[Fix] = []
    asked = [f for f in open_findings(state.findings) if wanted is None or wanted(f)]
    budget = _Budget()
    for _ in range(_SWEEPS):
        state, fixes, declined = _sweep(state, asked, budget)
        applied += fixes
        asked = [one.finding for one in declined if _key(one.finding) in state.failing]
        if not fixes or not asked:
            break
    left = tuple(one for one in declined if _key(one.finding) in state.failing)
    return Mended(text, state.text, tuple(applied), left)


def _sweep(
    state: _State, asked: list[Finding], budget: _Budget
) -> tuple[_State, list[Fix], list[Declined]]:
    """Tries each finding once; what is declined may be possible after the others."""
    applied: list[Fix] = []
    declined: list[Declined] = []
    for _, group in groupby(asked, key=lambda finding: finding.rule):
        state, fixes, alone = _together(state, list(group), budget)
        applied += fixes
        for finding in alone:
            if _key(finding) not in state.failing:
                continue  # an earlier fix has cleared it
            if not budget.allows(state):
                declined.append(Declined(finding, _TOO_MUCH))
                continue
            outcome = _prove(state, state.failing[_key(finding)], 0)
            if isinstance(outcome, str):
                declined.append(Declined(finding, outcome))
            else:
                state, fixes = outcome
                applied += fixes
    return state, applied, declined


def _together(
    state: _State, findings: list[Finding], budget: _Budget
) -> tuple[_State, list[Fix], list[Finding]]:
    """Fixes those findings of one rule whose fixes do not touch one another, and
    proves them in one go: a design with a thousand queues is mended in a minute.
    Returns what is left to be proved one by one."""
    applied: list[Fix] = []
    while len(findings) >= _FEW:
        fixes, later = _compatible(state, findings)
        if len(fixes) < _FEW or not budget.allows(state):
            return state, applied, findings
        after = _proved(state, fixes)
        if after is None:
            half = len(findings) // 2
            state, first, alone = _together(state, findings[:half], budget)
            state, second, more = _together(state, findings[half:], budget)
            return state, applied + first + second, alone + more
        state, findings = after, later
        applied += fixes
    return state, applied, findings


def _compatible(state: _State, findings: list[Finding]) -> tuple[list[Fix], list[Finding]]:
    """Fixes that touch nothing in common, and the findings that have to wait."""
    chosen = _profile(state.design)
    used: set[tuple[str, ...]] = set()
    fixes: list[Fix] = []
    later: list[Finding] = []
    for finding in findings:
        if _key(finding) not in state.failing:
            continue
        fix = fix_for(state.design, state.failing[_key(finding)], chosen)
        places = {_place(change) for change in fix.edits} if fix else set()
        if fix is None or places & used:
            later.append(finding)
        else:
            used |= places
            fixes.append(fix)
    return fixes, later


def _place(change: Edit) -> tuple[str, ...]:
    """What an edit touches: an attribute, or a part as a whole."""
    if isinstance(change, Set | Append | Drop):
        return change.section, change.subject, change.path
    if isinstance(change, Add) and change.section == "edges":
        ends = (str(change.attributes.get(end)) for end in ("from", "to", "kind"))
        return change.section, *ends
    return change.section, change.subject


def _proved(state: _State, fixes: list[Fix]) -> _State | None:
    """The state after several fixes, or None where they do not all hold."""
    try:
        text = edit.apply(state.text, [change for fix in fixes for change in fix.edits])
        after = _State(text, load(text))
    except (Refused, Invalid):
        return None
    held = any((fix.rule, fix.subject) in after.failing for fix in fixes)
    return None if held or _new(state, after) else after


class _State:
    """A text with what fails in it."""

    def __init__(self, text: str, design: Design) -> None:
        self.text = text
        self.design = design
        self.findings = check(design)
        self.failing: Mapping[Key, Finding] = {
            _key(f): f for f in self.findings if f.verdict is Verdict.FAIL
        }
        self.broken = {_key(f) for f in self.findings if f.verdict is Verdict.ERROR}


def _key(finding: Finding) -> Key:
    return finding.rule, finding.subject


def _prove(state: _State, finding: Finding, depth: int) -> tuple[_State, list[Fix]] | str:
    """The state after a fix and what it made necessary, or why it is declined."""
    try:
        fix = _draft(state.design, finding, _profile(state.design))
        text = edit.apply(state.text, fix.edits)
        after = _State(text, load(text))
    except NoFix as reason:
        return str(reason)
    except Refused as refused:
        return f"The text cannot be changed in this way: {refused}"
    except Invalid as invalid:
        return f"The text would not be a design any more: {invalid.problems[0]}"
    if _key(finding) in after.failing:
        return "The finding would still be there."
    fixes = [fix]
    while new := _new(state, after):
        if depth >= _DEEPEST or len(fixes) > 3 * _DEEPEST:
            return f"It would raise {new[0].rule} at {new[0].subject}."
        outcome = _prove(after, new[0], depth + 1)
        if isinstance(outcome, str):
            return f"It would raise {new[0].rule} at {new[0].subject}. {outcome}"
        after, more = outcome
        fixes += more
    if _key(finding) in after.failing:
        return "The finding would come back."
    return after, fixes


def _new(before: _State, after: _State) -> list[Finding]:
    """What fails now and did not, or fails worse; rules that broke count too."""
    found = [
        finding
        for key, finding in after.failing.items()
        if key not in before.failing or _worse(finding.severity, before.failing[key].severity)
    ]
    broken = [
        f for f in after.findings if f.verdict is Verdict.ERROR and _key(f) not in before.broken
    ]
    return [*broken, *open_findings(found)]


def _worse(now: Severity, then: Severity) -> bool:
    return now.rank < then.rank
