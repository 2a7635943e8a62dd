"""Waivers of a team: proposed, agreed on by a second person, applied, announced.

Which of them hold on a day is judged by `design.waivers`, as for those in a design's text. The
score of the newest check follows them: it is worked out again whenever one begins or ends.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from design.result import Result, from_dict, to_dict, with_waivers
from design.rules import RULES, Finding, Verdict
from design.waivers import LONGEST, USUAL, Standing, basis_of, matching
from reviews.followup import planning, tracking
from reviews.models import (
    OBSOLETE_AFTER,
    Agreement,
    Design,
    Run,
    Waiver,
)
from reviews.portfolio import tally
from teams.events import happened
from teams.models import Role, Team, User

_FOUND = ("re-confirm", "unused", "malformed")
ANNOUNCED = {
    "expiring": ("waiver.expiring", "expires on {expires}"),
    "expired": ("waiver.expired", "has expired on {expires}"),
    "re-confirm": ("waiver.stale", "was agreed on under conditions that have changed"),
    "obsolete": ("waiver.stale", "matches nothing any more"),
    "malformed": ("waiver.stale", "can no longer be applied under the rules of today"),
}
"""The states that people are told of: kind of event, and what is said."""


class Refused(ValueError):
    """It cannot be done; the text says why."""


def day(when: datetime.date) -> str:
    return f"{when.day} {when:%B %Y}"


# Applied


def applied(design: Design, result: Result, number: int | None) -> Result:
    """The result with the waivers that hold today. With the number of its revision, the rows
    are brought up to what it meets, as part of the transaction that keeps the result; without,
    it is a check that a newer revision has overtaken, and tells nothing of a waiver."""
    today = timezone.localdate()
    rows = list(design.waivers.agreed().order_by("pk"))
    made = with_waivers(result, [row.stated() for row in rows], today.isoformat())
    if number is None:
        return made
    met = made.waivers[len(made.waivers) - len(rows) :]
    for row, standing in zip(rows, met, strict=True):
        _meet(row, standing, number)
    Waiver.objects.bulk_update(rows, ["found", "unused_from", "matches"])
    announce(rows, today)
    return made


def _meet(row: Waiver, standing: Standing, number: int) -> None:
    row.found = standing.state if standing.state in _FOUND else ""
    row.matches = len(standing.matches)
    if standing.matches:
        row.unused_from = None
        return
    row.unused_from = row.unused_from or number
    if number - row.unused_from + 1 >= OBSOLETE_AFTER:
        row.found = "obsolete"


@transaction.atomic
def rescore(design: Design) -> None:
    """Has the newest check follow the waivers: its score, and the states of the findings."""
    Design.objects.select_for_update().get(pk=design.pk)
    run = tracking.newest(design)
    if run is None or run.result is None:
        return
    revision = run.revision
    result = applied(design, from_dict(run.result), revision.number)
    Run.objects.filter(pk=run.pk).update(**columns(result))
    tracking.follow(run, result, again=True)
    planning.follow(design)


def columns(result: Result) -> dict[str, object]:
    """A result as the columns of its run."""
    return {
        "summary": tally.of(result),
        "result": to_dict(result),
        "total": result.score.total,
        "coverage": result.score.coverage,
        "grade": result.score.grade or "",
    }


# Agreed on


def longest(rule: str) -> int:
    """Days that a waiver of a rule may last."""
    return LONGEST[RULES[rule].severity]


def usual(rule: str) -> int:
    """Days that it lasts when nobody says otherwise."""
    return min(USUAL, longest(rule))


def matched(result: Result, rule: str, subject: str) -> list[Finding]:
    """The failing findings of a rule that a subject names; ``*`` stands for any text."""
    fails = [f for f in result.of(Verdict.FAIL) if f.rule == rule]
    return matching(subject, fails)


def newest_result(design: Design) -> Result | None:
    run = tracking.newest(design)
    return from_dict(run.result) if run and run.result else None


@transaction.atomic
def propose(draft: Waiver, design: Design, by: User) -> Waiver:
    """Stores a waiver that its form has checked: in force at once where one person is enough.
    Raises Refused when the same finding is waived already."""
    Design.objects.select_for_update().get(pk=design.pk)
    same = design.waivers.filter(rule=draft.rule, subject=draft.subject)
    for one in same.exclude(pk=draft.replaces_id):
        if one.is_proposed:
            raise Refused("The same is proposed already and waits for a second person.")
        if one.state(timezone.localdate()) in ("active", "expiring"):
            raise Refused(f"The same is waived already, until {day(one.expires)}.")
    draft.design, draft.by, draft.by_name = design, by, by.username
    draft.agreement = Agreement.PROPOSED
    draft.created = timezone.localdate()
    draft.save()
    _happened(draft, "waiver.proposed", by, tell=_who_may_agree(draft, by))
    if not draft.needs_second:
        _agree(draft, None)
    return draft


@transaction.atomic
def approve(waiver: Waiver, by: User, remark: str = "") -> None:
    """A second person agrees. Raises Refused when this is not a second person, or nothing is
    to be agreed on any more."""
    held = _proposed(waiver)
    if by == held.by:
        raise Refused("Whoever proposed it cannot be the second person.")
    if held.expires < timezone.localdate():
        raise Refused("Its last day has passed; propose it again with a later one.")
    _agree(held, by, remark)
    _happened(held, "waiver.approved", by, tell=[held.by] if held.by else [])


@transaction.atomic
def reject(waiver: Waiver, by: User, remark: str) -> None:
    """Raises Refused when it is no longer proposed, or is one's own."""
    held = _proposed(waiver)
    if by == held.by:
        raise Refused("It is your own: withdraw it.")
    _decided(held, Agreement.REJECTED, by, remark)
    _happened(held, "waiver.rejected", by, tell=[held.by] if held.by else [])


