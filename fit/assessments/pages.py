"""What the pages of kept assessments show, as contexts for templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from fit import pages
from fit.assessments import access, kept, workflow
from fit.assessments.disagreement import Comparison, Dispute, Said
from fit.assessments.forms import RemarkForm, SettleForm
from fit.model import Fit, fit
from fit.models import Assessment, Ballot, Round, Version
from teams.models import Role, Team


def about(user: object, assessment: Assessment) -> dict[str, Any]:
    """What every page of an assessment says of it and of its reader."""
    role = access.role_in(user, assessment)
    team = assessment.team
    return {
        "nav": "fit",
        "assessment": assessment,
        "team": team,
        "role": role,
        "member": role is not None,
        "may_answer": team is not None and access.includes(role, Role.REVIEWER),
        "may_edit": access.includes(role, Role.EDITOR),
        "may_own": access.includes(role, Role.OWNER),
        "list_url": list_url(team),
    }


def list_url(team: Team | None) -> str:
    return reverse("fit:team", args=[team.slug]) if team else reverse("fit:saved")


def assessment(user: object, found: Assessment) -> dict[str, Any]:
    """The newest version, its history, rounds and decisions."""
    versions = list(found.versions.select_related("by"))
    for version in versions:
        version.assessment = found
    latest = versions[-1]
    return {
        **about(user, found),
        **version_page(latest, versions),
        "rounds": found.rounds.select_related("opened_by", "agreed"),
        "open_round": found.open_round(),
        "records": found.records.select_related("version", "by"),
    }


def version_page(version: Version, versions: Sequence[Version]) -> dict[str, Any]:
    """A version, what it changed, and what the model of today makes of it."""
    before = [v for v in versions if v.number < version.number]
    shown = kept.shown(version)
    context: dict[str, Any] = {
        "version": version,
        "versions": list(reversed(versions)),
        "is_latest": version.number == versions[-1].number,
        "difference": kept.difference(before[-1], version) if before else None,
        **shown,
    }
    if not shown["is_current"]:
        now, lost = workflow.rescored(version)
        context |= {
            "again": kept.difference(version, now),
            "now": now,
            "lost": [shown["words"].by_id[id] for id in lost if id in shown["words"].by_id],
        }
    return context


# Rounds


def round_page(user: object, found: Round, remarks: dict[str, Any] | None = None) -> dict[str, Any]:
    """A round: who has answered and, for those who may see it, where they disagree."""
    context = about(user, found.assessment)
    ballots = list(found.ballots.select_related("by"))
    mine = next((b for b in ballots if b.by == user), None)
    shown = context["member"] and (not found.is_open or mine is not None)
    context |= {
        "round": found,
        "answered": [str(b.by or "a former member") for b in ballots],
        "waiting": _waiting(found, ballots),
        "mine": mine,
        "may_answer": context["may_answer"] and found.is_open and mine is None,
        "shown": shown,
    }
    if shown:
        context |= _compared(found, ballots, context["may_edit"], remarks or {})
    return context


def _waiting(found: Round, ballots: list[Ballot]) -> list[str]:
    """Members who may answer and have not; nobody once the round is closed."""
    team = found.assessment.team
    if team is None or not found.is_open:
        return []
    done = {ballot.by_id for ballot in ballots}
    return [
        str(m.user)
        for m in team.memberships.with_people()
        if Role(m.role).includes(Role.REVIEWER) and m.user_id not in done
    ]


def _compared(
    found: Round, ballots: list[Ballot], may_edit: bool, forms: dict[str, Any]
) -> dict[str, Any]:
    model, compared = fit(), workflow.side_by_side(found)
    people = [str(ballot.by or "a former member") for ballot in ballots]
    remarks: dict[str, list[Any]] = {}
    for remark in found.remarks.select_related("by"):
        remarks.setdefault(remark.question, []).append(remark)
    settled = {s.question: s for s in found.settlements.select_related("by")}
    result = compared.result
    low, high = pages.axis(result)
    return {
        "ballots": ballots,
        "notes": [ballot for ballot in ballots if ballot.note],
        "compared": compared,
        "headline": pages.headline(model, result),
        "rows": [{"standing": s, "option": model.options[s.option]} for s in result.ranking],
        "low": low,
        "high": high,
        "margin": result.margin,
        "winners": pages.words([model.options[o].name for o in result.winners]),
        "disputes": [
            {
                **_dispute(model, dispute, people),
                "remarks": remarks.get(dispute.question, []),
                "settlement": settled.get(dispute.question),
                "remark_form": forms.get(f"remark-{dispute.question}")
                or RemarkForm(prefix=f"remark-{dispute.question}"),
                "settle_form": forms.get(f"settle-{dispute.question}")
                or settle_form(model, dispute.question, settled.get(dispute.question)),
            }
            for dispute in compared.disputes
        ],
        "left": sum(d.settled is None for d in compared.disputes),
        "people": people,
        "everything": _everything(model, ballots),
        "agreements": _agreements(model, compared, ballots),
        "may_settle": may_edit and found.agreed_id is None,
        "may_discuss": found.agreed_id is None,
    }


def settle_form(model: Fit, question: str, settled: Any = None, data: Any = None) -> SettleForm:
    words = model.by_id[question]
    return SettleForm(data, question=words, prefix=f"settle-{question}", instance=settled)


def _dispute(model: Fit, dispute: Dispute, people: list[str]) -> dict[str, Any]:
    words = model.by_id[dispute.question]
    return {
        "question": words,
        "effect": dispute.effect,
        "said": [_said(model, dispute.question, said, people) for said in dispute.said],
        "silent": pages.words([people[n] for n in dispute.silent]),
        "settled": words.by_key[dispute.settled] if dispute.settled else None,
    }


def _said(model: Fit, question: str, said: Said, people: list[str]) -> dict[str, Any]:
    return {
        "answer": model.by_id[question].by_key[said.answer],
        "by": pages.words([people[n] for n in said.by]),
        "then": pages.headline(model, said.then),
        "margin": said.then.margin,
    }


def _agreements(model: Fit, compared: Comparison, ballots: list[Ballot]) -> list[dict[str, Any]]:
    """What all who answered agree on, and how many did not know."""
    return [
        {
            "question": q,
            "answer": q.by_key[compared.agreed[q.id]],
            "silent": sum(q.id not in ballot.answers for ballot in ballots),
        }
        for q in model.questions
        if q.id in compared.agreed
    ]


def _everything(model: Fit, ballots: list[Ballot]) -> list[dict[str, Any]]:
    """Every question that somebody answered, with each member's answer or None."""
    return [
        {"question": q, "answers": [q.by_key.get(b.answers.get(q.id, "")) for b in ballots]}
        for q in model.questions
        if any(q.id in b.answers for b in ballots)
    ]


def ballot_rows(model: Fit, said: dict[str, str]) -> list[dict[str, Any]]:
    """The questions of a ballot, each with what is ticked."""
    return [
        {
            "question": q,
            "answers": [{"answer": a, "on": said.get(q.id) == a.key} for a in q.answers],
            "unknown": said.get(q.id) == "unknown",
        }
        for q in model.questions
    ]
