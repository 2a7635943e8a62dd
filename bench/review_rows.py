"""What the bench of reviews measures: teams full of designs, and one design with everything on it.

The rows are copied from a handful of designs that were really checked, so that thousands of them
are there in seconds.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
NAMES: Final = ("shop-monolith", "photo-orders", "claims-office", "meter-platform")
REVIEWERS: Final = 4


def text_of(name: str) -> str:
    return (ROOT / "guide" / "content" / "designs" / f"{name}.yaml").read_text("utf-8")


def fill(teams: int, designs: int, history: int) -> dict[str, Any]:
    """Makes the rows. Returns the parts of addresses to ask for: the team with the largest design
    and the longest history; under `own` the parts that mean something else in an app or address."""
    from django.contrib.auth.hashers import make_password

    from guide.book import book
    from reviews import organising, workflow
    from reviews.judging.rubric import rubric
    from reviews.models import Design, Finding, OrganisationTeam
    from reviews.reports import workflow as reports
    from teams.models import Membership, Role, Team, User

    password = make_password("bench")
    owner = User.objects.create(username="bench", email="bench@example.org", password=password)
    made = Team.objects.bulk_create(Team(slug=f"team-{n}", name=f"Team {n}") for n in range(teams))
    Membership.objects.bulk_create(
        Membership(team=team, user=owner, role=Role.OWNER) for team in made
    )
    reviewers = User.objects.bulk_create(
        User(username=f"reviewer-{n}", email=f"r{n}@example.org", password=password)
        for n in range(REVIEWERS)
    )
    Membership.objects.bulk_create(
        Membership(team=made[0], user=one, role=Role.REVIEWER) for one in reviewers
    )
    group = organising.found("Bench", owner)
    OrganisationTeam.objects.bulk_create(
        OrganisationTeam(organisation=group, team=team) for team in made
    )
    samples = []
    for name in NAMES:
        run = workflow.submit(made[0], owner, text_of(name))
        samples.append((_checked(run), text_of(name)))
    whole = samples[0][0].revision.design
    _revisions(whole, owner, samples[0][1], history)
    report = reports.freeze(samples[0][0].revision, owner, "bench")
    _copies(made, owner, samples, designs - len(NAMES))
    there = {
        "team": made[0].slug,
        "slug": whole.slug,
        "number": whole.revisions.count(),
        "before": 1,
        "after": whole.revisions.count(),
        "report": report.number,
        "organisation": group.slug,
        "user": owner,
        "reviewer": reviewers[0],
        "findings": Finding.objects.count(),
        "designs": Design.objects.count(),
        "own": {"teams": {"slug": made[0].slug}},
    }
    _followed(whole, owner, reviewers, there["own"])
    _judged(whole, samples[1][0].revision, owner, reviewers)
    there["own"] |= {
        "reviews:panel_marks": {"slug": NAMES[1], "number": 1},
        "reviews:panel_open": {"slug": NAMES[2], "number": 1},
        "reviews:start": {"?": f"?from=/plates/{next(iter(book().patterns.values())).label}.yaml"},
        "reviews:sample": {"sample": rubric().samples[0].design},
    }
    _told(made[0], owner, there["own"])
    return there


def _checked(run: Any) -> Any:
    """The run once it is over, also where a worker would do it."""
    from reviews import workflow

    run.refresh_from_db()
    if not run.is_done:
        workflow.score(run.pk)
        run.refresh_from_db()
    return run


def _copy(row: Any, **changes: Any) -> Any:
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.fields if f.name != "id"}
    for name, value in changes.items():
        fields.pop(f"{name}_id", None)
        fields[name] = value
    return type(row)(**fields)


def _copies(teams: list[Any], owner: Any, samples: list[tuple[Any, str]], count: int) -> None:
    """Designs like the samples, one after the other, spread over the teams."""
    from reviews.models import Design, Finding, Revision, Run, TrackedFinding

    new = Design.objects.bulk_create(
        Design(
            team=teams[n % len(teams)], slug=f"design-{n}", title=f"Design {n}", created_by=owner
        )
        for n in range(count)
    )
    like = [samples[n % len(samples)] for n in range(count)]
    revisions = Revision.objects.bulk_create(
        Revision(design=each, number=1, text=like[n][1], sha256=f"{n:064d}", by=owner)
        for n, each in enumerate(new)
    )
    runs = Run.objects.bulk_create(
        _copy(like[n][0], revision=revision) for n, revision in enumerate(revisions)
    )
    found = {run.pk: list(run.findings.all()) for run, _ in samples}
    followed = {run.pk: list(run.revision.design.tracked.all()) for run, _ in samples}
    Finding.objects.bulk_create(
        (_copy(finding, run=run) for n, run in enumerate(runs) for finding in found[like[n][0].pk]),
        batch_size=2000,
    )
    TrackedFinding.objects.bulk_create(
        (_copy(row, design=each) for n, each in enumerate(new) for row in followed[like[n][0].pk]),
        batch_size=2000,
    )


def _revisions(design: Any, by: Any, text: str, count: int) -> None:
    """A long history of one design."""
    from reviews import workflow

    for n in range(count):
        changed = text.replace("memory_mb: 128", f"memory_mb: {129 + n}", 1)
        if changed == text:
            changed = f"{text}\n# {n}\n"
        _checked(workflow.submit(design.team, by, changed, design=design))


def _followed(design: Any, owner: Any, people: list[Any], own: dict[str, Any]) -> None:
    """Drafts, a milestone, talk, waivers and a plan."""
    from django.utils import timezone

    from reviews import drafts, life
    from reviews.followup import planning, talking, waiving
    from reviews.models import Comment, Waiver

    text = design.latest().text
    draft = drafts.resume(design, owner)
    for n in range(30):
        draft = drafts.save(draft, draft.version, f"{text}\n# change {n}\n", f"change {n}")
    own |= {f"reviews:draft{end}": {"id": draft.pk} for end in
            ("", "_others", "_parts", "_questions", "_history", "_merge")}  # fmt: skip
    life.name_milestone(design.latest(), owner, "launch")
    rows = list(design.tracked.still_open())
    for n in range(40):
        thread = talking.begin(design, owner, "Why **so**?", finding=rows[n % len(rows)])
        Comment.objects.bulk_create(
            Comment(thread=thread, by=people[k % len(people)], text=f"See @bench, point {k}.")
            for k in range(5)
        )
    own |= {f"reviews:{name}": {"id": thread.pk} for name in ("thread", "comments")}
    own |= {f"reviews:{name}": {"id": rows[0].pk} for name in ("finding", "patch")}
    today = timezone.localdate()
    for row in rows[-10:]:
        waiver = Waiver(
            **{"rule": row.rule, "subject": row.subject, "category": "accepted"},
            **{"reason": "Known, and cheaper to live with.", "expires": today + timedelta(days=9)},
        )
        waiving.propose(waiver, design, owner)
    own["reviews:waiver"] = {"id": waiver.pk}
    plan = planning.begin(design, owner, wake=False)
    planning.work_out(plan.pk, patches=0)
    own["reviews:action"] = {"id": plan.actions.first().pk}


def _judged(design: Any, other: Any, owner: Any, people: list[Any]) -> None:
    """A panel whose marks are open, and one in its blind round."""
    from reviews.judging import panels
    from reviews.judging.rubric import rubric

    panels.open_panel(other, owner, people)
    panel = panels.open_panel(design.latest(), owner, people)
    for n, seat in enumerate(panel.seats.all()):
        panels.mark(seat, {c.id: (1 + n % 2, "As written.") for c in rubric().criteria})
    for seat in panel.seats.all():
        panels.note(seat, "risk", "The queue has no owner.", [])
    for seat in list(panel.seats.all())[:3]:
        seat.panel = panel
        panels.decide(seat, "approve", "Fine.")


def _told(team: Any, owner: Any, own: dict[str, Any]) -> None:
    """A log of thousands of lines, notices, tokens, a webhook with its deliveries."""
    from teams.models import AccessToken, Delivery, Event, Notice, Scope, Webhook

    events = Event.objects.bulk_create(
        Event(team=team, kind="design.revised", by=owner, who="bench", subject=f"Event {n}")
        for n in range(5000)
    )
    notices = Notice.objects.bulk_create(
        Notice(user=owner, event=event, text=event.subject) for event in events[:500]
    )
    own["teams:notice"] = {"id": notices[0].pk}
    for n in range(20):
        AccessToken.issue(team, owner, f"pipeline {n}", Scope.READ, 30)
    hook = Webhook.objects.create(team=team, url="https://example.org/", created_by=owner)
    Delivery.objects.bulk_create(
        Delivery(webhook=hook, event=event, outcome="given_up", answer="503")
        for event in events[:300]
    )
    own["teams:webhook"] = {"id": hook.pk}
