"""The improvement plan: one action for each rule that fails, ordered by risk removed per effort.

What an action would bring is worked out by checking a patched text, which takes seconds for a
design with many findings; so it happens after the check, in a task that may run twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from design import document
from design.fixes import FIXES, mend
from design.result import Result, evaluate, from_dict
from design.rules import Finding, Verdict
from design.scoring import score, uncapped
from reviews.followup import tracking
from reviews.followup.tracking import Stale
from reviews.models import Action, Design, Effort, Plan, TrackedFinding
from teams.events import happened
from teams.models import User

log = logging.getLogger(__name__)

TASK = "reviews.tasks.plan"
LARGE = 300
"""From so many components on no text is patched: a gain is then what passing would bring."""

_STEPS = 20
_PATIENCE = 120
"""Seconds after which the rest of a plan goes without patches: the task has to end."""
_LATE = timedelta(minutes=5)


@transaction.atomic
def begin(design: Design, by: User, *, wake: bool = True) -> Plan:
    """The plan of a design, begun now unless it was before. Unless a worker is to `wake`, its
    gains wait for `work_out`."""
    Design.objects.select_for_update().get(pk=design.pk)
    plan, made = Plan.objects.get_or_create(design=design, defaults={"begun_by": by})
    if made:
        url = plan.get_absolute_url()
        happened(design.team, "plan.begun", str(design), by=by, url=url)
        _bring_up(plan, wake)
    return plan


def follow(design: Design) -> None:
    """After a check: what a plan has to do now, and its gains anew. Part of the transaction."""
    plan = Plan.objects.filter(design=design).first()
    if plan is not None:
        _bring_up(plan)


def _bring_up(plan: Plan, wake: bool = True) -> None:
    of_rules = plan.actions.exclude(rule="").prefetch_related("findings")
    actions = {action.rule: action for action in of_rules}
    by_rule: dict[str, list[TrackedFinding]] = {}
    for row in plan.design.tracked.order_by("pk"):
        by_rule.setdefault(row.rule, []).append(row)
    for rule, rows in by_rule.items():
        action = actions.get(rule)
        still = [row for row in rows if row.is_open]
        if action is None:
            if not still:
                continue
            effort = Effort.HOUR if rule in FIXES else Effort.HALF_DAY
            action = Action.objects.create(
                plan=plan, rule=rule, title=still[0].title, effort=effort
            )
        known = {row.pk for row in action.findings.all()} if rule in actions else set()
        action.findings.add(*(row for row in still if row.pk not in known))
        _close_or_open(action, bool(still))
    Plan.objects.filter(pk=plan.pk).update(run=None, asked=timezone.now())
    if wake:
        transaction.on_commit(lambda: send(plan.pk))


def _close_or_open(action: Action, still: bool) -> None:
    if still == (action.done is None):
        return
    action.done = None if still else timezone.now()
    action.save(update_fields=["done"])


@transaction.atomic
def change(
    action: Action,
    by: User,
    *,
    owner: User | None,
    due: date | None,
    effort: int,
    note: str,
    version: int,
    title: str = "",
    findings: Sequence[TrackedFinding] | None = None,
) -> None:
    """What people say of an action; of one that was added by hand also its `title` and what it
    is about. Raises Stale when it has moved on."""
    said: dict[str, object] = {"owner": owner, "due": due, "effort": effort, "note": note}
    if action.is_by_hand and title:
        said["title"] = title
    rows = Action.objects.filter(pk=action.pk, version=version, removed__isnull=True)
    if not rows.update(**said, version=version + 1):
        raise Stale("Somebody else has changed this action since you opened it.")
    if action.is_by_hand and findings is not None:
        relate(action, findings)
    given = owner is not None and owner.pk != action.owner_id
    design = action.plan.design
    happened(
        design.team,
        "plan.action",
        f"{action.rule or said.get('title', action.title)} in {design}",
        by=by,
        url=action.get_absolute_url(),
        tell=[owner] if owner and given else (),
        text=f"{by} gave you {action} in the plan for {design}",
        detail={"owner": owner.username if owner else "", "due": due.isoformat() if due else ""},
    )


def relate(action: Action, findings: Sequence[TrackedFinding]) -> None:
    """What an action is about; its gain is then worked out anew."""
    before = set(action.findings.values_list("pk", flat=True))
    if before == {one.pk for one in findings}:
        return
    action.findings.set(findings)
    weigh(action.plan)


def weigh(plan: Plan) -> None:
    """Has the gains of a plan worked out anew, after this transaction."""
    Plan.objects.filter(pk=plan.pk).update(run=None, asked=timezone.now())
    transaction.on_commit(lambda: send(plan.pk))


# What it would bring


@dataclass(frozen=True, slots=True)
class Gain:
    """How far the score rises beneath the caps of open critical and high findings, which would
    make nearly every gain nothing. `proved`: a patched text was checked, and nothing assumed."""

    points: float
    proved: bool
    steps: tuple[str, ...] = ()


def gain(text: str, result: Result, keys: Iterable[tuple[str, str]], *, patch: bool = True) -> Gain:
    """What clearing some findings, (rule, subject), would bring: the text is patched as far as a
    patch is known and checked again; of what is left it is assumed that it passes."""
    wanted = set(keys)
    after, steps = result, tuple[str, ...]()
    if patch and len(result.design.components) <= LARGE:
        mended = mend(text, lambda finding: (finding.rule, finding.subject) in wanted)
        if mended.applied:
            steps = tuple(dict.fromkeys(fix.does for fix in mended.applied))[:_STEPS]
            design = document.load(mended.text)
            after = evaluate(design, None, result.waived, result.packs, result.profile)
    left = {(f.rule, f.subject) for f in after.of(Verdict.FAIL)} & wanted
    found = after.findings
    if left:
        found = tuple(_passed(f) if (f.rule, f.subject) in left else f for f in found)
    now = uncapped(result.findings, result.design, result.waived, result.rules)
    then = uncapped(found, after.design, result.waived, result.rules)
    return Gain(round(then - now, 2), bool(steps) and not left, steps)


def _passed(finding: Finding) -> Finding:
    return replace(finding, verdict=Verdict.PASS)


def send(plan_id: int) -> None:
    """Wakes a worker, or does the work here when there is no broker."""
    if not settings.CELERY_BROKER_URL:
        work_out(plan_id)
        return
    try:
        current_app.send_task(TASK, [plan_id], retry=False)
    except OperationalError:
        log.warning("plan %s could not be sent, the broker does not answer", plan_id)


def work_out(plan_id: int, patches: int | None = None) -> None:
    """The gains of a plan as of the newest check. Does nothing when they are known, and keeps
    nothing when a newer check has come meanwhile. `patches`: only for so many actions a text is
    patched, those worth most."""
    plan = Plan.objects.select_related("design__team").filter(pk=plan_id, run=None).first()
    run = tracking.newest(plan.design) if plan else None
    if plan is None or run is None or run.result is None:
        return
    result, text = from_dict(run.result), run.revision.text
    actions = list(standing(plan))
    keys = {action.pk: [(f.rule, f.subject) for f in action.open_findings] for action in actions}
    gains, ends = {}, time.monotonic() + _PATIENCE
    for place, action in enumerate(sorted(actions, key=_worth)):
        if wanted := keys[action.pk]:
            patch = time.monotonic() < ends and (patches is None or place < patches)
            gains[action.pk] = gain(text, result, wanted, patch=patch)
    everything = {key for wanted in keys.values() for key in wanted}
    passed = [_passed(f) if (f.rule, f.subject) in everything else f for f in result.findings]
    total_after = score(passed, result.design, result.waived, result.rules).total
    with transaction.atomic():
        Design.objects.select_for_update().get(pk=plan.design_id)
        kept = Plan.objects.filter(pk=plan.pk, run=None, asked=plan.asked)
        if tracking.newest_key(plan.design) != run.pk:
            return
        if not kept.update(run=run, total=result.score.total, total_after=total_after):
            return
        for action in actions:
            found = gains.get(action.pk, Gain(0.0, False))
            weighed = action.rule or action.pk in gains
            action.gain = found.points if weighed else None
            action.proved, action.steps = found.proved, [*found.steps]
        Action.objects.bulk_update(actions, ["gain", "proved", "steps"])


def _worth(action: Action) -> tuple[float, bool, str, int]:
    """Risk removed for each hour, the most first; then what was added, as it was added."""
    return -action.risk / action.effort, action.is_by_hand, action.rule, action.pk


def rescue() -> int:
    """Sends again the plans whose gains nobody has worked out; returns how many."""
    late = timezone.now() - _LATE
    waiting = list(Plan.objects.filter(run=None, asked__lt=late).values_list("pk", flat=True))
    for plan_id in waiting:
        Plan.objects.filter(pk=plan_id, run=None).update(asked=timezone.now())
        send(plan_id)
    return len(waiting)


# In order


def standing(plan: Plan) -> QuerySet[Action]:
    """The actions of a plan without those that were taken out."""
    return plan.actions.filter(removed__isnull=True).prefetch_related("findings")


def ordered(plan: Plan) -> list[Action]:
    """What is open first, as people have put it, the rest of it by risk removed for each hour;
    then what is done."""
    for action in (found := list(standing(plan).select_related("owner"))):
        action.plan = plan
    return sorted(found, key=_order)


def _order(action: Action) -> tuple[object, ...]:
    put = action.place is not None and action.outcome == "open"
    return action.outcome != "open", not put, action.place if put else 0, _worth(action)
