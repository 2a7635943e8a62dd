"""What happens to a submitted design: stored, checked once, scored.

The row of the run is the truth; the broker only wakes a worker. A worker takes a run by a
conditional update, reports into it while it works, and writes everything it found in one
transaction, so that a worker that is killed leaves a run which another one finishes, once.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from kombu.exceptions import OperationalError

from design import document
from design.compare import fingerprint
from design.result import Result, evaluate
from design.rules import PACK_VERSION, Verdict
from reviews import pictures
from reviews.followup import planning, tracking, waiving
from reviews.models import MAX_ATTEMPTS, Design, Finding, Revision, Run, State
from teams.events import happened
from teams.models import Team, User

log = logging.getLogger(__name__)

TASK = "reviews.tasks.run"
DEMONSTRATION = settings.BASE_DIR / "guide" / "content" / "designs"
RESERVED = frozenset({"archive", "drafts", "judgement", "new", "portfolio", "try"})
_KEPT = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)


class Unchanged(ValueError):
    """The text is that of the latest revision."""


class Archived(ValueError):
    """The design was put away: nothing is submitted to it before it is restored."""


class MovedOn(ValueError):
    """Somebody submitted a revision after the one that the text rests on."""

    def __init__(self, latest: Revision) -> None:
        self.latest = latest
        super().__init__(f"Revision {latest.number} was submitted meanwhile.")


def submit(
    team: Team,
    by: User | None,
    text: str,
    *,
    design: Design | None = None,
    note: str = "",
    created: datetime | None = None,
    base: int | None = None,
) -> Run:
    """Stores a text as a new design of the team, or as the next revision of `design`, and has
    it checked. With `base` it has to follow that revision. Raises document.Invalid when it is no
    design, Unchanged when it is no news, MovedOn when another revision came between, Archived."""
    parsed = document.load(text)
    moment = created or timezone.now()
    with transaction.atomic():
        # Held until the end, so that two who submit at once get two slugs and two numbers.
        Team.objects.select_for_update().get(pk=team.pk)
        made = design is None
        if design is None:
            design = Design.objects.create(
                team=team,
                slug=_free_slug(team, parsed.id),
                title=parsed.title[:200],
                created_by=by,
                created=moment,
            )
        elif Design.objects.filter(pk=design.pk, archived__isnull=False).exists():
            raise Archived(f"“{design}” is archived. Restore it before you submit a revision.")
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        latest = design.latest()
        if latest and latest.sha256 == sha256:
            raise Unchanged(f"This is the text of revision {latest.number}.")
        if base is not None and (newer := design.newer_than(base)):
            raise MovedOn(newer)
        number = latest.number + 1 if latest else 1
        revision = Revision.objects.create(
            design=design, number=number, text=text, sha256=sha256, note=note, by=by, created=moment
        )
        if design.title != parsed.title[:200]:
            design.title = parsed.title[:200]
            design.save(update_fields=["title"])
        run = Run.objects.create(revision=revision, pack_version=PACK_VERSION)
        _announce(team, by, revision, made)
        transaction.on_commit(lambda: send(run.pk))
    return run


def _announce(team: Team, by: User | None, revision: Revision, made: bool) -> None:
    people = User.objects.filter(memberships__team=team, is_active=True)
    happened(
        team,
        "design.created" if made else "design.revised",
        revision.design.title if made else f"{revision.design.title}, revision {revision.number}",
        by=by,
        url=revision.get_absolute_url(),
        tell=people,
        detail={"design": revision.design.slug, "revision": revision.number, "note": revision.note},
    )


def _free_slug(team: Team, id: str) -> str:
    stem = slugify(id)[:70].strip("-") or "design"
    taken = set(team.designs.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= RESERVED
    number, slug = 2, stem
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def check_again(revision: Revision) -> Run:
    """A run of the current rules over a stored text; the one that exists if it succeeded."""
    run, made = Run.objects.get_or_create(revision=revision, pack_version=PACK_VERSION)
    if not made and run.is_failed:
        Run.objects.filter(pk=run.pk, state=State.FAILED).update(
            state=State.QUEUED,
            progress=0,
            doing="Waiting for a worker",
            error="",
            heartbeat=timezone.now(),
        )
    if made or run.is_failed:
        transaction.on_commit(lambda: send(run.pk))
    return run


def send(run_id: int) -> None:
    """Wakes a worker, or does the work here when there is no broker."""
    if not settings.CELERY_BROKER_URL:
        score(run_id)
        return
    try:
        current_app.send_task(TASK, [run_id], retry=False)
    except OperationalError:
        # The row waits: `rescue` sends it again when the broker is back.
        log.warning("run %s could not be sent, the broker does not answer", run_id)


def score(run_id: int) -> None:
    """Checks and scores the revision of a run. Does nothing when the run is finished or in
    other hands, so it may be called any number of times."""
    run = _take(run_id)
    if run is None:
        return
    try:
        _report(run, 10, "Reading the text")
        design = document.load(run.revision.text)
        _report(run, 30, "Checking the rules")
        result = evaluate(design, today=timezone.localdate().isoformat())
        _report(run, 60, "Drawing")
        pictures.of_result(result)
        _report(run, 90, "Writing it down")
        _finish(run, result)
    except (DatabaseError, InterfaceError):
        # No fault of the design: the row stays as it is, and `rescue` sends it again.
        log.warning("run %s lost the database and waits to be taken again", run_id, exc_info=True)
        connection.close()
    except document.Invalid as problem:
        _fail(run, f"The text can no longer be read: {problem.problems[0]}")
    except Exception:
        log.exception("run %s failed", run_id)
        _fail(run, "The check broke. The fault is logged; check the revision again later.")


def _take(run_id: int) -> Run | None:
    """The run, held by a new attempt; None when there is nothing to do."""
    run = Run.objects.select_related("revision").filter(pk=run_id).first()
    if run is None or not (run.state == State.QUEUED or run.is_stalled):
        return None
    # Attempts are counted on and never from the start again: the number says who holds the run.
    if run.attempt and run.attempt % MAX_ATTEMPTS == 0 and run.state == State.RUNNING:
        _fail(run, f"Its worker stopped {MAX_ATTEMPTS} times. The design may be too large.")
        return None
    attempt = run.attempt + 1
    # Whoever changes the row first has it: the condition names what was read.
    taken = Run.objects.filter(pk=run.pk, state=run.state, attempt=run.attempt).update(
        state=State.RUNNING, attempt=attempt, heartbeat=timezone.now(), progress=5
    )
    run.attempt = attempt
    return run if taken else None


def _report(run: Run, progress: int, doing: str) -> None:
    """Visible at once: this is no part of the transaction that writes the result."""
    Run.objects.held(run).update(progress=progress, doing=doing, heartbeat=timezone.now())


@transaction.atomic
def _finish(run: Run, result: Result) -> None:
    now = timezone.now()
    done = Run.objects.held(run).update(
        state=State.DONE, progress=100, doing="Done", heartbeat=now, finished=now, error=""
    )
    if not done:
        return
    revision = run.revision
    # Held until the end: a waiver that is agreed on meanwhile waits, and finds this result.
    design = Design.objects.select_for_update().select_related("team").get(pk=revision.design_id)
    leads = tracking.newest_key(design) == run.pk
    result = waiving.applied(design, result, revision.number if leads else None)
    Run.objects.filter(pk=run.pk).update(**waiving.columns(result))
    Finding.objects.bulk_create(_rows(run, result), batch_size=500)
    if leads:
        tracking.follow(run, result)
        planning.follow(design)


def _rows(run: Run, result: Result) -> Iterable[Finding]:
    return [
        Finding(
            run=run,
            rule=found.rule,
            subject=found.subject[:500],
            fingerprint=fingerprint(found, result.design),
            verdict=found.verdict.value,
            severity=found.severity.value,
            title=found.title[:200],
            message=found.message,
            line=found.line,
        )
        for found in result.findings
        if found.verdict in _KEPT
    ]


def _fail(run: Run, why: str) -> None:
    now = timezone.now()
    Run.objects.held(run).update(state=State.FAILED, error=why[:300], finished=now, heartbeat=now)


def rescue() -> int:
    """Sends again what was never picked up or whose worker died; returns how many."""
    now = timezone.now()
    stalled = list(Run.objects.stalled(now).values_list("pk", "state"))
    for run_id, state in stalled:
        if state == State.QUEUED:
            # Not again at the next tick: the queue may only be long.
            Run.objects.filter(pk=run_id, state=State.QUEUED).update(heartbeat=now)
        send(run_id)
    return len(stalled)
