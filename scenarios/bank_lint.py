"""Warnings that need more than one exercise: the rest of the bank, the glossary, the guide, a day.

They are no part of loading: a bank that grows is uneven for a while. `exercises check` prints them
and `exercises report` counts them; what stands under “accepts” of an exercise is left out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Final

from guide.glossary import Glossary
from scenarios import places
from scenarios.catalogue import Catalogue, Located
from scenarios.engine import Exercise, Problem
from scenarios.engine._lint.text import prose
from scenarios.engine._options import plain

Found = tuple[Exercise | None, str, str]
"""(the exercise, or None for the bank as a whole; code; message)."""

WARN_DAYS: Final = 180
REFUSE_DAYS: Final = 365
_RARE: Final = 0.008
"""A word counts as rare where it stands in fewer exercises than this share."""
_FEWEST_OF_SECTION: Final = 4
_FEWEST_OF_SKILL: Final = 3
_MOST_RECALL: Final = 0.4
_MOST_MINUTES: Final = 25
_MOST_VENDOR: Final = 0.25
_CHI_SQUARE: Final = 9.21  # two degrees of freedom, p = 0.01
_LIMITS: Final = ((200, 0.33), (120, 0.34), (60, 0.38))
"""(items, share): by chance the key is the longest of four more often once in a hundred."""
_LINK: Final = re.compile(r"\]\((/guide/[^)#\s]*)")
_LONG: Final = frozenset({"repair", "incident", "essay"})


class Bank:
    """All exercises that are offered, with what the checks look up again and again."""

    def __init__(self, known: Catalogue, glossary: Glossary, today: date) -> None:
        self.known = known
        self.glossary = glossary
        self.today = today
        self.live: Sequence[Exercise] = known.live()

    @cached_property
    def prompts(self) -> Mapping[str, str]:
        return {e.id: f" {plain(e.prompt)} " for e in self.live}

    @cached_property
    def frequency(self) -> Counter[str]:
        """In how many exercises a word stands."""
        return Counter(w for e in self.live for w in set(plain(" ".join(prose(e))).split()))

    @cached_property
    def sections(self) -> Mapping[str, list[Exercise]]:
        found: dict[str, list[Exercise]] = defaultdict(list)
        for exercise in self.live:
            found[exercise.section].append(exercise)
        return found

    @cached_property
    def choices(self) -> list[Exercise]:
        return [e for e in self.live if e.type == "single"]


def key_of(exercise: Exercise) -> str:
    return next((o.text for o in exercise.body.options if o.correct), "")


# One exercise beside the others


def _rare_word(bank: Bank) -> Iterator[Found]:
    most = max(2, _RARE * len(bank.live))
    for exercise in bank.choices:
        asked = {w for w in bank.prompts[exercise.id].split() if len(w) > 6 and w.isalpha()}
        others = " ".join(plain(o.text) for o in exercise.body.options if not o.correct).split()
        told = asked & set(plain(key_of(exercise)).split()) - set(others)
        for word in sorted(w for w in told if bank.frequency[w] <= most):
            yield exercise, "W106", f"“{word}” stands in the question and in the key alone."


def _too_early(bank: Bank) -> Iterator[Found]:
    """Terms of a later chapter: within one chapter a reader has them at hand."""
    for exercise in bank.live:
        here = places.order(exercise.section)[0]
        asked = bank.prompts[exercise.id]
        for term in bank.glossary.terms:
            if len(plain(term.term).split()) < 2:
                continue  # Queue, function, handler: words of the trade that every reader has.
            if places.order(term.section)[0] > here and f" {plain(term.term)} " in asked:
                message = f"“{term.term}” is introduced in {places.section(term.section).number}."
                yield exercise, "W503", message


def _spelling(bank: Bank) -> Iterator[Found]:
    variants = {
        variant: term.term
        for term in bank.glossary.terms
        if "-" in term.term and " " in term.term
        for variant in (term.term.replace("-", " ").lower(), term.term.replace("-", "").lower())
    }
    words = "|".join(map(re.escape, variants))
    pattern = re.compile(rf"\b({words})s?\b") if words else None
    for exercise in bank.live if pattern else ():
        for text in prose(exercise):
            if found := pattern.search(text.lower()):
                message = f"“{found[1]}” is written “{variants[found[1]]}”."
                yield exercise, "W504", message
                break


def _age(bank: Bank) -> Iterator[Found]:
    for exercise in bank.live:
        if exercise.scope == "neutral" or not exercise.checked:
            continue
        days = (bank.today - date.fromisoformat(exercise.checked)).days
        if days > WARN_DAYS:
            code = "E507" if days > REFUSE_DAYS else "W507"
            yield exercise, code, f"Checked {days} days ago, and about {exercise.scope}."


def _dead_links(bank: Bank) -> Iterator[Found]:
    for exercise in bank.live:
        for text in prose(exercise):
            for url in _LINK.findall(text):
                path = url.removeprefix("/guide/").strip("/")
                if path.count("/") > 1 or (path.count("/") == 1 and not places.exists(path)):
                    yield exercise, "W508", f"There is no page {url}."


def _told_elsewhere(bank: Bank) -> Iterator[Found]:
    keys = {e.id: plain(key_of(e)) for e in bank.choices}
    for exercise in bank.choices:
        key = keys[exercise.id]
        if len(key.split()) < 4:
            continue
        for other, asked in bank.prompts.items():
            if other != exercise.id and f" {key} " in asked:
                yield exercise, "W607", f"The question {other} contains its key."


# The bank as a whole


def _positions(bank: Bank) -> Iterator[Found]:
    """Hot-spots are not shuffled: the cause should be anywhere in the reading order."""
    thirds = [0, 0, 0]
    for exercise in bank.live:
        if exercise.type == "hotspot":
            ids = [c.id for c in exercise.body.candidates]
            for cause in exercise.body.causes:
                thirds[min(2, 3 * ids.index(cause) // len(ids))] += 1
    mean = sum(thirds) / 3
    if mean and sum((n - mean) ** 2 / mean for n in thirds) > _CHI_SQUARE:
        yield None, "W601", f"Causes by thirds of the reading order: {thirds}."


def _longest(bank: Bank) -> Iterator[Found]:
    four = [e for e in bank.choices if len(e.body.options) == 4]
    longest = sum(key_of(e) == max((o.text for o in e.body.options), key=len) for e in four)
    most = next((share for least, share in _LIMITS if len(four) >= least), None)
    if most and longest / len(four) > most:
        told = f"In {longest} of {len(four)} questions the key is the longest of four."
        yield None, "W602", told


def _sections(bank: Bank) -> Iterator[Found]:
    for section, found in sorted(bank.sections.items()):
        bloom = Counter(e.bloom for e in found)
        recall = bloom["remember"] + bloom["understand"]
        if len(found) < _FEWEST_OF_SECTION or recall == len(found):
            yield None, "W603", f"{section} has {len(found)} exercises, {recall} of them recall."
        if recall > _MOST_RECALL * len(found):
            yield None, "W606", f"{section}: {recall} of {len(found)} ask for recall."
        minutes = _minutes_of_a_reader(found)
        if minutes > _MOST_MINUTES:
            yield None, "W610", f"{section} takes {minutes} minutes without its long exercises."


def _minutes_of_a_reader(found: list[Exercise]) -> int:
    """Without the long ones, and of the vendors only the one that has most: nobody runs on all."""
    by_scope: Counter[str] = Counter()
    for exercise in found:
        if exercise.type not in _LONG:
            by_scope[exercise.scope] += exercise.minutes
    neutral = by_scope.pop("neutral", 0)
    return neutral + max(by_scope.values(), default=0)


def _skills(bank: Bank) -> Iterator[Found]:
    types: dict[str, list[str]] = {id: [] for id in bank.known.skills}
    beliefs: Counter[str] = Counter()
    for exercise in bank.live:
        beliefs.update(exercise.misconceptions)
        for skill in exercise.skills:
            types.setdefault(skill, []).append(exercise.type)
    for skill, found in sorted(types.items()):
        if len(found) < _FEWEST_OF_SKILL or len(set(found)) < 2:
            yield None, "W604", f"{skill}: {len(found)} exercises of {len(set(found))} types."
    once = sorted(id for id in bank.known.misconceptions if beliefs[id] == 1)
    if once:
        told = f"{len(once)} of {len(bank.known.misconceptions)} are met in one exercise"
        yield None, "W605", f"{told}: {', '.join(once[:5])} ..."


def _balance(bank: Bank) -> Iterator[Found]:
    asked = [
        e
        for e in bank.choices
        if {"yes", "no"} <= {plain(o.text).split(" ")[0] for o in e.body.options}
    ]
    yes = sum(plain(key_of(e)).startswith("yes") for e in asked)
    if len(asked) >= 10 and not 0.3 <= yes / len(asked) <= 0.7:
        yield None, "W608", f"“Yes” is right in {yes} of {len(asked)} questions."
    vendors = Counter(e.scope for e in bank.live if e.scope != "neutral")
    total = sum(vendors.values())
    if bank.live and total > _MOST_VENDOR * len(bank.live):
        yield None, "W609", f"{total} of {len(bank.live)} exercises are about a vendor."
    for vendor, count in sorted(vendors.items()):
        if total >= 8 and count > total / 2:
            yield None, "W609", f"{count} of {total} exercises about vendors are about {vendor}."


CHECKS: Final[tuple[Callable[[Bank], Iterator[Found]], ...]] = (
    *(_rare_word, _too_early, _spelling, _age, _dead_links, _told_elsewhere),
    *(_positions, _longest, _sections, _skills, _balance),
)


def lint(known: Catalogue, glossary: Glossary, today: date) -> list[Located]:
    """Every warning of the bank on that day, with its place; those of the whole at `bank/`."""
    bank = Bank(known, glossary, today)
    found = []
    for check in CHECKS:
        for exercise, code, message in check(bank):
            if exercise is None:
                found.append(Located("scenarios/bank", Problem(0, code, message)))
            elif code not in dict(exercise.accepts):
                found.append(Located(exercise.path, Problem(exercise.line, code, message)))
    return sorted(set(found))
