"""The way somebody came to an exercise: a review, five minutes, mixed practice. It travels in the
address and in the form; whether an answer counts as a review is the server's to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from scenarios.catalogue import catalogue
from scenarios.engine import Exercise
from scenarios.models import Attempt, Learner
from scenarios.progress import FIVE_MINUTES, PRACTICE, REVIEW, WORDS
from scenarios.review import standings
from scenarios.workflow import Noted

WAYS = {"review": 0, "five": FIVE_MINUTES, "mixed": 10}
"""How many exercises each way takes; 0 is as many as are due."""
_SALT = "practice-shown"
_LONGEST = 3600
_GUEST_TOLD = 3


@dataclass(frozen=True)
class Way:
    name: str = ""
    left: int = 0

    @property
    def title(self) -> str:
        return {"review": "review", "five": "your five minutes", "mixed": "mixed practice"}[
            self.name
        ]


def way_of(data: QueryDict) -> Way:
    """The way in an address or a form; none for what makes no sense."""
    name = data.get("way", "")
    if name not in WAYS:
        return Way()
    left = data.get("left", "")
    count = int(left) if left.isdecimal() and len(left) < 3 else WAYS[name]
    return Way(name, min(count, WAYS[name]))


def shown_now() -> str:
    """When a page was shown, signed: the browser hands it back and cannot change it."""
    return signing.dumps(int(timezone.now().timestamp()), salt=_SALT)


def seconds_since(token: str) -> int | None:
    """Seconds since a page was shown; None where it was left open, or not by us."""
    try:
        then = int(signing.loads(token[:200], salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    seconds = int(timezone.now().timestamp()) - then
    return seconds if 0 <= seconds <= _LONGEST else None


def noted(request: HttpRequest, of: Learner, exercise: Exercise) -> Noted:
    """What is noted beside an answer that this request brings."""
    said = request.POST.get("confidence", "")
    return Noted(
        mode=_mode(request, of, exercise),
        confidence=int(said) if said in {str(word) for word in WORDS} else 0,
        seconds=seconds_since(request.POST.get("shown", "")),
    )


def _mode(request: HttpRequest, of: Learner, exercise: Exercise) -> str:
    if way_of(request.POST).name not in ("review", "five"):
        return PRACTICE
    now = standings.of(of)
    waiting = {one.skill for one in now.queue}
    return REVIEW if now.left and waiting & set(exercise.skills) else PRACTICE


def shown(request: HttpRequest, of: Learner, context: dict[str, Any]) -> dict[str, Any]:
    """What every page of an exercise shows of the way and of progress."""
    data = request.POST if request.method == "POST" else request.GET
    way = way_of(data)
    attempt = context.get("attempt")
    first = not attempt and (not context["state"].tries or way.name in ("review", "five"))
    context = {
        "way": way if way.name else None,
        "way_after": Way(way.name, max(0, way.left - 1)) if way.name else None,
        "shown": request.POST.get("shown") or shown_now(),
        "ask_confidence": WORDS.items() if first and standings.preferences(of).confidence else None,
        "confidence": data.get("confidence", ""),
    }
    if attempt:
        context["shown"] = shown_now()
        context["tell_guest"] = of.guest and Attempt.objects.of(of).count() == _GUEST_TOLD
    return context


def after(of: Learner, exercise: Exercise) -> list[dict[str, Any]]:
    """Where the skills of an exercise stand now, for the result."""
    known = catalogue()
    now = standings.of(of, known)
    return [
        {"skill": known.skills[id], "now": now.skill(id)}
        for id in exercise.skills
        if id in known.skills
    ]
