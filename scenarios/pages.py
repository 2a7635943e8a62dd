"""What the pages of practice show, as contexts for templates."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from django.urls import reverse

from design.rules import RULES
from scenarios import engine, places
from scenarios.catalogue import Catalogue
from scenarios.drawings import drawing
from scenarios.engine import TYPES, Exercise, Form, Grade
from scenarios.models import Attempt
from scenarios.progress import State

_ASKED = ("rule", "chapter", "skill", "section", "scope")


def row(exercise: Exercise, states: Mapping[str, State]) -> dict[str, Any]:
    state = states.get(exercise.id, State())
    return {
        "exercise": exercise,
        "type": TYPES[exercise.type].title,
        "section": places.section(exercise.section),
        "state": state,
    }


# The list


def listing(
    known: Catalogue, states: Mapping[str, State], query: Mapping[str, str]
) -> dict[str, Any]:
    """Exercises by chapter, those that the query asks for."""
    asked = {key: query.get(key, "")[:100] for key in _ASKED}
    every = sorted(known.live(), key=lambda e: (places.order(e.section), e.level, e.id))
    found = [e for e in every if _matches(e, asked)]
    chapters: dict[str, list[dict[str, Any]]] = {}
    for exercise in found:
        chapters.setdefault(exercise.chapter, []).append(row(exercise, states))
    fresh = [e for e in found if not states.get(e.id, State()).tries]
    fresh.sort(key=lambda e: e.scope != "neutral")
    rule = RULES.get(asked["rule"])
    skill = known.skills.get(asked["skill"])
    return {
        "nav": "practice",
        "chapters": [_chapter(slug, rows) for slug, rows in chapters.items()],
        "places": [
            (slug, places.chapter(slug)) for slug in dict.fromkeys(e.chapter for e in every)
        ],
        "scopes": [("neutral", "None"), *_scopes(every)],
        "asked": asked,
        "filtered": any(asked.values()),
        "rule": rule,
        "skill": skill,
        "next": fresh[0] if fresh else None,
        "count": len(found),
        "points": sum(s.points for s in states.values()),
        "solved": sum(s.solved for s in states.values()),
    }


def _scopes(every: Sequence[Exercise]) -> list[tuple[str, str]]:
    """The platforms that some exercise is about."""
    used = {exercise.scope for exercise in every}
    return [(id, title) for id, title in engine.PLATFORMS.items() if id in used]


def _chapter(slug: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    solved = sum(r["state"].solved for r in rows)
    return {"slug": slug, "place": places.chapter(slug), "rows": rows, "solved": solved}


def _matches(exercise: Exercise, asked: Mapping[str, str]) -> bool:
    if asked["chapter"] and exercise.chapter != asked["chapter"]:
        return False
    if asked["scope"] and exercise.scope != asked["scope"]:
        return False
    if asked["section"] and exercise.section != asked["section"]:
        return False
    if asked["skill"] and asked["skill"] not in exercise.skills:
        return False
    return not asked["rule"] or asked["rule"] in practised(exercise)


def practised(exercise: Exercise) -> Collection[str]:
    """The rules that an exercise is about: those it names, has cleared or is proved by, else those
    its section teaches."""
    decisive = (getattr(exercise.body, name, ()) for name in ("must_clear", "proved_by"))
    named = (*exercise.rules, *chain.from_iterable(decisive))
    return named or [r.id for r in RULES.values() if r.section == exercise.section]


# One exercise


def question(
    exercise: Exercise,
    seed: int,
    state: State,
    hints: int,
    posted: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """The exercise before grading: nothing here tells the key. `posted` is what stays filled in."""
    shown = exercise.hints[:hints]
    form = engine.present(exercise, seed)
    posted = posted or {}
    given = list(posted.get("answer", ()))
    return {
        "nav": "practice",
        "exercise": exercise,
        "here": reverse("scenarios:exercise", args=[exercise.id]),
        "type": TYPES[exercise.type].title,
        "form": form,
        "seed": seed,
        "attempt_id": uuid.uuid4(),
        "given": given,
        "filled": {r.id: (list(posted.get(r.field, ())) or [""])[0] for r in form.rows},
        "order": order(form, given) if form.kind == "order" else None,
        "state": state,
        "try": state.tries + 1,
        "hints": shown,
        "next_hint": hints + 1 if hints < len(exercise.hints) else 0,
        "section": places.section(exercise.section),
        "chapter": places.chapter(exercise.chapter),
        "drawing": drawing(exercise),
    }


def order(form: Form, given: Sequence[str]) -> dict[str, Any]:
    """The steps as they stand, and those left out."""
    choices = {choice.id: choice for choice in form.choices}
    kept = [choices[id] for id in dict.fromkeys(given) if id in choices] or list(form.choices)
    return {"kept": kept, "out": [c for c in form.choices if c not in kept]}


def result(
    known: Catalogue, exercise: Exercise, attempt: Attempt, grade: Grade, state: State
) -> dict[str, Any]:
    """What one try came to. Before the solution is revealed, only what was chosen is told."""
    revealed = grade.right or attempt.gave_up or state.revealed
    fresh = engine.variants(exercise) > 1
    siblings = known.siblings(exercise) if revealed else []
    return {
        "grade": grade,
        "attempt": attempt,
        "revealed": revealed,
        "marks": {m.id: m for m in grade.shown(revealed)},
        "key_order": {step.id for step in getattr(exercise.body, "steps", ())},
        "in_place": not revealed and not fresh,
        "again": attempt.seed + 1 if fresh else None,
        "beliefs": _beliefs(known, grade) if not attempt.gave_up else [],
        "sibling": siblings[0] if siblings else None,
        "try": state.tries + 1,
    }


def _beliefs(known: Catalogue, grade: Grade) -> list[Any]:
    return [known.misconceptions[id] for id in grade.misconceptions if id in known.misconceptions]
