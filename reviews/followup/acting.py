"""What people do to a plan by hand: actions added, put in order, done, taken out and brought back.

Each holds the design's row, so that two who do it at once follow one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from django.db import transaction
from django.utils import timezone

from reviews.followup import planning
from reviews.models import Action, Design, Plan, TrackedFinding
from teams.events import happened
from teams.models import User

MOST: Final = 500
"""Actions that may stand in one plan by hand."""


class Refused(ValueError):
    """It cannot be done; the text says why."""


@transaction.atomic
def add(
    plan: Plan,
    by: User,
    *,
    title: str,
    owner: User | None = None,
    due: date | None = None,
    effort: int,
    note: str = "",
    findings: Sequence[TrackedFinding] = (),
) -> Action:
    """An action that no rule asks for; with `findings` its gain is worked out. Raises Refused when
    the plan is full."""
    _hold(plan)
    if plan.actions.filter(rule="").count() >= MOST:
        raise Refused(f"A plan holds {MOST} actions of its own. Take one out first.")
    made = Action.objects.create(
        plan=plan, by=by, title=title, owner=owner, due=due, effort=effort, note=note
    )
    if findings:
        made.findings.set(findings)
        planning.weigh(plan)
    given = f"{by} gave you {made} in the plan for {plan.design}"
    _happened(made, "plan.added", by, tell=[owner], text=given)
    return made


@transaction.atomic
def finish(action: Action, by: User, *, done: bool) -> bool:
    """Says of an action that was added that it is done, or is not; False when it was said before.
    Raises Refused for one of a rule, which a check closes."""
    held = _by_hand(action)
    if (held.done is not None) == done:
        return False
    held.done = timezone.now() if done else None
    held.place = None
    held.version += 1
    held.save(update_fields=["done", "place", "version"])
    _happened(held, "plan.done" if done else "plan.reopened", by, tell=[held.owner])
    return True


@transaction.atomic
def remove(action: Action, by: User) -> bool:
    """Takes out an action that was added; False when it was out before. Raises Refused for one
    of a rule."""
    held = _by_hand(action)
    if held.removed is not None:
        return False
    held.removed = timezone.now()
    held.save(update_fields=["removed"])
    _weigh(held)
    _happened(held, "plan.removed", by, tell=[held.owner])
    return True


@transaction.atomic
def restore(action: Action, by: User) -> bool:
    """Brings back what was taken out, as it was; False when it is there."""
    held = _by_hand(action)
    if held.removed is None:
        return False
    held.removed = None
    held.save(update_fields=["removed"])
    _weigh(held)
    _happened(held, "plan.restored", by, tell=[held.owner])
    return True


def _weigh(held: Action) -> None:
    if held.findings.exists():
        planning.weigh(held.plan)


@transaction.atomic
def move(action: Action, by: User, where: Literal["up", "down"]) -> bool:
    """Puts an open action one place further up or down; from then on the order is the people's.
    False at the end of the list."""
    plan = _hold(action.plan)
    rows = [one for one in planning.ordered(plan) if one.outcome == "open"]
    at = next((n for n, one in enumerate(rows) if one.pk == action.pk), None)
    to = None if at is None else at + (-1 if where == "up" else 1)
    if at is None or to is None or not 0 <= to < len(rows):
        return False
    if not any(one.place is not None for one in rows):
        _of_plan(plan, "plan.ordered", by)
    rows[at], rows[to] = rows[to], rows[at]
    for place, one in enumerate(rows):
        one.place = place
    Action.objects.bulk_update(rows, ["place"])
    return True


@transaction.atomic
def unorder(plan: Plan, by: User) -> None:
    """The order by risk removed for each hour again."""
    if _hold(plan).actions.filter(place__isnull=False).update(place=None):
        _of_plan(plan, "plan.ordered", by)


def _hold(plan: Plan) -> Plan:
    Design.objects.select_for_update().get(pk=plan.design_id)
    return plan


def _by_hand(action: Action) -> Action:
    plan = _hold(action.plan)
    held = Action.objects.select_related("owner").get(pk=action.pk)
    held.plan = plan
    if not held.is_by_hand:
        raise Refused("A rule asks for it: it is done once its findings are fixed or waived.")
    return held


def _happened(
    action: Action, kind: str, by: User, *, tell: Sequence[User | None] = (), text: str = ""
) -> None:
    design = action.plan.design
    happened(
        design.team,
        kind,
        f"{action} in {design}",
        by=by,
        url=action.get_absolute_url(),
        tell=[person for person in tell if person],
        text=text,
    )


def _of_plan(plan: Plan, kind: str, by: User) -> None:
    happened(plan.design.team, kind, str(plan.design), by=by, url=plan.get_absolute_url())
