"""What the demonstration team has done with the findings of its shop."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from reviews.followup import acting, planning, talking, tracking, waiving
from reviews.models import Comment, Design, Thread, TrackedFinding, Waiver
from teams.models import User

_PATCHED: Final = 6
"""The shop's plan has sixty actions; to patch a text for all of them takes ten seconds."""


def fill(shop: Design, people: dict[str, User]) -> None:
    """The shop's findings, given out, talked about, waived and planned."""
    mara, tomasz, ines = (people[name] for name in ("mara", "tomasz", "ines"))
    now, today = timezone.now(), timezone.localdate()

    for rule, who in (("REL06", mara), ("SEC10", tomasz), ("OBS03", ines)):
        one = _open(shop, rule)
        tracking.assign(one, who, mara, one.version)
    told = (
        (
            _open(shop, "REL06"),
            "",
            ((ines, 12, _ASKS), (tomasz, 11, _ANSWERS), (mara, 10, _AGREES)),
        ),
        (None, "sqldb", ((tomasz, 9, _ON_SQLDB),)),
        (None, "", ((mara, 8, _ON_ALL), (ines, 7, _ON_ALL_TOO))),
    )
    for finding, component, said in told:
        first, *others = said
        thread = talking.begin(shop, first[0], first[2], finding=finding, component=component)
        for by, _, text in others:
            talking.reply(thread, by, text)
        _at(thread, [now - timedelta(days=days) for _, days, _ in said])
    for rule, by, second, category, days, reason in _WAIVED:
        one = _open(shop, rule)
        draft = Waiver(
            rule=rule,
            subject=one.subject,
            category=category,
            reason=reason,
            expires=today + timedelta(days=days),
            matches=1,
        )
        waiver = waiving.propose(draft, shop, people[by])
        if second:
            waiving.approve(waiver, people[second])
    plan = planning.begin(shop, mara, wake=False)
    for place, action in enumerate(planning.ordered(plan)[: len(_GIVEN)]):
        who, days = _GIVEN[place]
        planning.change(
            action,
            mara,
            owner=people[who],
            due=today + timedelta(days=days),
            effort=action.effort,
            note="",
            version=action.version,
        )
    acting.add(plan, mara, title=_REHEARSED, owner=ines, due=today + timedelta(days=40), effort=4)
    asked = acting.add(plan, tomasz, title=_TALKED, owner=tomasz, effort=1)
    acting.finish(asked, tomasz, done=True)
    planning.work_out(plan.pk, _PATCHED)


def _at(thread: Thread, moments: list[datetime]) -> None:
    """As if it had been said then."""
    Thread.objects.filter(pk=thread.pk).update(created=moments[0])
    for comment, moment in zip(thread.comments.all(), moments, strict=True):
        Comment.objects.filter(pk=comment.pk).update(created=moment)


_ASKS: Final = (
    "A checkout waits for **tax, price and the ledger in one chain**. What does a customer see "
    "when the tax office needs eight seconds? @tomasz"
)
_ANSWERS: Final = "A spinner, then our own timeout. Support counted 41 of these last month."
_AGREES: Final = (
    "Then the receipt may come later. I take it: the order is accepted at once, tax follows by "
    "message."
)
_ON_SQLDB: Final = "Backups run at 03:00, when the nightly billing runs too. Who watches both?"
_ON_ALL: Final = "Before we change anything: which of these would have prevented the outage in May?"
_ON_ALL_TOO: Final = (
    "REL06 and REL09. The rest is worth doing, but it would not have helped that night."
)
_WAIVED: Final = (
    (
        *("OBS02", "tomasz", "", "accepted", 60),
        "Logs move to the shared platform in March; until then we read them by hand.",
    ),
    (
        *("SEC11", "tomasz", "", "compensated", 25),
        "The platform team’s account policy refuses triggers from other accounts.",
    ),
    (
        *("SEC01", "tomasz", "ines", "accepted", 45),
        "The grant is split with the service itself, planned for January.",
    ),
    (
        *("SEC09", "mara", "", "false_positive", 20),
        "Callers reach shop through gw only, which has checked the token before.",
    ),
)
_REHEARSED: Final = "Rehearse a restore of sqldb with the people who are on call"
_TALKED: Final = "Ask the tax office for the limit of calls that its contract allows"
_GIVEN: Final = (("mara", 14), ("tomasz", 21), ("ines", -2), ("tomasz", 30))


def _open(shop: Design, rule: str) -> TrackedFinding:
    found = shop.tracked.still_open().filter(rule=rule).first()
    if found is None:
        raise ValueError(f"the demonstration design no longer fails {rule}")
    found.design = shop
    return found
