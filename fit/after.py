"""What next: a starter design for the option that leads, patterns, reading and practice.

The apps meet through addresses and the guide's ids; what a review or an exercise is, is not
known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from design.diagram import Drawing, LayoutFailed, draw
from design.document import load
from design.model import Design
from design.result import evaluate
from design.rules import Verdict
from fit import asking, engine, pages, places
from fit.asking import Asked
from fit.engine import Result
from fit.model import Fit
from fit.starter import starter
from guide.book import book
from guide.patterns import NEEDS, Pattern

_PATTERNS, _EXERCISES, _SECTIONS = 4, 4, 4
_FALLBACK = "where-serverless-fits/decision-framework-adoption"
# What an answer asks of a pattern: words of its axes, and needs that it should be made for.
_AXES: dict[str, dict[str, dict[str, set[str]]]] = {
    "trigger": {
        "events": {"trigger": {"message", "event", "file", "change"}},
        "schedule": {"trigger": {"schedule"}},
        "http": {"trigger": {"request"}},
        "stream": {"trigger": {"event"}, "failure": {"wrong_order"}},
        "session": {"trigger": {"request"}, "waits": {"caller"}},
        "bigjob": {"trigger": {"file", "workflow"}, "waits": {"receipt"}},
    },
    "latency": {
        "async": {"waits": {"nobody", "receipt"}},
        "1s": {"waits": {"caller"}},
        "200ms": {"waits": {"caller"}, "latency": {"milliseconds"}},
        "50ms_world": {"waits": {"caller"}, "latency": {"milliseconds"}},
        "10ms": {"waits": {"caller"}, "latency": {"milliseconds"}},
    },
    "state": {"workflow": {"state": {"workflow"}}, "none": {"state": {"queue", "none"}}},
}
_NEEDS: dict[str, dict[str, str]] = {
    "traffic": {"spiky": "spiky", "idle": "idle_free"},
    "latency": {k: "fast_answer" for k in ("1s", "200ms", "50ms_world", "10ms")},
    "duration": {k: "long_work" for k in ("lt15m", "lt60m", "hours")},
    "memory": {"large": "large_bodies", "medium": "large_bodies"},
    "trigger": {"events": "no_loss", "stream": "order"},
    "cost": {"idle_zero": "idle_free"},
}
_WEIGHT = {"made": 2.0, "fits": 1.0, "possible": 0.0, "care": -0.5, "avoid": -3.0, "none": 0.0}
_ASSUMED = {
    "volume": "the load",
    "duration": "run times",
    "memory": "memory",
    "latency": "the latency goal",
}


@dataclass(frozen=True)
class Starter:
    """A starter design, checked and drawn. `drawing` is a sentence where there is no picture."""

    text: str
    design: Design
    drawing: Drawing | str
    passed: int
    failed: tuple[str, ...]
    waiting: int

    @property
    def lines(self) -> int:
        return self.text.count("\n")


def pair_of(model: Fit, found: Result) -> tuple[str, str]:
    """The option to start with and, where the pair leads, the steady one beside it."""
    pair = engine.hybrid(model.numbers, found)
    if pair and pair.lead > 0:
        return pair.elastic, pair.steady
    return (found.top.option if found.top else ""), ""


@lru_cache(maxsize=256)
def _made(option: str, steady: str, answers: tuple[tuple[str, str], ...]) -> Starter:
    text = starter(option, dict(answers), steady)
    design = load(text)
    verdicts: dict[str, set[Verdict]] = {}
    for finding in evaluate(design).findings:
        verdicts.setdefault(finding.rule, set()).add(finding.verdict)
    try:
        # Not kept on disk: strangers can ask for any number of them.
        drawing: Drawing | str = draw(design, id="starter", subject="work")
    except LayoutFailed as error:
        drawing = str(error)
    judged = list(verdicts.values())
    return Starter(
        text=text,
        design=design,
        drawing=drawing,
        passed=sum(v - {Verdict.NOT_APPLICABLE} == {Verdict.PASS} for v in judged),
        failed=tuple(sorted(rule for rule, v in verdicts.items() if Verdict.FAIL in v)),
        waiting=sum(Verdict.UNKNOWN in v and Verdict.FAIL not in v for v in judged),
    )


def made(model: Fit, found: Result) -> Starter | None:
    """The starter for a result; None when every option is ruled out."""
    option, steady = pair_of(model, found)
    return _made(option, steady, tuple(found.answers.items())) if option else None


def page(model: Fit, asked: Asked, found: Result) -> dict[str, Any] | None:
    """The last part of a result page; None when there is nothing to go on with."""
    shown = made(model, found)
    if shown is None:
        return None
    option, steady = pair_of(model, found)
    query = urlencode(list(asked.answers.items()))
    names = [model.options[id].phrase for id in (option, steady) if id]
    patterns = fitting(found.answers)
    sections = _sections(model, found)
    return {
        "starter": shown,
        "option": pages.words(names),
        "assumed": pages.words([w for q, w in _ASSUMED.items() if q not in found.answers]),
        "acts": [
            ("SVG", f"{reverse('fit:starter_svg')}?{query}"),
            ("YAML", f"{reverse('fit:starter_yaml')}?{query}"),
        ],
        "patterns": [(p, why(p, found.answers)) for p in patterns],
        "sections": sections,
        "exercises": _exercises([s["section"].id for s in sections], patterns),
    }


# Patterns


def fitting(answers: Mapping[str, str]) -> list[Pattern]:
    """Three to five patterns that suit the answers best; the first of the book among equals."""
    scored = [(_suits(p, answers), p) for p in book().patterns.values()]
    scored.sort(key=lambda pair: (-pair[0], pair[1].number))
    return [p for _, p in scored[:_PATTERNS]]


def _suits(pattern: Pattern, answers: Mapping[str, str]) -> float:
    score = 0.0
    for question, by_answer in _AXES.items():
        for axis, words in by_answer.get(answers.get(question, ""), {}).items():
            score += 2 if pattern.axes[axis] in words else -0.5
    for need in _needs(answers):
        score += _WEIGHT[pattern.marks[need]]
    return score - pattern.effort * 0.1


def _needs(answers: Mapping[str, str]) -> list[str]:
    found = [by.get(answers.get(q, ""), "") for q, by in _NEEDS.items()]
    return list(dict.fromkeys(filter(None, found)))


def why(pattern: Pattern, answers: Mapping[str, str]) -> str:
    """What of the answers it was chosen for, in words of the matrix."""
    said = [
        f"starts with {pattern.says('trigger')}"
        for axis, words in _AXES["trigger"].get(answers.get("trigger", ""), {}).items()
        if axis == "trigger" and pattern.axes[axis] in words
    ]
    made_for = [n for n in _needs(answers) if pattern.marks[n] == "made"]
    if made_for:
        said.append("made for " + pages.words([NEEDS[n][0].lower() for n in made_for]))
    return ", ".join(said) or pattern.problem.lower()


# Reading and practice


def _sections(model: Fit, found: Result) -> list[dict[str, Any]]:
    """The sections behind the answers that moved most, each once, with their chapters."""
    if found.top is None:
        return []
    parts = engine.contributions(model.numbers, found.answers, found.top.option)
    ordered = sorted((c for c in parts if c.points), key=lambda c: -abs(c.points or 0))
    topics: dict[str, str] = {}
    for c in ordered:
        words = model.by_id[c.question]
        topics.setdefault(words.section, pages.lower(words.topic))
    shown = []
    for id, topic in list(topics.items())[:_SECTIONS]:
        if section := places.section(id):
            shown.append({"section": section, "topic": topic, "chapter": places.chapter(section)})
    return shown


def _exercises(sections: Iterable[str], patterns: Iterable[Pattern]) -> list[tuple[str, str]]:
    """Exercises of those sections and patterns, then of the decision itself, one of each first."""
    by_place = [
        page.named("exercises") for id in (*sections, _FALLBACK) if (page := book().page(id))
    ]
    by_place += [list(p.exercises) for p in patterns]
    ids: list[str] = []
    for place in range(max(map(len, by_place), default=0)):
        ids += [found[place] for found in by_place if place < len(found)]
    named = ((id, _title(id)) for id in dict.fromkeys(ids))
    return [(id, title) for id, title in named if title][:_EXERCISES]


@lru_cache(maxsize=512)
def _title(id: str) -> str:
    return next((title for _, title in book().exercises_named([id])), "")


def asked_for(query: Any, model: Fit) -> Starter | None:
    """The starter that an address asks for."""
    asked = asking.read(query, model)
    return made(model, engine.evaluate(model.numbers, asked.answers)) if asked.answers else None
