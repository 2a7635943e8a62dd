"""A learner's attempts and levels as xAPI 1.0.3 statements.

The actor is an account with an opaque name, never an address. Right answers are not part of a
statement: somebody who has not solved an exercise may export too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.utils.crypto import salted_hmac

from scenarios import engine
from scenarios.catalogue import Catalogue
from scenarios.engine import TYPES, Exercise
from scenarios.models import Attempt, Learner
from scenarios.progress import Level, Standing

VERBS: Final = "http://adlnet.gov/expapi/verbs/"
INTERACTION: Final = "http://adlnet.gov/expapi/activities/cmi.interaction"
OBJECTIVE: Final = "http://adlnet.gov/expapi/activities/objective"
LANGUAGE: Final = "en-GB"
_KINDS: Final[Mapping[str, str]] = {
    "single": "choice",
    "multi": "choice",
    "hotspot": "choice",
    "order": "sequencing",
    "match": "matching",
    "categorise": "matching",
    "numeric": "numeric",
    "table": "performance",
    "essay": "long-fill-in",
    "incident": "performance",
    "repair": "performance",
}

Statement = dict[str, Any]


def actor(of: Learner, site: str) -> Statement:
    """An account without a person's name: the same for the same learner, on this site alone."""
    key = f"user:{of.user.pk}" if of.user else f"guest:{of.guest}"
    name = salted_hmac("scenarios.xapi", key, algorithm="sha256").hexdigest()[:32]
    return {"objectType": "Agent", "account": {"homePage": site, "name": name}}


def statements(
    of: Learner, attempts: Iterable[Attempt], standing: Standing, known: Catalogue, site: str
) -> list[Statement]:
    """One for each attempt, oldest first, and one for each skill that was begun. The same log
    gives the same ids, so that importing twice changes nothing."""
    who = actor(of, site)
    found = [_attempt(a, known.exercises.get(a.exercise), who, site) for a in attempts]
    last = max((a.created for a in attempts), default=None)
    for id, skill in sorted(standing.skills.items()):
        if skill.level > Level.NEW and id in known.skills and last:
            found.append(_skill(id, known.skills[id].name, skill.level, who, site, last))
    return found


def _attempt(attempt: Attempt, exercise: Exercise | None, who: Statement, site: str) -> Statement:
    verb = "completed" if attempt.gave_up else "answered"
    result: Statement = {
        "score": {"scaled": round(attempt.score, 4), "raw": attempt.score, "min": 0, "max": 1},
        "success": attempt.score >= 1,
        "completion": True,
    }
    if exercise and exercise.rev == attempt.rev and not attempt.gave_up:
        result["response"] = response(exercise, attempt.response)
    if attempt.seconds is not None:
        result["duration"] = f"PT{attempt.seconds}S"
    extensions = {
        "seed": attempt.seed,
        "tries": attempt.tries,
        "hints": attempt.hints,
        "gave-up": attempt.gave_up,
        "mode": attempt.mode,
        "confidence": attempt.confidence,
    }
    return {
        "id": str(attempt.id),
        "actor": who,
        "verb": {"id": VERBS + verb, "display": {LANGUAGE: verb}},
        "object": _activity(attempt.exercise, exercise, attempt.seed, site),
        "result": result,
        "context": {
            "revision": str(attempt.rev),
            "platform": "Warmstart",
            "language": LANGUAGE,
            "extensions": {f"{site}/xapi/{key}": value for key, value in extensions.items()},
        },
        "timestamp": attempt.created.isoformat(),
    }


def _activity(id: str, exercise: Exercise | None, seed: int, site: str) -> Statement:
    found: Statement = {"objectType": "Activity", "id": f"{site}/practice/{id}/"}
    if exercise is None:
        return found
    form = engine.present(exercise, seed)
    kind = _KINDS[exercise.type]
    definition: Statement = {
        "type": INTERACTION,
        "name": {LANGUAGE: exercise.title},
        "description": {LANGUAGE: form.prompt},
        "interactionType": kind,
    }
    definition |= _components(kind, form)
    return found | {"definition": definition}


def _components(kind: str, form: engine.Form) -> Statement:
    """What could be chosen, as far as a kind of interaction lists it."""

    def named(pairs: Iterable[tuple[str, str]]) -> list[Statement]:
        return [{"id": id, "description": {LANGUAGE: text}} for id, text in pairs]

    choices = named((c.id, c.text) for c in form.choices)
    if kind in ("choice", "sequencing"):
        return {"choices": choices}
    if kind == "matching":
        ends = {c.id: c.text for row in form.rows for c in row.choices}
        source = named((row.id, row.text) for row in form.rows)
        return {"source": source, "target": named(ends.items())}
    if kind == "performance" and form.rows:
        return {"steps": named((row.id, row.text) for row in form.rows)}
    return {}


def response(exercise: Exercise, answer: Mapping[str, Any]) -> str:
    """An answer in xAPI's own notation: ``[,]`` between parts, ``[.]`` inside a pair."""
    if "chosen" in answer or "order" in answer:
        return "[,]".join(answer.get("chosen") or answer.get("order") or ())
    if "rows" in answer:
        return "[,]".join(f"{row}[.]{value}" for row, value in answer["rows"].items())
    if "path" in answer:
        return "[,]".join(f"step-{n}[.]{id}" for n, id in enumerate(answer["path"], 1))
    if "edits" in answer:
        lines = (f"{e['act']} {e['subject'] or e['section']}" for e in answer["edits"])
        return "[,]".join(f"edit-{n}[.]{line}" for n, line in enumerate(lines, 1))
    return str(answer.get("text", answer.get("value", "")))


def _skill(id: str, name: str, level: Level, who: Statement, site: str, at: datetime) -> Statement:
    mastered = level == Level.MASTERED
    verb = "mastered" if mastered else "progressed"
    key = f"{site}/{who['account']['name']}/{id}/{level.value}/{at.isoformat()}"
    return {
        "id": str(uuid5(NAMESPACE_URL, key)),
        "actor": who,
        "verb": {"id": VERBS + verb, "display": {LANGUAGE: verb}},
        "object": {
            "objectType": "Activity",
            "id": f"{site}/practice/?skill={id}",
            "definition": {"type": OBJECTIVE, "name": {LANGUAGE: name}},
        },
        "result": {
            "completion": mastered,
            "extensions": {f"{site}/xapi/level": level.word},
        },
        "timestamp": at.isoformat(),
    }


assert set(_KINDS) == set(TYPES), "every type of exercise has its kind of interaction"
