"""One of everything that has an owner, and the people who ask for it.

A new address finds its sample here by the name of its part: add one to `SAMPLES`, or, where the
same word means different things, beside the name of the address in `OWN`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from fit.assessments import workflow as assessments
from fit.models import Link, Record
from reviews import drafts, life, organising, workflow
from reviews.followup import planning, talking, waiving
from reviews.judging import panels
from reviews.judging.rubric import rubric
from reviews.models import OrganisationInvitation, OrganisationTeam, Waiver
from reviews.reports import workflow as reports
from scenarios.catalogue import catalogue
from scenarios.exams import workflow as exams
from scenarios.exams.blueprint import blueprints
from scenarios.models import Learner
from scenarios.review import digest
from scenarios.staff.models import Report as Complaint
from scenarios.teamwork import workflow as together
from scenarios.teamwork.models import ExerciseSet
from teams.events import happened
from teams.models import AccessToken, Invitation, Membership, Role, Scope, User, Webhook
from teams.notices import mailing
from tests.cast import Cast, cast
from tests.fit.keeping import SAID, kept_by
from tests.reviews.test_submitting import SMALL

PEOPLE = ("anonymous", "stranger", "former", "viewer", "reviewer", "editor", "owner", "holder")
"""`former` was an owner and is out; `holder` has links that were revoked."""

APPS = ("reviews", "teams", "fit", "scenarios")


@dataclass(frozen=True)
class Address:
    name: str
    route: str
    parts: tuple[str, ...]


@dataclass
class World:
    people: Cast
    samples: dict[str, Any]
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, Any] = field(default_factory=dict)

    def url(self, address: Address) -> str:
        """Raises KeyError naming the part for which there is no sample."""
        app = address.name.partition(":")[0]
        own = self.own.get(address.name, {})
        known = {**self.samples, **self.own.get(app, {}), **own}
        return reverse(address.name, kwargs={part: known[part] for part in address.parts})

    def client(self, person: str) -> Client:
        """A browser of this person, fresh but for the session, which is begun once."""
        if person not in self.sessions:
            self.sessions[person] = self._signed_in(person).cookies
        client = Client()
        client.cookies.load({name: one.value for name, one in self.sessions[person].items()})
        return client

    def _signed_in(self, person: str) -> Client:
        if person == "anonymous":
            return Client()
        if person == "holder":
            client = Client()
            for name in ("fit:shared", "reviews:shared"):
                client.get(reverse(name, kwargs={"token": self.own[name]["token"]}))
            return client
        return self.people.client(person)


def addresses(
    resolver: Any = None, app: str = "", before: str = "", parts: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Every named address of the apps that keep something for somebody."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            name = one.app_name or app
            if name in APPS or not name:
                yield from addresses(one, name, route, (*parts, *one.pattern.converters))
        elif isinstance(one, URLPattern) and one.name and app in APPS:
            yield Address(f"{app}:{one.name}", route, (*parts, *one.pattern.converters))


def world() -> World:
    people = cast()
    former = User.objects.create_user("former", "former@example.org")
    people.people["former"] = former
    left = Membership.objects.create(team=people.team, user=former, role=Role.OWNER)
    team = people.team
    own: dict[str, dict[str, Any]] = {}

    run = workflow.submit(team, former, SMALL)
    # Inside a transaction nothing is sent after it.
    workflow.score(run.pk)
    report = reports.freeze(run.revision, former)
    shared = reports.share(report, former, 30)
    link = report.links.get()
    reports.revoke(link, former)
    for name in ("reviews:shared", "reviews:shared_file"):
        own[name] = {"token": shared}
    own["reviews:revoke_link"] = {"link": link.pk}

    group = organising.found("Group", people["owner"])
    OrganisationTeam.objects.create(organisation=group, team=team)
    token = OrganisationInvitation.issue(group, for_team=False)
    own["reviews:organisation_join"] = {"token": token}
    own["reviews:organisation_revoke"] = {"id": group.invitations.get().pk}
    spare = group.members.create(user=people["stranger"])
    spare_id = spare.pk
    spare.delete()
    mine = group.members.get(user=people["owner"])
    assert spare_id != mine.pk
    for name in ("lead", "remove"):
        own[f"reviews:organisation_{name}"] = {"id": mine.pk}

    invitation, token = Invitation.issue(team, Role.VIEWER, people["owner"])
    own["teams:join"] = {"token": token}
    own["teams:revoke"] = {"id": invitation.pk}
    member = team.memberships.get(user=people["viewer"])
    for name in ("role", "remove"):
        own[f"teams:{name}"] = {"id": member.pk}

    kept = kept_by(people, "former")
    closed = assessments.open_round(kept, former)
    assessments.cast(closed, former, SAID)
    assessments.cast(closed, people["reviewer"], {**SAID, "traffic": "heavy"})
    assessments.close(closed)
    assessments.open_round(kept, former)
    draft = Record(title="Functions", choice="functions", decision="d")
    draft.review_on = timezone.localdate() + timedelta(days=9)
    assessments.propose(draft, kept, kept.latest(), former)
    fit_link, token = Link.issue(kept, former, 30)
    fit_link.revoke()
    own["fit"] = {"id": kept.pk, "question": "traffic", "form": "md"}
    own["fit:revoke_link"] = {"link": fit_link.pk}
    own["fit:shared"] = {"token": token}

    known = catalogue()
    exercise = known.exercises["r-0100-sale"]
    sitting = together.open_sitting(team, exercise, former)
    exam = exams.start(Learner(user=people["owner"]), next(iter(blueprints().values())), paper=1)
    complaint = Complaint.objects.create(exercise=exercise.id, rev=exercise.rev)
    chosen = ExerciseSet.objects.create(
        team=team, name="Set", exercises=[exercise.id], starts_on=timezone.localdate()
    )
    for name in ("sitting", "sitting-answer", "sitting-close", "sitting-agree", "sitting-submit"):
        own[f"scenarios:{name}"] = {"id": sitting.pk}
    for name in ("set", "set-package", "set-remove"):
        own[f"scenarios:{name}"] = {"id": chosen.pk}
    for name in ("exam", "exam-summary", "exam-question"):
        own[f"scenarios:{name}"] = {"id": exam.pk}
    own["scenarios:staff-report"] = {"id": complaint.pk}
    own["scenarios"] = {"slug": team.slug, "id": exercise.id}
    own["teams"] = {"slug": team.slug}
    for name in ("team", "team_due", "team_calendar"):
        own[f"fit:{name}"] = {"slug": team.slug}

    _reviewed(people, run, own)
    _told(people, own)
    own["scenarios:digest-off"] = {"token": digest.token(people["owner"])}
    own["scenarios:sitting-reason"] = own["scenarios:sitting"]

    left.delete()
    samples: dict[str, Any] = {
        "team": team.slug,
        "slug": "small",
        "number": 1,
        "before": 1,
        "after": 1,
        "form": "md",
        "report": 1,
        "organisation": group.slug,
        "chapter": "reliability-and-resilience",
        "sample": rubric().samples[0].design,
        "essay": "00000000-0000-4000-8000-000000000000",
    }
    for name in ("drawing", "compare_drawing"):
        own[f"reviews:{name}"] = {"form": "svg"}
    for name in ("portfolio_file", "organisation_file"):
        own[f"reviews:{name}"] = {"form": "csv"}
    return World(people, samples, own)


def _reviewed(people: Cast, run: Any, own: dict[str, dict[str, Any]]) -> None:
    """What belongs to a design: a draft, a milestone, a finding, talk, a waiver, a plan, a panel."""
    revision, owner = run.revision, people["owner"]
    design = revision.design
    draft = drafts.begin(people.team, owner, SMALL, "blank")
    for name in ("draft", "draft_save", "draft_others", "draft_parts", "draft_questions",
                 "draft_history", "draft_submit", "draft_merge", "draft_discard"):  # fmt: skip
        own[f"reviews:{name}"] = {"id": draft.pk}
    own["reviews:unname"] = {"id": life.name_milestone(revision, owner, "launch").pk}
    finding = design.tracked.first()
    for name in ("finding", "assign", "discuss", "patch", "patch_file"):
        own[f"reviews:{name}"] = {"id": finding.pk}
    thread = talking.begin(design, owner, "Why?")
    for name in ("thread", "comments", "reply", "settle"):
        own[f"reviews:{name}"] = {"id": thread.pk}
    own["reviews:edit_comment"] = {"id": thread.comments.get().pk}
    today = timezone.localdate()
    waiver = Waiver(
        rule=finding.rule, subject=finding.subject, category="accepted", reason="r" * 30
    )
    waiver.expires = today + timedelta(days=9)
    waiving.propose(waiver, design, owner)
    for name in ("waiver", "decide_waiver", "withdraw_waiver"):
        own[f"reviews:{name}"] = {"id": waiver.pk}
    plan = planning.begin(design, owner, wake=False)
    action = plan.actions.first()
    for name in ("action", "change_action", "act_on_action"):
        own[f"reviews:{name}"] = {"id": action.pk}
    panel = panels.open_panel(revision, owner, [people["reviewer"], people["editor"]])
    seat = panel.seats.get(user=people["reviewer"])
    own["reviews:panel_excuse"] = {"id": seat.pk}
    note = panel.notes.create(seat=seat, kind="risk", text="A risk.")
    own["reviews:panel_withdraw"] = {"id": note.pk}


def _told(people: Cast, own: dict[str, dict[str, Any]]) -> None:
    """What is told to people and programs."""
    owner = people["owner"]
    event = happened(people.team, "team.renamed", "Team", by=people["editor"], tell=[owner])
    own["teams:notice"] = {"id": event.notices.get().pk}
    own["teams:notices_off"] = {"signed": mailing.off_path(owner).rstrip("/").rpartition("/")[2]}
    token, _ = AccessToken.issue(people.team, owner, "pipeline", Scope.READ, 30)
    own["teams:revoke_token"] = {"id": token.pk}
    hook = Webhook.objects.create(team=people.team, url="https://example.org/", created_by=owner)
    for name in ("webhook", "webhook_test", "webhook_switch", "webhook_renew", "webhook_remove"):
        own[f"teams:{name}"] = {"id": hook.pk}
    sent = hook.deliveries.create(event=event, outcome="given_up")
    own["teams:redeliver"] = {"id": sent.pk}
