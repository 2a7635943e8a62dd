"""A team with reviewed designs, so that a newcomer sees a full product at once."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from reviews import (
    drafts,
    life,
    workflow,
)
from reviews.followup import (
    demonstration as followed_up,
)
from reviews.judging import (
    demonstration as judged,
)
from reviews.models import (
    Design,
    Draft,
    DraftState,
    Revision,
)
from reviews.reports import workflow as reports
from teams.models import Membership, Role, Team, User

SLUG: Final = "team-prints"
PASSWORD: Final = "warmstart-demo"  # noqa: S105 - printed by `make run`, never made in production
PEOPLE: Final = {
    "mara": Role.OWNER,
    "tomasz": Role.EDITOR,
    "ines": Role.REVIEWER,
    "jonas": Role.VIEWER,
}
_NAMES: Final = {
    "mara": ("Mara", "Lindqvist"),
    "tomasz": ("Tomasz", "Oduya"),
    "ines": ("Ines", "Okafor"),
    "jonas": ("Jonas", "Weber"),
}


def load() -> bool:
    """Makes the team once; says whether it did. Accounts with a known password are for a
    machine of one's own, so none are made in production."""
    with transaction.atomic():
        team, made = Team.objects.get_or_create(
            slug=SLUG, defaults={"name": "Team Prints", "public": True}
        )
        if not made:
            return False
        people = _people(team)
    _designs(team, people)
    judged.load(team, people, timezone.now())
    return True


def _people(team: Team) -> dict[str, User]:
    people: dict[str, User] = {}
    for name, role in PEOPLE.items():
        first, last = _NAMES[name]
        user, made = User.objects.get_or_create(
            username=name,
            defaults={"email": f"{name}@prints.example", "first_name": first, "last_name": last},
        )
        if made:
            if settings.PRODUCTION:
                user.set_unusable_password()
            else:
                user.set_password(PASSWORD)
            user.save()
        people[name] = user
        Membership.objects.get_or_create(team=team, user=user, defaults={"role": role})
    return people


def _designs(team: Team, people: dict[str, User]) -> None:
    """The clean design after two revisions that were less clean, and the full house."""
    now = timezone.now()
    clean = _text("photo-orders")
    second = _back(clean, _BEFORE_ALARMS)
    first = workflow.submit(
        team,
        people["tomasz"],
        _back(second, _BEFORE_QUARANTINE),
        note="first upload",
        created=now - timedelta(days=48),
    )
    design = first.revision.design
    at_board = first
    for text, by, note, days in (
        (second, "tomasz", "quarantine for both queues, idempotency keys", 20),
        (clean, "mara", "alarms and a way back from quarantine, visibility raised", 6),
    ):
        created = now - timedelta(days=days)
        run = workflow.submit(team, people[by], text, design=design, note=note, created=created)
        at_board = run if by == "tomasz" else at_board
    # With a broker the runs are still to come, and there is nothing to keep yet.
    with contextlib.suppress(reports.NotChecked):
        reports.freeze(at_board.revision, people["ines"], "architecture board")
    life.name_milestone(_revision(design, 3), people["mara"], "agreed for launch")
    monolith = _text("shop-monolith")
    created = now - timedelta(days=13)
    run = workflow.submit(
        team, people["tomasz"], monolith, note="as it runs today", created=created
    )
    followed_up.fill(run.revision.design, people)
    _draft(run.revision.design, people["tomasz"], monolith, now)


def _revision(design: Design, number: int) -> Revision:
    found = design.revisions.get(number=number)
    found.design = design
    return found


def _draft(design: Design, by: User, text: str, now: datetime) -> None:
    """The full house on its way to something better, last touched this morning."""
    before, after = _IN_THE_DRAFT
    if before not in text:
        raise ValueError(f"the demonstration design no longer says {before!r}")
    draft = drafts.resume(design, by)
    drafts.save(draft, draft.version, text.replace(before, after), "typed")
    moment = now - timedelta(hours=3)
    Draft.objects.filter(pk=draft.pk).update(created=moment, saved=moment)
    DraftState.objects.filter(draft=draft).update(created=moment)


def _text(name: str) -> str:
    return (workflow.DEMONSTRATION / f"{name}.yaml").read_text(encoding="utf-8")


_IN_THE_DRAFT: Final = ("{name: node14, status: eol}", "{name: node22, status: current}")

# What the later text says and the earlier one did not, or said otherwise.
_BEFORE_ALARMS: Final = (
    ("revision: 3", "revision: 2"),
    ("visibility_s: 200", "visibility_s: 60"),
    ("alarms: [depth], redrive: runbook", "alarms: [], redrive: none"),
)
_BEFORE_QUARANTINE: Final = (
    ("revision: 2", "revision: 1"),
    ("idempotent: key", "idempotent: none"),
    ("max_receive: 5, dlq: work-dead, ", "max_receive: 5, "),
    ("on_failure: bus-dead, ", ""),
    ("[work, work-dead], ", ""),
    ("    wait_ms: 120\n", ""),
    ("source_restricted: true, ", ""),
)
_WITHOUT: Final = ("- {id: work-dead,", "- {id: bus-dead,")


def _back(text: str, steps: tuple[tuple[str, str], ...]) -> str:
    """The design as it was before these repairs. Raises ValueError if one of them is not in the
    text: the two files would have drifted apart."""
    for later, before in steps:
        if later not in text:
            raise ValueError(f"the demonstration design no longer says {later!r}")
        text = text.replace(later, before)
    if steps is _BEFORE_QUARANTINE:
        lines = text.splitlines(keepends=True)
        text = "".join(line for line in lines if not line.strip().startswith(_WITHOUT))
    return text
