"""An assessment of the demonstration team: answered alone, disputed, settled, decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from fit.asking import Asked
from fit.assessments import record, workflow
from fit.models import Assessment, Record, Remark
from teams.models import Team, User

TEAM: Final = "team-prints"
_FIRST: Final = {
    "trigger": "events",
    "traffic": "spiky",
    "volume": "1to30m",
    "latency": "async",
    "geo": "one",
    "duration": "lt1m",
    "cpu": "moderate",
    "memory": "medium",
    "state": "none",
    "connections": "reqresp",
    "team": "small",
}
# What each answered on top of that, or otherwise, without seeing the others.
_ALONE: Final = {
    "mara": {"ops": "basic", "cost": "speed", "start": "new", "horizon": "active"},
    "tomasz": {"ops": "good", "cost": "idle_zero", "start": "new", "portability": "one"},
    "ines": {
        "traffic": "cycle",
        "state": "workflow",
        "ops": "basic",
        "cost": "idle_zero",
        "portability": "exit",
    },
}
_NOTE: Final = "I counted the last four Sundays. They are higher than the week, not five times."


def load() -> bool:
    """Makes it once, for a team that is there and has none; says whether it did."""
    team = Team.objects.filter(slug=TEAM).first()
    people = {user.username: user for user in User.objects.filter(username__in=_ALONE)}
    if team is None or len(people) < len(_ALONE) or team.assessments.exists():
        return False
    with transaction.atomic():
        _decide(_assess(team, people), people)
    return True


def _assess(team: Team, people: dict[str, User]) -> Assessment:
    now = timezone.now()
    found = workflow.save(
        "Photo orders",
        people["tomasz"],
        Asked(said=_FIRST),
        team=team,
        note="what we knew in the first week",
        created=now - timedelta(days=45),
    )
    round = workflow.open_round(found, people["mara"], now - timedelta(days=30))
    for days, name in ((29, "tomasz"), (28, "ines"), (27, "mara")):
        note = _NOTE if name == "ines" else ""
        answers = {**_FIRST, **_ALONE[name]}
        workflow.cast(round, people[name], answers, note, now - timedelta(days=days))
    workflow.close(round, now - timedelta(days=27))
    for name, question, text in (
        ("tomasz", "traffic", "The Sunday after the fair was eleven times a normal hour."),
        ("ines", "traffic", "One Sunday of fifty. I would not size anything by it."),
        ("mara", "state", "The status of an order is in the store; the code remembers nothing."),
    ):
        Remark.objects.create(
            round=round, question=question, by=people[name], text=text,
            created=now - timedelta(days=26),
        )  # fmt: skip
    for question, answer, reason in (
        ("traffic", "spiky", "The fair comes every year, and it is the day that must not fail."),
        ("ops", "basic", "Two of three say so, and there is no tracing."),
    ):
        moment = now - timedelta(days=25)
        workflow.settle(round, people["mara"], question, answer, reason, moment)
    workflow.agree(round, people["mara"], now - timedelta(days=24))
    return found


def _decide(found: Assessment, people: dict[str, User]) -> None:
    now, version = timezone.now(), found.latest()
    version.assessment = found
    draft = Record(
        title="Photo orders run on functions",
        choice="functions",
        context="Prints are ordered mostly on Sunday evenings. Nobody waits for the picture, only"
        " for the mail. Three people build it and nobody is on call.",
        decision="The work starts with a file, may be late by minutes and stands still most of the"
        " week. We take functions behind a queue, and keep the renderer in an image so that it"
        " could move to containers.",
        consequences="Nothing is paid on a quiet Tuesday. Before the next fair there must be an"
        " alarm on the age of the queue, which we do not have yet.",
        dissent="Ines would have waited for one more fair before deciding.",
        review_on=timezone.localdate(now) + timedelta(days=150),
        created=now - timedelta(days=23),
        **{
            **record.triggers(version),
            "on_traffic": "When a normal Sunday passes 400 orders an hour for a month.",
            "on_team": "When somebody joins who has run a cluster, or fewer than two remain.",
        },
    )
    workflow.propose(draft, found, version, people["tomasz"])
    workflow.accept(draft, people["mara"], now - timedelta(days=21))
