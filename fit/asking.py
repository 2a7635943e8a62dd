"""The address of a page of the wizard: answers, place in the key, locked facts.

All state is in the query. A stranger may have written it, so whatever is not understood is
left out and named in a notice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from fit.model import Fit

UNKNOWN = "unknown"
STEPS = ("at", "from", "skip", "lock", "into")  # parameters that are not questions
IGNORED = {"theme", "on", "q"}
LOCKED = frozenset({"trigger"})  # what is a fact unless the reader says otherwise
MOST_NOTICES, LONGEST, DIGITS = 4, 40, 12


@dataclass(frozen=True)
class Asked:
    """`said` holds what was answered, in the order of the key, "unknown" included. `into` is
    the number of the saved assessment that the answers came from, for saving them there again."""

    said: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    came_from: str = ""
    skipped: str = ""
    locked: frozenset[str] = LOCKED
    into: str = ""
    notices: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[str, str]:
        """What counts: the answers that are not "I don't know"."""
        return {question: key for question, key in self.said.items() if key != UNKNOWN}

    def query(self, *, at: str = "", lock: bool = True) -> str:
        """The canonical query string."""
        parts = [self._said, self._locks if lock else "", self._into, f"at={at}" if at else ""]
        return "&".join(filter(None, parts))

    @cached_property
    def _said(self) -> str:
        return urlencode(list(self.said.items()))

    @cached_property
    def _locks(self) -> str:
        if self.locked == LOCKED:
            return ""
        return urlencode([("lock", id) for id in sorted(self.locked)] or [("lock", "none")])

    @cached_property
    def _into(self) -> str:
        return urlencode([("into", self.into)]) if self.into else ""

    def without(self, question: str) -> Asked:
        return replace(self, said={q: a for q, a in self.said.items() if q != question})


def read(query: QueryDict, model: Fit, also: Collection[str] = ()) -> Asked:
    """What an address says, in canonical order, with a notice for whatever was ignored. `also`
    names parameters that somebody else reads."""
    said, notices = {}, []
    for question in model.questions:
        given = [value for value in query.getlist(question.id) if value]
        understood = [v for v in given if v in question.by_key or v == UNKNOWN]
        notices += [
            f"“{_short(value)}” is not an answer to question {question.number}, so it was left out."
            for value in given
            if value not in understood
        ]
        if len(set(understood)) > 1:
            notices.append(f"Question {question.number} was answered twice; the last one counts.")
        if understood:
            said[question.id] = understood[-1]
    steps = {name: query.get(name, "") for name in STEPS}
    for name in ("at", "from", "skip"):
        if steps[name] and steps[name] not in model.by_id:
            notices.append(f"There is no question “{_short(steps[name])}” to go to.")
            steps[name] = ""
    locks = [value for value in query.getlist("lock") if value]
    notices += [
        f"There is no question “{_short(value)}” to lock."
        for value in locks
        if value not in model.by_id and value != "none"
    ]
    known = {*model.by_id, *STEPS, *IGNORED, *also}
    strange = [name for name in query if name not in known and name[:4] != "utm_"]
    notices += [
        f"The key has no question “{_short(name)}”, so it was left out." for name in strange
    ]
    return Asked(
        said=said,
        at=steps["at"],
        came_from=steps["from"],
        skipped=steps["skip"],
        locked=frozenset(v for v in locks if v in model.by_id) if locks else LOCKED,
        into=_number(query.get("into", "")),
        notices=_few(notices),
    )


def _number(text: str) -> str:
    """A row's number in plain digits; anything else is left out."""
    return text if text.isascii() and text.isdigit() and len(text) <= DIGITS else ""


def _short(text: str) -> str:
    text = "".join(c if c.isprintable() else "�" for c in text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _few(notices: list[str]) -> tuple[str, ...]:
    if len(notices) <= MOST_NOTICES:
        return tuple(notices)
    more = len(notices) - MOST_NOTICES
    return (*notices[:MOST_NOTICES], f"{more} more parts of the address were left out.")


def following(model: Fit, said: Mapping[str, str], question: str) -> str:
    """The next question after one that has no answer yet, or "" for the result."""
    place = model.by_id[question].number
    return next((q.id for q in model.questions[place:] if q.id not in said), "")


def first_open(model: Fit, said: Mapping[str, str]) -> str:
    """The first question without an answer, or ""."""
    return next((q.id for q in model.questions if q.id not in said), "")
