"""A short text, stage by stage: what its page shows and what its buttons do."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest

from scenarios import pages
from scenarios import workflow as log
from scenarios.catalogue import catalogue
from scenarios.engine import Exercise, Grade, Unanswered
from scenarios.engine.essay import words
from scenarios.essays import workflow
from scenarios.essays.models import FEWEST_PEERS, PEER_DAYS, Essay
from scenarios.models import Attempt, Learner
from scenarios.review import way
from teams.models import Team

KEPT = "scenarios/_essay_kept.html"
_SAID = {
    "write": "",
    "examples": "Your text is locked. Now rate two others.",
    "own": "Your ratings of the examples are noted. Now rate your own text.",
}


def shown(found: Exercise, learner: Learner) -> dict[str, Any]:
    return _page(found, learner, workflow.current(learner, found))


def acted(request: HttpRequest, found: Exercise, learner: Learner, id: uuid.UUID) -> dict[str, Any]:
    """One button: keep, hand in, rate, or what comes after."""
    act = request.POST.get("act", "keep")
    text = request.POST.get("text", "")
    posted = dict(request.POST.lists())
    version = request.POST.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 9 else 0
    essay = workflow.one(learner, found, id)
    try:
        if act == "keep":
            essay = workflow.keep(learner, found, id, number, text)
            return _page(found, learner, essay) | {"kept": True, "fragment": KEPT}
        if act == "submit":
            essay = workflow.submit(learner, found, id, number, text)
        elif act == "again":
            essay = workflow.begin_again(learner, found)
        elif act == "solution":
            attempt, _ = log.give_up(
                learner, found, uuid.uuid4(), 0, way.noted(request, learner, found)
            )
            return _page(found, learner, essay) | {"attempt": attempt, "model": True}
        elif essay is None:
            raise Unanswered("Write the text first.")
        elif act == "examples":
            workflow.rate_examples(found, essay, posted)
        elif act == "own":
            workflow.rate_own(learner, found, essay, posted, way.noted(request, learner, found))
        elif act == "colleagues":
            workflow.ask_colleagues(essay, _team(learner, request.POST.get("team", "")))
    except workflow.Changed as changed:
        context = _page(found, learner, changed.stored)
        return context | {"error": str(changed), "other": text}
    except Unanswered as unanswered:
        essay = workflow.one(learner, found, essay.id if essay else id) or essay
        context = _page(found, learner, essay or workflow.current(learner, found), posted)
        return context | {"error": str(unanswered)}
    context = _page(found, learner, essay)
    return context | {"said": _SAID.get(essay.stage, "") if essay else ""}


def _team(learner: Learner, slug: str) -> Team | None:
    return Team.objects.of(learner.user).filter(slug=slug).first() if slug else None


def _page(
    found: Exercise,
    learner: Learner,
    essay: Essay | None,
    posted: dict[str, Any] | None = None,
) -> dict[str, Any]:
    state = log.state(learner, found)
    context = pages.question(found, 0, state, log.hints_used(learner, found))
    stage = essay.stage if essay else "write"
    context |= {
        "essay": essay,
        "stage": stage,
        "attempt_id": essay.id if essay else uuid.uuid4(),
        "version": essay.version if essay else 0,
        "count": len(words(essay.text)) if essay else 0,
        "next_hint": 0,
    }
    if stage == "examples":
        assert essay is not None
        both = [found.body.examples[i] for i in workflow.order(essay)]
        context["examples"] = [
            (place, example.text, rows_of(found, place, posted))
            for place, example in zip(workflow.PLACES, both, strict=True)
        ]
    if stage in ("own", "done"):
        assert essay is not None
        context["rated"] = _compared(found, essay)
        context["off"] = sum(row["off"] for one in context["rated"] for row in one["rows"])
    if stage == "own":
        context["own_rows"] = rows_of(found, "level-", posted)
    if stage == "done":
        assert essay is not None
        context |= _done(found, learner, essay)
    return context


def rows_of(found: Exercise, before: str, posted: dict[str, Any] | None) -> list[dict[str, Any]]:
    """One row for each criterion: its field, its levels, and what was chosen or quoted."""
    sent = posted or {}
    return [
        {
            "criterion": criterion,
            "field": f"{before}{criterion.id}",
            "levels": list(enumerate(criterion.levels)),
            "given": (sent.get(f"{before}{criterion.id}") or [""])[0],
            "quote_field": f"quote-{criterion.id}",
            "quote": (sent.get(f"quote-{criterion.id}") or [""])[0],
        }
        for criterion in found.body.rubric
    ]


def _compared(found: Exercise, essay: Essay) -> list[dict[str, Any]]:
    """The learner's ratings of the examples beside the author's, with the reason."""
    shown = []
    for example, rated in zip(found.body.examples, essay.ratings, strict=False):
        rows = [
            {"text": c.text, "given": c.levels[g], "wanted": c.levels[w], "off": abs(g - w)}
            for c, g, w in zip(found.body.rubric, rated, example.score, strict=False)
        ]
        shown.append({"text": example.text, "why": example.why, "rows": rows})
    return shown


def _done(found: Exercise, learner: Learner, essay: Essay) -> dict[str, Any]:
    attempt = Attempt.objects.of(learner).filter(id=essay.id).first()
    if attempt is None:
        return {}
    grade = Grade.from_dict(attempt.grade)
    context = pages.result(catalogue(), found, attempt, grade, log.state(learner, found))
    context |= {
        "revealed": True,
        "model": True,
        "attempt_id": essay.id,
        "peers": workflow.told(found, essay) if found.body.peers else None,
        "peer_days": PEER_DAYS,
        "fewest": FEWEST_PEERS,
    }
    if learner.user:
        context["teams"] = Team.objects.of(learner.user)
        context["to_rate"] = workflow.to_rate(learner.user, found)[:1]
    return context


def of_another(found: Exercise, essay: Essay, posted: dict[str, Any] | None) -> dict[str, Any]:
    """The page on which a colleague rates a text."""
    return {
        "nav": "practice",
        "exercise": found,
        "essay": essay,
        "rows": rows_of(found, "level-", posted),
        "comment": ((posted or {}).get("comment") or [""])[0],
        "examples": found.body.examples,
    }