@transaction.atomic
def withdraw(waiver: Waiver, by: User) -> None:
    """From now on the finding counts again. Raises Refused when it was over before."""
    held = _locked(waiver)
    if not (held.is_proposed or held.is_approved):
        raise Refused(f"It was {held.get_agreement_display().lower()} before.")
    was_agreed = held.is_approved
    agreed_by = held.decided_by
    _decided(held, Agreement.WITHDRAWN, by, "")
    tell = [person for person in (held.by, agreed_by) if person]
    _happened(held, "waiver.withdrawn", by, tell=tell)
    if was_agreed:
        rescore(held.design)


def _locked(waiver: Waiver) -> Waiver:
    Design.objects.select_for_update().get(pk=waiver.design_id)
    rows = Waiver.objects.select_related("design__team", "by", "decided_by")
    return rows.get(pk=waiver.pk)


def _proposed(waiver: Waiver) -> Waiver:
    held = _locked(waiver)
    if not held.is_proposed:
        who = f" by {held.decided_name}" if held.decided_name else ""
        raise Refused(f"It was {held.get_agreement_display().lower()} before{who}.")
    return held


def _decided(held: Waiver, agreement: Agreement, by: User | None, remark: str) -> None:
    held.agreement, held.remark = agreement, remark
    held.decided_by, held.decided_name = by, by.username if by else ""
    held.decided = timezone.now()
    held.save()


def _agree(held: Waiver, by: User | None, remark: str = "") -> None:
    """What it rests on is taken down now: the findings as whoever agreed has seen them."""
    result = newest_result(held.design)
    found = matched(result, held.rule, held.subject) if result else []
    held.basis = basis_of(found, RULES[held.rule]) if found else ""
    _decided(held, Agreement.APPROVED, by, remark)
    earlier = held.replaces
    if earlier and (earlier.is_approved or earlier.is_proposed):
        earlier.agreement = Agreement.WITHDRAWN
        earlier.save(update_fields=["agreement"])
    rescore(held.design)


def _who_may_agree(waiver: Waiver, by: User) -> list[User]:
    """Reviewers and above, when a second person is needed."""
    return people(waiver.design.team, Role.REVIEWER) if waiver.needs_second else []


def people(team: Team, least: Role) -> list[User]:
    """The members of a team with at least this role."""
    roles = [role for role in Role if role.includes(least)]
    return list(User.objects.filter(memberships__team=team, memberships__role__in=roles))


def _happened(
    waiver: Waiver, kind: str, by: User | None, tell: Sequence[User] = (), text: str = ""
) -> None:
    happened(
        waiver.design.team,
        kind,
        f"{waiver} in {waiver.design}",
        by=by,
        url=waiver.get_absolute_url(),
        tell=tell,
        text=text,
        detail={
            "rule": waiver.rule,
            "subject": waiver.subject,
            "category": waiver.category,
            "reason": waiver.reason,
            "expires": waiver.expires.isoformat(),
        },
    )


# Announced


@transaction.atomic
def announce(rows: Sequence[Waiver], today: datetime.date) -> int:
    """Tells of each waiver that came into a state worth telling, once; returns how many. May
    run at any time and any number of times."""
    told = 0
    for row in rows:
        state = row.state(today)
        if state == row.announced or (state == "expiring" and not row.nears_end(today)):
            continue
        was, row.announced = row.announced, state if state in ANNOUNCED else ""
        changed = Waiver.objects.filter(pk=row.pk, announced=was).update(announced=row.announced)
        if not changed or state not in ANNOUNCED:
            continue
        kind, words = ANNOUNCED[state]
        tell = {person.pk: person for person in (row.by, row.decided_by) if person}
        tell |= {person.pk: person for person in people(row.design.team, Role.OWNER)}
        said = words.format(expires=day(row.expires))
        text = f"The waiver of {row} in {row.design} {said}"
        _happened(row, kind, None, tell=list(tell.values()), text=text)
        told += 1
    return told


def look_through() -> int:
    """Once a day: has every design with waivers follow the calendar; returns how many of the
    waivers were announced."""
    told = 0
    today = timezone.localdate()
    agreed = Waiver.objects.agreed().select_related("design__team", "by", "decided_by")
    by_design: dict[int, list[Waiver]] = {}
    for row in agreed.order_by("pk"):
        by_design.setdefault(row.design_id, []).append(row)
    for rows in by_design.values():
        ended = [row for row in rows if row.state(today) == "expired" != row.announced]
        told += announce(rows, today)
        if ended:
            rescore(rows[0].design)
    return told
